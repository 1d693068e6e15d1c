"""Text of another file with expressions in it: mistakes there have places of their own.

In: text, its file's name, and somebody who knows expressions. Out: the text with their values, and diagnostics.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace

from ...base.diagnostics import Diagnostic, SourceLocation
from ...base.reporting import error
from ...base.values import Path
from ..yaml import sensitive, source
from . import interpolation

Ask = Callable[[str], tuple[object, Sequence[Diagnostic]]]


def filled(text: str, file: str, ask: Ask) -> tuple[str, list[Diagnostic]]:
    """The text of a template.

    Args:
        text: with ``${…}``; ``$${`` is a literal ``${``, and stays so.
        file: its name in diagnostics.
        ask: the value of an expression (``UNKNOWN`` leaves it in the text), and what is wrong with it.
    """
    lines = text.split("\n")
    starts = list(itertools.accumulate((len(line) + 1 for line in lines), initial=0))
    guess = sensitive.Guess(lines)
    found: list[Diagnostic] = []
    places = iter(interpolation.offsets(text))

    def place(offset: int) -> SourceLocation:
        line = bisect.bisect_right(starts, offset) - 1
        return source.in_text(guess, line, offset - starts[line], file)

    def known(expression: str, path: Path, is_whole: bool) -> object:
        offset = next(places)
        value, wrong = ask(expression)
        found.extend(replace(item, location=place(offset)) for item in wrong)
        return "" if wrong else value

    result = str(interpolation.evaluate(text, known))
    for offset in interpolation.unclosed(text):
        hint = "write $${ for a literal ${"
        found.append(error("PV1306", "unclosed expression: missing }", place(offset), hint=hint))
    return result, found
