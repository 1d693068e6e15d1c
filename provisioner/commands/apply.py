"""``apply``: bring Azure to what the spec says."""

from __future__ import annotations

import argparse
import json
import sys

from ..base.diagnostics import SpecError, UsageError
from ..planning import plan_file, plan_format
from ..planning.outputs import outputs
from ..planning.plan import Plan, by_address
from ..report import inventory, plan_text, results_text
from ..report.style import coloured
from ..spec.secrets.secrets import Secrets
from . import (
    consent,
    context,
    interruption,
    loading,
    locking,
    options,
    passwords,
    planning,
    registration,
    running,
    vault_secrets,
)

_MOST_SHOWN = 40

HELP = "create or update resources to match the spec"
EXAMPLES = """examples:
  provisioner apply web.yaml --cloud local --yes
  provisioner apply web.yaml -p env=prod
  provisioner apply web.yaml --yes --allow-delete               in automation
  provisioner apply plan.json                                   a plan that `plan --out` saved"""


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    options.add_cloud(parser)
    options.add_output(parser)
    options.add_planning(parser)
    consent.configure(parser)
    running.configure(parser)
    locking.configure(parser)


def run(arguments: argparse.Namespace) -> int:
    return interruption.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    how = running.manner(arguments, "apply")
    first = arguments.specs[0]
    saved = plan_file.load(first) if plan_format.is_plan_file(first) else None
    if saved is not None and len(arguments.specs) > 1:
        raise UsageError(f"{first}: a saved plan names its own files; pass only the plan")
    if saved is not None:
        planning.recall(arguments, saved.recipe)
    is_json = arguments.output == "json"
    async with context.opened(arguments) as opened:
        loaded, connection, spec = opened.loaded, opened.session, opened.loaded.spec
        secrets = Secrets(spec.document, spec.secrets, opened.given, generate=connection.cloud.is_local)

        async with locking.guarded(arguments, opened, "apply") as guard:

            async def agreed() -> Plan | int:
                return await _agreed(arguments, opened, saved, secrets, guard)

            plan = await agreed()
            if isinstance(plan, int):
                return plan
            plan = await guard.taken(plan, agreed)
            if isinstance(plan, int):
                return plan
            outcome = await running.run_plan(plan, connection, secrets, how, guard.lock)
    bodies, unknown = outcome.after.bodies, outcome.after.unknown
    managed = [change for change in plan.changes if change.managed and change.action != "delete"]
    values = outputs(loaded.resolution.outputs, bodies, by_address(plan.changes))
    connect = inventory.connections(plan.changes, bodies)
    failed = {item.change.address for item in outcome.results if item.outcome == "failed"}
    rows = inventory.rows(managed, bodies, failed, unknown)
    if is_json:
        print(
            json.dumps(
                {
                    "event": "summary",
                    "format_version": 1,
                    "deployment": plan.deployment,
                    "exit_code": outcome.exit_code,
                    "resources": rows,
                    "outputs": values,
                    "connect": connect,
                }
            )
        )
    else:
        ended = [results_text.render(outcome.results, outcome.elapsed_s, coloured())] if plan.pending else []
        what = [results_text.details(rows if len(rows) <= _MOST_SHOWN else [], values, connect)]
        if len(rows) > _MOST_SHOWN:
            there = sum(row["state"] not in ("absent", "unknown") for row in rows)
            count = len(rows) if there == len(rows) else f"{there} of {len(rows)}"
            open_ = f", {len(unknown)} might exist" if unknown else ""
            what.append(f"{count} resources exist{open_}; `provisioner show` lists them")
        # What went wrong is last: there people look.
        for text in [*what, *ended] if outcome.exit_code else [*ended, *what]:
            print("\n" + text)
    return outcome.exit_code


async def _agreed(
    arguments: argparse.Namespace,
    opened: context.CommandContext,
    saved: plan_file.SavedPlan | None,
    secrets: Secrets,
    guard: locking.Guard,
) -> Plan | int:
    """Plan, show, ask, and make ready for it; the exit code where it may not be carried out."""
    loaded, connection = opened.loaded, opened.session
    plan = await planning.make_plan(loaded, connection, planning.choices(arguments), guard.refuse_held, secrets)
    if saved is not None:
        planning.refuse_stale(saved, plan, connection)
    needed = planning.secrets_in(plan)
    await vault_secrets.fetch(secrets, needed, loaded.spec, connection)
    missing = secrets.missing(needed)
    if missing or (missing := passwords.refused(plan, secrets, loaded.spec.document)):
        raise SpecError(missing)
    unregistered = await registration.missing(plan, connection)
    if arguments.output != "json":
        loading.warn(loaded)
        print(plan_text.render(plan, coloured(), arguments.details), flush=True)
    registration.tell(unregistered)
    for name in sorted(secrets.generated):
        print(f"note: the secret {name!r} is not set; the simulator uses a random value", file=sys.stderr)
    if consent.exceeds_max_impact(plan, arguments.max_impact):
        return consent.EXIT_IMPACT
    if plan.pending and not consent.given(plan, consent.read(arguments)):
        return consent.REFUSED
    await registration.register(unregistered, connection)
    return plan
