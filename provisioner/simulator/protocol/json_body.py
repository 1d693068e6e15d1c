"""A request's body as JSON, no stranger than ARM lets it be.

In: bytes. Out: a JSON object without NaN or infinities, and no deeper than ARM reads (Json.NET's MaxDepth of 64); or
ArmError. What is no JSON, but what ARM reads all the same (`lenient_json`), is read.
"""

from __future__ import annotations

import json
import math
from typing import NoReturn

from ..errors import invalid_content
from ..json_values import Json
from .lenient_json import strict_json

DEEPEST = 64


def parse_object(content: bytes) -> Json:
    """The object in a body; raises ArmError (400 InvalidRequestContent) for anything else."""
    try:
        value = _read(content)
    except (ValueError, RecursionError) as problem:
        try:
            value = _read(strict_json(content.decode("utf-8-sig")))
        except (ValueError, RecursionError):
            reason = str(problem) if content.strip() else "The request content is empty"
            raise invalid_content(reason) from None
    if not isinstance(value, dict):
        raise invalid_content("Error reading JObject: the content is not a JSON object")
    # Counting brackets is cheap, and spares nearly every body the walk.
    if content.count(b"{") + content.count(b"[") > DEEPEST and _deeper_than(value, DEEPEST):
        raise invalid_content(f"The reader's MaxDepth of {DEEPEST} has been exceeded")
    return value


def _read(content: bytes | str) -> object:
    return json.loads(content, parse_constant=_refuse, parse_float=_finite)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"Unexpected token: {constant}")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"JSON float {text} is too large or too small")
    return number


def _deeper_than(value: object, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return any(isinstance(inner, dict | list) for inner in level)
