"""From what a client sent to what will be stored: the steps every write goes through, whatever the type.

In: a cleaned body and what is stored. Out: `WriteSet`: a `ResourceWrite` for the resource, changes for its embedded
children, and children to be removed; or ArmError. Nothing is stored here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..description.body import Immutable
from ..description.resource_type import ResourceType
from ..errors import ArmError
from ..json_values import JsonObject
from ..protocol.json_paths import entries_at, read, set_default, take, write
from ..schema import carry_read_only, drop_empty
from ..state.resources import Resource
from .body_checks import schema_of
from .reference_checks import check_reference
from .resource_write import ResourceWrite


@dataclass
class WriteSet:
    """What one request does: the resource itself, its embedded children, and children that go."""

    change: ResourceWrite
    children: list[ResourceWrite] = field(default_factory=list)
    removed: list[Resource] = field(default_factory=list)

    @property
    def all(self) -> list[ResourceWrite]:
        return [self.change, *self.children]


def plan(change: ResourceWrite) -> WriteSet:
    """Complete and check a change; `change.body` holds the cleaned body."""
    _complete(change)
    _checked(change)
    planned = WriteSet(change)
    for child_type in change.cloud.registry.embedded(change.type):
        _plan_children(planned, child_type)
    return planned


def plan_child(change: ResourceWrite) -> WriteSet:
    """Complete and check an embedded child that is written by its own address."""
    _complete(change)
    _checked(change)
    return WriteSet(change)


def _complete(change: ResourceWrite) -> None:
    """Read-only values of before, kept properties, defaults, hidden ones, parts."""
    type_, before = change.type, change.before
    model = schema_of(type_)
    # A client that sends back what it read sends these too; they are computed on reading.
    for path in change.cloud.registry.back_references(type_):
        take(change.body, path)
    if before is not None:
        if model is not None:
            carry_read_only(model, copy.deepcopy(before.body), change.body)
        change.hidden = {**before.hidden, **change.hidden}
        for rule in type_.body.immutable:
            if rule.keep_if_omitted and read(change.body, rule.path) is None:
                kept = read(before.body, rule.path)
                if kept is not None:
                    write(change.body, rule.path, copy.deepcopy(kept))
    for path, value in type_.body.defaults.items():
        set_default(change.body, path, copy.deepcopy(value))
    for path in type_.body.write_only:
        secret = take(change.body, path)
        if secret is not None:
            # A copy: the map may be that of the stored resource.
            change.hidden = {**change.hidden, path: secret}
    for path in type_.body.secret:
        secret = take(change.body, path)
        if secret is not None:
            change.secrets[path] = secret
            change.hidden = {**change.hidden, path: True}
    change.body.update({"id": change.id, "name": change.name, "type": type_.type})


def _checked(change: ResourceWrite) -> None:
    """Immutable properties, references, the type's own checks, what the server fills in; then empty objects go."""
    type_, model = change.type, schema_of(change.type)
    if change.before is not None:
        for rule in type_.body.immutable:
            _check_immutable(rule, change.before, change)
    # Twice: references lead to parts by ID, and hooks may add parts.
    name_parts(change)
    for reference in type_.body.references:
        check_reference(reference, change)
    if type_.on_write.validate is not None:
        type_.on_write.validate(change)
    if type_.on_write.fill is not None:
        type_.on_write.fill(change)
    name_parts(change)
    if model is not None:
        drop_empty(model, change.body)


def _check_immutable(rule: Immutable, before: Resource, change: ResourceWrite) -> None:
    old, new = read(before.body, rule.path), read(change.body, rule.path)
    if _comparable(old) != _comparable(new):
        raise ArmError(rule.status, rule.code, rule.message.format(path=rule.path, id=change.id), target=rule.path)


def _comparable(value: object) -> object:
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, list):
        return [_comparable(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _comparable(entry) for key, entry in value.items()}
    return value


def name_parts(change: ResourceWrite) -> None:
    """Give the entries of part lists their ID and type."""
    for path, word in change.type.body.parts.items():
        for entry in entries_at(change.body, path):
            entry["id"] = f"{change.id}/{word}/{entry.get('name')}"
            entry["type"] = f"{change.type.type}/{word}"


def _plan_children(planned: WriteSet, child_type: ResourceType) -> None:
    parent = planned.change
    cloud = parent.cloud
    assert child_type.containment.embedded_in is not None
    current = {child.name.lower(): child for child in cloud.resources.in_container(parent.id, child_type.type)}
    entries = take(parent.body, child_type.containment.embedded_in)
    if entries is None:
        if parent.before is not None and child_type.containment.keep_if_parent_omits(parent.api_version):
            bodies: Mapping[str, JsonObject] = {name: child.body for name, child in current.items()}
            planned.children.extend(_recheck(parent, child_type, current, bodies))
            return
        entries = []
    bodies = _by_name(parent, entries if isinstance(entries, list) else [])
    for position, (name, body) in enumerate(bodies.items()):
        known = current.get(name)
        own_id = known.id if known is not None else f"{parent.id}/{child_type.own_word}/{body['name']}"
        if known is None:
            child_type.name.check(str(body["name"]))
        change = ResourceWrite(
            cloud=cloud,
            type=child_type,
            verb="create" if known is None else "update",
            method=parent.method,
            id=own_id,
            before=known,
            body=body,
            sent=copy.deepcopy(body),
            hidden={"position": position},
            api_version=parent.api_version,
            caller=parent.caller,
            parent=parent.body,
            siblings={other: content for other, content in bodies.items() if other != name},
        )
        _complete(change)
        planned.children.append(change)
    # All children are complete before one is checked, since a check may compare it with its siblings.
    for change in planned.children:
        _checked(change)
    planned.removed.extend(child for name, child in current.items() if name not in bodies)


def _recheck(
    parent: ResourceWrite, child_type: ResourceType, current: Mapping[str, Resource], bodies: Mapping[str, JsonObject]
) -> Iterator[ResourceWrite]:
    """Children that stay as they are still have to fit the parent's new body."""
    for name, child in current.items():
        change = ResourceWrite(
            cloud=parent.cloud,
            type=child_type,
            verb="update",
            id=child.id,
            before=child,
            body=copy.deepcopy(child.body),
            hidden=dict(child.hidden),
            api_version=parent.api_version,
            caller=parent.caller,
            parent=parent.body,
            siblings={other: content for other, content in bodies.items() if other != name},
        )
        if child_type.on_write.validate is not None:
            child_type.on_write.validate(change)
        yield change


def _by_name(parent: ResourceWrite, entries: Sequence[object]) -> dict[str, JsonObject]:
    bodies: dict[str, JsonObject] = {}
    for entry in entries:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(name, str) or not name:
            details = [{"code": "MissingJsonProperty", "message": "Required property 'name' not found in JSON."}]
            raise ArmError(400, "InvalidRequestFormat", "Cannot parse the request.", details=details)
        if name.lower() in bodies:
            raise ArmError(
                400,
                "DuplicateResourceName",
                f"Resource {parent.id} has two child resources with the same name ({name}).",
                details=[],
            )
        bodies[name.lower()] = entry
    return bodies
