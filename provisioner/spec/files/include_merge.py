"""Sections of several files put together, where an entry stands in one of them only.

In: nodes. Out: nodes, and a diagnostic for each entry that stands twice.
"""

from __future__ import annotations

import yaml

from ...base.diagnostics import Diagnostic
from ...base.reporting import error
from ...base.values import Path
from ..yaml import source as sources

OWN = ("version", "parameters", "include")
"""What every file has for itself."""
OF_THE_SPEC = ("deployment", "location", "subscription", "resource_group", "tags")
"""What is said once, by the spec that includes the others."""
_NESTED = (("network",),)
Pair = tuple[yaml.Node, yaml.Node]
"""A key and its value."""


class Union:
    """Sections of files put together; an entry stands in one of them only."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def of(self, one: yaml.MappingNode, other: yaml.Node) -> yaml.MappingNode:
        """``one`` with the sections of a piece."""
        assert isinstance(other, yaml.MappingNode)
        pairs = {key.value: (key, value) for key, value in one.value}
        for key, value in other.value:
            if key.value not in (*OWN, *OF_THE_SPEC):
                pairs[key.value] = (key, self._section(pairs.get(key.value), value, (key.value,)))
        return mapping(one, list(pairs.values()))

    def _section(self, known: Pair | None, value: yaml.Node, path: Path) -> yaml.Node:
        if known is None or not isinstance(known[1], yaml.MappingNode) or not isinstance(value, yaml.MappingNode):
            return value if known is None or isinstance(value, yaml.MappingNode) else known[1]
        pairs = {key.value: (key, entry) for key, entry in known[1].value}
        for key, entry in value.value:
            if path in _NESTED:
                pairs[key.value] = (key, self._section(pairs.get(key.value), entry, (*path, key.value)))
            elif key.value in pairs:
                self._twice(pairs[key.value][0], key, (*path, key.value))
            else:
                pairs[key.value] = (key, entry)
        return mapping(known[1], list(pairs.values()))

    def _twice(self, first: yaml.Node, second: yaml.Node, path: Path) -> None:
        address = "/".join(map(str, path))
        reason = f"The other one is at {sources.place(first)}."
        hint = "rename one of them; to change an included entry, pass an overlay: apply base.yaml overlay.yaml"
        summary = f"{address} is defined twice"
        self.diagnostics.append(error("PV1017", summary, sources.place(second), reason=reason, hint=hint))


def mapping(like: yaml.MappingNode, pairs: list[Pair]) -> yaml.MappingNode:
    """A mapping of other pairs, in the place of one that there is."""
    return yaml.MappingNode(like.tag, pairs, like.start_mark, like.end_mark, like.flow_style)
