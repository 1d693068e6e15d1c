"""Desired against actual, property by property, and the body that brings one to the other.

In: two ARM bodies and a kind's rules. Out: differences, and bodies to write. Pure. The left side decides what is
compared: a property that the desired body does not speak of is never a difference and survives every write.
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import arm_id
from .resource import Body, Detached, Lookup, Ref, Rules, Secret, Text, value_at

IsOurs = Callable[[str], bool]


@dataclass(frozen=True)
class OurParts:
    """Which items of keyed lists this deployment made: ``lists`` by pattern, ``has`` tells by the item's key."""

    lists: frozenset[str] = frozenset()
    has: Callable[[str], bool] = lambda name: False


NO_PARTS = OurParts()
UNKNOWN = "(known after apply)"
_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]+)\]")
_NOTHING: tuple[Any, ...] = (None, False, "", [], {})


@dataclass(frozen=True)
class Difference:
    """One property: ``path`` as shown (``properties.subnets[front].properties.addressPrefix``), both values."""

    path: str
    before: Any
    after: Any
    immutable: bool = False


def differences(
    desired: Body, actual: Body, rules: Rules, is_ours: IsOurs, parts: OurParts = NO_PARTS
) -> list[Difference]:
    """What would have to change in ``actual``, in the order of ``desired``."""
    return list(_compare(desired, actual, "", "", _View(_lookup(rules), is_ours, parts)))


def new_body(desired: Body) -> Body:
    """The body of a create: what must be absent is left out."""
    result: Body = _without_absent(desired)
    return result


def merged_body(desired: Body, actual: Body, rules: Rules, is_ours: IsOurs, parts: OurParts = NO_PARTS) -> Body:
    """``actual`` with ``desired`` laid over it, for a PUT that replaces the whole: nothing foreign is lost."""
    lookup = _lookup(rules)
    kept = _without_read_only(copy.deepcopy(actual), "", lookup)
    result: Body = _overlay(desired, kept, "", _View(lookup, is_ours, parts), False)
    return result


def patch_body(desired: Body, actual: Body, rules: Rules, is_ours: IsOurs, changed: list[Difference]) -> Body:
    """For a PATCH that merges: only the groups with a difference, each of them whole; null removes."""
    lookup = _lookup(rules)
    kept = _without_read_only(copy.deepcopy(actual), "", lookup)
    whole: Body = _overlay(desired, kept, "", _View(lookup, is_ours, NO_PARTS), True)
    result: Body = {}
    for item in changed:
        head, _, rest = item.path.partition(".")
        if head not in whole:
            continue
        if head == "properties":
            group = rest.partition(".")[0].partition("[")[0]
            result.setdefault("properties", {})[group] = whole.get("properties", {}).get(group)
        else:
            result[head] = whole.get(head)
    return result


def without(body: Body, paths: Sequence[str]) -> Body:
    """A body that does not speak of some paths (``tags.owner``, ``properties.subnets[front].properties.x``)."""
    if not paths:
        return body
    result = copy.deepcopy(body)
    for path in paths:
        *steps, last = _STEP.findall(path) or [("", "")]
        holder: Any = result
        for step in steps:
            holder = _step_into(holder, step)
        if isinstance(holder, dict):
            holder.pop(last[0], None)
        elif isinstance(holder, list):
            found = _step_into(holder, last)
            holder[:] = [item for item in holder if item is not found]
    return result


def _step_into(holder: Any, step: tuple[str, str]) -> Any:
    name, label = step
    if name:
        return holder.get(name) if isinstance(holder, Mapping) else None
    items = holder if isinstance(holder, list) else []
    return next((item for item in items if isinstance(item, Mapping) and label in map(str, item.values())), None)


def speaks_of(desired: Body, path: str) -> bool:
    """Whether a body has a value at a dotted path without lists."""
    return value_at(desired, tuple(path.split("."))) is not None


def unlisted(desired: Body, actual: Body, rules: Rules, lists: tuple[str, ...]) -> list[str]:
    """Items of keyed lists that the desired body does not name, as ``properties.subnets[theirs]``."""
    found = []
    for pattern in lists:
        key = rules.keyed[pattern]
        steps = tuple(pattern.split("."))
        wanted = {_item_key(item, key) for item in value_at(desired, steps) or []}
        extra = [item for item in value_at(actual, steps) or [] if _item_key(item, key) not in wanted]
        found += [f"{pattern}[{_item_label(item, key)}]" for item in extra]
    return found


