"""``local reset``: forget everything."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...base.diagnostics import ProvisionerError
from .. import embedded
from ..asking import asked
from . import server_record

HELP = "delete everything: resources, principals, requests"
EXAMPLES = """examples:
  provisioner local reset                asks first
  provisioner local reset --yes"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="don't ask for approval")
    embedded.add_state(parser, short=True)


def run(arguments: argparse.Namespace) -> int:
    state = embedded.state_file(arguments.local_state)
    server = server_record.running(state)
    if server is not None:
        raise ProvisionerError(f"a server is running on {state} ({server.url}, process {server.pid}): stop it first")
    if not arguments.yes and not asked(f"Delete everything in {state}?"):
        return 1
    with embedded.told(state):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{state}{suffix}").unlink(missing_ok=True)
        server_record.record_path(state).unlink(missing_ok=True)
    print(f"{state}: deleted")
    return 0
