"""Asking before something is done that cannot be undone."""

from __future__ import annotations

import argparse
import sys

from ..plan import Plan
from .options import Consent

REFUSED = 1


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask; replaces and deletes need their own consent")
    parser.add_argument("--allow-replace", action="store_true", help="with --yes: make resources anew where needed")
    parser.add_argument("--allow-delete", action="store_true", help="with --yes: delete what left the spec")


def read(arguments: argparse.Namespace) -> Consent:
    return Consent(arguments.yes, arguments.allow_replace, arguments.allow_delete)


def given(plan: Plan, consent: Consent) -> bool:
    """Whether the plan may be carried out; asks on a terminal, and says what flag is missing elsewhere."""
    if not consent.yes:
        return _ask()
    lacking = []
    if plan.count("replace") and not consent.allow_replace:
        lacking.append(("replace", "--allow-replace"))
    if plan.count("delete") and not consent.allow_delete:
        lacking.append(("delete", "--allow-delete"))
    for action, flag in lacking:
        addresses = ", ".join(change.address for change in plan.pending if change.action == action)
        print(f"error: --yes alone does not {action} anything ({addresses}); add {flag}", file=sys.stderr)
    return not lacking


def _ask() -> bool:
    if not sys.stdin.isatty():
        print("error: nothing was done: there is no terminal to ask on; give --yes", file=sys.stderr)
        return False
    answer = input("\nDo this? Only 'yes' is taken for consent: ")
    if answer.strip().lower() == "yes":
        return True
    print("Nothing was done.")
    return False
