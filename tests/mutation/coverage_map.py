"""Which tests run which lines, recorded once and kept in the user's cache folder.

A test file is recorded again when it, or a module that one of its tests runs, has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from . import copies

_SIMULATOR = "simulator"
_OTHER_PROCESSES = ("benchmarks", "chaos", "clients", "docs", "end_to_end", "fuzz", "mutation")
"""Folders whose tests run commands in processes, which the recorder does not see, or are slow by purpose."""
_LONGEST_S = 3600


@dataclass(frozen=True)
class Covering:
    """A test that runs a line."""

    name: str
    seconds: float


class CoverageMap:
    """In memory: ``{test file: {"digest", "modules": {path: digest}, "tests": …}}``; see ``recorder`` for the tests."""

    def __init__(self, files: dict[str, Any]) -> None:
        self._files = files

    def covering(self, path: str, lines: range) -> list[Covering]:
        """The tests that pass and run one of the lines: those of the module's own package first, then the quick ones.

        A line that runs at import belongs to no test: then all count that run anything in the module.
        """
        tests = [
            (name, test, set(test["lines"].get(path, ())))
            for found in self._files.values()
            for name, test in found["tests"].items()
            if test["passed"]
        ]
        hit = [item for item in tests if item[2] & set(lines)] or [item for item in tests if item[2]]
        own = f"tests/{path.split('/')[1]}/"
        hit.sort(key=lambda item: (not item[0].startswith(own), item[1]["seconds"], item[0]))
        return [Covering(name, test["seconds"]) for name, test, _ in hit]


def default_tests(module: str) -> list[str]:
    """The files of tests that run in this process; those of the simulator count for its own modules only."""
    left_out = {*_OTHER_PROCESSES, *(() if f"/{_SIMULATOR}/" in module else (_SIMULATOR,))}
    tests = copies.ROOT / "tests"
    folders = [path for path in sorted(tests.iterdir()) if path.is_dir() and path.name not in left_out]
    return files_of([str(folder) for folder in folders])


def files_of(arguments: Sequence[str]) -> list[str]:
    """The test files at and in some paths."""
    found = [Path(copies.ROOT, argument) for argument in arguments]
    every = [path for entry in found for path in (sorted(entry.rglob("test_*.py")) if entry.is_dir() else [entry])]
    return [path.relative_to(copies.ROOT).as_posix() for path in every]


def recorded(copy: Path, files: Sequence[str], module: str) -> CoverageMap:
    """The map of some test files, for one module; what is not in the cache is recorded in the copy."""
    cache = _cache_file()
    known: dict[str, Any] = json.loads(cache.read_text("utf-8")) if cache.exists() else {}
    stale = [file for file in files if not _is_recent(known.get(file), copy, file, module)]
    if stale:
        print(f"recording which lines {len(stale)} test files run", file=sys.stderr, flush=True)
        output = copy.parent / "record.json"
        os.environ["MUTATION_RECORD"] = str(output)
        arguments = [*stale, "-p", "tests.mutation.recorder"]
        copies.run_tests(copy, arguments, _LONGEST_S, copy.parent / "output.txt")
        if not output.exists():
            raise SystemExit(f"the tests did not run:\n{(copy.parent / 'output.txt').read_text('utf-8')[-4000:]}")
        tests = json.loads(output.read_text("utf-8"))
        for file in stale:
            own = {name: test for name, test in tests.items() if name.partition("::")[0] == file}
            modules = {path for test in own.values() for path in test["lines"]}
            known[file] = {
                "digest": _digest(copy / file),
                "modules": {path: _digest(copy / path) for path in sorted(modules)},
                "tests": own,
            }
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text(json.dumps(known), "utf-8")
    return CoverageMap({file: known[file] for file in files})


def _is_recent(entry: Any, copy: Path, file: str, module: str) -> bool:
    if entry is None or entry["digest"] != _digest(copy / file):
        return False
    return bool(entry["modules"].get(module) in (None, _digest(copy / module)))


def _cache_file() -> Path:
    """One for each place of the repository: it is outside of it."""
    place = hashlib.sha256(str(copies.ROOT).encode()).hexdigest()[:12]
    return Path(platformdirs.user_cache_dir("provisioner-mutation")) / f"{place}.json"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16] if file.exists() else ""
