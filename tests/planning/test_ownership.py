"""Who owns what: deployments do not touch each other's things, and protection stays on the resource."""

from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.commands import planning
from tests.harness import World, actions, failures, only, paths
from tests.kinds import specs
from tests.kinds.specs import GROUP, HEAD, NETWORK

ONE = HEAD + "identities: {one: {}}\n"
PROTECTED = HEAD + "identities: {one: {lifecycle: {prevent_destroy: true}}}\n"


async def codes(world: World, spec: str, adopt: bool = False) -> list[str]:
    with pytest.raises(SpecError) as caught:
        await world.plan(spec, adopt)
    return [item.code for item in caught.value.diagnostics]


async def test_what_another_deployment_owns_is_an_error_that_names_it(world: World) -> None:
    await world.apply(ONE)
    other = ONE.replace("deployment: demo", "deployment: other")
    with pytest.raises(SpecError) as caught:
        await world.plan(other, adopt=True)
    found = caught.value.diagnostics
    assert [item.code for item in found] == ["PV3301", "PV3301"]
    assert '"demo"' in found[0].summary


async def test_protection_holds_after_the_entry_left_the_spec(world: World) -> None:
    await world.apply(PROTECTED)
    assert not (await world.plan(PROTECTED)).pending
    assert await codes(world, HEAD) == ["PV3401"]


async def test_protection_of_what_takes_no_tags_is_no_change(world: World) -> None:
    grant = "role_grants: {read: {role: Reader, to: [identities/one], lifecycle: {prevent_destroy: true}}}\n"
    assert failures(await world.apply(ONE + grant)) == []
    assert not (await world.plan(ONE + grant)).pending


async def test_protection_holds_against_a_replace(world: World) -> None:
    await world.apply(PROTECTED)
    assert await codes(world, PROTECTED.replace("{lifecycle", "{location: eastus, lifecycle")) == ["PV3401"]


async def test_protection_is_taken_off_by_an_apply(world: World) -> None:
    await world.apply(PROTECTED)
    change = only(await world.plan(ONE), "identities/one")
    assert paths(change) == ["tags.provisioner-prevent-destroy"]
    assert change.impact == "none"
    assert failures(await world.apply(ONE)) == []
    assert actions(await world.plan(HEAD)) == {"user_assigned_identity/one": "delete"}


async def test_replace_never_refuses(world: World) -> None:
    spec = HEAD + "identities: {one: {lifecycle: {replace: never}}}\n"
    await world.apply(spec)
    assert await codes(world, spec.replace("{lifecycle", "{location: eastus, lifecycle")) == ["PV3402"]


async def test_adoption_writes_tags_and_nothing_else(world: World) -> None:
    await world.arm("PUT", "/resourceGroups/demo-group", {"location": "westus2", "tags": {"cost": "1"}})
    identity = world.in_group("demo-group", "Microsoft.ManagedIdentity/userAssignedIdentities", "one")
    await world.arm("PUT", identity, {"location": "westus2"})
    plan = await world.plan(ONE, adopt=True)
    assert {change.address: paths(change) for change in plan.pending} == {
        "resource_group": ["tags.provisioner-deployment"],
        "identities/one": ["tags.provisioner-deployment"],
    }
    assert failures(await world.apply(ONE, adopt=True)) == []
    assert not (await world.plan(ONE)).pending


async def test_a_disk_that_azure_made_with_a_machine_is_left_to_it(world: World) -> None:
    machine = HEAD + NETWORK + specs.machine()
    assert failures(await world.apply(machine)) == []
    disks = "/resourceGroups/demo-group/providers/Microsoft.Compute/disks"
    _, found = await world.arm("GET", disks)
    assert [disk["tags"]["provisioner-deployment"] for disk in found["value"]] == ["demo"]
    assert not (await world.plan(machine)).pending


async def test_an_os_disk_that_outlives_its_machine_is_kept(world: World) -> None:
    machine = HEAD + NETWORK + specs.machine("    os_disk: {delete_with_vm: false}\n")
    assert failures(await world.apply(machine)) == []
    assert set(actions(await world.plan(HEAD + NETWORK)).values()) == {"delete"}
    assert failures(await world.apply(HEAD + NETWORK)) == []
    assert not (await world.plan(HEAD + NETWORK)).pending
    assert failures(await world.destroy(HEAD)) == []
    _, found = await world.arm("GET", "/resourceGroups/demo-group/providers/Microsoft.Compute/disks")
    assert len(found["value"]) == 1


async def test_what_somebody_copied_with_its_tags_is_left_alone(world: World) -> None:
    assert failures(await world.apply(ONE)) == []
    one = world.in_group("demo-group", "Microsoft.ManagedIdentity/userAssignedIdentities", "one")
    _, body = await world.arm("GET", one)
    copy = {"location": body["location"], "tags": body["tags"]}
    assert (await world.arm("PUT", one.replace("/one", "/restored"), copy))[0] == 201
    assert not (await world.plan(ONE)).pending
    assert actions(await world.plan(HEAD)) == {"user_assigned_identity/one": "delete"}


