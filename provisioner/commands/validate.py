"""``validate``: check a spec without any network."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from ..base.diagnostics import Diagnostic, SpecError, counted
from . import loading, options

HELP = "check a spec: syntax, schema, references, security; no network, no account"
EXAMPLES = (
    "examples:\n"
    "  provisioner validate web.yaml\n"
    "  provisioner validate web.yaml -p env=prod --output json\n"
    "  provisioner validate base.yaml prod.yaml                      prod.yaml as an overlay of "
    "base.yaml\n"
    "  provisioner validate web.yaml --strict                        warnings are errors\n"
    "  provisioner validate web.yaml --output sarif > web.sarif      for code scanning; github: "
    "annotations\n"
    "\n"
    "To silence a warning, add a comment on its line, or on the line above: # provisioner: ignore PV2904"
)


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_spec(parser)
    options.add_output(parser, "sarif", "github")
    parser.add_argument("--strict", action="store_true", help="warnings are errors")


def run(arguments: argparse.Namespace) -> int:
    try:
        spec = loading.read_spec(arguments.specs, options.given(arguments), arguments.include_from)
        loaded = loading.complete(spec)
        if arguments.strict and loaded.warnings:
            raise SpecError(loaded.warnings)
    except SpecError as error:
        if arguments.output == "text":
            raise
        print(_for_machines(arguments.output, error.diagnostics, valid=False))
        return error.exit_code
    if arguments.output != "text":
        print(_for_machines(arguments.output, loaded.warnings, valid=True))
        return 0
    loading.warn(loaded)
    count = sum(item.managed for item in loaded.resolution.resources)
    print(
        f"{' + '.join(arguments.specs)}: valid; {counted(count, 'resource')}"
        + (f", {counted(len(loaded.warnings), 'warning')}" if loaded.warnings else "")
    )
    return 0


def _for_machines(output: str, diagnostics: Sequence[Diagnostic], valid: bool) -> str:
    if output == "json":
        found = [item.to_json() for item in diagnostics]
        return json.dumps({"format_version": 1, "valid": valid, "diagnostics": found})
    from ..report import findings

    return findings.sarif(diagnostics) if output == "sarif" else findings.github(diagnostics)
