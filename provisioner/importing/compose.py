"""A survey to the text of a deployment spec, which has passed the checks of a spec.

In: a ``Survey`` and the name of the deployment. Out: ``Imported``. Pure: what it writes it also reads, resolves and
compares with what is there, so that an entry which a spec could not have is left out, and what an entry is silent
about is said in a comment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..base import arm_id
from ..base.diagnostics import Diagnostic, by_place
from ..base.values import Body, Path, Ref, mapping, substitute
from ..comparison import differences
from ..resources import kinds
from ..resources.addresses import RESOURCE_GROUP
from ..resources.group_survey import Survey
from ..resources.kind import Kind
from ..resources.resolve import resolve
from ..resources.resource import Resource
from ..spec import checker, load, parameters
from ..spec.expressions import interpolation
from ..spec.fleets.sections import sections
from ..spec.model import Spec
from ..spec.yaml import document as documents
from . import draft_comments, yaml_text
from .draft import Draft, Placed, draft, finished, leftover_tags, placement, spoken_tags
from .grants import grants
from .locks import locks
from .references import References
from .unexpressed import leftovers

_FILE = "imported.yaml"


@dataclass(frozen=True)
class Imported:
    """The text; ``errors`` are what the checks of a spec still find in it (a file named ``imported.yaml``)."""

    text: str
    errors: tuple[Diagnostic, ...] = ()


def spec_text(survey: Survey, deployment: str) -> Imported:
    """The spec of a resource group."""
    refused: dict[str, str] = {}
    while True:
        found = draft(survey, refused)
        data, grants_left = _data(survey, found, deployment)
        spec, resources, errors = _read(yaml_text.render(data, {}), survey)
        blamed = _blamed(errors, found, spec)
        if not blamed:
            break
        refused |= blamed
    comments = _comments(survey, found, resources)
    text = yaml_text.render(data, comments)
    head, tail = draft_comments.head(survey), draft_comments.tail(survey, found, grants_left)
    return Imported(f"{head}{text}{tail}", tuple(errors))


def _data(survey: Survey, found: Draft, deployment: str) -> tuple[dict[str, object], list[str]]:
    """The data of the spec, in the order in which it is written."""
    references = References(found, survey)
    tree: dict[str, object] = {}
    for path in sections():  # In the order of the schema, which is the one in which people read a spec.
        _put(tree, path, {})
    in_order = sorted(found.placed.values(), key=lambda item: (len(item.path), item.entry.get("lun", 0)))
    for item in in_order:
        _put(tree, item.path, references.entry(finished(item, found)))
    tree["role_grants"], grants_left = grants(survey, found, references)
    tree["locks"] = locks(survey, references)
    tree["existing"] = dict(sorted(references.existing.items()))
    data = {
        "version": 1,
        "deployment": deployment,
        "location": found.location,
        RESOURCE_GROUP: _group(survey.group, found),
        "tags": interpolation.escape(found.tags),
        "secrets": references.secrets,
        **_without_empty(tree),
    }
    return {key: value for key, value in data.items() if value}, grants_left


def _group(group: Body, found: Draft) -> object:
    more = {**placement(group, found), **mapping(interpolation.escape(leftover_tags(group, found)))}
    return {"name": group["name"], **more} if more else group["name"]


def _put(tree: dict[str, object], path: Path, value: object) -> None:
    for step in path[:-1]:
        inner = tree.setdefault(str(step), {})
        assert isinstance(inner, dict)
        tree = inner
    tree[str(path[-1])] = value


def _without_empty(tree: Mapping[str, object]) -> dict[str, object]:
    """Without sections that hold nothing."""
    network = tree["network"]
    assert isinstance(network, dict)
    kept = {**tree, "network": {key: value for key, value in network.items() if value}}
    return {key: value for key, value in kept.items() if value}


def _read(text: str, survey: Survey) -> tuple[Spec, Mapping[str, Resource], list[Diagnostic]]:
    """The text as a spec: its resources by address, and the errors in it."""
    spec = load.build(documents.parse(text.encode(), _FILE), parameters.Given({}, {}, {}))
    resolution = resolve(spec, survey.subscription, _no_file)
    diagnostics = by_place([*spec.diagnostics, *resolution.diagnostics, *checker.check(spec)])
    errors = [item for item in diagnostics if item.severity == "error"]
    return spec, {item.address: item for item in resolution.resources}, errors


def _no_file(name: str, path: Path) -> str:
    raise FileNotFoundError(name)


def _blamed(errors: Iterable[Diagnostic], found: Draft, spec: Spec) -> dict[str, str]:
    """The objects whose entries have the errors, by ID key, each with its first one."""
    starts: list[tuple[int, str]] = [(spec.document.locate((key,), key=True).line, "") for key in spec.data]
    starts += [(spec.document.locate(item.path, key=True).line, key) for key, item in found.placed.items()]
    blamed: dict[str, str] = {}
    for error in errors:
        _, key = max((start for start in starts if start[0] <= error.location.line), default=(0, ""))
        if key:
            blamed.setdefault(key, error.summary)
    return blamed


def _comments(survey: Survey, found: Draft, resources: Mapping[str, Resource]) -> dict[Path, list[str]]:
    """By path, what the entry there does not say of its object."""
    ids = {item.address: item.id for item in resources.values()}
    ours = {arm_id.key(identity) for identity in ids.values() if identity}
    group = Placed(kinds.container(), survey.group, (RESOURCE_GROUP,), {})
    comments = {}
    for item in [group, *found.placed.values()]:
        resource = resources.get(item.address)
        lines = _silent(item.kind, item.body, _bound(resource, ids), ours) if resource else []
        lines += draft_comments.refused_tags(item.body)
        if item.kind.importing.remark:
            lines.append(item.kind.importing.remark)
        if lines:
            comments[item.path] = lines
    return comments


def _bound(resource: Resource, ids: Mapping[str, str]) -> Body:
    bound: Body = substitute(
        resource.body,
        lambda leaf: f"{ids.get(leaf.address, '')}{leaf.child}" if isinstance(leaf, Ref) else leaf,
    )
    return bound


def _silent(kind: Kind, actual: Body, desired: Body, ours: set[str]) -> list[str]:
    def is_ours(identity: str) -> bool:
        return arm_id.key(identity) in ours

    wanted = kind.rules.normalize_desired({**desired, "tags": spoken_tags(actual)}, actual, is_ours)
    lines = draft_comments.wrapped("not expressed: ", leftovers(wanted, actual, kind))
    changed = [item.path for item in differences.differences(wanted, actual, kind.rules, is_ours)]
    return lines + draft_comments.wrapped("an apply would change: ", changed)
