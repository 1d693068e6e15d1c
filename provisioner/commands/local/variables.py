"""``local env``: the environment variables that other clients need."""

from __future__ import annotations

import argparse

from ...base import shell
from ...base.diagnostics import ProvisionerError
from .. import embedded
from . import environment, server_record

HELP = "environment variables that point other clients at the running server"
EXAMPLES = """examples:
  eval "$(provisioner local env)"                              sh, bash, zsh
  provisioner local env --shell powershell | Invoke-Expression
  provisioner local env --shell json"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--shell", choices=environment.SHELLS, default=shell.usual(), help=f"for which shell (default {shell.usual()})"
    )
    embedded.add_state(parser, short=True)


def run(arguments: argparse.Namespace) -> int:
    state = embedded.state_file(arguments.local_state)
    server = server_record.running(state)
    if server is None:
        raise ProvisionerError(f"no server is running on {state}; run `provisioner local serve` to start one")
    print(environment.render(server, arguments.shell))
    return 0
