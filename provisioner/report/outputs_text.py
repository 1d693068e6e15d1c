"""Outputs for those who take them up: a shell, a workflow, a person.

In: names and plain values. Out: text.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import TypeGuard

from ..base.diagnostics import printable_lines

MANY = 8
"""Items of a list that are shown whole."""
SHOWN = 3
"""Items of a longer one that are shown."""


def plain(value: object) -> str:
    """A text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def text(values: Mapping[str, object]) -> str:
    return "\n".join(
        f"{name} = {'(not known)' if value is None else printable_lines(plain(value))}"
        for name, value in values.items()
    )


def brief(values: Mapping[str, object]) -> str:
    """The same with long lists cut: there is one value for each member of a fleet."""
    return text({name: _cut(value) if _is_long(value) else value for name, value in values.items()})


def _is_long(value: object) -> TypeGuard[list[object] | dict[str, object]]:
    return isinstance(value, (list, dict)) and len(value) > MANY


def _cut(value: list[object] | dict[str, object]) -> str:
    """JSON whose end is left out."""
    first = value[:SHOWN] if isinstance(value, list) else dict(list(value.items())[:SHOWN])
    shown = plain(first)
    return f"{shown[:-1]}, … {len(value) - SHOWN} more{shown[-1]}"


def environment(values: Mapping[str, object]) -> str:
    """Assignments for a shell: ``WEB_ID='…'``."""
    return "\n".join(f"{variable(name)}={shlex.quote(plain(value))}" for name, value in values.items())


def variable(name: str) -> str:
    """An output's name as that of an environment variable."""
    found = re.sub(r"[^A-Z0-9_]", "_", name.upper())
    return f"_{found}" if found[:1].isdigit() else found


def github(values: Mapping[str, object]) -> str:
    """Lines for ``$GITHUB_OUTPUT``; source:
    https://docs.github.com/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions
    """
    lines = []
    for name, value in values.items():
        found = plain(value)
        if "\n" in found or "\r" in found:
            end = "EOF"
            while end in found:
                end += "_"
            lines.append(f"{name}<<{end}\n{found}\n{end}")
        else:
            lines.append(f"{name}={found}")
    return "\n".join(lines)
