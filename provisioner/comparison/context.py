"""Whose and what the parts of two bodies are, while both are walked side by side.

In: a kind's rules, and tests for what this deployment owns. Out: ``View``, which a walk carries along. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..base import arm_id
from ..resources.body_paths import item_key
from ..resources.facts import Rules

IsOurs = Callable[[str], bool]


@dataclass(frozen=True)
class OurParts:
    """Which items of keyed lists this deployment made: ``lists`` by pattern, ``has`` tells by the item's key.

    ``is_existing`` says of an ID whether it names a resource of others to which the spec refers.
    """

    lists: frozenset[str] = frozenset()
    has: Callable[[str], bool] = lambda name: False
    is_existing: IsOurs = lambda resource_id: False


NO_PARTS = OurParts()


@dataclass(frozen=True)
class RuleSets:
    """Rules as sets, for speed."""

    skipped: frozenset[str]
    read_only: frozenset[str]
    create_only: frozenset[str]
    list_keys: Mapping[str, str]
    unordered: frozenset[str]
    case_insensitive: frozenset[str]
    immutable: tuple[str, ...]
    immutable_if: Mapping[str, Callable[[object, object], bool]]
    whole: tuple[str, ...]

    def is_immutable(self, pattern: str, before: object, after: object) -> bool:
        """Whether a change of a property means that the object must be replaced."""
        test = self.immutable_if.get(pattern)
        if test is not None and test(before, after):
            return True
        # What lies in an immutable property is immutable too; the next character keeps `skuTier` out of `sku`.
        return _is_in(pattern, self.immutable)

    def is_whole(self, pattern: str) -> bool:
        """Whether a path is one value with all that lies in it, or lies in one."""
        return bool(self.whole) and _is_in(pattern, self.whole)


def _is_in(pattern: str, paths: tuple[str, ...]) -> bool:
    return any(pattern == path or (pattern.startswith(path) and pattern[len(path)] in ".[") for path in paths)


@dataclass(frozen=True)
class View:
    """What the walk carries along."""

    rules: RuleSets
    is_ours: IsOurs
    parts: OurParts

    def is_named(self, resource_id: str) -> bool:
        """Whether an ID names a resource of ours, or one of others to which the spec refers: a link to it goes too."""
        return self.is_ours(resource_id) or self.parts.is_existing(resource_id)

    def drops(self, item: object, pattern: str, key: str) -> bool:
        """Whether an item that the spec does not list goes: a link, a resource of ours, or a part that we made.

        An item with another key than ``id`` is more than a link. It stays where it is of others, even if the spec
        refers to it elsewhere: a disk that another user attached, a subnet that another tool made.
        """
        return refers_to_ours(item, self.is_named if key == "id" else self.is_ours) or (
            pattern in self.parts.lists and self.parts.has(item_key(item, key))
        )


_RULE_SETS: dict[int, tuple[Rules, RuleSets]] = {}
"""By identity: rules live as long as their kind, and hashing them would cost more than it saves."""


def rule_sets(rules: Rules) -> RuleSets:
    found = _RULE_SETS.get(id(rules))
    if found is not None:
        return found[1]
    read_only = frozenset(rules.read_only)
    create_only = frozenset(rules.create_only)
    sets = RuleSets(
        read_only | create_only | frozenset(rules.write_only),
        read_only,
        create_only,
        rules.list_keys,
        frozenset(rules.unordered),
        frozenset(rules.case_insensitive),
        rules.immutable,
        rules.immutable_if,
        rules.whole,
    )
    _RULE_SETS[id(rules)] = (rules, sets)
    return sets


def referred_id(item: object) -> str | None:
    """The ID in a reference (``{"id"}``, ``{"managedDisk": {"id"}}``); None where something in a body is none."""
    if not isinstance(item, Mapping):
        return None
    disk = item.get("managedDisk")
    found = item.get("id") or (disk.get("id") if isinstance(disk, Mapping) else None)
    return found if isinstance(found, str) else None


def refers_to_ours(item: object, is_ours: IsOurs) -> bool:
    """Whether something in a body is a reference to a thing of ours."""
    found = referred_id(item)
    return found is not None and is_ours(found)


def map_key(name: str, pattern: str) -> str:
    """The form in which two keys of the map at a path are equal.

    Azure ignores the case of IDs, and of the names of tags ("Use tags to organize your Azure resources").
    """
    if pattern == "tags":
        return name.lower()
    return arm_id.key(name) if arm_id.looks_like_id(name) else name


def by_key(mapping: Mapping[str, object], pattern: str) -> dict[str, object]:
    return {map_key(name, pattern): value for name, value in mapping.items()}
