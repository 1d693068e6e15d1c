"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.harness import World

ROOT = Path(__file__).parent.parent


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A fresh embedded cloud and a session on it."""
    from tests import harness

    async with harness.world(tmp_path) as found:
        yield found


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return ROOT


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected files of tests/golden")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are rewritten."""
    return bool(request.config.getoption("--update-golden"))
