"""``plan --base REV``: git as a witness of what a spec has lost."""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..base import arm_id
from ..base.diagnostics import UsageError
from ..planning.plan import Plan
from ..resources.resource import Resource
from ..spec import load
from ..spec.yaml import document
from . import context, loading


def lost_since(revision: str, arguments: argparse.Namespace, opened: context.CommandContext) -> list[Resource]:
    """The resources that the spec declared at a revision and does not declare now.

    Raises:
        UsageError: git does not know the revision, or a file at it.
        SpecError: the spec at that revision has errors.
    """
    loaded = opened.loaded
    allowed = [Path(folder) for folder in arguments.include_from]
    old = load.load(arguments.specs, opened.given, allowed, partial(_read_at, revision))
    subscription = next(
        (found for item in loaded.resolution.resources if (found := arm_id.subscription_of(item.id))), ""
    )
    before = loading.complete(old, subscription or loading.ANY_SUBSCRIPTION)
    now = {_identity(item) for item in loaded.resolution.resources}
    return [item for item in before.resolution.resources if item.managed and _identity(item) not in now]


def _read_at(revision: str, file: str, tags: frozenset[str] = frozenset()) -> document.Document:
    """A file as it was."""
    path = Path(file)
    if revision.startswith("-"):
        raise UsageError(f"--base {revision}: a revision does not begin with a dash")
    command = ["git", "-C", str(path.absolute().parent), "show", f"{revision}:./{path.name}"]
    try:
        shown = subprocess.run(command, capture_output=True, check=True)
    except FileNotFoundError as error:
        raise UsageError("--base needs git, and it is not installed") from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip()
        raise UsageError(f"--base {revision}: {reason}") from error
    return document.parse(shown.stdout, f"{file}@{revision}", tags)


def _identity(resource: Resource) -> str:
    return arm_id.key(resource.id) or resource.address


def fate(resource: Resource, plan: Plan) -> str:
    """What becomes of a resource that the spec has lost."""
    for change in plan.changes:
        if resource.id and arm_id.same(change.id, resource.id):
            return "is deleted" if change.action == "delete" else change.action
        if change.action == "delete" and not resource.id and change.kind is resource.kind:
            return "is deleted with the grants above"
    if not resource.id:
        return "no grant is deleted: another entry gives the same, or it doesn't exist"
    return "not found or not owned by this deployment; no action"


def render(lost: list[Resource], plan: Plan, revision: str | None) -> Iterator[str]:
    if lost:
        yield f"\nRemoved from the spec since {revision}:"
    for item in lost:
        yield f"  {item.address}: {fate(item, plan)}"


def to_json(lost: list[Resource], plan: Plan) -> list[dict[str, object]]:
    return [{"address": item.address, "id": item.id, "fate": fate(item, plan)} for item in lost]
