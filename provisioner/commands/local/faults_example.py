"""``local faults``: a faults file with every key, as an example."""

from __future__ import annotations

import argparse
from importlib import resources

HELP = "print a faults file with every key, as an example"
EXAMPLES = """examples:
  provisioner local faults > faults.yaml                        then keep what you need
  provisioner apply web.yaml --cloud local --faults faults.yaml"""


def configure(parser: argparse.ArgumentParser) -> None:
    """It has no options."""


def run(arguments: argparse.Namespace) -> int:
    text = resources.files("provisioner.simulator.faults").joinpath("example.yaml").read_text("utf-8")
    print(text, end="")
    return 0
