"""``show``: what is there: IDs, principal IDs, addresses, outputs."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

from ..planning.outputs import outputs
from ..planning.plan import by_address
from ..report import inventory, plan_text, results_text
from ..report.style import coloured
from ..state.refresh import refresh
from . import context, interruption, options, planning

HELP = "show existing resources: IDs, principal IDs, IP addresses, outputs"
EXAMPLES = (
    "examples:\n"
    "  provisioner show web.yaml --cloud local\n"
    "  provisioner show web.yaml --output json | jq .outputs\n"
    "  provisioner show web.yaml --drift                              what others changed in Azure"
)


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    options.add_cloud(parser)
    options.add_output(parser)
    parser.add_argument(
        "--drift", action="store_true", help="show what other users or tools changed in Azure since the last apply"
    )


def run(arguments: argparse.Namespace) -> int:
    return interruption.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    async with context.opened(arguments) as opened:
        loaded, connection = opened.loaded, opened.session
        name = loaded.spec.deployment
        actual = await refresh(loaded.graph.resources.values(), connection.operations, name, connection.deployer)
        plan = planning.look(loaded, connection, actual)
    if arguments.drift:
        drift = replace(plan, changes=tuple(change for change in plan.changes if change.cause == "drift"))
        is_json = arguments.output == "json"
        found = plan_text.render(drift, coloured()) if drift.changes else f"{name} on {plan.cloud}: no drift was found."
        print(json.dumps(drift.to_json(), indent=2) if is_json else found)
        return 0
    bodies = dict(actual.bodies)
    rows = inventory.rows([change for change in plan.changes if change.action != "delete"], bodies, unknown=plan.unseen)
    values = outputs(loaded.resolution.outputs, bodies, by_address(plan.changes))
    connect = inventory.connections(plan.changes, bodies)
    if arguments.output == "json":
        print(
            json.dumps(
                {
                    "format_version": 1,
                    "deployment": name,
                    "cloud": connection.cloud.name,
                    "subscription": connection.subscription_id,
                    "resources": rows,
                    "outputs": values,
                    "connect": connect,
                },
                indent=2,
            )
        )
    else:
        print(results_text.details(rows, values, connect))
    return 0
