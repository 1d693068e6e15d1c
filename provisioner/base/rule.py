"""What a code means. A module that reports codes lists them in ``RULES``; ``explain`` and the docs read them.

In: nothing. Out: ``Rule``. It never reports anything itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from .diagnostics import Severity


@dataclass(frozen=True)
class Rule:
    """One code.

    why: the rule behind it, in one or more sentences.
    source: the address of the page that documents the rule; empty where the rule is ours.
    example: a spec that breaks the rule and how to fix it, as the lines of a diff. ``-`` marks lines of the bad spec,
        ``+`` lines of the good one, a space those of both. ``=== NAME`` begins another file. The lines that every spec
        begins with are left out of a spec of one file.
    no_example: why no spec can show how to fix it, and what to do instead.
    """

    code: str
    title: str
    why: str
    source: str = ""
    severity: Severity = "error"
    example: str = ""
    no_example: str = ""
