"""``python -m tests.mutation MODULE --seed N``: a random sample of mutants of one module, and what the tests say."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from . import copies, coverage_map
from .mutants import Mutant, mutants

_START_S = 30.0
_TIMES_USUAL = 10


@dataclass(frozen=True)
class Verdict:
    """What became of one mutant. ``end``: ``passed`` means that it survived, ``not covered`` that no test runs it."""

    fault: str
    line: int
    end: str
    tests: int
    diff: str

    @property
    def is_killed(self) -> bool:
        return self.end in ("failed", "timed out")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    path = _module_path(options.module)
    every = mutants(Path(copies.ROOT, path).read_text("utf-8"))
    sample = random.Random(options.seed).sample(every, min(options.count, len(every)))
    copies.warm_up()
    with copies.copied() as copy:
        files = coverage_map.files_of(options.tests) or coverage_map.default_tests(path)
        found = coverage_map.recorded(copy, files, path)
        verdicts = []
        for mutant in sample:
            verdicts.append(_tried(copy, path, mutant, found, options.seconds))
            if not options.json:
                print(_shown(verdicts[-1]), flush=True)
    killed = sum(verdict.is_killed for verdict in verdicts)
    if options.json:
        figures = {"module": path, "seed": options.seed, "mutants": len(every), "killed": killed}
        print(json.dumps({**figures, "sample": [asdict(verdict) for verdict in verdicts]}, indent=2))
    else:
        print(f"{path}: {killed} of {len(sample)} mutants killed (seed {options.seed}, of {len(every)} in all)")
    return 0 if killed == len(sample) else 1


def _tried(copy: Path, path: str, mutant: Mutant, found: coverage_map.CoverageMap, most_s: float) -> Verdict:
    """Run the tests that execute the mutant's lines until one fails, as many as usually take ``most_s`` seconds."""
    chosen, usual_s = [], 0.0
    for test in found.covering(path, mutant.lines):
        if chosen and usual_s + test.seconds > most_s:
            continue
        chosen.append(test.name)
        usual_s += test.seconds
    end = "not covered"
    if chosen:
        limit_s = _START_S + _TIMES_USUAL * usual_s
        with copies.replaced(copy, path, mutant.text):
            end = copies.run_tests(copy, ["-x", *chosen], limit_s, copy.parent / "output.txt")
    return Verdict(mutant.name, mutant.lines.start, end, len(chosen), mutant.diff)


def _shown(verdict: Verdict) -> str:
    killed = {"failed": "killed", "timed out": "killed (time limit)", "passed": "SURVIVED"}
    line = f"line {verdict.line}: {verdict.fault}: {killed.get(verdict.end, 'SURVIVED (not covered)')}"
    return line if verdict.is_killed else f"{line}, {verdict.tests} tests\n{verdict.diff}"


def _module_path(module: str) -> str:
    """``provisioner.x.y``, ``x/y`` or a path, as a path in the repository."""
    path = module.removesuffix(".py").replace(".", "/").removeprefix("provisioner/")
    found = f"provisioner/{path}.py"
    if not Path(copies.ROOT, found).is_file():
        sys.exit(f"{module}: no such module, since {found} does not exist; name one as comparison/merging")
    return found


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("module", metavar="MODULE", help="a module of the package, for example comparison/merging")
    parser.add_argument("--seed", type=int, required=True, help="which sample: the same number gives the same mutants")
    parser.add_argument("--count", type=int, default=12, help="number of mutants (default: 12)")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="usual duration of the tests of one mutant, at most"
    )
    parser.add_argument("--tests", nargs="+", default=[], metavar="PATH", help="only tests in these files and folders")
    parser.add_argument("--json", action="store_true", help="print the result as JSON, with a diff of each mutant")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
