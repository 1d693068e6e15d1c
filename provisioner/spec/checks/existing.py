"""Existing things: named well enough to be found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base import arm_id
from ...base.values import Path

if TYPE_CHECKING:
    from .validation import Checker

_BY_NAME = ("type", "name", "resource_group", "subscription")


def check(checker: Checker) -> None:
    for path, data in checker.entries("existing"):
        if not is_named(data):
            words = "one name for each part of the type, with slashes" if "type" in data and "name" in data else ""
            hint = "give `id:`, or `type:` and `name:`"
            checker.error("PV2801", path, f"existing/{path[-1]} is not named", reason=words, hint=hint, key=True)
        elif "id" in data:
            _check_id(checker, (*path, "id"), data["id"])
            others = [word for word in _BY_NAME if word in data]
            if others:
                hint = f"delete {', '.join(f'`{word}:`' for word in others)}, or `id:`"
                checker.error("PV2802", (*path, others[0]), f"existing/{path[-1]} is named twice",
                              reason="An ID says all of it.", hint=hint, key=True)  # fmt: skip


def _check_id(checker: Checker, path: Path, identity: str) -> None:
    try:
        arm_id.parse(identity)
    except ValueError:
        checker.error("PV2105", path, f'"{identity}" is no ARM ID', hint="/subscriptions/…/providers/…")


def is_named(data: Mapping[str, Any]) -> bool:
    """Whether an entry says which object it means: by its ID, or by a type and as many names."""
    if "id" in data:
        return True
    return "type" in data and "name" in data and data["type"].count("/") == str(data["name"]).count("/") + 1
