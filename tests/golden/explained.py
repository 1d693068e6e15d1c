"""The bad and the good spec of each code, from the ``example`` of its ``Rule``, which says how it is written.

``overlay.yaml`` is merged over the spec. What only ``plan`` finds is planned in an embedded cloud in which
``first.yaml`` and ``before.yaml`` were applied, with the faults of ``faults.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from provisioner.report.diagnostic_catalog import rules

HEAD = [" version: 1", " deployment: demo", " location: westus2", " resource_group: demo"]
"""What an example without a version begins with."""
MAIN = "spec.yaml"
OVERLAY = "overlay.yaml"
APPLIED = ("first.yaml", "before.yaml")
FAULTS = "faults.yaml"
_OF_A_PLAN = "PV3"


@dataclass(frozen=True)
class Example:
    """Marked lines by file name."""

    files: dict[str, list[str]]

    def write(self, folder: Path, good: bool) -> list[str]:
        """Write the bad or the good files; the names for the command line."""
        for name, lines in self.files.items():
            kept = [line[1:] for line in lines if line[:1] != ("-" if good else "+")]
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("".join(f"{line}\n" for line in kept), "utf-8")
        return [name for name in (MAIN, OVERLAY) if name in self.files]

    def text(self, name: str) -> str:
        """A file that is the same in both."""
        return "\n".join(line[1:] for line in self.files[name])

    def changed(self) -> str:
        """The changed lines, those next to them and those that they stand under, as the body of a diff."""
        shown = {name: _around(lines) for name, lines in self.files.items()}
        shown = {name: lines for name, lines in shown.items() if lines}
        is_main = list(shown) == [MAIN]
        return "\n".join(line for name, lines in shown.items() for line in ([] if is_main else [f" # {name}"]) + lines)


def read(code: str) -> Example:
    files: dict[str, list[str]] = {MAIN: []}
    name = MAIN
    for line in rules()[code].example.strip("\n").split("\n"):
        if line.startswith("=== "):
            name = line.removeprefix("=== ")
            files[name] = []
        else:
            files[name].append(line or " ")
    if not any("version: 1" in line for line in files[MAIN]):
        files[MAIN][:0] = HEAD
    return Example(files)


def commands(code: str, example: Example, names: list[str]) -> list[list[str]]:
    """What is run on the files; the last of them tells the mistake."""
    if not code.startswith(_OF_A_PLAN):
        return [["validate", "--strict", *names]]
    local = ["--cloud", "local", "--local-state", "cloud.sqlite", "--time-scale", "0"]
    made = [["apply", name, "--yes", *local] for name in APPLIED if name in example.files]
    faults = ["--faults", FAULTS] if FAULTS in example.files else []
    return [*made, ["plan", "--check-sizes", *names, *local, *faults]]


def codes() -> list[str]:
    return [code for code, rule in rules().items() if rule.example]


def _around(lines: list[str]) -> list[str]:
    kept: set[int] = set()
    for index, line in enumerate(lines):
        if line[0] != " ":
            kept |= {index, *_above(lines, index)}
            kept |= {near for near in (index - 1, index + 1) if 0 <= near < len(lines)}
    return [lines[index] for index in sorted(kept)]


def _above(lines: list[str], index: int) -> set[int]:
    """The lines that a line stands under, by their indent."""
    found = set()
    indent = _indent(lines[index])
    for above in range(index - 1, -1, -1):
        if _indent(lines[above]) < indent:
            found.add(above)
            indent = _indent(lines[above])
    return found


def _indent(line: str) -> int:
    return len(line) - 1 - len(line[1:].lstrip(" "))
