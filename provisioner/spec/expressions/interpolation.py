"""``${…}`` in strings: finding it, and replacing what the spec itself can decide.

In: data as written. Out: data in which ``${parameters.x}``, ``${env.X}``, ``${deployment}`` and calls of functions are
replaced, types kept where one expression is the whole value. What only later rooms know (``${secrets.x}``,
``${vms/web.principal_id}``) stays as it is. ``$${`` stands for a literal ``${`` and stays escaped until ``unescape``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ...base.values import Path, mapping
from .expression_parser import UNKNOWN, is_computed

DOLLAR = "'$'"
"""``${'$'}`` is a dollar sign: what a value from outside that ends in one becomes before an expression."""

_EXPRESSION = re.compile(r"(?<!\$)\$\{([^{}]*)\}")
_OPEN = re.compile(r"(?<!\$)\$\{")

Known = Callable[[str, Path, bool], object]


class Late(str):
    """A text of the spec itself whose expressions later rooms know; what it is put into takes it as it is."""


def split(text: str) -> list[tuple[bool, str]]:
    """The parts of a string in order: ``(False, literal)`` and ``(True, expression without ${})``."""
    parts: list[tuple[bool, str]] = []
    at = 0
    for match in _EXPRESSION.finditer(text):
        if match.start() > at:
            parts.append((False, text[at : match.start()]))
        inner = match.group(1).strip()
        parts.append((False, "$") if inner == DOLLAR else (True, inner))
        at = match.end()
    if at < len(text):
        parts.append((False, text[at:]))
    return parts


def unescape(text: str) -> str:
    return text.replace("$${", "${")


def escape(value: object) -> object:
    """A value in which no later pass finds an expression: text from outside is data, never code."""
    if isinstance(value, Late):
        return str(value)
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, list):
        return [escape(item) for item in value]
    if isinstance(value, Mapping):
        return {key: escape(item) for key, item in value.items()}
    return value


def passed_on(value: object) -> object:
    """An evaluated value of the spec as that of a parameter: ``Late`` where expressions are left, else plain."""
    if isinstance(value, str):
        return Late(value) if any(is_expression for is_expression, _ in split(value)) else unescape(value)
    if isinstance(value, list):
        return [passed_on(item) for item in value]
    if isinstance(value, Mapping):
        return {key: passed_on(item) for key, item in value.items()}
    return value


def offsets(text: str) -> list[int]:
    """Where the expressions of a text begin, in the order in which ``evaluate`` asks for them."""
    return [match.start() for match in _EXPRESSION.finditer(text) if match.group(1).strip() != DOLLAR]


def unclosed(text: str) -> list[int]:
    """Where a ``${`` has no end that can be read."""
    closed = {match.start() for match in _EXPRESSION.finditer(text)}
    return [match.start() for match in _OPEN.finditer(text) if match.start() not in closed]


def evaluate(value: object, known: Known, path: Path = ()) -> object:
    """A copy of ``value`` with every expression replaced that ``known`` can tell.

    ``known(expression, path, is_whole)`` answers the value, or ``UNKNOWN`` to leave the expression alone; it reports
    errors. Where the expression is not the whole value, the answer is no list, no map and not None.
    """
    if isinstance(value, str):
        return _evaluate_text(value, known, path) if "${" in value else value
    if isinstance(value, list):
        return [evaluate(item, known, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: evaluate(item, known, (*path, key)) for key, item in value.items()}
    return value


def _evaluate_text(text: str, known: Known, path: Path) -> object:
    parts = split(text)
    if len(parts) == 1 and parts[0][0]:
        found = known(parts[0][1], path, True)
        return text if found is UNKNOWN else escape(found)
    result = ""
    for is_expression, part in parts:
        found = known(part, path, False) if is_expression else UNKNOWN
        if is_expression and found is UNKNOWN:
            result = f"{_before_expression(result)}${{{part}}}"
            continue
        if is_expression and isinstance(found, Late) and found.startswith("${"):
            result = f"{_before_expression(result)}{found}"
            continue
        piece = str(escape(found if isinstance(found, str) else as_text(found))) if is_expression else part
        # Two pieces must not make a `${` together that nobody wrote.
        result += f"${piece}" if result.endswith("$") and piece.startswith("{") else piece
    return result


def _before_expression(text: str) -> str:
    """Text that an expression follows: dollars at its end would be read as the escape of that expression."""
    kept = text.rstrip("$")
    return kept + f"${{{DOLLAR}}}" * (len(text) - len(kept))


def as_text(value: object) -> str:
    """What a value that is no text becomes inside of one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def no_text(expression: str, value: object) -> tuple[str, str]:
    """What a value without a text is, and what to write instead."""
    if value is None:
        return "null", 'write "" for an empty string'
    if isinstance(value, list):
        return "a list", f"write ${{join(',', {expression})}} to make a string of it"
    first = next(iter(mapping(value)), "key")
    one = f"lookup({expression}, '{first}')" if is_computed(expression) else f"{expression}.{first}"
    return "a map", f"name one of its values: ${{{one}}}"
