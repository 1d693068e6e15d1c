"""YAML nodes to plain data that knows where each part of it came from.

In: a file, or nodes of several. Out: a ``Document``: data (dicts, lists, scalars by YAML 1.2) and, on demand, the place
of any path in it. It never interprets the data. Duplicate keys, alias bombs, absurd depth and foreign tags are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath

import yaml

from ...base.diagnostics import Diagnostic, SourceLocation, SpecError, did_you_mean
from ...base.gc_control import paused
from ...base.reporting import error
from ...base.values import Path
from . import source as sources
from .scalars import resolve
from .source import MAX_DEPTH, Source

MAX_NODES = 2_000_000
_MORE_NODES = 100_000
"""How many more there may be by aliases than characters are written."""
OVERLAY_TAGS = frozenset({"!append", "!remove", "!replace"})

_REPEATED = "PV1008"
_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "value"))
_MERGE_TAG = _TAG + "merge"


@dataclass
class Document:
    """A spec as written, in one file or in several.

    ``data`` is plain; ``locate`` finds the place of a path in it, for diagnostics. ``source`` is the file that the spec
    is named after, ``sources`` are all that have a part in it.
    """

    source: Source
    root: yaml.Node
    sources: tuple[Source, ...] = ()
    data: dict[str, object] = field(default_factory=dict)
    _keys: dict[int, dict[str, tuple[yaml.Node | None, yaml.Node]]] = field(default_factory=dict)
    _moved: dict[Path, Path] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return self.source.file

    def locate(self, path: Path, key: bool = False) -> SourceLocation:
        """The place of a path, or of its nearest ancestor that exists; with ``key``, of the key and not its value."""
        at = self.root
        path = self._written(path)
        for length, (key_node, node) in enumerate(self._along(path), 1):
            at = key_node if key_node is not None and (key or length < len(path)) else node
        return sources.place(at)

    def source_of(self, path: Path) -> Source:
        """The file that a value stands in, or its nearest ancestor that exists."""
        if len(self.sources) == 1:
            return self.source
        return sources.of([self.root, *(node for _, node in self._along(self._written(path)))][-1])

    def directory_of(self, path: Path) -> FilePath:
        """What file names in a value are relative to."""
        return self.source_of(path).directory

    def line_of(self, path: Path, seen_from: Path) -> str:
        """``line 12``, or with the file where another path stands in another one."""
        location = self.locate(path, key=True)
        is_near = location.file == self.locate(seen_from, key=True).file
        return f"line {location.line}" if is_near else f"{location.file}:{location.line}"

    def move(self, paths: Mapping[Path, Path]) -> None:
        """Tell where things stand in the file that have another path in the data, and all that is in them."""
        self._moved.update(paths)

    def call(self, path: Path, name: str) -> None:
        """Find what stands under a key of the file under another name of that key as well."""
        nodes = [self.root, *(node for _, node in self._along(self._written(path[:-1])))]
        found = self._child(nodes[-1], path[-1])
        if found and len(nodes) == len(path):
            self._keys[id(nodes[-1])].setdefault(name, found)

    def is_of_fleet(self, path: Path) -> bool:
        """Whether a path is that of one member of a fleet, or in one: it stands in the file once for all of them."""
        return self._written(path) != path or any("/" in str(step) for step in path)

    def _written(self, path: Path) -> Path:
        """A path of the data as one of the file."""
        if not self._moved:
            return path
        for length in range(len(path), 0, -1):
            if path[:length] in self._moved:
                return (*self._moved[path[:length]], *path[length:])
        return path

    def source_text(self, path: Path) -> str | None:
        """The text of a plain scalar as it stands in the file (``2.10``, ``007``), or None when it is none."""
        nodes = [self.root, *(node for _, node in self._along(path))]
        is_there = len(nodes) > len(path) and isinstance(nodes[-1], yaml.ScalarNode)
        return str(nodes[-1].value) if is_there else None

    def _along(self, path: Path) -> Iterator[tuple[yaml.Node | None, yaml.Node]]:
        """The nodes on the way to a path, each with that of its key, as far as they exist."""
        node = self.root
        for step in path:
            found = self._child(node, step)
            if found is None:
                return
            yield found
            node = found[1]

    def _child(self, node: yaml.Node, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            return (None, node.value[step]) if step < len(node.value) else None
        if isinstance(node, yaml.MappingNode):
            table = self._keys.get(id(node))
            if table is None:
                # Of a key that stands twice, the first counts.
                table = {pair[0].value: pair for pair in reversed(node.value) if isinstance(pair[0], yaml.ScalarNode)}
                self._keys[id(node)] = table
            # A member of a fleet (`web/0`) stands where the fleet is written.
            return table.get(str(step)) or table.get(str(step).partition("/")[0])
        return None


class RepeatedKeysError(SpecError):
    """Keys stand twice, and nothing else is wrong: ``document`` is what there is without the second of each."""

    def __init__(self, diagnostics: Sequence[Diagnostic], document: Document) -> None:
        super().__init__(diagnostics)
        self.document = document


def read(file: str, tags: frozenset[str] = frozenset(), may_say_nothing: bool = False) -> Document:
    """Read and parse a YAML file; ``tags`` are allowed in it. One with tags, an overlay, may be comments alone.

    Raises:
        UnreadableFileError: the file is missing, a directory, or not permitted.
        RepeatedKeysError: keys stand twice.
        SpecError: it is empty, not UTF-8 text, too large, or not YAML that can be accepted.
    """
    with paused():
        return _built(sources.read(file, may_say_nothing or bool(tags)), tags)


def parse(raw: bytes, file: str, tags: frozenset[str] = frozenset()) -> Document:
    """Parse the bytes of a YAML file, as ``read`` does; ``file`` names it in diagnostics.

    Raises:
        SpecError: as for ``read``.
    """
    with paused():
        return _built(sources.parse(raw, file, bool(tags)), tags)


def of_nodes(
    root: yaml.Node, source: Source, parts: tuple[Source, ...], tags: frozenset[str] = frozenset()
) -> Document:
    """A document of nodes from several files, each of which has been accepted alone.

    Raises:
        SpecError: together they are too large.
    """
    return _with_data(Document(source, root, parts), tags)


def _built(source: Source, tags: frozenset[str]) -> Document:
    assert source.root is not None
    return _with_data(Document(source, source.root, (source,)), tags)


def _with_data(document: Document, tags: frozenset[str]) -> Document:
    written = sum(len(line) for source in document.sources for line in source.lines)
    builder = _Builder(tags, min(MAX_NODES, _MORE_NODES + written))
    data = builder.build(document.root, 0)
    if isinstance(data, dict):
        document.data = data
    else:
        summary = "the spec is not a mapping of sections (version, deployment, location, …)"
        builder.error("PV1004", summary, document.root, hint="begin with `version: 1`")
    if builder.diagnostics and all(item.code == _REPEATED for item in builder.diagnostics):
        raise RepeatedKeysError(builder.diagnostics, document)
    if builder.diagnostics:
        raise SpecError(builder.diagnostics)
    return document


class _Builder:
    """Turns nodes into data, collecting what cannot be accepted."""

    def __init__(self, tags: frozenset[str], most: int) -> None:
        self.tags = tags
        self.most = most
        self.diagnostics: list[Diagnostic] = []
        self.nodes = 0
        self.stopped = False

    def error(self, code: str, summary: str, at: yaml.Node, hint: str, reason: str = "") -> None:
        self.diagnostics.append(error(code, summary, sources.place(at), reason=reason, hint=hint))

    def build(self, node: yaml.Node, depth: int) -> object:
        self.nodes += 1
        if self.stopped:
            return None
        # An alias is built again wherever it is used: nine levels of ten aliases are a billion nodes.
        if self.nodes > self.most or depth > MAX_DEPTH:
            self.stopped = True
            what = "nested too deeply" if depth > MAX_DEPTH else "too large once its aliases are expanded"
            hint = "check where the file comes from"
            self.error(
                "PV1005", f"the document is {what}", node, reason="Such a file is probably an attack.", hint=hint
            )
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.SequenceNode):
            if node.tag != _TAG + "seq":
                self._foreign_tag(node)
            return [self.build(item, depth + 1) for item in node.value]
        assert isinstance(node, yaml.MappingNode)
        if node.tag != _TAG + "map":
            self._foreign_tag(node)
        return dict(self._pairs(node, depth))

    def _scalar(self, node: yaml.ScalarNode) -> object:
        if node.tag not in _PLAIN_TAGS:
            if node.tag != _MERGE_TAG:
                self._foreign_tag(node)
            return node.value
        # A scalar in quotes, or a block, is text whatever it looks like.
        return node.value if node.style else resolve(node.value)

    def _pairs(self, node: yaml.MappingNode, depth: int) -> Iterator[tuple[str, object]]:
        seen: dict[str, yaml.Node] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or not key_node.value:
                hint = sources.braces_hint(key_node) or "name the entry by letters, digits and . _ -"
                self.error("PV1006", "the key is not plain text", key_node, hint=hint)
                continue
            key = key_node.value
            # Only a bare << has this tag; "<<" in quotes is a key like any other.
            if key_node.tag == _MERGE_TAG:
                summary = "merge keys (<<) are not part of YAML 1.2"
                self.error("PV1007", summary, key_node, hint="write the entries out")
                continue
            if key in seen:
                first = seen[key].start_mark
                reason = f"It is already at line {first.line + 1}, column {first.column + 1}."
                hint = "rename one of the two, or delete it"
                self.error(_REPEATED, f'duplicate key "{key}"', key_node, reason=reason, hint=hint)
                continue
            seen[key] = key_node
            yield key, self.build(value_node, depth + 1)

    def _foreign_tag(self, node: yaml.Node) -> None:
        if node.tag in self.tags:
            return
        if node.tag in OVERLAY_TAGS:
            hint = "pass the file after another one: apply base.yaml overlay.yaml"
            reason = "There is nothing to change here."
            self.error("PV1009", f"`{node.tag}` is only for overlays", node, reason=reason, hint=hint)
            return
        tag = "the tag here" if id(node) in sources.of(node).secrets.nodes else f"the tag {node.tag}"
        hint = did_you_mean(tag.removeprefix("the tag "), self.tags) or "write the value without a tag"
        self.error("PV1009", f"{tag} is not allowed", node, hint=hint)
