"""The spec's named outputs: what each is, once Azure has decided.

In: output expressions as leaves, bodies by ID key, changes by address. Out: plain values; None for what is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import arm_id
from .plan import Change
from .resource import Body, Leaf, Ref, Text, substitute


def outputs(values: Mapping[str, Any], bodies: Mapping[str, Body], changes: Mapping[str, Change]) -> dict[str, Any]:
    """The spec's named outputs; what is not known is None."""

    def known(leaf: Leaf) -> Any:
        if isinstance(leaf, Ref) and leaf.address in changes:
            change = changes[leaf.address]
            if leaf.attribute == "id":
                return f"{change.id}{leaf.child}"
            return change.kind.value(leaf.attribute, bodies.get(arm_id.key(change.id)))
        if isinstance(leaf, Text) and not leaf.is_secret:
            parts = [part if isinstance(part, str) else known(part) for part in leaf.parts]
            return None if None in parts else "".join(map(str, parts))
        return None

    return {name: substitute(value, known) for name, value in values.items()}
