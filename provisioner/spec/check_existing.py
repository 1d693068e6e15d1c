"""Existing things: named well enough to be found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .validation import Checker


def check(checker: Checker) -> None:
    for path, data in checker.entries("existing"):
        if not is_named(data):
            words = "one name for each part of the type, with slashes" if "type" in data and "name" in data else ""
            hint = "give `id:`, or `type:` and `name:`"
            checker.error("PV2801", path, f"existing/{path[-1]} is not named", reason=words, hint=hint, key=True)


def is_named(data: Mapping[str, Any]) -> bool:
    """Whether an entry says which object it means: by its ID, or by a type and as many names."""
    if "id" in data:
        return True
    return "type" in data and "name" in data and data["type"].count("/") == str(data["name"]).count("/") + 1
