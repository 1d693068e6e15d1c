"""The whole of what a change makes, as YAML.

In: a JSON form. Out: text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import yaml

from ..base.diagnostics import printable_lines

_LONGEST = 400


def render(value: object, addresses: Mapping[str, str]) -> str:
    """``addresses`` by IDs in small letters: they stand for the IDs of what the spec names."""
    text = yaml.dump(_readable(value, addresses), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=math.inf)
    return printable_lines(text.rstrip("\n"))


def _readable(value: object, addresses: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        return {addresses.get(name.lower(), name): _readable(item, addresses) for name, item in value.items()}
    if isinstance(value, list):
        return [_readable(item, addresses) for item in value]
    if not isinstance(value, str):
        return value
    found = addresses.get(value.lower(), value)
    return found if len(found) <= _LONGEST else f"{found[:_LONGEST]}…"


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)
