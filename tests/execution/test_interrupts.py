"""An interrupt in the middle of a run: what has begun is brought to its end, and nothing else starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provisioner.execution.executor import Executor
from provisioner.spec import parameters
from provisioner.spec.secrets.secrets import Secrets
from tests import harness
from tests.harness import World, failures
from tests.kinds.specs import HEAD, NETWORK, machine

SETUP = '    extensions: {setup: {publisher: A.B, type: C, version: "1.0"}}\n'
REPLACED = HEAD + NETWORK + "availability_sets: {set: {fault_domains: 2}}\n"
REPLACED += machine("    availability_set: set\n" + SETUP)
LET_GO = f"{HEAD}{NETWORK}  public_ips: {{out: {{zones: [1]}}}}\n"
LET_GO += "  interfaces: {nic: {subnet: net/front, public_ip: out}}\n"


class Interrupt:
    """Stops an executor at the first request of a method to a path."""

    def __init__(self, method: str, end: str) -> None:
        self._method, self._end = method, end
        self.executor: Executor | None = None

    def __call__(self, call: Any) -> None:
        if self.executor is not None and call.method == self._method and call.path.lower().endswith(self._end):
            self.executor.stop()


async def _interrupted(world: World, interrupt: Interrupt, text: str, parallelism: int | None = None) -> dict[str, str]:
    """The outcomes of an apply that is interrupted, by address."""
    loaded, plan = world.load(text), await world.plan(text)
    secrets = Secrets(loaded.spec.document, loaded.spec.secrets, parameters.Given({}, {}, harness.ENVIRONMENT))
    operations, scale = world.session.operations, world.session.time_scale
    executor = Executor(plan, operations, secrets.reveal, world.events.append, scale, seed=1, parallelism=parallelism)
    interrupt.executor = executor
    results = await executor.run()
    interrupt.executor = None
    assert failures(results) == []
    return {item.change.address: item.outcome for item in results if item.outcome != "unchanged"}


async def test_what_is_deleted_with_a_replaced_machine_is_created_again(tmp_path: Path) -> None:
    interrupt = Interrupt("DELETE", "/web")
    async with harness.world(tmp_path, interceptors=(interrupt,)) as world:
        assert failures(await world.apply(REPLACED)) == []
        changed = REPLACED.replace("fault_domains: 2", "fault_domains: 3")
        found = await _interrupted(world, interrupt, changed)
        assert found == dict.fromkeys(["availability_sets/set", "vms/web", "vms/web/extensions/setup"], "succeeded")
        assert not (await world.plan(changed)).pending


@pytest.mark.parametrize("parallelism", [None, 1])
async def test_an_interface_that_let_go_of_an_address_gets_it_again(tmp_path: Path, parallelism: int | None) -> None:
    interrupt = Interrupt("PUT", "/nic")
    async with harness.world(tmp_path, interceptors=(interrupt,)) as world:
        assert failures(await world.apply(LET_GO)) == []
        changed = LET_GO.replace("[1]", "[2]")
        found = await _interrupted(world, interrupt, changed, parallelism)
        assert found == dict.fromkeys(["network/public_ips/out", "network/interfaces/nic"], "succeeded")
        assert not (await world.plan(changed)).pending
