"""``schema``: print the JSON Schema, for editors and other tools."""

from __future__ import annotations

import argparse
import json

HELP = "print the JSON Schema of the spec as one document"
EXAMPLES = """examples:
  provisioner schema > deployment.schema.json"""


def configure(parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(arguments: argparse.Namespace) -> int:
    from ..spec.schema import bundled

    print(json.dumps(bundled(), indent=2))
    return 0
