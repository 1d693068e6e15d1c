"""``local show``: the tree of resources in the embedded cloud."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from .. import embedded, options

if TYPE_CHECKING:
    from ...simulator.overview import Node, Overview

HELP = "the tree of resources: groups, their resources and child resources, with their states"
EXAMPLES = """examples:
  provisioner local show
  provisioner local show --output json"""


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_output(parser)
    embedded.add_state(parser, short=True)


def run(arguments: argparse.Namespace) -> int:
    from ...simulator.overview import overview

    state = embedded.state_file(arguments.local_state)
    with embedded.told(state):
        found = overview(state)
    if arguments.output == "json":
        print(json.dumps(_to_json(found), indent=2))
    elif found is None or not (found.groups or found.elsewhere):
        print("The simulator is empty.")
    else:
        print("\n".join(_tree(found)))
    return 0


def _to_json(found: Overview | None) -> dict[str, object]:
    if found is None:
        return {"subscription": None, "tenant": None, "groups": [], "elsewhere": []}
    return {
        "subscription": found.subscription,
        "tenant": found.tenant,
        "groups": [asdict(group) for group in found.groups],
        "elsewhere": [asdict(node) for node in found.elsewhere],
    }


def _tree(found: Overview) -> Iterator[str]:
    yield f"subscription {found.subscription}"
    last = len(found.groups) + len(found.elsewhere) - 1
    for position, group in enumerate(found.groups):
        corner, bar = ("└── ", "    ") if position == last else ("├── ", "│   ")
        yield f"{corner}{group.name}  ({group.location})  {group.state}"
        yield from _branches(group.resources, bar, "")
    yield from _branches(found.elsewhere, "", "")


def _branches(nodes: Sequence[Node], indent: str, above: str) -> Iterator[str]:
    for position, node in enumerate(nodes):
        corner, bar = ("└── ", "    ") if position == len(nodes) - 1 else ("├── ", "│   ")
        word = node.type.removeprefix(f"{above}/") if above else node.type
        yield f"{indent}{corner}{word}/{node.name}{f'  {node.state}' if node.state else ''}"
        yield from _branches(node.children, f"{indent}{bar}", node.type)
