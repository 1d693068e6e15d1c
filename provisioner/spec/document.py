"""YAML text to plain data that knows where each part of it came from.

In: bytes of a file. Out: a ``Document``: data (dicts, lists, scalars by YAML 1.2) and, on demand, the place of any
path in it. It never interprets the data. Duplicate keys, alias bombs, absurd depth and foreign tags are refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from ..diagnostics import Diagnostic, SourceLocation, SpecError, UnreadableFileError
from ..resource import Path
from . import sensitive
from .collecting import paused
from .scalars import resolve

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 60
MAX_NODES = 2_000_000

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "value"))
_MERGE_TAG = _TAG + "merge"
_OPENERS = re.compile(r"[\[{]|^[ \t]*(?:- )+|\n[ \t]*(?:- )+")


@dataclass
class Document:
    """One YAML file. ``data`` is plain; ``locate`` finds the place of a path in it, for diagnostics."""

    file: str
    lines: list[str]
    root: yaml.Node
    data: Any = None
    _keys: dict[int, dict[str, tuple[yaml.Node, yaml.Node]]] = field(default_factory=dict)
    _secrets: sensitive.Secrets | None = None
    _moved: dict[Path, Path] = field(default_factory=dict)

    @property
    def directory(self) -> FilePath:
        return FilePath(self.file).parent

    def locate(self, path: Path, key: bool = False) -> SourceLocation:
        """The place of a path, or of its nearest ancestor that exists; with ``key``, of the key and not its value."""
        node = self.root
        mark = node.start_mark
        path = self._moved.get(path, path)
        for index, step in enumerate(path):
            found = self._child(node, step)
            if found is None:
                break
            key_node, node = found
            last = index == len(path) - 1
            mark = key_node.start_mark if key_node is not None and (key or not last) else node.start_mark
        return self.at(mark.line, mark.column)

    def move(self, paths: Mapping[Path, Path]) -> None:
        """Tell where things stand in the file that have another path in the data."""
        self._moved.update(paths)

    def at(self, line: int, column: int) -> SourceLocation:
        """A location from 0-based line and column; its text ends where a secret begins."""
        text = self.lines[line] if 0 <= line < len(self.lines) else ""
        return _location(self.file, text, line, column, self.secrets.cuts.get(line))

    @property
    def secrets(self) -> sensitive.Secrets:
        """Where secrets stand in the clear; found when a diagnostic asks for the first time."""
        if self._secrets is None:
            self._secrets = sensitive.find(self.root)
        return self._secrets

    def source_text(self, path: Path) -> str | None:
        """The text of a plain scalar as it stands in the file (``2.10``, ``007``), or None when it is none."""
        node = self.root
        for step in path:
            found = self._child(node, step)
            if found is None:
                return None
            node = found[1]
        return node.value if isinstance(node, yaml.ScalarNode) else None

    def _child(self, node: yaml.Node, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            return (None, node.value[step]) if step < len(node.value) else None
        if isinstance(node, yaml.MappingNode):
            table = self._keys.get(id(node))
            if table is None:
                table = {pair[0].value: pair for pair in node.value if isinstance(pair[0], yaml.ScalarNode)}
                self._keys[id(node)] = table
            # A member of a fleet (`web/0`) stands where the fleet is written.
            return table.get(str(step)) or table.get(str(step).partition("/")[0])
        return None


def read(file: str) -> Document:
    """Read and parse a YAML file.

    Raises:
        UnreadableFileError: the file is missing, a directory, or not permitted.
        SpecError: it is empty, not UTF-8 text, too large, or not YAML that can be accepted.
    """
    try:
        if os.path.isdir(file):
            raise UnreadableFileError(f"{file}: is a directory; give a YAML file")
        with FilePath(file).open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise UnreadableFileError(f"{file}: {why or error}") from error
    if len(raw) > MAX_BYTES:
        raise _refuse(file, "PV1002", f"the file is larger than {MAX_BYTES // 2**20} MiB")
    return parse(raw, file)


@paused()
def parse(raw: bytes, file: str) -> Document:
    """Parse the bytes of a YAML file; ``file`` names it in diagnostics.

    Raises:
        SpecError: as for ``read``.
    """
    text = _decode(raw, file)
    lines = text.splitlines()
    _refuse_depth(text, file)
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, lines, file) from error
    except yaml.reader.ReaderError as error:
        raise _bad_character(error, text, lines, file) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise _refuse(file, "PV1003", f"this is not YAML: {error}") from error
    if root is None:
        raise _refuse(file, "PV1001", "the file is empty", hint="start from one of the examples in specs/")
    document = Document(file, lines, root)
    builder = _Builder(document)
    document.data = builder.build(root, 0)
    if not isinstance(document.data, dict):
        builder.report("PV1004", "a spec is a mapping of sections (version, deployment, location, …)", root)
    if builder.diagnostics:
        raise SpecError(builder.diagnostics)
    return document


class _Builder:
    """Turns nodes into data, collecting what cannot be accepted."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.diagnostics: list[Diagnostic] = []
        self.nodes = 0
        self.stopped = False

    def report(self, code: str, summary: str, node: yaml.Node, reason: str = "", hint: str = "") -> None:
        location = self.document.at(node.start_mark.line, node.start_mark.column)
        self.diagnostics.append(Diagnostic(code, summary, location, reason=reason, hint=hint))

    def build(self, node: yaml.Node, depth: int) -> Any:
        self.nodes += 1
        if self.stopped:
            return None
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            self.stopped = True
            what = "nested too deeply" if depth > MAX_DEPTH else "too large once its aliases are expanded"
            self.report("PV1005", f"the document is {what}", node, reason="Such a file is more likely an attack.")
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

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag not in _PLAIN_TAGS:
            if node.tag != _MERGE_TAG:
                self._foreign_tag(node)
            return node.value
        return node.value if node.style else resolve(node.value)

    def _pairs(self, node: yaml.MappingNode, depth: int) -> Iterator[tuple[str, Any]]:
        seen: dict[str, yaml.Node] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or not key_node.value:
                self.report(
                    "PV1006", "a key must be a plain word", key_node, hint=_braces_hint(self.document, key_node)
                )
                continue
            key = key_node.value
            if key_node.tag == _MERGE_TAG:
                self.report(
                    "PV1007", "merge keys (<<) are not part of YAML 1.2", key_node, hint="write the entries out"
                )
                continue
            if key in seen:
                first = seen[key].start_mark
                self.report(
                    "PV1008",
                    f'duplicate key "{key}"',
                    key_node,
                    reason=f"It stands at line {first.line + 1}, column {first.column + 1} already.",
                    hint="rename one of the two, or delete it",
                )
                continue
            seen[key] = key_node
            yield key, self.build(value_node, depth + 1)

    def _foreign_tag(self, node: yaml.Node) -> None:
        tag = "this tag" if id(node) in self.document.secrets.nodes else f"the tag {node.tag}"
        self.report("PV1009", f"{tag} is not allowed", node, hint="write the value without a tag")


