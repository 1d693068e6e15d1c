"""A plugin of pytest: which test runs which lines of the package, how long it takes, and whether it passes.

Out: ``{test ID: {"seconds", "passed", "lines": {path in the repository: [line]}}}`` as JSON in the file that the
environment variable ``MUTATION_RECORD`` names. What a test runs in another process is not seen.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import coverage
import pytest


class Recorder:
    """One coverage measurement whose context is the test that runs."""

    def __init__(self, package: Path) -> None:
        self._package = package
        self._coverage = coverage.Coverage(data_file=None, include=[f"{package}/*"], config_file=False)
        self._tests: dict[str, dict[str, Any]] = {}
        self._coverage.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._coverage.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = self._tests.setdefault(report.nodeid, {"seconds": 0.0, "passed": True, "lines": {}})
        found["seconds"] = round(found["seconds"] + report.duration, 3)
        found["passed"] &= report.passed

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        data = self._coverage.get_data()
        for file in data.measured_files():
            path = Path(file).relative_to(self._package.parent).as_posix()
            for line, contexts in data.contexts_by_lineno(file).items():
                for context in contexts:
                    if context in self._tests:
                        self._tests[context]["lines"].setdefault(path, []).append(line)
        Path(os.environ["MUTATION_RECORD"]).write_text(json.dumps(self._tests), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder(config.rootpath / "provisioner"), "mutation recorder")
