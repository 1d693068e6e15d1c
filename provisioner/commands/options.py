"""Options that several commands share, and what becomes of them."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass

from ..base.diagnostics import SourceLocation, UsageError
from ..resources.facts import IMPACTS
from ..spec import load, parameters
from . import embedded


@dataclass(frozen=True)
class Consent:
    """What the user agreed to in advance: addresses, or ``*`` for all."""

    yes: bool
    allow_replace: tuple[str, ...] = ()
    allow_delete: tuple[str, ...] = ()
    allow_start: tuple[str, ...] = ()
    allow_stop: tuple[str, ...] = ()


def add_spec(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("specs", metavar="SPEC", nargs="+", help="spec file (YAML); additional files are overlays")
    parser.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="set a parameter")
    parser.add_argument(
        "--parameters", action="append", default=[], metavar="FILE", help="read parameters from a YAML file"
    )
    parser.add_argument(
        "--include-from",
        action="append",
        default=[],
        metavar="DIR",
        help="also allow includes from this folder, outside the spec's repository; can be repeated",
    )


def add_cloud(parser: argparse.ArgumentParser, has_spec: bool = True) -> None:
    """``has_spec``: the command reads a spec, which can set the subscription."""
    otherwise = ["AZURE_SUBSCRIPTION_ID", *(["the subscription in the spec"] if has_spec else [])]
    parser.add_argument(
        "--cloud",
        default=os.environ.get("PROVISIONER_CLOUD", "azure"),
        metavar="CLOUD",
        help=(
            "azure (default), azure-china, azure-government, an https:// metadata URL, or local: the "
            "simulator on your computer"
        ),
    )
    parser.add_argument("--subscription", metavar="ID", help=f"the subscription (default: {', or '.join(otherwise)})")
    embedded.add_state(parser)
    embedded.add_behaviour(parser)


def add_output(parser: argparse.ArgumentParser, *further: str) -> None:
    parser.add_argument("--output", choices=("text", "json", *further), default="text", help="output format")


def add_planning(parser: argparse.ArgumentParser) -> None:
    """What plan and apply have in common."""
    parser.add_argument("--details", action="store_true", help="show all properties of new resources")
    parser.add_argument(
        "--adopt", action="store_true", help="take over existing resources that belong to no deployment"
    )
    parser.add_argument(
        "--adopt-from",
        default="",
        metavar="DEPLOYMENT",
        help="take over existing resources of this other deployment, after you removed them from its spec",
    )
    parser.add_argument(
        "--check-sizes",
        action="store_true",
        help="also check whether Azure offers the sizes of new VMs in their regions and zones, and within the quota",
    )
    add_max_impact(parser)
    parser.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="exclude this resource (or all below this address) and its dependents; can be repeated",
    )
    parser.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="include only this resource (or all below this address) and its dependencies; can be repeated",
    )


def add_max_impact(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-impact",
        choices=IMPACTS,
        metavar="LEVEL",
        help=f"refuse a plan with a worse impact (exit 3): {', '.join(IMPACTS)}",
    )


def given(arguments: argparse.Namespace) -> parameters.Given:
    """The parameters that the command line and the environment give.

    Raises:
        UsageError: a flag without ``=``.
    """
    flags: dict[str, str] = {}
    for item in arguments.parameter:
        name, found, value = item.partition("=")
        if not found or not name:
            raise UsageError(f"-p {item}: write it as NAME=VALUE")
        flags[name] = value
    files: dict[str, tuple[SourceLocation, object]] = {}
    for file in arguments.parameters:
        files |= load.read_parameter_file(file)
    return parameters.Given(flags, files, os.environ)
