"""A plan for people.

In: a ``Plan``. Out: text. A line for each change, its differences below it, a summary.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from textwrap import indent

from ..base.diagnostics import printable, printable_lines
from ..comparison.differences import Difference
from ..planning.plan import ACTIONS, Action, Change, Plan, plain
from ..resources.facts import IMPACTS
from . import address_ranges
from .details import render as render_details
from .style import paint

SYMBOLS: dict[Action, tuple[str, str]] = {
    "create": ("+", "green"),
    "update": ("~", "yellow"),
    "replace": ("±", "red"),
    "delete": ("-", "red"),
    "no-op": ("=", "dim"),
}
_LONGEST = 100


def render(plan: Plan, colours: bool = False, details: bool = False) -> str:
    """The pending changes; what stays as it is is only counted.

    ``details``: also the whole of what is created or made anew, and no members of fleets put together.
    """
    lines = [paint(f"{plan.deployment} on {plan.cloud}", "bold", colours), ""]
    shown = [change for change in plan.changes if change.action != "no-op" or change.notes]
    addresses = {change.id.lower(): change.address for change in plan.changes}
    bare = address_ranges.labels(_label(change) for change in shown if _is_bare(change))
    for change in shown:
        if details or not _is_bare(change):
            lines.extend(_change(change, _label(change), addresses, colours))
            if details and change.action in ("create", "replace"):
                lines.append(indent(render_details(change.wanted, addresses), "      "))
        elif _label(change) in bare:
            lines.extend(_change(change, bare[_label(change)], addresses, colours))
    if shown:
        lines.append("")
    lines.append(summary(plan))
    return "\n".join(lines)


def summary(plan: Plan) -> str:
    """``Plan: 10 to create, 1 to update; 3 unchanged.``"""
    counts = [f"{plan.count(action)} to {action}" for action in ACTIONS if action != "no-op" and plan.count(action)]
    unchanged = plan.count("no-op")
    if not counts:
        return f"Nothing to do: {unchanged} unchanged." if unchanged else "Nothing to do."
    return f"Plan: {', '.join(counts)}" + (f"; {unchanged} unchanged." if unchanged else ".")


def _is_bare(change: Change) -> bool:
    """Whether there is nothing to say but that it is created."""
    return change.action == "create" and not (change.reason or change.differences or change.notes)


def _label(change: Change) -> str:
    return f"{change.address}  {printable(change.title)}" if change.title else change.address


def _change(change: Change, label: str, addresses: Mapping[str, str], colours: bool) -> Iterator[str]:
    symbol, colour = SYMBOLS[change.action]
    reason = paint(f"  ({printable(change.reason)})", "dim", colours) if change.reason else ""
    drift = paint("  changed in Azure", "cyan", colours) if change.cause == "drift" else ""
    yield f"  {paint(symbol, colour, colours)} {label}{drift}{reason}"
    if change.impact_reason and IMPACTS.index(change.impact) > IMPACTS.index("live"):
        yield f"      {paint(f'{change.impact}: {printable(change.impact_reason)}', 'red', colours)}"
    for item in change.differences:
        yield f"      {_difference(item, addresses, colours)}"
    for note in change.notes:
        yield f"      {paint(printable_lines(note), 'dim', colours)}"


def _difference(item: Difference, addresses: Mapping[str, str], colours: bool) -> str:
    forced = paint("  # cannot be changed in place", "red", colours) if item.immutable else ""
    before, after = (_shown(value, addresses) for value in (item.before, item.after))
    start, slash, rest = item.path.partition("/")
    path = printable(start + addresses.get(f"{slash}{rest}".lower(), f"{slash}{rest}"))
    if item.operation == "add":
        return f"{path}: {paint('+', 'green', colours)} {after}{forced}"
    if item.operation == "remove":
        default = "" if item.after is None else f" (the default is {after})"
        return f"{path}: {paint('-', 'red', colours)} {before}{default}{forced}"
    return f"{path}: {before} → {after}{forced}"


def _shown(value: object, addresses: Mapping[str, str]) -> str:
    """As JSON, with an address for an ID that the spec has one for."""
    known = addresses.get(value.lower()) if isinstance(value, str) else None
    text = known or json.dumps(plain(value), ensure_ascii=False, default=str)
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return printable(text)
