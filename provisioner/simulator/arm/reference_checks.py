"""Whether what a body names is there: resources by ID, and parts of the body itself.

In: a `ResourceWrite` and one `Reference` of its type. Out: nothing; ArmError in the provider's words.
"""

from __future__ import annotations

from ..description.body import Reference
from ..description.resource_type import ResourceType
from ..json_values import JsonObject
from ..protocol.arm_path import parse_id
from ..protocol.json_paths import entries_at, find
from .resource_write import ResourceWrite


def check_reference(reference: Reference, change: ResourceWrite) -> None:
    wanted, refusals = reference.type.lower(), change.type.answers.refusals
    for found in list(find(change.body, reference.path)):
        target = found.target
        if target is None:
            if reference.keep_siblings:
                continue
            raise refusals.reference_without_id(found.path)
        if isinstance(found.value, dict) and not reference.keep_siblings:
            found.value.clear()
            found.value["id"] = target
        parsed = parse_id(target) if isinstance(target, str) else None
        if not isinstance(target, str) or parsed is None or parsed.type.lower() != wanted:
            raise refusals.malformed_reference(reference, str(target), found.path)
        if not _is_there(change, target):
            raise (reference.missing or refusals.missing_reference)(change, target)
        region = change.cloud.location_of(target)
        if reference.same_region and region not in (None, change.location):
            raise refusals.missing_reference(change, target)


def _is_there(change: ResourceWrite, target: str) -> bool:
    """Whether a reference leads somewhere: a resource's own parts and children are those of its new body."""
    inside = _named_inside(change.type, change.id, change.body, target, change)
    if inside is None and change.parent is not None:
        parent = change.parsed.parent
        parent_type = change.cloud.registry.get(parent.type) if parent is not None else None
        if parent_type is not None:
            inside = _named_inside(parent_type, str(parent), change.parent, target, change)
    return change.cloud.exists(target) if inside is None else inside


def _named_inside(
    type_: ResourceType, owner_id: str, body: JsonObject, target: str, change: ResourceWrite
) -> bool | None:
    """Whether a body has the part or child that an ID names; None when it cannot tell."""
    parsed = parse_id(target)
    if parsed is None or parsed.parent is None or parsed.parent.key != owner_id.lower():
        return None
    lists = {word.lower(): path for path, word in type_.body.parts.items()}
    if type_ is change.type:
        lists |= {
            child.own_word.lower(): child.containment.embedded_in
            for child in change.cloud.registry.embedded(type_)
            if child.containment.embedded_in is not None
            and not child.containment.keep_if_parent_omits(change.api_version)
        }
    path = lists.get(parsed.types[-1].lower())
    if path is None:
        return None
    return any(str(entry.get("name", "")).lower() == parsed.name.lower() for entry in entries_at(body, path))
