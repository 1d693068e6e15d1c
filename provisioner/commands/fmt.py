"""``fmt``: lay specs out the one way; comments and data stay."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..base.diagnostics import SpecError, UnreadableFileError, printable

if TYPE_CHECKING:
    from ..spec.yaml.source import Source

_STDIN = "-"
_CHANGED = 1

HELP = "format specs in the standard layout: order, indents, quotes, blank lines; comments stay"
EXAMPLES = """examples:
  provisioner fmt web.yaml workers.yaml
  provisioner fmt --check *.yaml                                exit 1, and the names of files that would change
  provisioner fmt --diff web.yaml                               show what would change, write nothing
  provisioner fmt - < web.yaml                                  to standard output

A file is written only when its data is the same before and after."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a spec, or - for standard input")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file would change")
    parser.add_argument("--diff", action="store_true", help="write nothing; print what would change")


def run(arguments: argparse.Namespace) -> int:
    found: list[SpecError] = []
    code = 0
    for file in arguments.files:
        try:
            if _format(file, arguments.check, arguments.diff) and arguments.check:
                code = _CHANGED
        except SpecError as error:
            found.append(error)
    if found:
        raise SpecError([item for error in found for item in error.diagnostics])
    return code


def _format(file: str, check: bool, diff: bool) -> bool:
    """Lay one file out; whether that changes it."""
    from ..formatting import layout
    from ..spec.yaml import source as sources

    raw = sys.stdin.buffer.read() if file == _STDIN else sources.read_bytes(file)
    name = "standard input" if file == _STDIN else file
    try:
        text = layout.formatted(raw, name)
    except layout.CannotFormatError as error:
        raise UnreadableFileError(f"{name}: cannot be formatted: {error}") from error
    if _has_windows_ends(raw):
        text = text.replace("\n", "\r\n")
    changed = text.encode() != raw
    if diff and changed:
        print(_difference(name, sources.parse(raw, name), sources.parse(text.encode(), name)), end="")
    if check and changed and not diff:
        print(name)
    if not check and not diff:
        if file == _STDIN:
            print(text, end="")
        elif changed:
            _write(Path(file), text)
            print(file)
    return changed


def _has_windows_ends(raw: bytes) -> bool:
    """Whether every line ends with ``\\r\\n``, as git writes files on Windows: those ends stay."""
    return raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r") > 0


def _difference(name: str, before: Source, after: Source) -> str:
    """Both ways of writing it, without what looks like a secret."""
    lines = difflib.unified_diff(_shown(before), _shown(after), name, f"{name} (formatted)", lineterm="")
    shown = "".join(f"{line}\n" for line in lines)
    return shown or (f"{name}: only lines that are not shown would change, because they might contain a secret\n")


def _shown(source: Source) -> list[str]:
    from ..spec.yaml import sensitive

    cuts = source.secrets.cuts
    return [
        printable(line) if at not in cuts else f"{printable(line[: cuts[at]])}{sensitive.CUT}"
        for at, line in enumerate(source.lines)
    ]


def _write(path: Path, text: str) -> None:
    """Replace a file in one step; it keeps its permissions, and a link stays a link."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode())
        os.chmod(name, target.stat().st_mode & 0o7777)
        os.replace(name, target)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise UnreadableFileError(f"{path}: cannot be written: {error.strerror}") from error
