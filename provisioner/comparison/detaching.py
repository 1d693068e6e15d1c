"""Bodies without their references to some objects, so that Azure lets these be deleted.

In: an actual body, the ARM IDs to let go of, a kind's rules. Out: a body to write. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..base import arm_id
from ..base.values import Body
from ..resources.facts import Rules
from . import merging
from .context import IsOurs, referred_id


def detached(actual: Body, targets: Iterable[str], rules: Rules, is_ours: IsOurs) -> Body:
    """What a PUT writes to let go of some objects, and of nothing else."""
    result: Body = merging.merged_body({}, actual, rules, is_ours)
    for resource_id in targets:
        result = _mapping_without(result, resource_id)
    return result


def kept(actual: Body, targets: Iterable[str], rules: Rules, is_ours: IsOurs) -> Body:
    """What is written so that Azure deletes an object without some others that it refers to."""
    keys = {arm_id.key(each) for each in targets}
    return _mapping_with_detach(merging.merged_body({}, actual, rules, is_ours), keys)


def _with_detach(value: object, keys: set[str]) -> object:
    if isinstance(value, list):
        return [_with_detach(item, keys) for item in value]
    return _mapping_with_detach(value, keys) if isinstance(value, Mapping) else value


def _mapping_with_detach(value: Mapping[str, object], keys: set[str]) -> Body:
    found = referred_id(value)
    if found is None or arm_id.key(found) not in keys:
        return {name: _with_detach(item, keys) for name, item in value.items()}
    inner = value.get("properties")
    if isinstance(inner, Mapping) and "deleteOption" in inner:
        return {**value, "properties": {**inner, "deleteOption": "Detach"}}
    return {**value, "deleteOption": "Detach"} if "deleteOption" in value else dict(value)


def changed_groups(body: Body, held: Body) -> list[str]:
    """The groups of a PATCH (``identity``, ``properties.storageProfile``) in which two bodies differ."""
    paths = [key for key in body if key != "properties" and body[key] != held.get(key)]
    inner, before = body.get("properties", {}), held.get("properties", {})
    return paths + [f"properties.{key}" for key in inner if inner[key] != before.get(key)]


def only(body: Body, groups: Iterable[str]) -> Body:
    """The part of a body that is in some groups, as ``changed_groups`` names them."""
    result: Body = {}
    for path in groups:
        head, _, rest = path.partition(".")
        if rest:
            result.setdefault(head, {})[rest] = body[head][rest]
        else:
            result[head] = body[head]
    return result


def is_at(text: str, resource_id: str) -> bool:
    """Whether an ARM ID is that of an object, or of something that lies in it."""
    key, target = arm_id.key(text), arm_id.key(resource_id)
    return key == target or key.startswith(f"{target}/")


def _without(value: object, resource_id: str) -> object:
    """A body without its references to an object or to what lies in it."""
    if isinstance(value, Mapping):
        return _mapping_without(value, resource_id)
    if isinstance(value, list):
        return [_without(item, resource_id) for item in value if not _refers(item, resource_id)]
    return value


def _mapping_without(value: Mapping[str, object], resource_id: str) -> Body:
    result: Body = {}
    for key, item in value.items():
        if is_at(key, resource_id):
            # A map by ARM ID keeps what a PATCH leaves out, and null removes (REST "Virtual Machines - Update",
            # identity.userAssignedIdentities).
            result[key] = None
        elif not _refers(item, resource_id):
            result[key] = _without(item, resource_id)
    if "userAssignedIdentities" in value and result != value:
        return _identity_without(result)
    return result


def _identity_without(identity: Body) -> Body:
    """An identity block after one of its user-assigned identities was taken out: its type follows."""
    left = [user for user in identity["userAssignedIdentities"].values() if user is not None]
    kinds = [kind.strip() for kind in str(identity.get("type", "")).split(",")]
    kept = [kind for kind in kinds if kind != "UserAssigned" or left]
    # Without a type left, the whole block is replaced: type None removes every identity.
    return {**identity, "type": ", ".join(kept)} if kept else {"type": "None"}


def _refers(item: object, resource_id: str) -> bool:
    found = referred_id(item)
    return found is not None and is_at(found, resource_id)
