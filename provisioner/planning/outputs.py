"""The spec's named outputs: what each is, once Azure has decided, and what a plan knows of it before.

In: output expressions as leaves, bodies by ID key, changes by address. Out: plain values; None for what is not known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..base import arm_id
from ..base.diagnostics import Diagnostic
from ..base.values import Body, Leaf, Ref, Secret, Text, leaves, substitute
from ..spec.expressions.interpolation import as_text
from .context import without_value
from .plan import Change


def outputs(values: Mapping[str, Any], bodies: Mapping[str, Body], changes: Mapping[str, Change]) -> dict[str, Any]:
    """The spec's named outputs; what is not known is None."""

    def context(leaf: Leaf) -> Any:
        if isinstance(leaf, Ref) and leaf.address in changes:
            change = changes[leaf.address]
            if leaf.attribute == "id":
                return f"{change.id}{leaf.child}"
            return change.kind.value(leaf.attribute, bodies.get(arm_id.key(change.id)))
        if isinstance(leaf, Text) and not leaf.is_secret:
            parts = [part if isinstance(part, str) else context(part) for part in leaf.parts]
            return None if None in parts else "".join(map(_text, parts))
        return None

    return {name: substitute(value, context) for name, value in values.items()}


def planned(values: Mapping[str, Any], changes: Mapping[str, Change]) -> dict[str, Any]:
    """The outputs as far as they are known before an apply; leaves stay where it decides.

    What the plan does not hold (``--target``, ``--exclude``) no apply of it tells: that is said in words.
    """

    def context(leaf: Leaf) -> Any:
        change = changes.get(leaf.address) if isinstance(leaf, Ref) else None
        if isinstance(leaf, Ref) and change is None:
            return f"(not in this plan: {leaf})"
        if change is not None and isinstance(leaf, Ref):
            if leaf.attribute == "id":
                return f"{change.id}{leaf.child}" if change.id else leaf
            is_made = change.action in ("create", "replace")
            value = None if is_made else change.kind.value(leaf.attribute, change.actual)
            return leaf if value is None else value
        if isinstance(leaf, Text) and not leaf.is_secret:
            parts = tuple(part if isinstance(part, str) else context(part) for part in leaf.parts)
            is_known = not any(isinstance(part, (Ref, Secret)) for part in parts)
            return "".join(map(_text, parts)) if is_known else Text(parts)
        return leaf

    return {name: substitute(value, context) for name, value in values.items()}


def missing(values: Mapping[str, Any], changes: Mapping[str, Change]) -> list[Diagnostic]:
    """What outputs want to have of things outside of the deployment that is not there."""
    wanted = dict.fromkeys(leaf for leaf in leaves(values) if isinstance(leaf, Ref) and leaf.attribute != "id")
    found = [(leaf, changes[leaf.address]) for leaf in wanted if leaf.address in changes]
    return [
        without_value(leaf, change.path)
        for leaf, change in found
        if not change.managed and change.actual is not None and change.kind.value(leaf.attribute, change.actual) is None
    ]


def _text(value: Any) -> str:
    """A value inside of text; lists and mappings are JSON, as where they are printed."""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else as_text(value)
