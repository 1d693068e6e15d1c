"""``local``: the embedded cloud."""

import argparse

HELP = "the embedded cloud"
EXAMPLES = ""


def configure(parser: argparse.ArgumentParser) -> None: ...
def run(arguments: argparse.Namespace) -> int:
    return 0
