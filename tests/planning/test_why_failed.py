"""What failed says why: in the plan that mends it."""

from __future__ import annotations

from pathlib import Path

from provisioner.simulator.errors import ArmError
from provisioner.simulator.operations import Operation
from tests import harness
from tests.harness import actions, failures
from tests.kinds.specs import HEAD, NETWORK, machine

SPEC = HEAD + NETWORK + machine('    extensions: {setup: {publisher: A.B, type: C, version: "1.0"}}\n')
LATE = "OS Provisioning for VM 'web' did not finish in the allotted time."
BROKEN = "VM has reported a failure when processing extension 'setup'. Error message: Enable failed."


async def test_a_failed_machine_and_a_failed_extension_are_told_with_azures_reason(tmp_path: Path) -> None:
    trouble = {"/virtualMachines/web": ArmError(409, "OSProvisioningTimedOut", LATE)}

    def outcome(operation: Operation) -> ArmError | None:
        return next((error for end, error in trouble.items() if operation.target.endswith(end)), None)

    async with harness.world(tmp_path, operation_outcome=outcome) as world:
        assert failures(await world.apply(SPEC)) != []
        plan = await world.plan(SPEC)
        changes = {change.address: change for change in plan.pending}
        assert actions(plan)["vms/web"] == "update"
        assert changes["vms/web"].reason == f"its last operation did not succeed: OSProvisioningTimedOut: {LATE}"

        trouble.clear()
        trouble["/extensions/setup"] = ArmError(409, "VMExtensionProvisioningError", BROKEN)
        assert failures(await world.apply(SPEC)) != []
        plan = await world.plan(SPEC)
        assert actions(plan) == {"vms/web/extensions/setup": "update"}
        assert plan.pending[0].reason == f"its last operation did not succeed: {BROKEN}"

        trouble.clear()
        assert failures(await world.apply(SPEC)) == []
        assert not (await world.plan(SPEC)).pending
