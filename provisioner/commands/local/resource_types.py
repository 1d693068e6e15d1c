"""``local types``: the resource types that the embedded cloud models."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from .. import options

HELP = "the resource types that the simulator models, how it answers, and the sources"
EXAMPLES = """examples:
  provisioner local types
  provisioner local types --markdown                            whole tables, with behaviors and sources
  provisioner local types --output json

A type that is not listed is kept as sent, and marked as unmodelled in `local log` and `local status`."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--markdown", action="store_true", help="print whole tables with behaviors and sources")
    options.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    from ...simulator.conformance import described, markdown

    if arguments.markdown:
        print(markdown(), end="")
        return 0
    found = described()
    if arguments.output == "json":
        print(json.dumps([asdict(item) for item in found], indent=2))
        return 0
    width = max(len(item.type) for item in found)
    for item in found:
        print(f"{item.type:{width}}  {item.source.partition(': ')[2] or item.source}")
    return 0
