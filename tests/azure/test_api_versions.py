"""A cloud that does not know the API versions of the SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.azure.api_versions import choice
from provisioner.simulator import read_log
from tests import harness
from tests.harness import failures
from tests.kinds.specs import HEAD, NETWORK, machine

SPEC = (
    HEAD
    + NETWORK
    + "identities: {app: {}}\nrole_grants: {read: {role: Reader, to: [identities/app]}}\n"
    + machine("    extensions: {one: {publisher: A.B, type: C, version: '1.0'}}\n")
)


async def test_a_cloud_that_is_behind_is_spoken_to_in_versions_that_it_knows(tmp_path: Path) -> None:
    state = tmp_path / "cloud.sqlite"
    async with harness.world(tmp_path, state_path=state, newest_api_version="2022-09-01") as world:
        assert failures(await world.apply(SPEC)) == []
        assert not (await world.plan(SPEC)).pending
        assert failures(await world.destroy(SPEC)) == []
    refused = [entry.path.partition("?")[0].lower() for entry in read_log(state) if entry.status == 400]
    assert refused
    assert len(refused) < len(list(read_log(state))) / 2


@pytest.mark.parametrize(
    ("refused", "known", "taken"),
    [
        ("2026-04-01", ["2026-06-01", "2025-04-01", "2025-05-01-preview", "2024-07-01"], "2025-04-01"),
        ("2026-04-01", ["2026-06-01", "2026-08-01"], "2026-06-01"),
        ("2026-04-01", ["2025-05-01-preview"], ""),
        ("2026-04-01", ["2026-04-01", "2025-04-01"], ""),
    ],
)
def test_the_newest_stable_version_before_it_is_taken(refused: str, known: list[str], taken: str) -> None:
    assert choice(refused, known) == taken
