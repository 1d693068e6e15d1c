"""Whether what a body names is there: resources by ID, and parts of the body itself.

In: a `ResourceWrite` and one `Reference` of its type. Out: nothing; ArmError in the provider's words.
"""

from __future__ import annotations

from typing import Any

from ..errors import ArmError, provider_not_found
from ..protocol.arm_path import parse_id
from ..protocol.json_paths import find, read
from ..resource_type import Reference, ResourceType
from .resource_write import ResourceWrite

Json = dict[str, Any]


def check_reference(reference: Reference, change: ResourceWrite) -> None:
    wanted = reference.type.lower()
    for found in list(find(change.body, reference.path)):
        target = found.value.get("id") if isinstance(found.value, dict) else found.value
        if target is None:
            if reference.keep_siblings:
                continue
            raise _reference_without_id(change, found.path)
        if isinstance(found.value, dict) and not reference.keep_siblings:
            found.value.clear()
            found.value["id"] = target
        parsed = parse_id(target) if isinstance(target, str) else None
        if parsed is None or parsed.type.lower() != wanted:
            raise _malformed_reference(change, reference, str(target), found.path)
        if not _is_there(change, target):
            raise (reference.missing or _missing_reference)(change, target)
        region = change.cloud.location_of(target)
        if reference.same_region and change.type.style == "network" and region not in (None, change.location):
            raise _missing_reference(change, target)


def _is_there(change: ResourceWrite, target: str) -> bool:
    """Whether a reference leads somewhere: a resource's own parts and children are those of its new body."""
    inside = _named_inside(change.type, change.id, change.body, target, change)
    if inside is None and change.parent is not None:
        parent = change.parsed.parent
        parent_type = change.cloud.registry.get(parent.type) if parent is not None else None
        if parent_type is not None:
            inside = _named_inside(parent_type, str(parent), change.parent, target, change)
    return change.cloud.exists(target) if inside is None else inside


def _named_inside(type_: ResourceType, owner_id: str, body: Json, target: str, change: ResourceWrite) -> bool | None:
    """Whether a body has the part or child that an ID names; None when it cannot tell."""
    parsed = parse_id(target)
    if parsed is None or parsed.parent is None or parsed.parent.key != owner_id.lower():
        return None
    lists = {word.lower(): path for path, word in type_.parts.items()}
    if type_ is change.type:
        lists |= {
            child.own_word.lower(): child.embedded_in
            for child in change.cloud.registry.embedded(type_)
            if child.embedded_in is not None and not child.keep_if_parent_omits(change.api_version)
        }
    path = lists.get(parsed.types[-1].lower())
    if path is None:
        return None
    return any(str(entry.get("name", "")).lower() == parsed.name.lower() for entry in read(body, path) or ())


def _reference_without_id(change: ResourceWrite, path: str) -> ArmError:
    if change.type.style == "network":
        details = [{"code": "MissingJsonReferenceId", "message": f"Value for reference id is missing. Path {path}."}]
        return ArmError(400, "InvalidRequestFormat", "Cannot parse the request.", details=details)
    return ArmError(400, "InvalidParameter", f"Required parameter '{path}.id' is missing (null).", target=f"{path}.id")


def _malformed_reference(change: ResourceWrite, reference: Reference, target: str, path: str) -> ArmError:
    """Network's answer is recorded in MSOpenTech/azure-xplat-cli#497."""
    word = reference.type.rpartition("/")[2]
    if change.type.style == "network":
        message = (
            f"Reference Id {target} is not formatted correctly. The Id is expected to reference resources of type "
            f"{word}. Path {path}."
        )
        details = [{"code": "InvalidJsonReferenceFormat", "message": message}]
        return ArmError(400, "InvalidRequestFormat", "Cannot parse the request.", details=details)
    return ArmError(400, "InvalidParameter", f"The value of parameter {path} is invalid.", target=path)


def _missing_reference(change: ResourceWrite, target: str) -> ArmError:
    if change.type.style == "network":
        return ArmError(
            400,
            "InvalidResourceReference",
            f"Resource {target} referenced by resource {change.id} was not found. Please make sure that the referenced "
            "resource exists, and that both resources are in the same region.",
            details=[],
        )
    return provider_not_found(target)
