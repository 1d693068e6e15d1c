"""Request bodies: what an operation writes, in view of the object as it is.

In: an operation, a kind, what the deployment owns, the object's body. Out: a body. Pure. The plan, the executor after a
412, and whoever else shows a body call this one function.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from ..base import arm_id
from ..base.values import Body
from ..resources.facts import Rules
from ..resources.kind import Kind
from ..resources.steps import Detach, Keep, MergeTags, Operation, Patch, Put
from . import detaching, merging, ownership_tags
from .context import OurParts


@dataclass(frozen=True)
class OwnedIds:
    """ID keys: ``ours`` of what this deployment owns, ``existing`` of resources of others to which its spec refers."""

    ours: Set[str] = frozenset()
    existing: Set[str] = frozenset()

    def is_ours(self, resource_id: str) -> bool:
        return arm_id.key(resource_id) in self.ours

    def is_existing(self, resource_id: str) -> bool:
        return arm_id.key(resource_id) in self.existing


def render(operation: Operation, kind: Kind, owned: OwnedIds, fresh: Body | None) -> Body | None:
    """The body that an operation sends; None where it sends none, or has nothing to change.

    Args:
        fresh: the object; None where it does not exist.
    """
    if isinstance(operation, MergeTags):
        return _tags(operation, fresh)
    if isinstance(operation, Put) and fresh is None:
        return merging.new_body(operation.desired)
    if fresh is None:
        return None
    if isinstance(operation, (Detach, Keep)):
        return _loosened(operation, kind, owned, fresh)
    if isinstance(operation, Put):
        parts = _parts(operation.drops, kind, owned, fresh)
        body = merging.merged_body(operation.desired, fresh, kind.rules, owned.is_ours, parts)
        return ownership_tags.drop_outdated_tags(body, operation.desired)
    if isinstance(operation, Patch):
        parts = _parts(operation.drops, kind, owned, fresh)
        body = merging.patch_body(operation.desired, fresh, kind.rules, owned.is_ours, operation.paths, parts)
        return _for_patch(ownership_tags.drop_outdated_tags(body, operation.desired), kind.rules)
    return None


def patch_paths(
    kind: Kind, desired: Body, changed: list[str], detach: Detach | None, owned: OwnedIds, actual: Body
) -> tuple[str, ...]:
    """What a PATCH has to name: the changed paths, the groups that a detach writes, and the tags.

    Each update writes the tags, since the fingerprint is in them. Where nothing has changed, a failed object is written
    again, and all groups count that a PATCH may name.
    """
    groups: list[str] = []
    if detach is not None:
        held = merging.merged_body({}, actual, kind.rules, owned.is_ours)
        groups = detaching.changed_groups(_without_references(detach, kind, owned, actual), held)
    return (*(changed or groups or _patchable(desired, kind.rules)), *(groups if changed else ()), "tags")


def _patchable(desired: Body, rules: Rules) -> list[str]:
    """The groups of properties that a PATCH may name: it knows no location, nor what a thing was made of."""
    groups = [f"properties.{name}" for name in desired.get("properties", {})]
    return [group for group in groups if not any(f"{path}.".startswith(f"{group}.") for path in rules.immutable)]


def _parts(drops: frozenset[str], kind: Kind, owned: OwnedIds, fresh: Body) -> OurParts:
    """The parts in the object that go unless ``desired`` lists them: those made by the deployment, and ``drops``."""
    ours = ownership_tags.Parts(fresh.get("tags"))
    return OurParts(frozenset(kind.ownership.parts), lambda name: name in ours or name in drops, owned.is_existing)


def _without_references(operation: Detach, kind: Kind, owned: OwnedIds, fresh: Body) -> Body:
    return detaching.detached(fresh, operation.resource_ids, kind.rules, owned.is_ours)


def _loosened(operation: Detach | Keep, kind: Kind, owned: OwnedIds, fresh: Body) -> Body:
    if isinstance(operation, Detach):
        body = _without_references(operation, kind, owned, fresh)
    else:
        body = detaching.kept(fresh, operation.resource_ids, kind.rules, owned.is_ours)
    if not kind.operations.patch:
        return body
    held = merging.merged_body({}, fresh, kind.rules, owned.is_ours)
    only = detaching.only(body, detaching.changed_groups(body, held))
    return _for_patch(only, kind.rules)


def _for_patch(body: Body, rules: Rules) -> Body:
    """A PATCH without what is written elsewhere, and without a map of identities where its type takes none.

    "ResourceIdentity identityIds should not be provided if the type is "SystemAssigned"" (InvalidParameter).
    """
    result = merging.stripped(body, frozenset(rules.set_elsewhere))
    identity = result.get("identity") or {}
    if "userAssignedIdentities" in identity and "UserAssigned" not in str(identity.get("type")):
        result["identity"] = {name: value for name, value in identity.items() if name != "userAssignedIdentities"}
    return result


def _tags(operation: MergeTags, fresh: Body | None) -> Body | None:
    if fresh is None:
        return None
    before = fresh.get("tags") or {}
    after = {name: value for name, value in before.items() if name not in operation.drop} | dict(operation.set)
    return {"tags": after} if after != before else None