async def test_what_was_moved_with_its_tags_gets_its_own(world: World) -> None:
    assert failures(await world.apply(ONE)) == []
    one = world.in_group("demo-group", "Microsoft.ManagedIdentity/userAssignedIdentities", "one")
    _, body = await world.arm("GET", one)
    await world.arm("PUT", one.replace("/one", "/two"), {"location": body["location"], "tags": body["tags"]})
    two = HEAD + "identities: {one: {}, two: {}}\n"
    change = only(await world.plan(two), "identities/two")
    assert (change.action, paths(change), change.impact) == ("update", ["tags.provisioner-spec"], "none")
    assert failures(await world.apply(two)) == []
    assert not (await world.plan(two)).pending
    assert actions(await world.plan(ONE)) == {"user_assigned_identity/two": "delete"}


async def test_protection_is_taken_off_a_machine_and_its_disk(world: World) -> None:
    disk = "    data_disks: {data: {lun: 0, size_gb: 8, lifecycle: {prevent_destroy: true}}}\n"
    spec = HEAD + NETWORK + specs.machine(f"{disk}    lifecycle: {{prevent_destroy: true}}\n")
    assert failures(await world.apply(spec)) == []
    free = spec.replace("prevent_destroy: true", "prevent_destroy: false")
    assert failures(await world.apply(free)) == []
    assert not (await world.plan(free)).pending
    assert set(actions(await world.plan(HEAD + NETWORK)).values()) == {"delete"}


async def test_marks_are_known_in_any_case_of_letters(world: World) -> None:
    """Azure ignores the case of tag names and keeps the one that was written last: by a policy, a portal, a script."""
    identity = "identities: {one: {lifecycle: {prevent_destroy: true}}}\n"
    spec = HEAD + NETWORK.replace("}}}", "}, back: {address_prefix: 10.0.2.0/24}}}") + identity
    assert failures(await world.apply(spec)) == []

    def shout(body: Any) -> None:
        body["tags"] = {name.title(): value for name, value in body["tags"].items()}

    network = world.in_group(specs.GROUP, "Microsoft.Network/virtualNetworks", "net")
    await world.change(network, shout)
    await world.change(world.in_group(specs.GROUP, "Microsoft.ManagedIdentity/userAssignedIdentities", "one"), shout)
    _, body = await world.arm("GET", network)
    assert "Provisioner-Parts" in body["tags"]
    assert not (await world.plan(spec)).pending
    less = spec.replace(", back: {address_prefix: 10.0.2.0/24}", "")
    assert paths(only(await world.plan(less), "network/virtual_networks/net"))[0] == "properties.subnets[back]"
    assert failures(await world.apply(less)) == []
    assert not (await world.plan(less)).pending
    assert await codes(world, less.replace(identity, "")) == ["PV3401"]


SHARED = "version: 1\nlocation: westus2\nresource_group: {name: shared, existing: true}\n"
OLD = (
    SHARED
    + "deployment: old\nidentities: {app: {}, web: {}}\nrole_grants: {read: {role: Reader, to: [identities/app]}}\n"
)
NEW = SHARED + "deployment: new\nidentities: {app: {}}\nrole_grants: {read: {role: Reader, to: [identities/app]}}\n"


async def test_a_resource_is_handed_over_from_one_deployment_to_another(world: World) -> None:
    await world.apply(HEAD.replace("demo-group", "shared"))
    await world.apply(OLD)
    loaded = world.load(NEW)
    plan = await planning.make_plan(loaded, world.session, planning.Choices(adopt_from="old"))
    assert {change.address: paths(change) for change in plan.pending} == {
        "identities/app": ["tags.provisioner-deployment"],
        "role_grants/read/identities/app": ["properties.description"],
    }
    assert failures(await world.execute(plan, loaded)) == []
    assert not (await world.plan(NEW)).pending
    assert await codes(world, OLD) == ["PV3301"]
    assert not (await world.plan(SHARED + "deployment: old\nidentities: {web: {}}\n")).pending


async def test_only_resources_of_the_given_deployment_are_taken_over(world: World) -> None:
    await world.apply(HEAD.replace("demo-group", "shared"))
    await world.apply(OLD)
    with pytest.raises(SpecError) as caught:
        await planning.make_plan(world.load(NEW), world.session, planning.Choices(adopt=True, adopt_from="third"))
    (found,) = caught.value.diagnostics
    assert found.code == "PV3301"
    assert "--adopt-from old" in found.hint


async def test_what_was_moved_to_another_group_is_named_before_another_one_is_created(world: World) -> None:
    spec = HEAD + "network: {public_ips: {out: {}}}\n"
    assert failures(await world.apply(spec)) == []
    path = world.in_group(GROUP, "Microsoft.Network/publicIPAddresses", "out")
    _, body = await world.arm("GET", path)
    moved = path.replace(f"/{GROUP}/", "/moved/")
    await world.arm("PUT", moved.partition("/providers/")[0], {"location": "westus2"})
    await world.arm("DELETE", path)
    status, _ = await world.arm("PUT", moved, {key: body[key] for key in ("location", "sku", "tags", "properties")})
    assert status == 201
    plan = await world.plan(spec)
    (change,) = plan.pending
    assert (change.address, change.action) == ("network/public_ips/out", "create")
    assert change.notes[0].startswith(f"its tags are on {moved}: ")
