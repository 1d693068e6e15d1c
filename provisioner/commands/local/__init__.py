"""``local``: the embedded cloud: what it holds, what was asked of it, and itself as a server."""

from __future__ import annotations

import argparse

from . import faults_example, request_log, reset, resource_types, serve, show, status, variables

HELP = "the simulator: as a server, its state, its requests"
EXAMPLES = (
    "examples:\n"
    "  provisioner local serve                        as a server, for other clients\n"
    "  provisioner local status                       whether one runs, and its contents\n"
    "  provisioner local show                         the tree of resources\n"
    "  provisioner local types                        the types it models, and how it answers\n"
    "  provisioner local faults                       an example of a file for --faults\n"
    "  provisioner local log --follow                 the requests, as they come in\n"
    "  provisioner local reset --yes                  delete everything\n"
    "\n"
    "`provisioner local COMMAND --help` has more."
)

COMMANDS = {
    "serve": serve,
    "status": status,
    "show": show,
    "types": resource_types,
    "faults": faults_example,
    "env": variables,
    "log": request_log,
    "reset": reset,
}


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="local_command", metavar="COMMAND", required=True)
    raw = argparse.RawDescriptionHelpFormatter
    for name, module in COMMANDS.items():
        one = commands.add_parser(
            name, help=module.HELP, description=module.HELP, epilog=module.EXAMPLES, formatter_class=raw
        )
        one.set_defaults(parser=one)
        module.configure(one)


def run(arguments: argparse.Namespace) -> int:
    code: int = COMMANDS[arguments.local_command].run(arguments)
    return code
