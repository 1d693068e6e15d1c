"""``explain``: the rule behind a diagnostic's code."""

from __future__ import annotations

import argparse

from ..base.diagnostics import UsageError, did_you_mean

HELP = "explain the code of a diagnostic, such as PV2402: the rule and its source"
EXAMPLES = """examples:
  provisioner explain PV2402
  provisioner explain                                           every code, a line each"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("codes", metavar="CODE", nargs="*", help="a code; without one, all are listed")


def run(arguments: argparse.Namespace) -> int:
    from ..report.diagnostic_catalog import explained, listed, rules

    known = rules()
    codes = [code.upper() for code in arguments.codes]
    for code in codes:
        if code not in known:
            hint = did_you_mean(code, known)
            raise UsageError(f"unknown code {code}" + (f"; {hint}" if hint else ""))
    print("\n\n".join(explained(code) for code in codes) if codes else listed())
    return 0
