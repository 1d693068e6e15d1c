"""A YAML file: its text, its nodes, and places in it.

In: bytes of a file. Out: a ``Source`` with its nodes, or a diagnostic of what makes the file unreadable: not text, too
large, too deep, no YAML. Every node knows its source: the parser names each mark after the stream that it reads.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import cast

import yaml

from ...base import files
from ...base.diagnostics import SourceLocation, SpecError, UnreadableFileError
from ...base.files import MAX_BYTES
from ...base.reporting import error
from . import sensitive

MAX_DEPTH = 60
_SPLIT = "split the spec with `include:`, or declare entries with `count:`"
_LONGEST_MENDED = 500
"""Characters of a line that a hint shows mended."""
_OPENERS = re.compile(r"[\[{]|^[ \t]*(?:- )+|\n[ \t]*(?:- )+")


@dataclass(eq=False)
class Source:
    """One file. ``parameters`` are those of an included file, which has its own."""

    file: str
    lines: list[str]
    root: yaml.Node | None = None
    parameters: Mapping[str, object] | None = None
    _secrets: sensitive.Secrets | None = field(default=None, repr=False)
    _cut: dict[int, str] = field(default_factory=dict, repr=False)

    @property
    def directory(self) -> FilePath:
        return FilePath(self.file).parent

    def at(self, line: int, column: int) -> SourceLocation:
        """A location from 0-based line and column; its text ends where a secret begins."""
        text = self.lines[line] if 0 <= line < len(self.lines) else ""
        cut = self.secrets.cuts.get(line)
        if cut is None:
            return SourceLocation(self.file, line + 1, column + 1, text)
        if line not in self._cut:
            self._cut[line] = f"{text[:cut]}{sensitive.CUT}"
        return SourceLocation(self.file, line + 1, column + 1, self._cut[line] if column <= cut else "")

    @property
    def secrets(self) -> sensitive.Secrets:
        """Where secrets stand in the clear; found when a diagnostic asks for the first time."""
        if self._secrets is None:
            self._secrets = sensitive.find(self.root) if self.root is not None else sensitive.Secrets()
        return self._secrets


class _Stream(io.BytesIO):
    """Bytes with the name that the parser gives to the marks of what it reads in them."""

    name: Source


def of(node: yaml.Node) -> Source:
    """The file that a node stands in."""
    return cast(Source, node.start_mark.name)


def place(node: yaml.Node) -> SourceLocation:
    """Where a node begins."""
    return of(node).at(node.start_mark.line, node.start_mark.column)


def read(file: str, may_say_nothing: bool = False) -> Source:
    """Read and parse a YAML file.

    Raises:
        UnreadableFileError: the file is missing, a directory, or not permitted.
        SpecError: it is empty, not UTF-8 text, too large, or no YAML.
    """
    return parse(read_bytes(file), file, may_say_nothing)


def read_bytes(file: str) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableFileError: the file is missing, a directory, a device, a named pipe, or not permitted.
        SpecError: it is too large.
    """
    try:
        if os.path.isdir(file):
            raise UnreadableFileError(f"{file}: is a directory; pass a YAML file")
        return files.read(file)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.EFBIG:
            raise _too_large(file) from error
        why = error.strerror if isinstance(error, OSError) else None
        raise UnreadableFileError(f"{file}: {why or error}") from error


