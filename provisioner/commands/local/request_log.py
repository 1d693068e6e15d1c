"""``local log``: the requests that were made."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from .. import embedded, options

if TYPE_CHECKING:
    from ...simulator import LogEntry

HELP = "past requests, newest last"
EXAMPLES = (
    "examples:\n"
    "  provisioner local log --last 20\n"
    "  provisioner local log --output json            one array\n"
    "  provisioner local log --follow                 continue as they come; press Ctrl-C to stop\n"
    "  provisioner local log --follow --output json   one object a line"
)
_LOOK_EVERY_S = 0.3


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--last", type=int, default=None, metavar="N", help="only the newest N")
    parser.add_argument("--follow", action="store_true", help="continue as requests come in")
    options.add_output(parser)
    embedded.add_state(parser, short=True)


def run(arguments: argparse.Namespace) -> int:
    from ...simulator.http.request_log import LogReader

    state = embedded.state_file(arguments.local_state)
    reader = LogReader(state)
    with embedded.told(state):
        entries = reader.read()
        if arguments.last is not None:
            entries = entries[-arguments.last :] if arguments.last > 0 else []
        if arguments.output == "json" and not arguments.follow:
            print(json.dumps([asdict(entry) for entry in entries], indent=2))
            return 0
        _show(entries, arguments.output)
        try:
            while arguments.follow:
                time.sleep(_LOOK_EVERY_S)
                _show(reader.read(), arguments.output)
        except KeyboardInterrupt:
            print()
    return 0


def _show(entries: Iterable[LogEntry], output: str) -> None:
    for entry in entries:
        print(json.dumps(asdict(entry)) if output == "json" else _line(entry), flush=True)


def _line(entry: LogEntry) -> str:
    clock = datetime.fromtimestamp(entry.at).strftime("%H:%M:%S.%f")[:-3]
    error = f"  {entry.error_code}" if entry.error_code else ""
    note = f"  ({entry.note})" if entry.note else ""
    return f"{clock}  {entry.status}  {entry.method:6} {entry.path}  {entry.ms:.0f} ms{error}{note}"
