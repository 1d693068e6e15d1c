"""The bodies that are written: a new one, one laid over what is there, the changed groups alone.

In: two ARM bodies and a kind's rules. Out: a body. Pure. What the desired body does not speak of survives every write.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence, Set

from ..base import arm_id
from ..base.values import Body, Detached, Unset, value_at
from ..resources.body_paths import item_key, join
from ..resources.facts import Rules
from .context import NO_PARTS, IsOurs, OurParts, View, map_key, refers_to_ours, rule_sets

_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]+)\]")


def new_body(desired: Mapping[str, object]) -> Body:
    """The body of a create: what must be absent is left out."""
    return _present(desired)


def merged_body(desired: Body, actual: Body, rules: Rules, is_ours: IsOurs, parts: OurParts = NO_PARTS) -> Body:
    """``actual`` with ``desired`` laid over it, for a PUT that replaces the whole: nothing foreign is lost."""
    sets = rule_sets(rules)
    return _overlay_mapping(desired, writable(actual, rules), "", View(sets, is_ours, parts), False)


def patch_body(
    desired: Body, actual: Body, rules: Rules, is_ours: IsOurs, changed: Iterable[str], parts: OurParts = NO_PARTS
) -> Body:
    """For a PATCH that merges: only the groups with a changed path, each of them whole; null removes.

    Tags do not merge: those that are sent replace all, and none may be null (Azure/typespec-azure#1234, of the contract
    of resource providers).
    """
    sets = rule_sets(rules)
    whole: Body = _overlay_mapping(desired, writable(actual, rules), "", View(sets, is_ours, parts), True)
    result: Body = {}
    for path in changed:
        head, _, rest = path.partition(".")
        if head not in whole:
            continue
        if head == "properties":
            group = rest.partition(".")[0].partition("[")[0]
            result.setdefault("properties", {})[group] = whole.get("properties", {}).get(group)
        elif head == "tags":
            result[head] = _without_absent(whole[head])
        else:
            result[head] = whole.get(head)
    return result


def writable(actual: Body, rules: Rules) -> Body:
    """An object without what the service sets by itself."""
    return stripped(actual, rule_sets(rules).read_only)


def stripped(body: Body, paths: Set[str]) -> Body:
    """A body without some properties: dotted paths, in which ``[]`` stands for every item of a list."""
    return _without_paths(body, "", paths) if paths else body


def without(body: Body, paths: Sequence[str]) -> Body:
    """A body that does not speak of some paths (``tags.owner``, ``properties.subnets[front].properties.x``)."""
    if not paths:
        return body
    result = copy.deepcopy(body)
    for path in paths:
        *steps, last = _STEP.findall(path) or [("", "")]
        holder: object = result
        for step in steps:
            holder = _step_into(holder, step)
        if isinstance(holder, dict):
            pattern = ".".join(name for name, _ in steps)
            for name in [name for name in holder if map_key(name, pattern) == map_key(last[0], pattern)]:
                del holder[name]
        elif isinstance(holder, list):
            found = _step_into(holder, last)
            holder[:] = [item for item in holder if item is not found]
    return result


def kept_inside(body: Body, actual: Body, paths: Sequence[str], rules: Rules) -> Body:
    """A body that says of some paths in a value which is written whole what the object has there."""
    inside = [path for path in paths if any(path.startswith(f"{whole}.") for whole in rules.whole)]
    for path in inside:
        steps = path.split(".")
        value = value_at(actual, tuple(steps))
        body = _with(body, steps, value) if value is not None else body
    return body


def _with(body: Mapping[str, object], steps: list[str], value: object) -> Body:
    step, *rest = steps
    inner = body.get(step)
    return {**body, step: _with(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value}


def _step_into(holder: object, step: tuple[str, str]) -> object:
    name, label = step
    if name:
        return holder.get(name) if isinstance(holder, Mapping) else None
    return next((item for item in holder if _is_labelled(item, label)), None) if isinstance(holder, list) else None


def _is_labelled(item: object, label: str) -> bool:
    if isinstance(item, Unset):
        return item.key == label.lower()
    return isinstance(item, Mapping) and label in map(str, item.values())


def _without_absent(value: object) -> object:
    if isinstance(value, Mapping):
        return _present(value)
    if isinstance(value, list):
        return [_without_absent(item) for item in value if not isinstance(item, Unset)]
    return value


def _present(values: Mapping[str, object]) -> dict[str, object]:
    return {
        key: _without_absent(item)
        for key, item in values.items()
        if item is not None and not isinstance(item, (Detached, Unset))
    }


def _stripped(value: object, pattern: str, paths: Set[str]) -> object:
    if isinstance(value, Mapping):
        return _without_paths(value, pattern, paths)
    if isinstance(value, list):
        return [_stripped(item, f"{pattern}[]", paths) for item in value]
    return value


def _without_paths(values: Mapping[str, object], pattern: str, paths: Set[str]) -> dict[str, object]:
    return {
        key: _stripped(item, join(pattern, "*" if arm_id.looks_like_id(key) else key), paths)
        # A map by ARM ID is a set. What Azure fills in (principalId, clientId) is not sent back.
        if join(pattern, "*") not in paths
        else {}
        for key, item in values.items()
        if join(pattern, key) not in paths
    }


def _overlay(desired: object, actual: object, pattern: str, view: View, nulls: bool) -> object:
    """``desired`` laid over ``actual``; with ``nulls`` what must be absent is null, otherwise it is left out."""
    if isinstance(desired, Mapping):
        return _overlay_mapping(desired, actual if isinstance(actual, Mapping) else {}, pattern, view, nulls)
    if isinstance(desired, list):
        return _overlay_list(desired, actual if isinstance(actual, list) else [], pattern, view)
    return desired


def _overlay_mapping(
    desired: Mapping[str, object], actual: Mapping[str, object], pattern: str, view: View, nulls: bool
) -> dict[str, object]:
    result = dict(actual)
    # Azure returns IDs used as keys in another case than they were written in; the key that is there stays. So does
    # that of a tag, which Azure refuses to hold in two spellings (DuplicateTagName).
    spelled = {map_key(key, pattern): key for key in result}
    for key, item in desired.items():
        name, value = str(key), item.default if isinstance(item, Unset) else item
        path = join(pattern, name)
        if path in view.rules.create_only or path in view.rules.read_only:
            continue
        present = spelled.get(map_key(name, pattern), key)
        if value is None or (isinstance(value, Detached) and refers_to_ours(result.get(present), view.is_named)):
            result.pop(present, None)
            if nulls:
                result[present] = None
        elif path in view.rules.whole:
            result[present] = _without_absent(value)
        elif not isinstance(value, Detached):
            result[present] = _overlay(value, result.get(present), path, view, nulls)
            if result[present] == {} and _is_emptied(value):
                del result[present]
    return result


def _is_emptied(desired: object) -> bool:
    """Whether a mapping was there for nothing but what the deployment wrote, and the spec no longer has."""
    return isinstance(desired, Mapping) and any(isinstance(item, Unset) for item in desired.values())


def _overlay_list(desired: list[object], actual: list[object], pattern: str, view: View) -> list[object]:
    """Items with the same key are laid over each other; a list without keys is replaced."""
    key = view.rules.list_keys.get(pattern)
    if key is None:
        return [_without_absent(item) for item in desired]
    wanted = {item_key(item, key): item for item in desired}
    merged = []
    for item in actual:
        name = item_key(item, key)
        if isinstance(wanted.get(name), Unset):
            del wanted[name]
        elif name in wanted:
            # Without nulls: a PATCH merges no lists, it replaces them.
            merged.append(_overlay(wanted.pop(name), item, f"{pattern}[]", view, False))
        elif not view.drops(item, pattern, key):
            merged.append(item)
    return merged + [_without_absent(item) for item in wanted.values() if not isinstance(item, Unset)]
