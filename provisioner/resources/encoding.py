"""A ``Text`` to the string that a request carries."""

from __future__ import annotations

import base64
from collections.abc import Callable

from ..base.values import Leaf, Text


def encoded(text: Text, value: Callable[[Leaf], object]) -> str:
    """The parts in a row, those that are leaves by their value; base64 when the text asks for it."""
    plain = "".join(part if isinstance(part, str) else str(value(part)) for part in text.parts)
    return base64.b64encode(plain.encode()).decode() if text.base64 else plain
