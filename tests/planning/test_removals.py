"""What goes: in which order, and with what."""

import asyncio

from provisioner.planning import removals
from provisioner.resources.steps import DeletedWith
from tests.harness import World, failures
from tests.kinds.specs import HEAD, NETWORK, machine

GRANTED = HEAD + "identities: {app: {}}\nrole_grants: {read: {role: Reader, to: [identities/app]}}\n"
ALONE = HEAD.replace("resource_group: demo-group", "resource_group: {name: demo-group, existing: true}")


async def test_a_grant_goes_before_its_principal(world: World) -> None:
    assert failures(await world.apply(GRANTED)) == []
    plan = await world.plan(HEAD)
    changes = {change.kind.name: change for change in plan.pending}
    assert set(changes) == {"role_assignment", "user_assigned_identity"}
    assert plan.waits_for(changes["user_assigned_identity"].address) == [changes["role_assignment"].address]


async def test_a_group_that_is_deleted_in_one_request_goes_after_the_grants_in_it(world: World) -> None:
    assert failures(await world.apply(GRANTED)) == []
    plan = removals.destroy(await world.actual(GRANTED), "demo", "local", delete_group=True)
    changes = {change.kind.name: change for change in plan.pending}
    group, grant = changes["resource_group"], changes["role_assignment"]
    (gone,) = plan.steps[changes["user_assigned_identity"].address]
    assert gone.operation == DeletedWith(group.address)
    assert (plan.sends(grant.address), plan.waits_for(group.address)) == (True, [grant.address])


async def test_what_lies_in_something_that_goes_does_not_keep_it(world: World) -> None:
    await world.arm("PUT", "/resourceGroups/demo-group", {"location": "westus2"})
    spec = ALONE + NETWORK + machine('    extensions: {setup: {publisher: A.B, type: C, version: "1.0"}}\n')
    assert failures(await world.apply(spec)) == []
    async with asyncio.timeout(60):
        assert failures(await world.destroy(spec)) == []
    assert (await world.actual(spec)).owned == {}


async def test_a_destroy_names_what_the_spec_has_by_its_address_there(world: World) -> None:
    spec = HEAD + "identities: {app: {name: shared}, worker: {count: 2}}\n"
    assert failures(await world.apply(spec + "network: {public_ips: {left: {}}}\n")) == []
    resources = world.load(spec).resolution.resources
    plan = removals.destroy(await world.actual(spec), "demo", "local", resources)
    assert {change.address for change in plan.changes} == {
        "resource_group",
        "identities/app",
        "identities/worker/0",
        "identities/worker/1",
        "public_ip/left",
    }
