"""Which resource types there are: those described in `types/`, and those that are known by name only.

In: the modules of `types/`, found by a scan, and `data/providers.json`. Out: a `ResourceType` for a namespace and
type in any casing. A type described twice is an error. Types known by name only are kept as sent, and marked
unmodelled.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib import resources
from types import ModuleType
from typing import Any

from .description.answers import Answers
from .description.hooks import Guard, Route
from .description.names import ANY_NAME
from .description.placement import ANYWHERE, Placement
from .description.resource_type import ResourceType
from .errors import invalid_namespace, invalid_type


class Registry:
    """Resource types by lower-case name, guards, and routes."""

    def __init__(
        self,
        types: Sequence[ResourceType],
        namespaces: Mapping[str, Sequence[str]],
        *,
        routes: Sequence[Route] = (),
        guards: Sequence[Guard] = (),
    ) -> None:
        self._types: dict[str, ResourceType] = {}
        self._embedded: dict[str, list[ResourceType]] = {}
        self._shown: dict[str, set[str]] = {}
        for type_ in types:
            if type_.key in self._types:
                raise ValueError(f"resource type {type_.type} is described twice")
            self._types[type_.key] = type_
            if type_.containment.embedded_in is not None and type_.parent_key is not None:
                self._embedded.setdefault(type_.parent_key, []).append(type_)
            for reference in type_.body.references:
                if reference.back is not None:
                    self._shown.setdefault(reference.type.lower(), set()).add(reference.back)
        self._known: dict[str, tuple[str, dict[str, str]]] = {
            namespace.lower(): (namespace, {word.lower(): word for word in words})
            for namespace, words in namespaces.items()
        }
        self._generic: dict[str, ResourceType] = {}
        self.routes = tuple(routes)
        self.guards = tuple(guards)
        for type_ in types:
            self._known.setdefault(type_.namespace.lower(), (type_.namespace, {}))

    def get(self, type_: str) -> ResourceType | None:
        """A type by its full name, described or met before; None for one never heard of."""
        return self._types.get(type_.lower()) or self._generic.get(type_.lower())

    def find(self, namespace: str, words: Sequence[str], api_version: str) -> ResourceType:
        """The type that a path names; raises ArmError as ARM does for one that does not exist."""
        full = "/".join((namespace, *words))
        described = self.get(full)
        if described is not None:
            return described
        known = self._known.get(namespace.lower())
        if known is None:
            raise invalid_namespace(namespace)
        canonical_namespace, known_words = known
        wanted = "/".join(words).lower()
        if wanted not in known_words:
            raise invalid_type(canonical_namespace, "/".join(words), api_version)
        generic = ResourceType(
            type=f"{canonical_namespace}/{known_words[wanted]}",
            name=ANY_NAME,
            placement=Placement(tracked=False, scopes=ANYWHERE),
            answers=Answers(patch="merge"),
        )
        self._generic[generic.key] = generic
        return generic

    def describes(self, type_: ResourceType) -> bool:
        """Whether a type is described in `types/`, not known by name only."""
        return type_.key in self._types

    def embedded(self, type_: ResourceType) -> Sequence[ResourceType]:
        """The child types that live inside the bodies of a type."""
        return self._embedded.get(type_.key, ())

    def back_references(self, type_: ResourceType) -> Collection[str]:
        """The paths under which a type shows who refers to it: never stored, whatever a client sends."""
        return self._shown.get(type_.key, ())

    def namespaces(self) -> list[str]:
        return sorted(name for name, _ in self._known.values())

    def namespace(self, name: str) -> str | None:
        """The canonical spelling of a namespace, or None."""
        known = self._known.get(name.lower())
        return None if known is None else known[0]

    def modelled_namespaces(self) -> frozenset[str]:
        return frozenset(type_.namespace for type_ in self._types.values())

    def types_of(self, namespace: str) -> list[str]:
        """The types of a namespace without the namespace, canonical, sorted."""
        described = {type_.type.partition("/")[2] for type_ in self._types.values() if type_.namespace == namespace}
        known = self._known.get(namespace.lower())
        names = {word.lower(): word for word in (known[1].values() if known else ())}
        names.update({word.lower(): word for word in described})
        return sorted(names.values())


def type_modules() -> Iterator[ModuleType]:
    """The modules that describe types, each in its namespace's package, by name; helpers begin with an underscore."""
    package = importlib.import_module(f"{__package__}.types")
    names = [info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.") if not info.ispkg]
    # By module name, whatever the namespace: docs/simulator.md lists the types in this order.
    for name in sorted(names, key=lambda name: name.rpartition(".")[2]):
        if not name.rpartition(".")[2].startswith("_"):
            yield importlib.import_module(name)


def load_registry() -> Registry:
    """The registry of all modules in `types/`.

    A module may define `TYPES` (a sequence of ResourceType), `ROUTES` and `GUARDS`.
    """
    types: list[ResourceType] = []
    routes: list[Route] = []
    guards: list[Guard] = []
    for module in type_modules():
        types.extend(getattr(module, "TYPES", ()))
        routes.extend(getattr(module, "ROUTES", ()))
        guards.extend(getattr(module, "GUARDS", ()))
    return Registry(types, load_data("providers.json"), routes=routes, guards=guards)


def load_data(name: str) -> Any:
    """A JSON file of `data/`."""
    text = resources.files(__package__ or "").joinpath("data", name).read_text(encoding="utf-8")
    return json.loads(text)
