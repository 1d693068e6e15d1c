"""Fixtures that every test may use."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.harness import World

ROOT = Path(__file__).parent.parent


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A fresh embedded cloud and a session on it."""
    from tests import harness

    async with harness.world(tmp_path) as found:
        yield found


@pytest.fixture(scope="session", autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What commands keep about themselves (journals) goes to a folder of the tests'."""
    folder = tmp_path_factory.mktemp("state")
    os.environ["XDG_STATE_HOME"] = str(folder)
    return folder


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return ROOT


_ANY_SPEED = settings(deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("same", _ANY_SPEED, derandomize=True)
settings.register_profile("search", _ANY_SPEED, print_blob=True)
settings.load_profile("same")
"""A change is judged by what it changes: each run tries the same examples, `--hypothesis-profile search` new ones."""


def pytest_configure(config: pytest.Config) -> None:
    """Let signals that this process ignores (as under ``nohup … &``) come to the commands that tests start.

    What is ignored is inherited by every process that is started; a handler is not, and does the same here.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


OPT_IN = ("live", "slow", "clients", "fuzz", "package")
"""Markers of tests that run only when `-m` names them."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asked = str(config.getoption("-m"))
    left = [item for item in items if any(item.get_closest_marker(name) and name not in asked for name in OPT_IN)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected files of tests/golden")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are rewritten."""
    return bool(request.config.getoption("--update-golden"))
