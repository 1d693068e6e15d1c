"""Files over files: ``apply base.yaml prod.yaml`` merges what is written, from left to right.

In: documents. Out: one document whose nodes are those of the files, so that every value keeps its place. Mappings
merge key by key; everything else replaces what was there. ``!append`` adds to a list, ``!remove`` takes a key away or
items out of a list, ``!replace`` puts a mapping in the place of another one.
"""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from ...base.diagnostics import Diagnostic, SpecError, did_you_mean
from ...base.reporting import error
from ..yaml import document as documents
from ..yaml import source as sources
from ..yaml.document import Document
from .include_merge import Pair

_MAP = "tag:yaml.org,2002:map"
_SEQ = "tag:yaml.org,2002:seq"
_APPEND, _REMOVE, _REPLACE = "!append", "!remove", "!replace"


def merged(layers: Sequence[Document]) -> Document:
    """One document of several; the first is what the others are laid over.

    Raises:
        SpecError: a tag that makes no sense where it stands; every one of them.
    """
    base, *overlays = layers
    if not overlays:
        return base
    merge = _Merge()
    root = base.root
    for overlay in overlays:
        root = merge.over(root, overlay.root, "the spec")
    if merge.diagnostics:
        raise SpecError(merge.diagnostics)
    return documents.of_nodes(root, base.source, tuple(source for layer in layers for source in layer.sources))


class _Merge:
    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def over(self, below: yaml.Node | None, above: yaml.Node, name: str) -> yaml.Node:
        """The node that stands for both; ``below`` is None where nothing is under it."""
        if above.tag == _APPEND:
            return self._appended(below, above, name)
        if above.tag == _REMOVE:
            return self._without_items(below, above, name)
        if above.tag == _REPLACE:
            return self._replaced(above, name)
        if isinstance(above, yaml.MappingNode):
            return self._mapping(below if isinstance(below, yaml.MappingNode) else None, above, name)
        if isinstance(above, yaml.SequenceNode):
            for index, item in enumerate(above.value):
                self._refuse_inside(item, f"{name}[{index}]")
        return above

    def _mapping(self, below: yaml.MappingNode | None, above: yaml.MappingNode, name: str) -> yaml.Node:
        pairs = {key.value: (key, value) for key, value in (below.value if below is not None else ())}
        for key, value in above.value:
            known = pairs.get(key.value)
            where = key.value if name == "the spec" else f"{name}.{key.value}"
            if value.tag == _REMOVE and not isinstance(value, yaml.SequenceNode):
                self._take_away(pairs, key, value, name)
                continue
            below_value = known[1] if known is not None else None
            if isinstance(below_value, yaml.ScalarNode) and isinstance(value, yaml.MappingNode):
                below_value = _long_form(below_value, name, key.value)
            node = self.over(below_value, value, where)
            # A mapping that goes on stands where it began; what is replaced stands where the new one is.
            goes_on = known is not None and isinstance(value, yaml.MappingNode) and value.tag == _MAP
            pairs[key.value] = (known[0] if known is not None and goes_on else key, node)
        first = below if below is not None else above
        return yaml.MappingNode(_MAP, list(pairs.values()), first.start_mark, first.end_mark, first.flow_style)

    def _take_away(self, pairs: dict[str, Pair], key: yaml.Node, value: yaml.Node, name: str) -> None:
        if not isinstance(value, yaml.ScalarNode) or value.value not in ("", "~", "null"):
            self.error(
                "PV1012", "`!remove` accepts a list of items, or nothing", value, hint=f"write `{key.value}: !remove`"
            )
        elif pairs.pop(key.value, None) is None:
            self.error(
                "PV1013",
                f'{name} has no "{key.value}" to remove',
                key,
                hint=did_you_mean(key.value, pairs) or "remove this line",
            )

    def _appended(self, below: yaml.Node | None, above: yaml.Node, name: str) -> yaml.Node:
        if not isinstance(above, yaml.SequenceNode):
            return self.error(
                "PV1012", "`!append` accepts a list", above, hint="remove the tag: mappings merge without it"
            )
        if below is not None and not isinstance(below, yaml.SequenceNode):
            return self.error(
                "PV1012",
                f"`!append` adds to a list, and {name} is not a list",
                above,
                hint=f"remove the tag: {_written(below)}",
            )
        self._refuse_items(above, name)
        before = below.value if below is not None else []
        return yaml.SequenceNode(_SEQ, [*before, *above.value], above.start_mark, above.end_mark, above.flow_style)

    def _without_items(self, below: yaml.Node | None, above: yaml.Node, name: str) -> yaml.Node:
        assert isinstance(above, yaml.SequenceNode)
        self._refuse_items(above, name)
        if not isinstance(below, yaml.SequenceNode):
            return self.error("PV1013", f"the list {name} does not exist", above, hint="remove this line")
        known = {_plain(item) for item in below.value}
        # By value: an overlay cannot know at which position the base has an item.
        gone = {_plain(item): item for item in above.value}
        for plain, item in gone.items():
            if plain not in known:
                self.error(
                    "PV1013",
                    f"{name} has no such item to remove",
                    item,
                    hint=f"remove this item, or correct it: {_written(below)}",
                )
        rest = [item for item in below.value if _plain(item) not in gone]
        return yaml.SequenceNode(_SEQ, rest, below.start_mark, below.end_mark, below.flow_style)

    def _replaced(self, above: yaml.Node, name: str) -> yaml.Node:
        if not isinstance(above, yaml.MappingNode):
            return self.error(
                "PV1012",
                "`!replace` accepts a mapping",
                above,
                hint="remove the tag: lists and values replace without it",
            )
        for key, value in above.value:
            self._refuse_inside(value, f"{name}.{key.value}")
        return yaml.MappingNode(_MAP, above.value, above.start_mark, above.end_mark, above.flow_style)

    def _refuse_items(self, node: yaml.SequenceNode, name: str) -> None:
        for index, item in enumerate(node.value):
            self._refuse_inside(item, f"{name}[{index}]")

    def _refuse_inside(self, node: yaml.Node, name: str) -> None:
        """Nothing lies under the items of a list, and under what replaces something."""
        if node.tag in documents.OVERLAY_TAGS:
            hint = "remove the tag: lists, and values under `!replace`, replace as a whole"
            self.error("PV1012", f"`{node.tag}` has nothing under it at {name}", node, hint=hint)
        elif isinstance(node, yaml.SequenceNode):
            self._refuse_items(node, name)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self._refuse_inside(value, f"{name}.{key.value}")

    def error(self, code: str, summary: str, at: yaml.Node, hint: str) -> yaml.Node:
        self.diagnostics.append(error(code, summary, sources.place(at), hint=hint))
        return at


def _long_form(node: yaml.ScalarNode, name: str, key: str) -> yaml.Node:
    """The mapping that a text stands for: the name of the resource group, the file of an included piece."""
    word = "file" if name == "include" else "name" if (name, key) == ("the spec", "resource_group") else ""
    if not word or not node.value:
        return node
    named = yaml.ScalarNode("tag:yaml.org,2002:str", word, node.start_mark, node.end_mark)
    return yaml.MappingNode(_MAP, [(named, node)], node.start_mark, node.end_mark)


def _written(node: yaml.Node) -> str:
    return f"the list is at {sources.of(node).file}:{node.start_mark.line + 1}"


def _plain(node: yaml.Node) -> object:
    """What makes two nodes the same item."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(_plain(item) for item in node.value)
    if isinstance(node, yaml.MappingNode):
        return frozenset((key.value, _plain(value)) for key, value in node.value)
    return node.value
