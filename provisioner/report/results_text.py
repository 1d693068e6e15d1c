"""How a run ended, for people: the root causes once, what hung on them, what came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import indent
from typing import Any

from ..azure.advice import advice
from ..base.diagnostics import printable, printable_lines
from ..execution.events import Result
from . import address_ranges
from .outputs_text import brief
from .style import paint

_MOST_CONNECTIONS = 40
_ORDER = ("created", "updated", "replaced", "deleted", "failed", "skipped", "cancelled")
_VERBS = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted"}


def render(results: Sequence[Result], elapsed_s: float, colours: bool = False) -> str:
    """Failures with Azure's words, skipped branches under their cause, and the counts."""
    lines: list[str] = []
    hung: dict[str, list[str]] = {}
    for item in results:
        hung.setdefault(item.caused_by, []).append(item.change.address)
    for result in results:
        if result.outcome == "failed" and result.failure is not None:
            failure = result.failure
            lines.append(paint(f"error: {result.change.address} could not be {_past(result)}", "red", colours))
            lines.append(f"    {failure.code}: {printable_lines(failure.message)}")
            if failure.tries > 1:
                limit = f"; the limit is {failure.limit}" if failure.limit else ""
                lines.append(f"    tried {failure.tries} times in {result.elapsed_s:.1f} s{limit}")
            lines.append(f"    {result.change.id}")
            if failure.request_id:
                lines.append(f"    request ID {failure.request_id}")
            if hint := advice(failure):
                lines.append(f"    hint: {hint}")
            if skipped := hung.get(result.change.address):
                lines.append(f"    skipped because of it: {address_ranges.together(skipped)}")
            lines.append("")
    lines.append(_counts(results, elapsed_s))
    return "\n".join(lines)


def _past(result: Result) -> str:
    return _VERBS.get(result.change.action, result.change.action)


def _counts(results: Sequence[Result], elapsed_s: float) -> str:
    counts: dict[str, int] = {}
    for result in results:
        if result.outcome == "unchanged":
            continue
        word = _past(result) if result.outcome == "succeeded" else result.outcome
        counts[word] = counts.get(word, 0) + 1
    done = ", ".join(f"{counts[word]} {word}" for word in _ORDER if word in counts) or "nothing done"
    if counts.keys().isdisjoint(("failed", "skipped", "cancelled")):
        return f"Done in {elapsed_s:.1f} s: {done}."
    rest = " The next run goes on from here." if "cancelled" in counts else ""
    return f"Ended after {elapsed_s:.1f} s: {done}.{rest}"


def details(rows: Sequence[Mapping[str, Any]], outputs: Mapping[str, Any], connect: Mapping[str, str]) -> str:
    """IDs, the values that Azure decided, outputs and how to log in."""
    lines: list[str] = []
    for row in rows:
        lines.append(f"{row['address']}" + (f"  ({row['state']})" if row["state"] != "present" else ""))
        lines.append(f"    {row['id']}")
        lines.extend(f"    {name}: {printable(str(value))}" for name, value in row["values"].items())
    if outputs:
        lines += ["", "Outputs:"]
        lines.append(indent(brief(outputs), "  "))
    if connect:
        lines += ["", "Connect:"]
        lines.extend(f"  {address}: {command}" for address, command in list(connect.items())[:_MOST_CONNECTIONS])
        if len(connect) > _MOST_CONNECTIONS:
            lines.append(f"  … {len(connect) - _MOST_CONNECTIONS} more; `provisioner show --output json` has them all")
    return "\n".join(lines)
