"""``destroy``: delete everything that the deployment owns, grants first."""

from __future__ import annotations

import argparse
import asyncio
import json

from .. import removals
from ..refresh import refresh
from ..report import plan_text, results_text
from ..report.style import coloured
from ..spec.secrets import Secrets
from . import consent, opening, options, planning, running

HELP = "delete everything that the deployment owns"
EXAMPLES = """examples:
  provisioner destroy specs/msi-vm.yaml --cloud local --yes
  provisioner destroy web.yaml                                  asks first"""


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    options.add_cloud(parser)
    options.add_output(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    running.configure(parser)


def run(arguments: argparse.Namespace) -> int:
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    how = running.manner(arguments, "destroy")
    async with opening.opened(arguments) as opened:
        loaded, connection, spec = opened.loaded, opened.session, opened.loaded.spec
        actual = await refresh(
            loaded.resolution.resources, connection.operations, spec.deployment, connection.deployer, inhabitants=True
        )
        plan = removals.destroy(actual, spec.deployment, connection.cloud.name)
        planning.refuse_protected(plan, spec)
        if arguments.output == "text":
            print(plan_text.render(plan, coloured()), flush=True)
        agreed = options.Consent(arguments.yes, allow_delete=("*",))
        if plan.pending and not consent.given(plan, agreed):
            return consent.REFUSED
        secrets = Secrets(spec.document, spec.secrets, opened.given)
        outcome = await running.run_plan(plan, connection, secrets, how)
    if arguments.output == "json":
        summary = {
            "event": "summary",
            "format_version": 1,
            "deployment": plan.deployment,
            "exit_code": outcome.exit_code,
        }
        print(
            json.dumps(
                {**summary, "deleted": [item.change.id for item in outcome.results if item.outcome == "succeeded"]}
            )
        )
    elif plan.pending:
        print("\n" + results_text.render(outcome.results, outcome.elapsed_s, coloured()))
    return outcome.exit_code
