"""``local status``: whether a server runs, and what the state holds, in numbers."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ...base.diagnostics import counted
from .. import embedded, options
from . import server_record

if TYPE_CHECKING:
    from ...simulator.overview import Overview

HELP = "whether a server runs, and counts of the simulator's contents"
EXAMPLES = """examples:
  provisioner local status
  provisioner local status --output json"""


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_output(parser)
    embedded.add_state(parser, short=True)


def run(arguments: argparse.Namespace) -> int:
    from ...simulator.overview import overview

    state = embedded.state_file(arguments.local_state)
    server = server_record.running(state)
    with embedded.told(state):
        found = overview(state)
    if arguments.output == "json":
        print(json.dumps(_to_json(state, server, found), indent=2))
        return 0
    print(f"server  {f'{server.url} (process {server.pid})' if server else 'none is running'}")
    print(f"state   {state}{'' if found else ' (does not exist yet)'}")
    if found is not None:
        print("\n".join(_lines(found)))
    return 0


def _to_json(state: Path, server: server_record.Server | None, found: Overview | None) -> dict[str, object]:
    return {
        "server": asdict(server) if server else None,
        "state": str(state),
        "exists": found is not None,
        "subscription": found.subscription if found else None,
        "resource_groups": len(found.groups) if found else 0,
        "resources": dict(found.types) if found else {},
        "running_operations": [asdict(one) for one in found.running] if found else [],
        "unmodelled_types": dict(found.unmodelled) if found else {},
    }


def _lines(found: Overview) -> Iterator[str]:
    yield f"\n{len(found.groups):6}  resource groups"
    for type_, count in found.types.items():
        yield f"{count:6}  {type_}"
    yield f"\n{counted(len(found.running), 'operation')} running"
    for one in found.running:
        yield f"        {one.verb} {one.target}, {one.left_s:g} s to go"
    if found.unmodelled:
        yield "\nTypes that are kept as sent, without Azure's checks:"
        yield from (f"        {type_}" for type_ in found.unmodelled)
