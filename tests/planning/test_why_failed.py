"""What failed says why: in the plan that mends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from provisioner.commands import consent
from provisioner.commands.options import Consent
from provisioner.simulator.errors import ArmError
from provisioner.simulator.state.operations import Operation
from tests import harness
from tests.execution.test_recovery import troubled
from tests.harness import actions, failures, only
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

SPEC = HEAD + NETWORK + machine('    extensions: {setup: {publisher: A.B, type: C, version: "1.0"}}\n')
LATE = "OS Provisioning for VM 'web' did not finish in the allotted time."
BROKEN = "VM has reported a failure when processing extension 'setup'. Error message: Enable failed."


async def test_a_failed_machine_and_a_failed_extension_are_told_with_azures_reason(tmp_path: Path) -> None:
    trouble = {"/virtualMachines/web": ArmError(409, "OSProvisioningTimedOut", LATE)}

    def outcome(operation: Operation) -> ArmError | None:
        return next((error for end, error in trouble.items() if operation.target.endswith(end)), None)

    written: list[str] = []

    def watch(call: Any) -> None:
        if call.method != "GET" and "/extensions/" in call.path:
            written.append(f"{call.method} {call.path.rpartition('/')[2]}")

    async with harness.world(tmp_path, operation_outcome=outcome, interceptors=(watch,)) as world:
        assert failures(await world.apply(SPEC)) != []
        plan = await world.plan(SPEC)
        changes = {change.address: change for change in plan.pending}
        assert actions(plan)["vms/web"] == "replace"
        assert changes["vms/web"].reason == (
            f"its last operation did not succeed: OSProvisioningTimedOut: {LATE.removesuffix('.')}; its operating "
            "system can be provisioned only once"
        )
        assert changes["vms/web"].impact == "data-loss"
        assert not consent.given(plan, Consent(yes=True))

        trouble.clear()
        trouble["/extensions/setup"] = ArmError(409, "VMExtensionProvisioningError", BROKEN)
        assert failures(await world.apply(SPEC)) != []
        plan = await world.plan(SPEC)
        assert actions(plan) == {"vms/web/extensions/setup": "replace"}
        assert plan.pending[0].reason == (
            f"its last operation did not succeed: {BROKEN.removesuffix('.')}; a failed extension is deleted and "
            "installed again"
        )
        assert plan.pending[0].impact == "live"
        assert consent.given(plan, Consent(yes=True))

        trouble.clear()
        written.clear()
        assert failures(await world.apply(SPEC)) == []
        assert written == ["DELETE setup", "PUT setup"]
        assert not (await world.plan(SPEC)).pending


ROOM = "Allocation failed. We do not have sufficient capacity for the requested VM size in this region."
KEPT = SPEC.replace("{setup: {", "{setup: {lifecycle: {prevent_destroy: true}, ")


async def test_what_was_provisioned_or_may_not_be_deleted_is_written_again(tmp_path: Path) -> None:
    trouble = {"/virtualMachines/web": ArmError(409, "AllocationFailed", ROOM)}

    def outcome(operation: Operation) -> ArmError | None:
        return next((error for end, error in trouble.items() if operation.target.endswith(end)), None)

    async with harness.world(tmp_path, operation_outcome=outcome) as world:
        assert failures(await world.apply(SPEC)) != []
        plan = await world.plan(SPEC)
        assert actions(plan)["vms/web"] == "update"
        assert plan.pending[0].reason == f"its last operation did not succeed: AllocationFailed: {ROOM}"
        (body,) = plan.bodies(plan.pending[0])
        assert set(body) == {"tags", "properties"}
        assert body["properties"]["hardwareProfile"] == {"vmSize": "Standard_B1s"}
        assert "storageProfile" not in body["properties"]

        trouble.clear()
        trouble["/extensions/setup"] = ArmError(409, "VMExtensionProvisioningError", BROKEN)
        assert failures(await world.apply(KEPT)) != []
        assert actions(await world.plan(KEPT)) == {"vms/web/extensions/setup": "update"}
        never = KEPT.replace("prevent_destroy: true", "replace: never, prevent_destroy: false")
        assert actions(await world.plan(never)) == {"vms/web/extensions/setup": "update"}


async def test_what_a_lock_keeps_from_being_deleted_is_written_again(tmp_path: Path) -> None:
    broken = ArmError(409, "VMExtensionProvisioningError", BROKEN)

    def outcome(operation: Operation) -> ArmError | None:
        return broken if operation.target.endswith("/extensions/setup") else None

    async with harness.world(tmp_path, operation_outcome=outcome) as world:
        assert failures(await world.apply(SPEC)) != []
        assert actions(await world.plan(SPEC)) == {"vms/web/extensions/setup": "replace"}
        locked = {"properties": {"level": "CanNotDelete"}}
        await world.arm("PUT", f"/resourceGroups/{GROUP}/providers/Microsoft.Authorization/locks/keep", locked)
        assert actions(await world.plan(SPEC)) == {"vms/web/extensions/setup": "update"}


async def test_a_machine_that_could_not_be_started_has_the_disk_that_it_had(tmp_path: Path) -> None:
    spec = HEAD + NETWORK + machine("    os_disk: {sku: Premium_LRS, size_gb: 64}\n")
    rule = "{operation: start, fail: AllocationFailed}"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        assert failures(await world.apply(spec)) == []
        identity = world.in_group(GROUP, "Microsoft.Compute/virtualMachines", "web")
        for verb in ("deallocate", "start"):
            await world.arm("POST", f"{identity}/{verb}")
        change = only(await world.plan(spec), "vms/web")
        assert "AllocationFailed" in change.reason
        assert change.differences == ()
