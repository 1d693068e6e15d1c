"""A spec to resources: entries found, names and IDs settled, references bound, bodies made.

In: a ``Spec``, the subscription and a way to read files. Out: ``Resolution``: resources in the order of the spec, the
outputs, and every diagnostic. Pure but for the file reader that is handed in; never touches the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ..base import arm_id
from ..base.diagnostics import Diagnostic, SourceLocation
from ..base.values import Body, Path, Ref
from ..spec.checks.existing_not_named import is_named
from ..spec.model import Spec
from . import check_names, check_tags, kinds
from .addresses import RESOURCE_GROUP, Addresses
from .binding import Binding
from .check_known_at_plan_time import misnamed, unresolved
from .entry import Entry
from .kind import Kind, name_of
from .resource import OWNER_TAG, Resource

ReadFile = Callable[[str, Path], str]


@dataclass(frozen=True)
class Resolution:
    """What a spec declares. ``outputs`` holds named values with leaves."""

    resources: tuple[Resource, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, object] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def resolve(spec: Spec, subscription_id: str, read_file: ReadFile) -> Resolution:
    """All resources of a spec.

    Args:
        spec: possibly with errors; entries that have one are left out, but may be referred to.
        subscription_id: a GUID; any will do for validation.
        read_file: text of a file that is named at a path of the spec; raises OSError or UnicodeDecodeError.
    """
    diagnostics: list[Diagnostic] = []
    found = list(_entries(spec))
    diagnostics.extend(check_names.check_names(spec, found))
    addresses = Addresses(found, spec.none)
    subscription = arm_id.subscription(subscription_id)
    group = arm_id.resource_group(subscription_id, _group_name(spec))
    resources: list[Resource] = []
    told: dict[tuple[str, SourceLocation], Diagnostic] = {}
    tagged: set[str] = set()
    budget = spec.budget.copy()

    def bind(entry: Entry, tell: list[Diagnostic] = diagnostics) -> Binding:
        return Binding(spec, addresses, entry, subscription, read_file, tell, identify, budget)

    def identify(reference: Ref) -> str:
        found = addresses.find(reference.address)
        if found is None:
            return ""  # told already
        kind, entry, _ = found
        return f"{_id(kind, entry, bind(entry), group)}{reference.child}"

    common = _common_tags(spec, bind)
    for kind, entry in found:
        if spec.is_broken(entry.path):
            diagnostics.extend(misnamed(entry, spec.broken, bind))
            continue
        if kind.is_external and not is_named(entry.data):
            continue
        for one in kind.schema.expand(entry):
            binding = bind(one)
            if unresolved(binding):
                continue
            resources.append(_resource(kind, one, binding, group, common))
            if one.data.get("tags") and kind.ownership.taggable:
                tagged.add(one.address)
                for item in check_tags.check(spec, one, common):
                    told.setdefault((item.code, item.location), item)
    diagnostics.extend([*check_tags.check(spec, Entry("tags", "tags", {"tags": common}, ()), {}), *told.values()])
    diagnostics.extend(check_tags.check_number(spec, common, resources, tagged))
    diagnostics.extend(check_names.check_objects(spec, resources))
    return Resolution(tuple(resources), common, _outputs(spec, bind), tuple(diagnostics))


def _common_tags(spec: Spec, bind: Callable[[Entry], Binding]) -> Body:
    binding = bind(Entry("tags", "tags", {"tags": dict(spec.tags)}, ()))
    if spec.is_broken(("tags",)) or unresolved(binding):
        return {}
    return binding.interpolate_all(spec.tags, "tags")


def _outputs(spec: Spec, bind: Callable[[Entry], Binding]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in spec.section("outputs").items():
        if not spec.is_broken(("outputs", key)):
            binding = bind(Entry("outputs", "outputs", {"outputs": {key: value}}, ()))
            found |= {} if unresolved(binding) else binding.interpolate_all({key: value}, "outputs")
    return found


def _entries(spec: Spec) -> Iterator[tuple[Kind, Entry]]:
    """Every entry with its kind, parents before their children."""
    data = _normalised(spec)
    known: dict[str, Entry] = {}
    patterns = [(section, kind) for kind in kinds.all_kinds() for section in kind.schema.sections]
    # Parents before what lies in them; the group first, since its name is in the ID of everything else.
    for section, kind in sorted(patterns, key=lambda item: (item[0].count("*"), item[0] != RESOURCE_GROUP, item[0])):
        for path, value in _matches(data, section.split("/"), ()):
            if not isinstance(value, Mapping):
                continue  # the schema has refused it
            address = "/".join(map(str, path))
            key = str(path[-1])
            parent = known.get("/".join(map(str, path[: -2 if section.endswith("*") else -1])))
            entry = Entry(address, key, value, path, parent)
            known[address] = entry
            yield kind, entry


def _normalised(spec: Spec) -> dict[str, object]:
    """The data with its short forms written out."""
    data = dict(spec.data)
    if isinstance(data.get(RESOURCE_GROUP), str):
        data[RESOURCE_GROUP] = {"name": data[RESOURCE_GROUP]}
    return data


def _matches(value: object, pattern: list[str], path: Path) -> Iterator[tuple[Path, object]]:
    if not pattern:
        yield path, value
    elif isinstance(value, Mapping):
        steps = list(value) if pattern[0] == "*" else [pattern[0]] if pattern[0] in value else []
        for step in steps:
            yield from _matches(value[step], pattern[1:], (*path, step))


def _group_name(spec: Spec) -> str:
    group = spec.data.get(RESOURCE_GROUP)
    return str(group.get("name", "")) if isinstance(group, Mapping) else str(group or "")


def _resource(kind: Kind, entry: Entry, binding: Binding, group: str, common: Mapping[str, object]) -> Resource:
    data = entry.data
    if kind.is_external:
        return Resource(entry.address, kind, _id(kind, entry, binding, group), {}, entry.path, managed=False)
    managed = not (kind.is_container and data.get("existing"))
    assignment_key = kind.schema.assignment_key(entry, binding) if kind.schema.assignment_key else None
    body = binding.interpolate_all(kind.schema.body(entry, binding)) if managed else {}
    if kind.ownership.taggable and managed:
        own = binding.interpolate_all(data.get("tags", {}), "tags")
        body["tags"] = {**common, **own, OWNER_TAG: binding.deployment}
    return Resource(
        entry.address,
        kind,
        _id(kind, entry, binding, group) if assignment_key is None else "",
        body,
        entry.path,
        assignment_key,
        kind.schema.after(entry),
        managed,
        data.get("lifecycle", {}),
        data.get("unlisted") or data.get("identity", {}).get("unlisted", "keep"),
        data.get("timeouts", {}),
    )


def _id(kind: Kind, entry: Entry, binding: Binding, group: str) -> str:
    if kind.schema.resource_id is not None:
        return kind.schema.resource_id(entry, binding)
    name = name_of(kind, entry)
    names = [name]
    if kind.nested and entry.parent is not None:
        parent = kinds.by_type()[kind.type.rpartition("/")[0].lower()]
        names.insert(0, name_of(parent, entry.parent))
    return arm_id.resource(group, kind.type, *names)
