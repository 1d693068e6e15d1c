"""The entries of a spec for what was found: keys, names, places, tags; references still by ARM ID.

In: a ``Survey`` and the IDs that a spec cannot speak of. Out: a ``Draft``. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..base import arm_id
from ..base.values import Body, Path
from ..resources import kinds, reserved_tags
from ..resources.entry import Entry
from ..resources.group_survey import Survey
from ..resources.kind import Kind
from ..resources.resource import OWNER_TAG

TAG_NAME = re.compile(r"[^<>%&\\?/]+")
"""What the schema allows; Azure's portal writes others (``hidden-link:/subscriptions/…``)."""
_KEY = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?")
_NO_KEY = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Placed:
    """An object with its place in the spec: ``path`` ends in its key, ``entry`` holds what its kind says of it."""

    kind: Kind
    body: Body
    path: Path
    entry: Body

    @property
    def address(self) -> str:
        return "/".join(map(str, self.path))


@dataclass(frozen=True)
class Draft:
    """Everything that has a place, by ID key in the order of the spec, and why the rest has none."""

    location: str
    tags: Mapping[str, str] = field(default_factory=dict)
    placed: Mapping[str, Placed] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


def draft(survey: Survey, refused: Mapping[str, str]) -> Draft:
    """The entries; ``refused`` says of some objects, by ID key, why they cannot have one."""
    reasons = dict(refused)
    placed: dict[str, Placed] = {}
    taken: set[Path] = set()
    for key, body, kind in _in_order(survey):
        entry_of = kind.importing.entry
        said = entry_of(body, survey.find) if entry_of and key not in reasons else reasons.get(key, "")
        parent = _parent(kind, body, placed)
        if isinstance(said, str):
            reasons[key] = said
        elif parent is None and kind.schema.sections[0].count("*") > 1:
            reasons[key] = f"its {'identity' if kind.ownership.in_parent_tag else 'VM'} is not expressed"
        else:
            path = _path(kind, body, parent, taken)
            taken.add(path)
            placed[key] = Placed(kind, body, path, said)
    everyone = [survey.group, *(item.body for item in placed.values() if item.kind.ownership.taggable)]
    places = Counter(_place(body) for body in everyone if body is not survey.group)
    location = places.most_common(1)[0][0] if places else _place(survey.group)
    return Draft(location, _common_tags(everyone), placed, reasons)


def expressed(body: Body, survey: Survey) -> Body:
    """What a spec says about an object that isn't in any section by itself; empty where it can't say anything."""
    kind = kinds.of(body)
    said = kind.importing.entry(body, survey.find) if kind is not None and kind.importing.entry else ""
    return {} if isinstance(said, str) else said


def finished(item: Placed, draft: Draft) -> Body:
    """An entry with its name, location and tags, where they say something."""
    parent = draft.placed.get(_parent_key(item.kind, item.body))
    entry = Entry(item.address, str(item.path[-1]), {}, (), _as_entry(parent) if parent else None)
    name = {} if item.kind.schema.default_name(entry) == item.body["name"] else {"name": item.body["name"]}
    return {**name, **placement(item.body, draft, parent is None), **item.entry, **leftover_tags(item.body, draft)}


def placement(body: Body, draft: Draft, has_place: bool = True) -> Body:
    """The location, where it is not the deployment's; a part of a machine stands where the machine stands."""
    return {"location": body["location"]} if has_place and _place(body) != draft.location else {}


def leftover_tags(body: Body, draft: Draft) -> Body:
    """The tags that are not everybody's, and protection, which is written down as a tag."""
    tags = {name: value for name, value in spoken_tags(body).items() if name not in draft.tags}
    protected = reserved_tags.PROTECT_TAG in (body.get("tags") or {})
    return {
        **({"tags": tags} if tags else {}),
        **({"lifecycle": {"prevent_destroy": True}} if protected else {}),
    }


def spoken_tags(body: Body) -> dict[str, str]:
    """The tags that a spec can state: not the program's own marks, nor names that the schema refuses."""
    tags = body.get("tags") or {}
    return {
        name: str(tags[name])
        for name in sorted(tags)
        if not reserved_tags.is_reserved(name) and TAG_NAME.fullmatch(name)
    }


def owners(survey: Survey) -> list[str]:
    """The deployments that own something in the group already."""
    bodies = [survey.group, *survey.bodies.values()]
    return sorted({str(owner) for body in bodies if (owner := (body.get("tags") or {}).get(OWNER_TAG))})


def valid_key(name: str) -> str:
    """A name as a key: itself where it is one."""
    if _KEY.fullmatch(name):
        return name
    return _NO_KEY.sub("-", name).strip(".-")[:120].rstrip(".-") or "unnamed"


def unused(path: Path, taken: Iterable[Path]) -> Path:
    """A path with a number behind its key where another has it."""
    number = 2
    found = path
    while found in taken:
        found = (*path[:-1], f"{path[-1]}-{number}")
        number += 1
    return found


def _in_order(survey: Survey) -> list[tuple[str, Body, Kind]]:
    """By name within their section, parents first; data disks by their LUN come later, in ``_path``'s section."""
    found = [
        (key, body, kind)
        for key, body in survey.bodies.items()
        if (kind := kinds.of(body)) is not None and not kind.is_container
    ]
    return sorted(
        found, key=lambda item: (item[2].schema.sections[0].count("*"), item[2].name, item[1]["name"].lower())
    )


def _parent_key(kind: Kind, body: Body) -> str:
    if kind.schema.sections[0].count("*") < 2:
        return ""
    return arm_id.key(body["id"].rsplit("/", 2)[0] if kind.nested else body.get("managedBy") or "")


def _parent(kind: Kind, body: Body, placed: Mapping[str, Placed]) -> Placed | None:
    return placed.get(_parent_key(kind, body))


def _path(kind: Kind, body: Body, parent: Placed | None, taken: set[Path]) -> Path:
    steps = kind.schema.sections[0].split("/")
    above: Path = (*parent.path, steps[-2]) if parent else tuple(steps[:-1])
    return unused((*above, _key(kind, body["name"], parent)), taken)


def _key(kind: Kind, name: str, parent: Placed | None) -> str:
    """The key that needs no ``name:`` beside it, where there is one."""
    candidates = [name]
    if parent is not None:
        candidates.append(name[len(parent.body["name"]) + 1 :])
    for key in candidates:
        entry = Entry(key, key, {}, (), _as_entry(parent) if parent else None)
        if _KEY.fullmatch(key) and kind.schema.default_name(entry) == name:
            return key
    return valid_key(name)


def _as_entry(placed: Placed) -> Entry:
    return Entry(placed.address, str(placed.path[-1]), {"name": placed.body["name"]}, placed.path)


def _place(body: Body) -> str:
    return str(body.get("location", "")).replace(" ", "").lower()


def _common_tags(bodies: list[Body]) -> dict[str, str]:
    """The tags that every single one has, with the same value."""
    common = spoken_tags(bodies[0])
    for body in bodies[1:]:
        tags: Mapping[str, object] = spoken_tags(body)
        common = {name: value for name, value in common.items() if tags.get(name) == value}
    return common
