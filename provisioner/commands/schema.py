"""``schema``: print the JSON Schema, for editors and other tools."""

from __future__ import annotations

import argparse
import json

HELP = "print the JSON Schema of the spec as one document"
EXAMPLES = """examples:
  provisioner schema > deployment.schema.json
  provisioner schema --markdown                                 the spec reference"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--markdown", action="store_true", help="print the spec reference instead")


def run(arguments: argparse.Namespace) -> int:
    from ..report import spec_reference
    from ..spec.schema.editing import for_editors
    from ..spec.schema.schema import bundled

    schema = bundled()
    text = spec_reference.render(schema) if arguments.markdown else json.dumps(for_editors(schema), indent=2) + "\n"
    print(text, end="")
    return 0
