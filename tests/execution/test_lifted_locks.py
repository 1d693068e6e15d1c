"""Azure takes its time to forget a management lock, and does not show them to everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from provisioner.simulator import Settings
from provisioner.simulator.faults.apply import applied
from provisioner.simulator.faults.reading import parse_faults
from provisioner.simulator.state.cloud_state import SUBSCRIPTION_ID
from tests import harness
from tests.harness import actions, failures
from tests.kinds.specs import GROUP, HEAD

ADDRESS = "network: {public_ips: {front: {}}}\n"
SPEC = HEAD + ADDRESS + "locks: {keep: {level: cannot_delete}}\n"
SCOPE = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/{GROUP}"
MESSAGE = f"The scope 'x' cannot perform delete operation because following scope(s) are locked: '{SCOPE}'."
STILL_LOCKED = f"""\
rules:
  - type: Microsoft.Network/publicIPAddresses
    operation: delete
    times: 2
    answer: {{status: 409, code: ScopeLocked, message: "{MESSAGE}"}}
"""
HIDDEN = """\
rules:
  - type: Microsoft.Authorization/locks
    operation: list
    nth: [1, 3, 5]
    answer: {status: 403, code: AuthorizationFailed, message: "No."}
"""


def troubled(text: str) -> dict[str, Any]:
    chosen = applied(parse_faults(text), Settings(time_scale=0.003))
    return {name: getattr(chosen, name) for name in chosen.__dataclass_fields__}


async def test_a_delete_waits_until_azure_has_forgotten_the_lock(tmp_path: Path) -> None:
    async with harness.world(tmp_path, **troubled(STILL_LOCKED)) as world:
        await world.apply(SPEC)
        assert failures(await world.apply(HEAD)) == []
        assert [event.detail for event in world.events if event.phase == "retrying"] == ["ScopeLocked", "ScopeLocked"]


async def test_a_lock_that_nobody_lifted_is_told_at_once(tmp_path: Path) -> None:
    async with harness.world(tmp_path, **troubled(STILL_LOCKED)) as world:
        await world.apply(HEAD + ADDRESS)
        (told,) = failures(await world.apply(HEAD))
        assert "ScopeLocked" in told
        assert not [event for event in world.events if event.phase == "retrying"]


async def test_who_may_not_list_all_locks_still_sees_those_of_the_group(tmp_path: Path) -> None:
    async with harness.world(tmp_path, **troubled(HIDDEN)) as world:
        await world.apply(SPEC)
        assert not (await world.plan(SPEC)).pending
        assert actions(await world.plan(HEAD + ADDRESS)) == {"management_lock/keep": "delete"}
