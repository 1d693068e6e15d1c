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

HELP = "print the outputs that a spec names, for people, shells and workflows"
EXAMPLES = """examples:
  provisioner outputs web.yaml
  provisioner outputs web.yaml principal                        the value alone
  eval "$(provisioner outputs web.yaml --output env)"           PRINCIPAL='…'
  provisioner outputs web.yaml --output github >> "$GITHUB_OUTPUT"
  provisioner outputs web.yaml --output json | jq .outputs

A value that Azure does not have yet is "(not known)"; asked for by name, for a shell or a workflow, it is an error."""


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    parser.add_argument("name", metavar="NAME", nargs="?", help="only this one")
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
            hint = did_you_mean(arguments.name, declared) or "the spec has no outputs"
            raise UsageError(f'the spec has no output "{arguments.name}"; {hint}')
        deployment = loaded.spec.deployment
        actual = await refresh(loaded.graph.resources.values(), connection.operations, deployment, connection.deployer)
        plan = planning.look(loaded, connection, actual)
    chosen = {name: value for name, value in declared.items() if arguments.name in (None, name)}
    values = outputs(chosen, dict(actual.bodies), by_address(plan.changes))
    unknown = [name for name, value in values.items() if _is_unknown(value)]
    if unknown and (arguments.name is not None or arguments.output in ("env", "github")):
        print(f"error: not known: {', '.join(unknown)}; the deployment is not applied", file=sys.stderr)
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
