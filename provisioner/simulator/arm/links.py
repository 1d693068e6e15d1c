"""Which resource refers to which: the references that stored bodies hold, kept up by listening to the store.

In: resources as they come and go, the references that their types declare. Out: `Link`s by the resource, or the part
of one, that they lead to; no look-up grows with the number of resources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..description.body import Reference
from ..protocol.json_paths import find
from ..registry import Registry
from ..state.resources import KIND
from ..state.store import Document, Store


@dataclass(frozen=True, slots=True)
class Link:
    """One resource refers to another: `holder_id` is the part of `source` (a resource key) that does."""

    source: str
    holder_id: str
    target: str
    reference: Reference


class Links:
    """Links by what they lead to."""

    def __init__(self, store: Store, registry: Registry) -> None:
        self._registry = registry
        self._from: dict[str, tuple[Link, ...]] = {}
        self._to: dict[str, dict[str, tuple[Link, ...]]] = {}
        store.listen(KIND, self._changed)

    def to(self, key: str) -> Iterator[Link]:
        """Who refers to a resource, or to a part of one."""
        for links in self._to.get(key.lower(), {}).values():
            yield from links

    def _changed(self, key: str, old: Document | None, new: Document | None) -> None:
        # Another process may have deleted and created the resource since: then it is another one.
        if old is not None and (new is None or (new["type"], new["sequence"]) != (old["type"], old["sequence"])):
            self._unlink(key)
        if new is not None:
            self._relink(key, new)

    def _relink(self, key: str, document: Document) -> None:
        described = self._registry.get(document["type"])
        if described is None or not described.body.references:
            return
        links = tuple(_links_of(key, document, described.body.references))
        if links == self._from.get(key, ()):
            return
        self._unlink(key)
        if not links:
            return
        self._from[key] = links
        for link in links:
            sources = self._to.setdefault(link.target, {})
            sources[key] = (*sources.get(key, ()), link)

    def _unlink(self, key: str) -> None:
        for link in self._from.pop(key, ()):
            sources = self._to.get(link.target)
            if sources is not None:
                sources.pop(key, None)
                if not sources:
                    del self._to[link.target]


def _links_of(key: str, document: Document, references: Sequence[Reference]) -> Iterator[Link]:
    """The links that a resource's body declares."""
    for reference in references:
        for found in find(document["body"], reference.path):
            target = found.target
            if isinstance(target, str) and target:
                yield Link(key, found.holder_id or document["id"], target.lower(), reference)
