"""``local``: the embedded cloud: what it holds, what was asked of it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from . import options

HELP = "the embedded cloud: its requests, its state"
EXAMPLES = """examples:
  provisioner local log                          the requests that were made, newest last
  provisioner local log --output json
  provisioner local reset --yes                  forget everything"""


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="local_command", metavar="COMMAND", required=True)
    log = commands.add_parser("log", help="the requests that were made, newest last")
    log.add_argument("--last", type=int, default=None, metavar="N", help="only the newest N")
    options.add_output(log)
    reset = commands.add_parser("reset", help="forget everything")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    for one in (log, reset):
        options.add_local_state(one)


def run(arguments: argparse.Namespace) -> int:
    state = options.local_state(arguments.local_state)
    return _log(state, arguments) if arguments.local_command == "log" else _reset(state, arguments)


def _log(state: Path, arguments: argparse.Namespace) -> int:
    from ..simulator import read_log

    entries = list(read_log(state)) if state.exists() else []
    if arguments.last is not None:
        entries = entries[-arguments.last :] if arguments.last > 0 else []
    if arguments.output == "json":
        print(json.dumps([asdict(entry) for entry in entries], indent=2))
        return 0
    for entry in entries:
        time = datetime.fromtimestamp(entry.at).strftime("%H:%M:%S.%f")[:-3]
        error = f"  {entry.error_code}" if entry.error_code else ""
        print(f"{time}  {entry.status}  {entry.method:6} {entry.path}  {entry.ms:.0f} ms{error}")
    return 0


def _reset(state: Path, arguments: argparse.Namespace) -> int:
    if not arguments.yes:
        if not sys.stdin.isatty():
            print("error: nothing was done: there is no terminal to ask on; give --yes", file=sys.stderr)
            return 1
        if input(f"Forget everything in {state}? Only 'yes' is taken for consent: ").strip().lower() != "yes":
            print("Nothing was done.")
            return 1
    for suffix in ("", "-wal", "-shm"):
        Path(f"{state}{suffix}").unlink(missing_ok=True)
    print(f"{state}: gone")
    return 0
