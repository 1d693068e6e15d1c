"""Asking before something is done that cannot be undone."""

from __future__ import annotations

import argparse
import sys

from ..planning import impact
from ..planning.plan import Change, Plan
from ..report import address_ranges
from ..resources import power_state
from ..resources.facts import Impact
from .asking import asked
from .options import Consent

REFUSED = 1
EXIT_IMPACT = 3
_EVERYTHING = "*"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--yes",
        action="store_true",
        help="don't ask for approval; replacing, deleting, starting and stopping need additional options",
    )
    for action, text in (
        ("replace", "replace resources if needed"),
        ("delete", "delete resources that are no longer in the spec"),
        ("start", "start stopped VMs if their extensions change"),
        ("stop", "stop VMs for changes that require it, and start them again"),
    ):
        _add(parser, action, f"with --yes: {text}; all of them, or only at this address (can be repeated)")


def configure_destroy(parser: argparse.ArgumentParser) -> None:
    """Deleting is what ``destroy`` is for: ``--yes`` is consent to all of it, unless addresses narrow it."""
    parser.add_argument("--yes", action="store_true", help="don't ask for approval; approve all deletions of the plan")
    _add(parser, "delete", "with --yes: approve only deletions at this address, and refuse others (can be repeated)")


def _add(parser: argparse.ArgumentParser, action: str, text: str) -> None:
    parser.add_argument(
        f"--allow-{action}",
        nargs="?",
        const=_EVERYTHING,
        action="append",
        default=[],
        metavar="ADDRESS",
        help=text,
    )


def read(arguments: argparse.Namespace) -> Consent:
    return Consent(
        arguments.yes,
        tuple(arguments.allow_replace),
        tuple(arguments.allow_delete),
        tuple(arguments.allow_start),
        tuple(arguments.allow_stop),
    )


def read_destroy(arguments: argparse.Namespace) -> Consent:
    return Consent(arguments.yes, allow_delete=tuple(arguments.allow_delete) or (_EVERYTHING,))


def given(plan: Plan, consent: Consent) -> bool:
    """Whether the plan may be carried out; asks on a terminal, and says what flag is missing elsewhere."""
    if not consent.yes:
        print()
        return asked("Apply these changes?")
    lacking = False
    for action, allowed in (
        ("replace", consent.allow_replace),
        ("delete", consent.allow_delete),
        ("start", consent.allow_start),
        ("stop", consent.allow_stop),
    ):
        asks = [item for item in plan.pending if _does(item, action)]
        refused = [item.address for item in asks if not _is_allowed(item, allowed)]
        if refused:
            lacking = True
            names = address_ranges.together(refused)
            told = f"error: no approval to {action} {names}; add --allow-{action}, or --allow-{action} ADDRESS for some"
            print(told, file=sys.stderr)
    return not lacking


def _does(change: Change, action: str) -> bool:
    """Whether a change does what needs this consent. To start what a run had stopped was agreed to with the stop."""
    switch = power_state.switch(change.differences)
    if action == "start":
        was_running = switch is not None and switch.stops and switch.before == power_state.RUNNING
        return switch is not None and switch.starts and not was_running and not power_state.is_owed(change.actual)
    return switch is not None and switch.stops if action == "stop" else change.action == action


def _is_allowed(change: Change, allowed: tuple[str, ...]) -> bool:
    loses_nothing = not impact.exceeds(change.impact, "live")
    if change.action == "replace" and (loses_nothing or change.lifecycle.get("replace") == "allow"):
        return True
    return any(item in (_EVERYTHING, change.address) or change.address.startswith(f"{item}/") for item in allowed)


def exceeds_max_impact(plan: Plan, limit: Impact | None) -> bool:
    """Whether a plan holds something worse than allowed; says what."""
    if limit is None:
        return False
    found = [change for change in plan.pending if impact.exceeds(change.impact, limit)]
    for change in found:
        why = f"{change.impact} ({change.impact_reason})" if change.impact_reason else change.impact
        print(f"error: {change.address}: {why}, worse than --max-impact {limit}", file=sys.stderr)
    return bool(found)
