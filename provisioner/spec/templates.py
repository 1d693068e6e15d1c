"""Text of another file with expressions in it: mistakes there have places of their own.

In: text, its file's name, and somebody who knows expressions. Out: the text with their values, and diagnostics.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..diagnostics import Diagnostic, SourceLocation
from ..leaves import Path
from . import expressions, source

Ask = Callable[[str], tuple[Any, Sequence[Diagnostic]]]


def filled(text: str, file: str, ask: Ask) -> tuple[str, list[Diagnostic]]:
    """The text of a template.

    Args:
        text: with ``${…}``; ``$${`` is a literal ``${``, and stays so.
        file: its name in diagnostics.
        ask: the value of an expression (``UNKNOWN`` leaves it in the text), and what is wrong with it.
    """
    lines = text.splitlines()
    found: list[Diagnostic] = []
    places = iter(expressions.offsets(text))

    def place(offset: int) -> SourceLocation:
        before = text[:offset]
        return source.in_text(lines, before.count("\n"), offset - (before.rfind("\n") + 1), file)

    def known(expression: str, path: Path) -> Any:
        offset = next(places)
        value, wrong = ask(expression)
        found.extend(replace(item, location=place(offset)) for item in wrong)
        return "" if wrong else value

    result = str(expressions.evaluate(text, known))
    for offset in expressions.unclosed(text):
        hint = "write $${ for a literal ${"
        found.append(Diagnostic("PV1306", "a ${ without its }", place(offset), hint=hint))
    return result, found
