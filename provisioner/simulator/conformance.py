"""What the embedded cloud models: each type, how it answers, what it checks, and where that is known from.

In: the descriptions in `types/`. Out: `Described` per type, and one Markdown text; nothing is written by hand twice.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from .description.answers import LongRunning
from .description.resource_type import ResourceType
from .registry import type_modules


@dataclass(frozen=True)
class Described:
    """One type: its answers by operation, in words, and what is known of it with its sources."""

    type: str
    create: str
    update: str
    patch: str
    delete: str
    actions: tuple[str, ...]
    source: str


def described() -> list[Described]:
    """Every modelled type, sorted."""
    found = [_describe(type_, module) for module in type_modules() for type_ in getattr(module, "TYPES", ())]
    return sorted(found, key=lambda item: item.type)


def markdown() -> str:
    """The conformance tables, for docs/reference/simulator.md."""
    head = ["| type | PUT, new | PUT, existing | PATCH | DELETE | POST |", "|---|---|---|---|---|---|"]
    rows = [
        f"| {item.type} | {item.create} | {item.update} | {item.patch} | {item.delete} | {', '.join(item.actions)} |"
        for item in described()
    ]
    sections = [text for module in type_modules() for text in _section(module)]
    return "\n".join([*head, *rows, "", *sections]).rstrip() + "\n"


def _describe(type_: ResourceType, module: ModuleType) -> Described:
    running = type_.answers.long_running
    return Described(
        type=type_.type,
        create=_written(running, type_.answers.create_status, create=True),
        update=_written(running, type_.answers.update_status, create=False),
        patch={None: "405", "tags": "tags, 200", "merge": "merges, as PUT"}[type_.answers.patch],
        delete=f"202, {_headers(running, with_location=True)}" if running else "200",
        actions=tuple(type_.actions),
        source=_paragraphs(module)[0],
    )


def _written(running: LongRunning | None, status: int, *, create: bool) -> str:
    if running is None:
        return str(status)
    code = running.create_status if create or running.location_on_put else 200
    state = running.creating if create else running.updating
    return f"{code} {state}, {_headers(running, with_location=running.location_on_put)}"


def _headers(running: LongRunning, *, with_location: bool) -> str:
    return "Azure-AsyncOperation" + (" and Location" if with_location else "")


def _section(module: ModuleType) -> Iterator[str]:
    first, *rest = _paragraphs(module)
    title, _, source = first.partition(": ")
    yield f"### {title}"
    yield ""
    yield from (line for text in ([f"Source: {source}"] if source else []) + rest for line in (text, ""))
    facts = [fact for type_ in getattr(module, "TYPES", ()) for fact in _facts(type_)]
    routes = [f"- `{route.method} {route.pattern}`" for route in getattr(module, "ROUTES", ())]
    yield from [*facts, *routes, *([""] if facts or routes else [])]


def _facts(type_: ResourceType) -> Iterator[str]:
    word = type_.own_word
    if type_.containment.embedded_in:
        yield f"- {word}: live in the parent's `{type_.containment.embedded_in}`"
    if type_.body.immutable:
        rules = ", ".join(f"`{rule.path}` ({rule.code})" for rule in type_.body.immutable)
        yield f"- {word}: never change: {rules}"
    if type_.body.references:
        rules = ", ".join(
            dict.fromkeys(f"`{item.path}` → {item.type.rpartition('/')[2]}" for item in type_.body.references)
        )
        yield f"- {word}: refer to: {rules}"
    if type_.body.defaults:
        yield f"- {word}: defaults: " + ", ".join(f"`{path}`" for path in type_.body.defaults)
    if type_.body.write_only or type_.body.secret:
        yield f"- {word}: never answered: " + ", ".join(
            f"`{path}`" for path in [*type_.body.write_only, *type_.body.secret]
        )


def _paragraphs(module: ModuleType) -> list[str]:
    text = inspect.getdoc(module) or module.__name__
    return [" ".join(part.split()) for part in text.split("\n\n")]