@dataclass(frozen=True)
class _Lookup:
    """Rules as sets, for speed."""

    skipped: frozenset[str]
    read_only: frozenset[str]
    create_only: frozenset[str]
    keyed: Mapping[str, str]
    unordered: frozenset[str]
    any_case: frozenset[str]
    grow_only: frozenset[str]
    immutable: tuple[str, ...]

    def is_immutable(self, pattern: str) -> bool:
        return any(
            pattern == path or (pattern.startswith(path) and pattern[len(path)] in ".[") for path in self.immutable
        )


@dataclass(frozen=True)
class _View:
    """What the walk carries along."""

    lookup: _Lookup
    is_ours: IsOurs
    parts: OurParts

    def drops(self, item: Any, pattern: str, key: str) -> bool:
        """Whether an item that the spec does not list goes: a reference to ours, or a part that we made."""
        return _refers_to_ours(item, self.is_ours) or (
            pattern in self.parts.lists and self.parts.has(_item_key(item, key))
        )


_LOOKUPS: dict[int, tuple[Rules, _Lookup]] = {}
"""By identity: rules live as long as their kind, and hashing them would cost more than it saves."""


def _lookup(rules: Rules) -> _Lookup:
    found = _LOOKUPS.get(id(rules))
    if found is not None:
        return found[1]
    read_only = frozenset(rules.read_only)
    create_only = frozenset(rules.create_only)
    lookup = _Lookup(
        read_only | create_only | frozenset(rules.write_only),
        read_only,
        create_only,
        rules.keyed,
        frozenset(rules.unordered),
        frozenset(rules.any_case),
        frozenset(rules.grow_only),
        rules.immutable,
    )
    _LOOKUPS[id(rules)] = (rules, lookup)
    return lookup


def _join(pattern: str, key: str) -> str:
    return f"{pattern}.{key}" if pattern else key


def _compare(desired: Any, actual: Any, pattern: str, shown: str, view: _View) -> Iterator[Difference]:
    if pattern in view.lookup.skipped and desired is not None:
        return
    report = functools.partial(Difference, shown, immutable=view.lookup.is_immutable(pattern))
    if desired is None:
        if actual not in _NOTHING:
            yield report(actual, None)
    elif isinstance(desired, Detached):
        if _refers_to_ours(actual, view.is_ours):
            yield report(actual, None)
    elif isinstance(desired, Mapping):
        if actual is not None and not isinstance(actual, Mapping):
            yield report(actual, desired)
            return
        present = _by_key(actual or {})
        for name, value in desired.items():
            key = str(name)
            step = "*" if arm_id.looks_like_id(key) else key
            found = present.get(arm_id.key(key) if step == "*" else key)
            if step == "*":
                if (found is None) != (value is None):
                    yield Difference(_join(shown, key), found, value)
                continue
            yield from _compare(value, found, _join(pattern, step), _join(shown, key), view)
    elif isinstance(desired, list):
        yield from _compare_list(desired, actual, pattern, shown, view)
    elif isinstance(desired, (Ref, Lookup, Secret, Text)):
        yield report(actual, UNKNOWN)
    elif not _same_scalar(desired, actual, pattern, view.lookup):
        shrinks = pattern in view.lookup.grow_only and isinstance(actual, int) and desired < actual
        yield Difference(shown, actual, desired, immutable=shrinks or view.lookup.is_immutable(pattern))


