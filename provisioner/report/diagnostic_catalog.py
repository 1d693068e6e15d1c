"""What each code stands for: its title, the rule behind it and where that rule is written.

In: ``rules.yaml`` beside this file. Out: a ``Rule`` by code, read once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from ..base.diagnostics import Severity

_CANNOT_BE_SILENCED = "PV1011"
"""It is about the comments that silence."""


@dataclass(frozen=True)
class Rule:
    """``why`` is one sentence; ``source`` an address, or empty where the rule is ours.

    ``unmended`` says why no spec can show how to mend it, and what to do instead.
    """

    title: str
    why: str
    severity: Severity = "error"
    source: str = ""
    unmended: str = ""


@cache
def rules() -> Mapping[str, Rule]:
    """Every code, sorted."""
    text = resources.files(__package__).joinpath("rules.yaml").read_text("utf-8")
    return {code: Rule(**words) for code, words in sorted(yaml.safe_load(text).items())}


def explained(code: str) -> str:
    """A rule in some lines."""
    rule = rules()[code]
    lines = [f"{code} ({rule.severity}): {rule.title}", f"  {rule.why}"]
    if rule.unmended:
        lines.append(f"  {rule.unmended}")
    if rule.severity == "warning" and code != _CANNOT_BE_SILENCED:
        lines.append(f"  Where it is meant, silence it at the end of the line: # provisioner: ignore {code}")
    if rule.source:
        lines.append(f"  {rule.source}")
    return "\n".join(lines)


def listed() -> str:
    """Every rule in a line."""
    return "\n".join(f"{code}  {rule.severity:<7}  {rule.title}" for code, rule in rules().items())
