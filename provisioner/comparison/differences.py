"""Desired against actual, property by property.

In: two ARM bodies and a kind's rules. Out: differences. Pure. The left side decides what is compared: a property that
the desired body does not speak of is never a difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..base import arm_id
from ..base.values import Body, Detached, Lookup, Ref, Secret, Text, Unset, value_at
from ..resources.body_paths import item_key, item_label, join
from ..resources.facts import Rules
from .context import (
    NO_PARTS,
    IsOurs,
    OurParts,
    RuleSets,
    View,
    by_key,
    map_key,
    refers_to_ours,
    rule_sets,
)
from .merging import new_body

UNKNOWN = "(known after apply)"
_LABEL = re.compile(r"\[[^\]]*\]")
DifferenceOperation = Literal["add", "change", "remove"]
_NOTHING: tuple[object, ...] = (None, False, "", [], {})


@dataclass(frozen=True)
class Difference:
    """One property: ``path`` as shown (``properties.subnets[front].properties.addressPrefix``), both values.

    left: the deployment wrote it, and the spec no longer has it; ``after`` is the default, if there is one.
    """

    path: str
    before: object
    after: object
    immutable: bool = False
    left: bool = False

    def is_at(self, path: str) -> bool:
        """Whether it is at a property or in it; ``path`` has ``[]`` where that of a difference has a label."""
        found = _LABEL.sub("[]", self.path)
        return found == path or found.startswith((f"{path}.", f"{path}["))

    @property
    def operation(self) -> DifferenceOperation:
        """What happens to the property. In ARM bodies null is the same as absent."""
        if self.before is None:
            return "add"
        if self.left:
            return "remove"
        return "remove" if self.after is None else "change"


def differences(
    desired: Body, actual: Body, rules: Rules, is_ours: IsOurs, parts: OurParts = NO_PARTS
) -> list[Difference]:
    """What would have to change in ``actual``, in the order of ``desired``."""
    return list(_compare(desired, actual, "", "", View(rule_sets(rules), is_ours, parts)))


def unlisted(desired: Body, actual: Body, rules: Rules, lists: tuple[str, ...]) -> list[str]:
    """Items of keyed lists that the desired body does not name, as ``properties.subnets[theirs]``."""
    found = []
    for pattern in lists:
        key = rules.list_keys[pattern]
        steps = tuple(pattern.split("."))
        wanted = {item_key(item, key) for item in value_at(desired, steps) or []}
        extra = [item for item in value_at(actual, steps) or [] if item_key(item, key) not in wanted]
        found += [f"{pattern}[{item_label(item, key)}]" for item in extra]
    return found


def _compare(desired: object, actual: object, pattern: str, shown: str, view: View) -> Iterator[Difference]:
    """The differences at one place: ``pattern`` as the rules name it, ``shown`` as people see it."""
    if pattern in view.rules.skipped:
        return
    if isinstance(desired, Mapping):
        yield from _compare_mapping(desired, actual, pattern, shown, view)
    elif isinstance(desired, list):
        yield from _compare_list(desired, actual, pattern, shown, view)
    elif desired is None:
        if actual not in _NOTHING:
            yield _difference(actual, None, pattern, shown, view)
    elif isinstance(desired, Unset):
        if actual not in _NOTHING and not _same_scalar(desired.default, actual, pattern, view.rules):
            yield replace(_difference(actual, desired.default, pattern, shown, view), left=True)
    elif isinstance(desired, Detached):
        if refers_to_ours(actual, view.is_named):
            yield _difference(actual, None, pattern, shown, view)
    elif isinstance(desired, (Ref, Lookup, Secret, Text)):
        # What is known before apply was bound before: a leaf that is left cannot have the value that is there.
        yield _difference(actual, UNKNOWN, pattern, shown, view)
    elif not _same_scalar(desired, actual, pattern, view.rules):
        yield _difference(actual, desired, pattern, shown, view)


def _difference(before: object, after: object, pattern: str, shown: str, view: View) -> Difference:
    return Difference(shown, before, after, view.rules.is_immutable(pattern, before, after))


def _compare_mapping(
    desired: Mapping[str, object], actual: object, pattern: str, shown: str, view: View
) -> Iterator[Difference]:
    if actual is not None and not isinstance(actual, Mapping):
        yield _difference(actual, desired, pattern, shown, view)
        return
    present = by_key(actual or {}, pattern)
    for name, value in desired.items():
        key = str(name)
        if not arm_id.looks_like_id(key):
            yield from _compare(value, present.get(map_key(key, pattern)), join(pattern, key), join(shown, key), view)
            continue
        # A map by ARM ID is a set: Azure fills in the values (an identity's principal), and null removes the ID.
        found = present.get(arm_id.key(key))
        if (found is None) != (value is None):
            yield Difference(join(shown, key), found, value)
    if view.rules.is_whole(pattern):
        wanted = {map_key(str(name), pattern) for name in desired}
        for key, value in present.items():
            if key not in wanted and value is not None:
                yield _difference(value, None, join(pattern, key), join(shown, key), view)


def _compare_list(desired: list[object], actual: object, pattern: str, shown: str, view: View) -> Iterator[Difference]:
    items = actual if isinstance(actual, list) else []
    key = view.rules.list_keys.get(pattern)
    if key is not None:
        yield from _compare_keyed_list(desired, items, key, pattern, shown, view)
    elif pattern in view.rules.unordered:
        # Azure answers in an order and a casing of its own, and with texts for numbers.
        if sorted(map(str.lower, map(str, desired))) != sorted(map(str.lower, map(str, items))):
            yield _difference(actual, desired, pattern, shown, view)
    elif len(desired) != len(items):
        yield _difference(actual, desired, pattern, shown, view)
    else:
        for index, (left, right) in enumerate(zip(desired, items, strict=True)):
            yield from _compare(left, right, f"{pattern}[]", f"{shown}[{index}]", view)


def _compare_keyed_list(
    desired: list[object], items: list[object], key: str, pattern: str, shown: str, view: View
) -> Iterator[Difference]:
    """Items are compared by their key; what the spec does not list is a difference only where it is to go."""
    present = {item_key(item, key): item for item in items}
    for item in desired:
        found = present.pop(item_key(item, key), None)
        label = f"{shown}[{item_label(found if isinstance(item, Unset) else item, key)}]"
        if isinstance(item, Unset):
            if found is not None:
                yield replace(_difference(found, None, f"{pattern}[]", label, view), left=True)
        elif found is None:
            yield _difference(None, new_body(item) if isinstance(item, Mapping) else item, f"{pattern}[]", label, view)
        else:
            rest = item
            if isinstance(item, Mapping):
                rest = {name: value for name, value in item.items() if name != key}
            yield from _compare(rest, found, f"{pattern}[]", label, view)
    for item in present.values():
        if view.drops(item, pattern, key):
            yield Difference(f"{shown}[{item_label(item, key)}]", item, None)


def _same_scalar(desired: object, actual: object, pattern: str, rules: RuleSets) -> bool:
    if desired == actual:
        return True
    if actual is None:
        # Azure leaves out what is empty: an empty list and none are the same.
        return desired in _NOTHING
    if not (isinstance(desired, str) and isinstance(actual, str)):
        return False
    if pattern == "location":
        # Azure answers `westus` to `West US`.
        return desired.replace(" ", "").lower() == actual.replace(" ", "").lower()
    if pattern in rules.case_insensitive or arm_id.looks_like_id(desired):
        return arm_id.same(desired, actual)
    return False
