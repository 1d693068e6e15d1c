"""``outputs``: the values that a spec names, as Azure has them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ..base.diagnostics import UsageError, did_you_mean
from ..planning.outputs import outputs
from ..planning.plan import by_address
from ..report import outputs_text
from ..state.refresh import refresh
from . import context, interruption, options, planning

HELP = "print the outputs of a spec, for people, shells and workflows"
EXAMPLES = (
    "examples:\n"
    "  provisioner outputs web.yaml\n"
    "  provisioner outputs web.yaml principal                        only the value\n"
    "  eval \"$(provisioner outputs web.yaml --output env)\"           PRINCIPAL='…'\n"
    '  provisioner outputs web.yaml --output github >> "$GITHUB_OUTPUT"\n'
    "  provisioner outputs web.yaml --output json | jq .outputs\n"
    "\n"
    'A value that Azure does not have yet is "(not known)". If you request it by name, for a shell or a '
    "workflow, it is an error."
)


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    parser.add_argument("name", metavar="NAME", nargs="?", help="print only this output")
    options.add_cloud(parser)
    options.add_output(parser, "env", "github")


def run(arguments: argparse.Namespace) -> int:
    *specs, last = arguments.specs
    if specs and not last.endswith((".yaml", ".yml")) and not Path(last).exists():
        arguments.specs, arguments.name = specs, last
    return interruption.run(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    async with context.opened(arguments) as opened:
        loaded, connection = opened.loaded, opened.session
        declared = loaded.resolution.outputs
        if arguments.name is not None and arguments.name not in declared:
            hint = did_you_mean(arguments.name, declared) or "declare it under `outputs:`"
            raise UsageError(f'the spec has no output "{arguments.name}"; {hint}')
        deployment = loaded.spec.deployment
        actual = await refresh(loaded.graph.resources.values(), connection.operations, deployment, connection.deployer)
        plan = planning.look(loaded, connection, actual)
    chosen = {name: value for name, value in declared.items() if arguments.name in (None, name)}
    values = outputs(chosen, dict(actual.bodies), by_address(plan.changes))
    unknown = [name for name, value in values.items() if _is_unknown(value)]
    if unknown and (arguments.name is not None or arguments.output in ("env", "github")):
        print(f"error: not known: {', '.join(unknown)}; apply the deployment first", file=sys.stderr)
        return 1
    if found := _shown(arguments, values):
        print(found)
    return 0


def _is_unknown(value: object) -> bool:
    if isinstance(value, (list, dict)):
        return any(_is_unknown(item) for item in (value.values() if isinstance(value, dict) else value))
    return value is None


def _shown(arguments: argparse.Namespace, values: dict[str, object]) -> str:
    if arguments.output == "env":
        return outputs_text.environment(values)
    if arguments.output == "github":
        return outputs_text.github(values)
    if arguments.output == "json":
        document: object = {"format_version": 1, "outputs": values}
        return json.dumps(document if arguments.name is None else values[arguments.name], indent=2)
    return outputs_text.text(values) if arguments.name is None else outputs_text.plain(values[arguments.name])
