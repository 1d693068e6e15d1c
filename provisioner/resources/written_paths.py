"""Which optional properties of an object this deployment wrote: the previous side of a merge, without a state file.

In: a body and its kind; tags. Out: places, the tags that hold short hashes of them, and whether tags hold one. Pure.

What the spec no longer has is taken away where the deployment wrote it, and stays where another user or tool did. A
place is a property of an object, or of a part of it (``description`` of the rule ``ssh``). Of a keyed list each item is
one, by its key; of a link the object that it names. Where most parts have a property, those that lack it are listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..base.values import Body, Detached, Unset
from . import name_lists
from .body_paths import item_key, join
from .kind import Kind
from .reserved_tags import PATHS_TAG, is_reserved


@dataclass(frozen=True)
class Place:
    """``pattern`` is a path as ``Rules.optional`` names it, with a label for an item; ``part`` is in small letters."""

    pattern: str
    part: str = ""


def places(body: Body, kind: Kind) -> list[Place]:
    """The optional properties that a body has."""
    found = [place for pattern in kind.rules.optional for place in _within(body, pattern.split("."), "", "", kind)]
    names = body.get("tags", {}) if kind.ownership.taggable else {}
    return found + [of_tag(name) for name in names if not is_reserved(name) and not isinstance(names[name], Unset)]


def of_tag(name: str) -> Place:
    return Place(f"tags.{name.lower()}")


def labels(value: object, pattern: str, kind: Kind) -> list[str]:
    """What tells the values of one property apart: items of keyed lists, the object of a link; else one empty text."""
    key = kind.rules.list_keys.get(pattern)
    if isinstance(value, list) and key is not None:
        return [item_key(item, key) for item in value if not isinstance(item, Unset)]
    if isinstance(value, Mapping) and "id" in value:
        return [item_key(value, "id")]
    return [""]


def labelled(pattern: str, label: str, part: str) -> Place:
    return Place(f"{pattern}[{label}]" if label else pattern, part)


def _within(value: object, steps: list[str], pattern: str, part: str, kind: Kind) -> Iterator[Place]:
    step, *rest = steps
    name = step.removesuffix("[]")
    path = join(pattern, name)
    found = value.get(name) if isinstance(value, Mapping) else None
    if step.endswith("[]"):
        is_part, key = path in kind.ownership.parts, kind.rules.list_keys[path]
        for item in found if isinstance(found, list) else ():
            yield from _within(item, rest, f"{path}[]", item_key(item, key) if is_part else part, kind)
    elif rest:
        yield from _within(found, rest, path, part, kind)
    elif found is not None and not isinstance(found, (Detached, Unset)):
        yield from (labelled(path, label, part) for label in labels(found, path, kind))


def tags(found: Iterable[Place], parts: Iterable[str]) -> dict[str, str]:
    """The tags that hold places.

    Args:
        parts: the names of all parts of the object that the deployment makes.
    """
    return name_lists.packed_tags(PATHS_TAG, _texts(found, {part.lower() for part in parts}))


def _texts(found: Iterable[Place], parts: set[str]) -> Iterator[str]:
    by_pattern: dict[str, set[str]] = {}
    for place in found:
        by_pattern.setdefault(place.pattern, set()).add(place.part)
    for pattern, having in by_pattern.items():
        if having == {""}:
            yield pattern
        elif len(parts - having) + 1 < len(having):
            yield _in_all(pattern)
            yield from (_lacking(pattern, part) for part in parts - having)
        else:
            yield from (_in_part(pattern, part) for part in having)


def _in_all(pattern: str) -> str:
    return f"{pattern}|*"


def _lacking(pattern: str, part: str) -> str:
    return f"{pattern}|!{part}"


def _in_part(pattern: str, part: str) -> str:
    return f"{pattern}|{part}"


class WrittenPaths:
    """The places that an object's tags hold."""

    def __init__(self, present: Mapping[str, object] | None) -> None:
        self.hashes = name_lists.unpacked(name_lists.joined(present, PATHS_TAG))

    def __contains__(self, place: Place) -> bool:
        if not place.part:
            return self._has(place.pattern)
        if self._has(_in_all(place.pattern)):
            return not self._has(_lacking(place.pattern, place.part))
        return self._has(_in_part(place.pattern, place.part))

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def _has(self, text: str) -> bool:
        return name_lists.short(text) in self.hashes
