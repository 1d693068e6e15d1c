"""``destroy``: delete everything that the deployment owns, grants first."""

from __future__ import annotations

import argparse
import json

from ..planning import removals
from ..planning.plan import Plan
from ..report import plan_text, results_text
from ..report.style import coloured
from ..spec.secrets.secrets import Secrets
from ..state.refresh import refresh
from . import consent, context, interruption, locking, options, planning, running

HELP = "delete everything that the deployment owns"
EXAMPLES = """examples:
  provisioner destroy web.yaml --cloud local --yes
  provisioner destroy web.yaml                                  asks first
  provisioner destroy web.yaml --yes --max-impact replace       exit 3 when anything would be lost for good"""


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    options.add_cloud(parser)
    options.add_output(parser)
    options.add_max_impact(parser)
    consent.configure_destroy(parser)
    parser.add_argument(
        "--delete-group",
        action="store_true",
        help=(
            "delete an owned resource group in one request; faster, but also deletes resources of others "
            "that Azure does not list yet"
        ),
    )
    running.configure(parser)
    locking.configure(parser)


def run(arguments: argparse.Namespace) -> int:
    return interruption.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    how = running.manner(arguments, "destroy")
    async with context.opened(arguments) as opened:
        spec = opened.loaded.spec

        async def agreed() -> Plan | int:
            return await _agreed(arguments, opened)

        secrets = Secrets(spec.document, spec.secrets, opened.given)
        async with locking.guarded(arguments, opened, "destroy") as guard:
            plan = await agreed()
            if isinstance(plan, int):
                return plan
            plan = await guard.taken(plan, agreed)
            if isinstance(plan, int):
                return plan
            outcome = await running.run_plan(plan, opened.session, secrets, how, guard.lock)
    if arguments.output == "json":
        summary = {
            "event": "summary",
            "format_version": 1,
            "deployment": plan.deployment,
            "exit_code": outcome.exit_code,
            "deleted": [item.change.id for item in outcome.results if item.outcome == "succeeded"],
            "kept": [change.id for change in plan.changes if change.action == "no-op"],
        }
        print(json.dumps(summary))
    elif plan.pending:
        print("\n" + results_text.render(outcome.results, outcome.elapsed_s, coloured()))
    return outcome.exit_code


async def _agreed(arguments: argparse.Namespace, opened: context.CommandContext) -> Plan | int:
    """Plan, show and ask; the exit code where it may not be carried out."""
    spec, connection = opened.loaded.spec, opened.session
    resources = opened.loaded.resolution.resources
    actual = await refresh(resources, connection.operations, spec.deployment, connection.deployer, destroys=True)
    planning.tell_narrowed(actual)
    plan = removals.destroy(actual, spec.deployment, connection.cloud.name, resources, arguments.delete_group)
    planning.refuse_protected(plan, spec, actual.locks)
    if arguments.output == "text":
        print(plan_text.render(plan, coloured()), flush=True)
    if consent.exceeds_max_impact(plan, arguments.max_impact):
        return consent.EXIT_IMPACT
    if plan.pending and not consent.given(plan, consent.read_destroy(arguments)):
        return consent.REFUSED
    return plan
