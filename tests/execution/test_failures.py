"""What goes wrong while a plan is carried out: one branch stops, the rest goes on, the next apply takes over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from provisioner.simulator.errors import ArmError
from tests import harness
from tests.harness import World, failures
from tests.kinds.specs import HEAD, NETWORK, machine

SPEC = HEAD + NETWORK + "identities: {app: {}}\n" + machine("    identity: {system_assigned: true}\n")
SPEC += "role_grants: {read: {role: Reader, to: [vms/web, identities/app]}}\n"


class Trouble:
    """Refuses writes to a type, the first ``times`` of them."""

    def __init__(self, word: str, status: int, code: str, times: int = 10**6) -> None:
        self.word, self.status, self.code, self.times = word, status, code, times

    def __call__(self, call: Any) -> None:
        if call.method in ("PUT", "PATCH") and self.word in call.path.lower() and self.times > 0:
            self.times -= 1
            raise ArmError(self.status, self.code, "Refused by the test.")


async def test_a_failure_stops_its_branch_only_and_tells_the_root_cause_once(tmp_path: Path) -> None:
    trouble = Trouble("/networkinterfaces/", 400, "InvalidParameter")
    async with harness.world(tmp_path, interceptors=(trouble,)) as world:
        results = await world.apply(SPEC)
        outcomes = {item.change.address: (item.outcome, item.caused_by) for item in results}
        assert outcomes["vms/web/interfaces/nic"] == ("failed", "")
        assert outcomes["vms/web"] == ("skipped", "vms/web/interfaces/nic")
        assert outcomes["role_grants/read/vms/web"] == ("skipped", "vms/web/interfaces/nic")
        assert outcomes["role_grants/read/identities/app"] == ("succeeded", "")
        (failed,) = [item.failure for item in results if item.failure is not None]
        assert (failed.code, failed.message, bool(failed.request_id)) == (
            "InvalidParameter",
            "Refused by the test.",
            True,
        )
        trouble.times = 0
        assert failures(await world.apply(SPEC)) == []
        assert not (await world.plan(SPEC)).pending


async def test_what_passes_is_tried_again(tmp_path: Path) -> None:
    trouble = Trouble("/publicipaddresses/", 409, "AnotherOperationInProgress", times=3)
    spec = HEAD + "network: {public_ips: {out: {}}}\n"
    async with harness.world(tmp_path, interceptors=(trouble,)) as world:
        assert failures(await world.apply(spec)) == []
        retried = [event.detail for event in world.events if event.phase == "retrying"]
        assert retried == ["AnotherOperationInProgress"] * 3


async def test_a_quota_is_not_tried_again(tmp_path: Path) -> None:
    trouble = Trouble("/virtualmachines/", 409, "OperationNotAllowed")
    async with harness.world(tmp_path, interceptors=(trouble,)) as world:
        results = await world.apply(SPEC)
        assert [text.split(":")[1].strip() for text in failures(results)] == ["OperationNotAllowed"]
        assert not [event for event in world.events if event.phase == "retrying"]


async def test_a_failed_operation_is_repaired_by_the_next_apply(tmp_path: Path) -> None:
    broken = [True]

    def outcome(operation: Any) -> ArmError | None:
        if "virtualmachines" in operation.type.lower() and broken[0]:
            return ArmError(409, "OSProvisioningTimedOut", "OS Provisioning for VM 'web' did not finish in time.")
        return None

    async with harness.world(tmp_path, operation_outcome=outcome) as world:
        results = await world.apply(SPEC)
        assert [text.split(":")[1].strip() for text in failures(results)] == ["OSProvisioningTimedOut"]
        broken[0] = False
        plan = await world.plan(SPEC)
        changes = {change.address: (change.action, change.reason) for change in plan.pending}
        why = "OSProvisioningTimedOut: OS Provisioning for VM 'web' did not finish in time"
        anew = "its operating system can be provisioned only once"
        assert changes["vms/web"] == ("replace", f"its last operation did not succeed: {why}; {anew}")
        assert failures(await world.apply(SPEC)) == []
        assert not (await world.plan(SPEC)).pending


async def test_the_first_interrupt_lets_what_runs_finish(world: World) -> None:
    from provisioner.commands import planning
    from provisioner.execution.executor import Executor

    loaded = world.load(SPEC)
    plan = await planning.make_plan(loaded, world.session)
    executor: Executor

    def stop_at_the_first(event: Any) -> None:
        if event.phase == "started":
            executor.stop()

    executor = Executor(plan, world.session.operations, lambda name: harness.PASSWORD, stop_at_the_first)
    results = await executor.run()
    outcomes = {item.change.address: item.outcome for item in results}
    assert outcomes["resource_group"] == "succeeded"
    assert set(outcomes.values()) == {"succeeded", "cancelled", "skipped"}
    assert failures(await world.apply(SPEC)) == []
    assert not (await world.plan(SPEC)).pending
