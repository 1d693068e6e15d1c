"""What each code stands for: its title, the rule behind it and where that rule is written.

In: ``rules.yaml`` beside this file. Out: a ``Rule`` by code, read once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from ..diagnostics import Severity


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
