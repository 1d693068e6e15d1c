"""Tags: names that Azure or the program keeps for itself, names that are one, and their number.

In: the tags of the deployment and of entries, and the resources that these became. Out: diagnostics. Sources:
https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources (50 tags, names without case),
https://learn.microsoft.com/rest/api/resources/tags/create-or-update (reserved prefixes).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence, Set

from ..base import arm_id
from ..base.diagnostics import Diagnostic, SourceLocation
from ..base.reporting import Reporter, error
from ..base.values import Body, Leaf, Path, Ref, substitute
from ..spec.model import Spec
from . import name_lists, written_paths
from .entry import Entry
from .reserved_tags import PARTS_TAG, is_reserved
from .resource import OWNER_TAG, Resource, listed_in_parents

_MOST = 50
_MARKS = 2
"""Tags that the program writes on everything: whose it is, and what it was made from."""
_OF_THE_LOCK = 6
"""Those of the lock of a deployment, which has the deployment's tags too: whose it is, and five about who holds it."""
_FEW = 25
"""So many tags of a spec leave room for all that the program writes on a resource without parts."""
_FEWER_TAGS = "combine several values into one tag, or remove some"
_FEWER_PARTS = "split the resource into several of its kind"
_RESERVED = ("azure", "microsoft", "windows")


def check(spec: Spec, entry: Entry, common: Mapping[str, object]) -> list[Diagnostic]:
    """What is wrong with the names of an entry's tags beside those of the deployment."""
    reporter = Reporter(spec.document.locate)
    _names(reporter, (*entry.path, "tags"), entry.data["tags"], common)
    return reporter.reported


def check_number(
    spec: Spec, common: Mapping[str, object], resources: Sequence[Resource], tagged: Set[str]
) -> list[Diagnostic]:
    """Objects with more tags than Azure takes: those of the spec, and those that the program writes beside them.

    Args:
        common: the tags of the deployment.
        tagged: the addresses of the resources with tags of their own.
    """
    found: dict[SourceLocation, Diagnostic] = {}

    def too_many(what: str, at: Path, said: int, own: int, where: str) -> None:
        location = spec.document.locate(at, key=True)
        if said >= own:
            summary, hint = f"{what} has {said} tags, including those of the deployment", _FEWER_TAGS
            reason = f"Azure allows {_MOST} {where}, and provisioner uses {own} of them."
        else:
            summary, hint = f"{what} needs {own} tags that list its parts", _FEWER_PARTS
            reason = f"Azure allows {_MOST} {where}, and the spec has {said} more."
        found.setdefault(location, error("PV2004", summary, location, reason=reason, hint=hint))

    if len(common) + _OF_THE_LOCK > _MOST:
        too_many("the deployment's lock", ("tags",), len(common), _OF_THE_LOCK, "on the lock of the deployment")
    listed = listed_in_parents(resources)
    ids = {item.address: item.id for item in resources}
    for item in resources:
        if item.managed and item.kind.ownership.taggable:
            said = len({name.lower() for name in item.body["tags"]} - {OWNER_TAG})
            has_parts = bool(item.kind.ownership.parts) or arm_id.key(item.id) in listed
            if said <= _FEW and not has_parts:
                # Counting is a quarter of the time for a large spec, and without parts there is room for all marks.
                continue
            own = _own(item, substitute(item.body, functools.partial(_known, ids)), listed)
            if said + own > _MOST:
                is_common = said >= own and item.address not in tagged
                at = ("tags",) if is_common else (*item.path, "tags") if item.address in tagged else item.path
                too_many(item.address, at, said, own, "on a resource")
    return list(found.values())


def _own(resource: Resource, bound: Body, listed: Mapping[str, Set[str]]) -> int:
    """How many tags the program writes on a resource, those included that a machine has while it is changed."""
    ownership, parts = resource.kind.ownership, resource.kind.ownership.part_names(bound)
    names = name_lists.tags(PARTS_TAG, [*parts, *listed.get(arm_id.key(resource.id), ())])
    paths = written_paths.tags(written_paths.places(bound, resource.kind), ownership.part_names(bound))
    is_protected = bool(resource.lifecycle.get("prevent_destroy"))
    return _MARKS + is_protected + resource.kind.has_power_state + len(names) + len(paths)


def _known(ids: Mapping[str, str], leaf: Leaf) -> object:
    """A reference as the ID that it is; its length counts."""
    is_id = isinstance(leaf, Ref) and leaf.attribute == "id" and leaf.address in ids
    return f"{ids[leaf.address]}{leaf.child}" if is_id and isinstance(leaf, Ref) else leaf


def _names(reporter: Reporter, path: Path, own: Mapping[str, object], common: Mapping[str, object]) -> None:
    known = {name.lower(): name for name in common}
    for name in own:
        at = (*path, name)
        other = known.setdefault(name.lower(), name)
        if other != name:
            summary = f'the tags "{other}" and "{name}" are the same in Azure'
            reason = "Azure tag names are not case-sensitive."
            hint = f"write it as {other}" if other in common else "keep one of the two"
            reporter.error("PV2003", summary, *at, reason=reason, hint=hint, key=True)
        elif is_reserved(name):
            summary = f'the tag "{name}" is reserved for provisioner'
            reason = "provisioner recognizes its resources by tags of this name."
            reporter.error("PV2003", summary, *at, reason=reason, hint="choose another name", key=True)
        elif name.lower().startswith(_RESERVED):
            summary = f'the tag "{name}" begins with a reserved word'
            reason = f"Azure reserves names that begin with {', '.join(_RESERVED)}."
            reporter.warning("PV2005", summary, *at, reason=reason, hint="choose another name", key=True)
