"""``import``: a deployment spec of what is in a resource group already."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from ..base.diagnostics import SpecError, UnreadableFileError, UsageError
from ..importing import draft
from ..importing.compose import spec_text
from ..resources.group_survey import Survey
from ..state.group_inventory import survey
from . import embedded, interruption, options, session

HELP = "write a spec of the resources in a resource group; changes nothing"
EXAMPLES = """examples:
  provisioner import --resource-group web-tier                   prints the spec
  provisioner import --resource-group web-tier --out web.yaml
  provisioner import --resource-group rg1 --deployment payroll --subscription 00000000-0000-0000-0000-000000000000
  provisioner plan  web.yaml --adopt                             what taking it over writes: tags, nothing else
  provisioner apply web.yaml --adopt"""

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 64


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--resource-group", required=True, metavar="NAME", help="the resource group to describe")
    parser.add_argument(
        "--deployment",
        metavar="NAME",
        help="the deployment's name (default: the deployment that owns all resources, or the group's name)",
    )
    options.add_cloud(parser, has_spec=False)
    parser.add_argument("--out", metavar="FILE", help="write to a new file instead of printing")


def run(arguments: argparse.Namespace) -> int:
    if arguments.out and Path(arguments.out).exists():
        raise UsageError(f"{arguments.out} already exists; import doesn't overwrite files")
    return interruption.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    state = embedded.chosen(arguments)
    async with session.connect(arguments.cloud, arguments.subscription, None, state) as connection:
        found = await survey(connection.operations, arguments.resource_group)
        subscription = connection.subscription_id
    if found is None:
        raise UsageError(
            f"the resource group {arguments.resource_group!r} does not exist in the subscription {subscription}"
        )
    deployment = arguments.deployment or default_name(found)
    imported = spec_text(found, deployment)
    _write(imported.text, arguments.out)
    for owner in draft.owners(found):
        if owner != deployment:
            print(
                (f"note: some of these resources belong to the deployment {owner!r}; --adopt does not take them over"),
                file=sys.stderr,
            )
    if imported.errors:
        raise SpecError(imported.errors)
    return 0


def default_name(found: Survey) -> str:
    """The one deployment that owns something in the group, or the group's name as far as a deployment can have it."""
    owners = draft.owners(found)
    if len(owners) == 1:
        return owners[0]
    return _NOT_IN_A_NAME.sub("-", str(found.group["name"])).strip("._-")[:_LONGEST_NAME].strip("._-") or "imported"


def _write(text: str, file: str | None) -> None:
    if file is None:
        print(text, end="")
        return
    try:
        Path(file).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise UnreadableFileError(f"{file}: {error.strerror or error}") from error
    print(f"wrote {file}")
