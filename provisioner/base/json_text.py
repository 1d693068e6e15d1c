"""JSON from outside: what the standard has, and no deeper than anybody writes it.

In: a text. Out: its value, or ValueError. ``NaN`` and ``Infinity`` are no JSON; so many brackets that reading them
would exhaust the stack are refused.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn


def loads(text: str, deepest: int = 0) -> Any:
    """The value of a JSON text; ``deepest`` says how many lists and maps may lie in one another.

    Raises:
        ValueError: it is no JSON, nested too deeply, or holds a number that is none.
    """
    try:
        found = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if deepest and _is_deeper(found, deepest):
        raise ValueError("nested too deeply")
    return found


def _is_deeper(value: Any, depth: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth < 0 or any(_is_deeper(item, depth - 1) for item in inner)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
