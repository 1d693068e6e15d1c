"""``plan``: what apply would do."""

from __future__ import annotations

import argparse
import json
from textwrap import indent

from ..base import shell
from ..planning import plan_file
from ..planning.outputs import planned
from ..planning.plan import by_address, plain
from ..report import outputs_text, plan_text
from ..report.style import coloured
from ..spec.secrets.secrets import Secrets
from . import consent, context, interruption, loading, options, planning, registration, since_revision

HELP = "show what apply would do; changes nothing"
EXAMPLES = (
    "examples:\n"
    "  provisioner plan web.yaml --cloud local\n"
    "  provisioner plan web.yaml -p env=prod --detailed-exitcode      exit 2 when there are changes\n"
    "  provisioner plan web.yaml --details                            shows all properties of new "
    "resources\n"
    "  provisioner plan web.yaml --out plan.json                      for `provisioner apply plan.json`\n"
    "  provisioner plan web.yaml --base origin/main                   lists what was removed from the "
    "spec since then\n"
    "  provisioner plan web.yaml --check-sizes                        asks Azure for sizes, zones and "
    "quotas too\n"
    "  provisioner plan web.yaml --max-impact live                    exit 3 when anything would restart "
    "or worse"
)


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    options.add_cloud(parser)
    options.add_output(parser)
    options.add_planning(parser)
    parser.add_argument("--detailed-exitcode", action="store_true", help="exit 2 if there are changes")
    parser.add_argument("--out", metavar="FILE", help="save the plan, for `provisioner apply FILE`")
    parser.add_argument(
        "--base", metavar="REV", help="also list what was removed from the spec since this git revision"
    )


def run(arguments: argparse.Namespace) -> int:
    return interruption.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    async with context.opened(arguments) as opened:
        loaded, connection, spec = opened.loaded, opened.session, opened.loaded.spec
        secrets = Secrets(spec.document, spec.secrets, opened.given)
        plan = await planning.make_plan(loaded, connection, planning.choices(arguments), secrets=secrets)
        unregistered = await registration.missing(plan, connection)
    values = plain(planned(loaded.resolution.outputs, by_address(plan.changes)))
    lost = since_revision.lost_since(arguments.base, arguments, opened) if arguments.base else []
    if arguments.out:
        plan_file.save(arguments.out, planning.recipe(arguments, connection.subscription_id, spec), plan)
    if arguments.output == "json":
        extra: dict[str, object] = {"outputs": values} if values else {}
        if arguments.base:
            extra["removed_since_base"] = since_revision.to_json(lost, plan)
        print(json.dumps({**plan.to_json(arguments.details), **extra}, indent=2))
    else:
        loading.warn(loaded)
        print(plan_text.render(plan, coloured(), arguments.details))
        if values:
            print(f"\nOutputs:\n{indent(outputs_text.brief(values), '  ')}")
        registration.tell(unregistered)
        for line in since_revision.render(lost, plan, arguments.base):
            print(line)
        if arguments.out:
            name = shell.quoted(arguments.out)
            print(f"\nSaved the plan to {name}. To apply it, run: provisioner apply {name}")
    if consent.exceeds_max_impact(plan, arguments.max_impact):
        return consent.EXIT_IMPACT
    return 2 if arguments.detailed_exitcode and plan.pending else 0
