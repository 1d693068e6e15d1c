"""Who caused a difference, and how bad the change is."""

from typing import Any

from tests.harness import World, failures, only, paths
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

ADDRESS = "network/public_ips/out"
TYPE = "Microsoft.Network/publicIPAddresses"
MACHINES = "Microsoft.Compute/virtualMachines"


def address(minutes: int) -> str:
    return f"{HEAD}network:\n  public_ips:\n    out: {{idle_timeout_minutes: {minutes}}}\n"


async def test_drift_is_told_from_a_changed_spec(world: World) -> None:
    await world.apply(address(4))
    assert only(await world.plan(address(10)), ADDRESS).cause == "spec"

    def longer(body: Any) -> None:
        body["properties"]["idleTimeoutInMinutes"] = 30

    await world.change(world.in_group(GROUP, TYPE, "out"), longer)
    assert only(await world.plan(address(4)), ADDRESS).cause == "drift"


async def test_a_machine_that_was_updated_remembers_what_the_spec_wanted(world: World) -> None:
    small, large = (HEAD + NETWORK + machine(size=size) for size in ("Standard_B1s", "Standard_B2s"))
    await world.apply(small)
    assert failures(await world.apply(large)) == []

    def smaller(body: Any) -> None:
        body["properties"]["hardwareProfile"]["vmSize"] = "Standard_B1s"

    await world.change(world.in_group(GROUP, MACHINES, "web"), smaller)
    assert only(await world.plan(large), "vms/web").cause == "drift"


async def test_a_hidden_value_that_changed_in_the_spec_is_written_again(world: World) -> None:
    extension = """\
    extensions:
      setup:
        publisher: Microsoft.Azure.Extensions
        type: CustomScript
        version: "2.1"
        protected_settings: {commandToExecute: echo one}
"""
    spec = HEAD + NETWORK + machine(extension)
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending
    changed = spec.replace("echo one", "echo two")
    change = only(await world.plan(changed), "vms/web/extensions/setup")
    assert paths(change) == ["properties.protectedSettings"]
    assert change.cause == "spec"
    assert failures(await world.apply(changed)) == []
    assert not (await world.plan(changed)).pending


async def test_protection_that_the_spec_switches_on_is_nobody_elses_change(world: World) -> None:
    await world.apply(address(4))
    change = only(await world.plan(address(4).replace("{idle", "{lifecycle: {prevent_destroy: true}, idle")), ADDRESS)
    assert paths(change) == ["tags.provisioner-prevent-destroy"]
    assert change.cause == "spec"


async def test_a_new_size_restarts_the_machine_and_says_so(world: World) -> None:
    await world.apply(HEAD + NETWORK + machine())
    change = only(await world.plan(HEAD + NETWORK + machine(size="Standard_D2s_v5")), "vms/web")
    assert (change.impact, change.impact_reason) == ("restart", "a new size restarts the VM")


async def test_a_replaced_machine_loses_data(world: World) -> None:
    spec = HEAD + NETWORK + machine()
    await world.apply(spec)
    change = only(await world.plan(spec.replace("azureuser", "ops")), "vms/web")
    assert (change.action, change.impact) == ("replace", "data-loss")


async def test_tags_have_no_impact_and_a_timeout_is_live(world: World) -> None:
    await world.apply(address(4))
    assert only(await world.plan(address(10)), ADDRESS).impact == "live"
    tagged = address(4).replace("idle", "tags: {team: web}, idle")
    assert only(await world.plan(tagged), ADDRESS).impact == "none"


async def test_a_grant_that_goes_is_an_access_gap(world: World) -> None:
    spec = HEAD + "identities: {app: {}}\n"
    await world.apply(spec + "role_grants: {read: {role: Reader, to: [identities/app]}}\n")
    (change,) = (await world.plan(spec)).pending
    assert (change.action, change.impact) == ("delete", "access-gap")


async def test_a_delete_is_graded_by_what_is_lost(world: World) -> None:
    everything = (
        HEAD
        + NETWORK
        + "  security_groups: {closed: {}}\n"
        + "  public_ips: {out: {}}\n"
        + "  interfaces: {spare: {subnet: net/front}}\n"
        + machine("    data_disks: {data: {lun: 0, size_gb: 4}}\n")
        + "availability_sets: {pair: {}}\n"
        + "roles: {look: {actions: ['*/read'], assignable_scopes: [resource_group]}}\n"
        + "identities: {app: {federated_credentials: {ci: {issuer: 'https://example.com', subject: ci}}}}\n"
        + "role_grants: {read: {role: Reader, to: [identities/app]}}\n"
    )
    assert failures(await world.apply(everything)) == []
    plan = await world.plan(HEAD)
    assert {(change.kind.name, change.impact) for change in plan.pending if change.action == "delete"} == {
        ("virtual_machine", "data-loss"),
        ("managed_disk", "data-loss"),
        ("user_assigned_identity", "data-loss"),
        ("public_ip", "data-loss"),
        ("virtual_network", "replace"),
        ("network_security_group", "replace"),
        ("network_interface", "replace"),
        ("availability_set", "replace"),
        ("role_assignment", "access-gap"),
        ("role_definition", "access-gap"),
        ("federated_identity_credential", "access-gap"),
    }


async def test_a_replaced_address_is_no_loss_and_a_deleted_one_is(world: World) -> None:
    assert failures(await world.apply(address(4).replace("{idle", "{zones: [1], idle"))) == []
    replaced = only(await world.plan(address(4).replace("{idle", "{zones: [2], idle")), ADDRESS)
    assert (replaced.action, replaced.impact) == ("replace", "replace")
    (deleted,) = (await world.plan(HEAD)).pending
    assert (deleted.impact, deleted.impact_reason) == ("data-loss", "its IP address will be lost")


async def test_an_owned_object_of_an_unknown_type_may_hold_data(world: World) -> None:
    assert failures(await world.apply(HEAD)) == []
    vault = world.in_group(GROUP, "Microsoft.Compute/sshPublicKeys", "ops")
    body = {"location": "westus2", "tags": {"provisioner-deployment": "demo"}}
    assert (await world.arm("PUT", vault, body))[0] in (200, 201)
    (change,) = (await world.plan(HEAD)).pending
    assert (change.kind.name, change.action, change.impact) == ("existing", "delete", "data-loss")
