"""How a scalar is written: without quotes where they say nothing, with double ones where they do.

In: a scalar's node. Out: its text. Quotes stay where YAML 1.2 needs them, where the value would be no text without them
(``"1.0"``), and where readers of YAML 1.1 would take the plain word for something else (``"no"``, ``"22:30"``).
"""

from __future__ import annotations

import re

import yaml

from ..spec.yaml import scalars

_FIRST = re.compile(r"[\w$./~^;(<+=]", re.ASCII)
_BAD = re.compile(r": |:$| #|^\s|\s$|[^\x20-\x7e\xa1-\u024f]")
_FLOW = re.compile(r"[\[\]{},]")
_OLD = yaml.resolver.Resolver()
_TEXT = "tag:yaml.org,2002:str"
_MERGE = frozenset({"<<", "="})


def shortest(raw: str, value: str, style: str, in_flow: bool, is_key: bool) -> str:
    """The text of a scalar that stands in one line.

    Args:
        raw: as it is written, quotes included.
        value: what it means.
        style: its quote, or nothing.
    """
    if not style:
        return raw
    if _is_plain(value, in_flow, is_key):
        return value
    if style == "'" and not re.search(r"[\"\\]|[^\x20-\x7e\xa1-\u024f]", value):
        return f'"{value}"'
    return raw


def _is_plain(value: str, in_flow: bool, is_key: bool) -> bool:
    if not value or not _FIRST.match(value) or _BAD.search(value) or value in _MERGE:
        return False
    if in_flow and (_FLOW.search(value) or (":" in value and is_key)):
        return False
    if is_key and (":" in value or value.startswith(("---", "..."))):
        return False
    if value.startswith("..."):
        return False
    if not isinstance(scalars.resolve(value), str):
        return False
    old: str = _OLD.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    return old == _TEXT