def parse(raw: bytes, file: str, may_say_nothing: bool = False) -> Source:
    """Parse the bytes of a YAML file; ``file`` names it in diagnostics.

    With ``may_say_nothing`` a file of comments alone is an empty mapping.

    Raises:
        SpecError: as for ``read``.
    """
    if len(raw) > MAX_BYTES:
        raise _too_large(file)
    text = _decode(raw, file)
    source = Source(file, text.splitlines())
    _refuse_depth(text, file)
    stream = _Stream(text.encode())
    stream.name = source
    try:
        # Nodes, not values: YAML 1.1 would read `no` as false and 22:30 as a number.
        source.root = yaml.compose(stream, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as why:
        raise _syntax_error(why, source.lines, file) from why
    except yaml.reader.ReaderError as why:
        raise _bad_character(why, text, source.lines, file) from why
    except (yaml.YAMLError, RecursionError) as why:
        raise SpecError([error("PV1003", f"this is not YAML: {why}", _top(file), hint="correct the file")]) from why
    if source.root is None and may_say_nothing and text.strip():
        nothing = _Stream(b"{}")
        nothing.name = source
        source.root = yaml.compose(nothing, Loader=yaml.CSafeLoader)
    if source.root is None:
        hint = "run `provisioner init --force FILE` to write a starter spec"
        raise SpecError([error("PV1001", "the file is empty", _top(file), hint=hint)])
    return source


def _decode(raw: bytes, file: str) -> str:
    # The byte order marks of UTF-16 and of UTF-32: Windows editors write them.
    if raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise SpecError([error("PV1010", "the file is not UTF-8", _top(file), hint="save it as UTF-8")])
    if b"\x00" in raw:
        raise SpecError([error("PV1010", "the file is binary, not text", _top(file), hint="pass a YAML file")])
    # The parser does not count the mark, and a shown line would have it: the caret would be off by one.
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode()
    except UnicodeDecodeError as why:
        line, column = _behind(raw[: why.start])
        location = SourceLocation(file, line + 1, column + 1)
        reason = f"The byte 0x{raw[why.start]:02x} is not valid UTF-8."
        raise SpecError(
            [error("PV1010", "the file is not UTF-8", location, reason=reason, hint="save it as UTF-8")]
        ) from why


def _too_large(file: str) -> SpecError:
    return SpecError([error("PV1002", f"the file is larger than {files.size(MAX_BYTES)}", _top(file), hint=_SPLIT)])


def _top(file: str) -> SourceLocation:
    return SourceLocation(file, 1, 1)


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
    # Far above MAX_DEPTH, which is exact: brackets in texts and comments are counted here too.
    if max(deepest, dashes, indents) > 1000:
        hint = "check where the file comes from"
        raise SpecError([error("PV1005", "the document is nested too deeply", _top(file), hint=hint)])


def _indent_depth(text: str) -> int:
    widest = max((len(run) for run in re.findall(r"^ {1000,}", text, re.MULTILINE)), default=0)
    return widest


def _syntax_error(why: yaml.MarkedYAMLError, lines: list[str], file: str) -> SpecError:
    mark = why.problem_mark or why.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    location = in_text(sensitive.Guess(lines), line, column, file)
    problem = why.problem or "cannot be parsed"
    reason = why.context or ""
    if reason and why.context_mark:
        reason = f"{reason[0].upper()}{reason[1:]} that began at line {why.context_mark.line + 1}."
    hint = _syntax_hint(lines, line, problem) or "correct the syntax at this line"
    return SpecError([error("PV1003", f"not valid YAML: {problem}", location, reason=reason, hint=hint)])


def _bad_character(why: yaml.reader.ReaderError, text: str, lines: list[str], file: str) -> SpecError:
    """A character that YAML does not allow; the parser counts bytes from the beginning."""
    line, column = _behind(text.encode()[: why.position])
    location = in_text(sensitive.Guess(lines), line, column, file)
    reason = f"YAML allows no control characters, and U+{why.character:04X} is one."
    return SpecError(
        [error("PV1003", "not valid YAML: a character that is not text", location, reason=reason, hint="remove it")]
    )


def _behind(before: bytes) -> tuple[int, int]:
    """Line and column of what follows a text."""
    lines = f"{before.decode(errors='ignore')}.".splitlines()
    return len(lines) - 1, len(lines[-1]) - 1


def in_text(guess: sensitive.Guess, line: int, column: int, file: str) -> SourceLocation:
    """A place in a file of which nothing is known; what looks like a secret is not shown."""
    text = guess.lines[line] if line < len(guess.lines) else ""
    cut = guess.cut(line) if text else None
    if cut is not None:
        text = f"{text[:cut]}{sensitive.CUT}" if column <= cut else ""
    return SourceLocation(file, line + 1, column + 1, text)


def _syntax_hint(lines: list[str], line: int, problem: str) -> str:
    for at in (line, line - 1):
        text = lines[at] if 0 <= at < len(lines) and len(lines[at]) <= _LONGEST_MENDED else ""
        mended = _quote_expressions(text)
        if mended != text:
            return _mended_hint(mended, sensitive.Guess(lines).cut(at))
        star = re.sub(r"(:\s+|[\[,]\s*)\*(?=\s*([,}\]#]|$))", r'\1"*"', text)
        if star != text:
            return f"quote the asterisk: {star.strip()}"
    if "\\t" in problem or (0 <= line < len(lines) and "\t" in lines[line]):
        return "indent with spaces; YAML allows no tabs"
    if "undefined alias" in problem:
        return "write `&name` at the value to repeat, or put text that begins with * into quotes"
    return ""


def _quote_expressions(text: str) -> str:
    """A line with the bare ``${…}`` values inside its flow braces put into quotes."""
    if not re.search(r"[{\[][^\"']*\$\{", text):
        return text
    return re.sub(r"(?<![\"'\w$}])((?:[\w./-]*\$\{[^}\"']*\}[\w./-]*)+)(?![\"'])", r'"\1"', text)


def braces_hint(node: yaml.Node) -> str:
    """What to write where `${…}` stands bare inside of braces; empty where it does not."""
    source, line = of(node), node.start_mark.line
    text = source.lines[line] if line < len(source.lines) else ""
    mended = _quote_expressions(text) if len(text) <= _LONGEST_MENDED else text
    return _mended_hint(mended, source.secrets.cuts.get(line)) if mended != text else ""


def _mended_hint(mended: str, cut: int | None) -> str:
    return "quote ${…} inside braces" + (f": {mended.strip()}" if cut is None else "")
