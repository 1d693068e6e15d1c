"""``validate``: check a spec without any network."""

from __future__ import annotations

import argparse
import json

from ..diagnostics import SpecError
from . import loading, options

HELP = "check a spec: syntax, schema, references; no network, no account"
EXAMPLES = """examples:
  provisioner validate specs/msi-vm.yaml
  provisioner validate web.yaml -p env=prod --output json"""


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    options.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    try:
        loaded = loading.complete(loading.read_spec(arguments.spec, options.given(arguments)))
    except SpecError as error:
        if arguments.output != "json":
            raise
        print(
            json.dumps({"format_version": 1, "valid": False, "diagnostics": [d.to_json() for d in error.diagnostics]})
        )
        return error.exit_code
    if arguments.output == "json":
        found = [item.to_json() for item in loaded.warnings]
        print(json.dumps({"format_version": 1, "valid": True, "diagnostics": found}))
        return 0
    loading.warn(loaded)
    count = sum(item.managed for item in loaded.resolution.resources)
    print(
        f"{arguments.spec}: valid; {count} resources"
        + (f", {len(loaded.warnings)} warning(s)" if loaded.warnings else "")
    )
    return 0
