"""``runs``: what earlier runs did, from their journals."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping

from ..base.diagnostics import printable
from ..execution import journal
from . import options

HELP = "list past runs, or show one"
EXAMPLES = (
    "examples:\n"
    "  provisioner runs                                past runs, newest first\n"
    "  provisioner runs show last                      what the newest did, step by step\n"
    "  provisioner runs show 20261123T134512Z --output json | jq 'select(.error)'\n"
    "\n"
    "Run logs are JSON lines in your state folder; nothing depends on them."
)
_LONGEST_S = 1e12
_SECONDS = len("2026-11-23T13:45:12")
_DOING = {"create": "creating", "update": "updating", "replace": "replacing", "delete": "deleting"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("show", nargs="?", choices=("show",), help="show one run")
    parser.add_argument("id", nargs="?", metavar="ID", help="a run's ID, a part of it, or `last`")
    parser.add_argument("--last", type=int, default=None, metavar="N", help="only the newest N")
    options.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.show:
        found = journal.lines(arguments.id or "last")
        shown = map(json.dumps, found) if arguments.output == "json" else _replayed(found)
        print("\n".join(map(printable, shown)))
        return 0
    runs = journal.runs()[: arguments.last]
    if arguments.output == "json":
        print(json.dumps([{**item.head, "end": item.end} for item in runs], indent=2))
    elif not runs:
        print(f"There are no run logs in {journal.folder()}.")
    else:
        longest = max(len(item.id) for item in runs)
        print("\n".join(printable(_line(item, longest)) for item in runs))
    return 0


def _line(run: journal.Run, longest: int) -> str:
    head = run.head
    return f"{run.id:<{longest}}  {head.get('command')} on {head.get('cloud')}: {_ending(run.end)}"


def _ending(end: Mapping[str, object] | None) -> str:
    if end is None:
        return "killed or still running"
    counts = ", ".join(f"{count} {outcome}" for outcome, count in _map(end.get("outcomes")).items())
    return f"exit code {end.get('exit_code')} after {_seconds(end, 'elapsed_s'):.1f} s: {counts or 'nothing done'}"


def _map(value: object) -> Mapping[str, object]:
    """A mapping of a line; empty where a broken journal has something else."""
    return value if isinstance(value, dict) else {}


def _seconds(line: Mapping[str, object], key: str) -> float:
    """A number of a line; 0 where a broken journal has something else."""
    value = line.get(key)
    return float(value) if isinstance(value, (int, float)) and abs(value) < _LONGEST_S else 0.0


def _replayed(lines: list[dict[str, object]]) -> Iterator[str]:
    for line in lines:
        if line["event"] == "run":
            yield f"{str(line.get('at'))[:_SECONDS]}Z  {line.get('command')} {line.get('spec')} on {line.get('cloud')}"
            yield f"subscription {line.get('subscription')}, correlation ID {line.get('correlation_id')}"
        elif line["event"] == "end":
            yield _ending(line)
        else:
            yield f"{_seconds(line, 'at_s'):7.1f}s  {line.get('address')}: {_step(line)}"
            error = _map(line.get("error"))
            if error:
                yield f"          {error.get('code')}: {error.get('message')}"
                if error.get("request_id"):
                    yield f"          request ID {error['request_id']}"
    if lines and lines[-1]["event"] != "end":
        yield _ending(None)


def _step(line: dict[str, object]) -> str:
    doing = _DOING.get(str(line.get("action")), str(line.get("action")))
    if line["event"] == "finished":
        caused_by = f", because of {line['because']}" if line.get("because") else ""
        return f"{doing}: {line.get('outcome')}{caused_by}"
    detail = f" ({line['detail']})" if line.get("detail") else ""
    return f"{doing}: {line['event']}{detail}"