def _decode(raw: bytes, file: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise _refuse(file, "PV1010", "the file is not UTF-8", hint="save it as UTF-8")
    if b"\x00" in raw:
        raise _refuse(file, "PV1010", "the file is binary, not text", hint="give a YAML file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        location = SourceLocation(file, line, column)
        reason = f"The byte 0x{raw[error.start]:02x} is no valid UTF-8."
        raise SpecError([Diagnostic("PV1010", "the file is not UTF-8", location, reason=reason)]) from error


def _refuse(file: str, code: str, summary: str, hint: str = "") -> SpecError:
    return SpecError([Diagnostic(code, summary, SourceLocation(file, 1, 1), hint=hint)])


def _refuse_depth(text: str, file: str) -> None:
    """Refuse what would exhaust the parser's stack: the C parser recurses once for each level."""
    depth = deepest = 0
    if text.count("[") + text.count("{") > MAX_DEPTH:
        for character in re.findall(r"[\[\]{}]", text):
            depth = depth + 1 if character in "[{" else max(depth - 1, 0)
            deepest = max(deepest, depth)
    runs = re.findall(r"(?:[-?:][ \t]+){8,}", text)
    dashes = max((sum(run.count(mark) for mark in "-?:") for run in runs), default=0)
    indents = _indent_depth(text)
    if max(deepest, dashes, indents) > 1000:
        raise _refuse(file, "PV1005", "the document is nested too deeply")


def _indent_depth(text: str) -> int:
    widest = max((len(run) for run in re.findall(r"^ {1000,}", text, re.MULTILINE)), default=0)
    return widest


def _syntax_error(error: yaml.MarkedYAMLError, lines: list[str], file: str) -> SpecError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    location = _unparsed(lines, line, column, file)
    problem = error.problem or "cannot be parsed"
    reason = error.context or ""
    if reason and error.context_mark:
        reason = f"{reason[0].upper()}{reason[1:]} that began at line {error.context_mark.line + 1}."
    diagnostic = Diagnostic(
        "PV1003", f"not valid YAML: {problem}", location, reason=reason, hint=_syntax_hint(lines, line, problem)
    )
    return SpecError([diagnostic])


def _bad_character(error: yaml.reader.ReaderError, text: str, lines: list[str], file: str) -> SpecError:
    """A character that YAML does not allow; the parser counts them from the beginning."""
    before = text[: error.position]
    line, column = len(before.splitlines()) - 1, len(before) - (before.rfind("\n") + 1)
    location = _unparsed(lines, max(line, 0), column, file)
    reason = f"YAML allows no control characters, and U+{error.character:04X} is one."
    return SpecError([Diagnostic("PV1003", "not valid YAML: a character that is not text", location, reason=reason)])


def _unparsed(lines: list[str], line: int, column: int, file: str) -> SourceLocation:
    """A place in a file that cannot be parsed; what looks like a secret is not shown."""
    text = lines[line] if line < len(lines) else ""
    return _location(file, text, line, column, sensitive.guessed_cut(lines, line) if text else None)


def _location(file: str, text: str, line: int, column: int, cut: int | None) -> SourceLocation:
    if cut is not None:
        text = f"{text[:cut]}{sensitive.CUT}" if column <= cut else ""
    return SourceLocation(file, line + 1, column + 1, text[: column + 200])


def _syntax_hint(lines: list[str], line: int, problem: str) -> str:
    for at in (line, line - 1):
        text = lines[at] if 0 <= at < len(lines) else ""
        mended = _quote_expressions(text)
        if mended != text:
            return _mended_hint(mended, sensitive.guessed_cut(lines, at))
        star = re.sub(r"(:\s+|[\[,]\s*)\*(?=\s*([,}\]#]|$))", r'\1"*"', text)
        if star != text:
            return f"quote the asterisk: {star.strip()}"
    if "\\t" in problem or (0 <= line < len(lines) and "\t" in lines[line]):
        return "indent with spaces; YAML allows no tabs"
    return ""


def _quote_expressions(text: str) -> str:
    """A line with the bare ``${…}`` values inside its flow braces put into quotes."""
    if not re.search(r"[{\[][^\"']*\$\{", text):
        return text
    return re.sub(r"(?<![\"'\w$}])((?:[\w./-]*\$\{[^}\"']*\}[\w./-]*)+)(?![\"'])", r'"\1"', text)


def _braces_hint(document: Document, node: yaml.Node) -> str:
    line = node.start_mark.line
    text = document.lines[line] if line < len(document.lines) else ""
    mended = _quote_expressions(text)
    return _mended_hint(mended, document.secrets.cuts.get(line)) if mended != text else ""


def _mended_hint(mended: str, cut: int | None) -> str:
    return "quote ${…} inside braces" + (f": {mended.strip()}" if cut is None else "")