def _compare_list(desired: list[Any], actual: Any, pattern: str, shown: str, view: _View) -> Iterator[Difference]:
    items = actual if isinstance(actual, list) else []
    report = functools.partial(Difference, shown, immutable=view.lookup.is_immutable(pattern))
    key = view.lookup.keyed.get(pattern)
    if key is not None:
        present = {_item_key(item, key): item for item in items}
        for item in desired:
            name = _item_key(item, key)
            found = present.pop(name, None)
            label = f"{shown}[{_item_label(item, key)}]"
            if found is None:
                yield Difference(label, None, new_body(item), view.lookup.is_immutable(f"{pattern}[]"))
            else:
                rest = {name: value for name, value in item.items() if name != key}
                yield from _compare(rest, found, f"{pattern}[]", label, view)
        for item in present.values():
            if view.drops(item, pattern, key):
                yield Difference(f"{shown}[{_item_label(item, key)}]", item, None)
    elif pattern in view.lookup.unordered:
        if sorted(map(str.lower, map(str, desired))) != sorted(map(str.lower, map(str, items))):
            yield report(actual, desired)
    elif len(desired) != len(items):
        if desired or items:
            yield report(actual, desired)
    else:
        for index, (left, right) in enumerate(zip(desired, items, strict=True)):
            yield from _compare(left, right, f"{pattern}[]", f"{shown}[{index}]", view)


def _same_scalar(desired: Any, actual: Any, pattern: str, lookup: _Lookup) -> bool:
    if desired == actual:
        return True
    if actual is None:
        return desired in _NOTHING
    if not (isinstance(desired, str) and isinstance(actual, str)):
        return False
    if pattern == "location":
        return desired.replace(" ", "").lower() == actual.replace(" ", "").lower()
    if pattern in lookup.any_case or arm_id.looks_like_id(desired):
        return arm_id.same(desired, actual)
    return False


def _by_key(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {arm_id.key(key) if arm_id.looks_like_id(key) else key: value for key, value in mapping.items()}


def _item_key(item: Any, key: str) -> str:
    value = item.get(key) if isinstance(item, Mapping) else item
    return str(value).lower()


def _item_label(item: Any, key: str) -> str:
    return str(item.get(key) if isinstance(item, Mapping) else item)


def _refers_to_ours(item: Any, is_ours: IsOurs) -> bool:
    """Whether an object in a body is a reference (``{"id"}``, ``{"managedDisk": {"id"}}``) to a thing of ours."""
    if not isinstance(item, Mapping):
        return False
    disk = item.get("managedDisk")
    target = item.get("id") or (disk.get("id") if isinstance(disk, Mapping) else None)
    return isinstance(target, str) and is_ours(target)


def _without_absent(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _without_absent(item)
            for key, item in value.items()
            if item is not None and not isinstance(item, Detached)
        }
    if isinstance(value, list):
        return [_without_absent(item) for item in value]
    return value


def _without_read_only(value: Any, pattern: str, lookup: _Lookup) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _without_read_only(item, _join(pattern, "*" if arm_id.looks_like_id(key) else key), lookup)
            if _join(pattern, "*") not in lookup.read_only
            else {}
            for key, item in value.items()
            if _join(pattern, key) not in lookup.read_only
        }
    if isinstance(value, list):
        return [_without_read_only(item, f"{pattern}[]", lookup) for item in value]
    return value


def _overlay(desired: Any, actual: Any, pattern: str, view: _View, nulls: bool) -> Any:
    if isinstance(desired, Mapping):
        result = dict(actual) if isinstance(actual, Mapping) else {}
        names = {arm_id.key(key) if arm_id.looks_like_id(key) else key: key for key in result}
        for key, value in desired.items():
            path = _join(pattern, str(key))
            if path in view.lookup.create_only or path in view.lookup.read_only:
                continue
            present = names.get(arm_id.key(str(key)) if arm_id.looks_like_id(key) else str(key), key)
            if value is None or (isinstance(value, Detached) and _refers_to_ours(result.get(present), view.is_ours)):
                result.pop(present, None)
                if nulls:
                    result[present] = None
            elif not isinstance(value, Detached):
                result[present] = _overlay(value, result.get(present), path, view, nulls)
        return result
    if isinstance(desired, list):
        key = view.lookup.keyed.get(pattern)
        if key is None:
            return _without_absent(desired)
        wanted = {_item_key(item, key): item for item in desired}
        merged = []
        for item in actual if isinstance(actual, list) else []:
            name = _item_key(item, key)
            if name in wanted:
                merged.append(_overlay(wanted.pop(name), item, f"{pattern}[]", view, False))
            elif not view.drops(item, pattern, key):
                merged.append(item)
        return merged + [_without_absent(item) for item in wanted.values()]
    return desired
