"""``plan``: what apply would do."""

from __future__ import annotations

import argparse
import asyncio
import json

from ..report import plan_text
from ..report.style import coloured
from . import loading, options, planning, session

HELP = "show what apply would do; changes nothing"
EXAMPLES = """examples:
  provisioner plan specs/msi-vm.yaml --cloud local
  provisioner plan web.yaml -p env=prod --detailed-exitcode      exit 2 when there are changes"""


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    options.add_cloud(parser)
    options.add_output(parser)
    options.add_targets(parser)
    parser.add_argument(
        "--adopt", action="store_true", help="plan to take over what exists and belongs to no deployment"
    )
    parser.add_argument("--detailed-exitcode", action="store_true", help="exit 2 when there is something to do")


def run(arguments: argparse.Namespace) -> int:
    return asyncio.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    spec = loading.read_spec(arguments.spec, options.given(arguments))
    loading.complete(spec)
    state = options.local_state(arguments.local_state)
    async with session.connect(arguments.cloud, arguments.subscription, spec, state) as connection:
        loaded = loading.complete(spec, connection.subscription_id)
        plan = await planning.make_plan(loaded, connection, arguments.adopt, arguments.target)
    if arguments.output == "json":
        print(json.dumps(plan.to_json(), indent=2))
    else:
        loading.warn(loaded)
        print(plan_text.render(plan, coloured()))
    return 2 if arguments.detailed_exitcode and plan.pending else 0
