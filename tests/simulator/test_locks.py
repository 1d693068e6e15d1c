"""Management locks: what they are, and what they hold back."""

from __future__ import annotations

import pytest

from .conftest import LOCATION, Arm, Reply, network, public_ip

LOCKS = "/providers/Microsoft.Authorization/locks"
CAN_NOT_DELETE = {"properties": {"level": "CanNotDelete"}}
READ_ONLY = {"properties": {"level": "ReadOnly"}}


def assert_locked(reply: Reply, target: str, verb: str, *scopes: str) -> None:
    assert (reply.status, reply.code) == (409, "ScopeLocked")
    assert reply.body["error"]["message"] == (
        f"The scope '{target}' cannot perform {verb} operation because following scope(s) are locked: "
        f"'{','.join(scopes)}'. Please remove the lock and try again."
    )


async def test_a_lock_is_its_level_and_notes(arm: Arm) -> None:
    path = f"{arm.group}{LOCKS}/keep"
    made = await arm.put(path, {"properties": {"level": "cannotdelete", "notes": "for ever"}})
    assert made.status == 201
    assert made.body == {
        "properties": {"level": "CanNotDelete", "notes": "for ever"},
        "id": path,
        "type": "Microsoft.Authorization/locks",
        "name": "keep",
    }
    assert (await arm.get(path)).body == made.body
    assert (await arm.put(path, READ_ONLY)).status == 200
    gone = await arm.delete(path)
    assert (gone.status, gone.body) == (200, None)
    assert (await arm.delete(path)).status == 204
    assert (await arm.get(path)).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"properties": {}},
        {"properties": {"level": "Never"}},
        {"properties": {"level": "ReadOnly", "note": "x"}},
        {"properties": {"level": "ReadOnly", "notes": "x" * 513}},
        {"properties": {"level": "ReadOnly"}, "location": LOCATION},
    ],
)
async def test_a_lock_that_makes_no_sense_is_refused(arm: Arm, body: object) -> None:
    assert (await arm.put(f"{arm.group}{LOCKS}/keep", body)).status == 400


async def test_a_lock_needs_something_to_hang_on(arm: Arm) -> None:
    missing = f"{arm.network}/publicIPAddresses/none"
    assert (await arm.put(f"{missing}{LOCKS}/keep", CAN_NOT_DELETE)).status == 404


async def test_can_not_delete_refuses_deletes_and_lets_writes_through(arm: Arm) -> None:
    path = f"{arm.network}/publicIPAddresses/one"
    await arm.made(path, public_ip())
    await arm.put(f"{path}{LOCKS}/keep", CAN_NOT_DELETE)
    assert_locked(await arm.delete(path), path, "delete", path)
    assert (await arm.patch(path, {"tags": {"a": "b"}})).status == 200
    await arm.gone(f"{path}{LOCKS}/keep")
    assert (await arm.delete(path)).status == 202


async def test_read_only_refuses_writes_too(arm: Arm) -> None:
    path = f"{arm.network}/publicIPAddresses/one"
    await arm.made(path, public_ip())
    await arm.put(f"{path}{LOCKS}/keep", READ_ONLY)
    assert_locked(await arm.put(path, public_ip()), path, "write", path)
    assert_locked(await arm.patch(path, {"tags": {}}), path, "write", path)
    tags = f"{path}/providers/Microsoft.Resources/tags/default"
    assert_locked(await arm.put(tags, {"properties": {"tags": {"a": "b"}}}), path, "write", path)
    assert_locked(await arm.delete(path), path, "delete", path)
    assert (await arm.get(path)).status == 200


async def test_a_lock_on_a_group_covers_everything_inside(arm: Arm) -> None:
    path = f"{arm.network}/publicIPAddresses/one"
    await arm.made(path, public_ip())
    await arm.put(f"{arm.group}{LOCKS}/keep", READ_ONLY)
    other = f"{arm.network}/publicIPAddresses/two"
    assert_locked(await arm.put(other, public_ip()), other, "write", arm.group)
    assert_locked(await arm.delete(path), path, "delete", arm.group)
    assert_locked(await arm.delete(arm.group), arm.group, "delete", arm.group)
    assert_locked(await arm.patch(arm.group, {"tags": {}}), arm.group, "write", arm.group)
    outside = await arm.make_group("outside")
    assert (await arm.delete(outside)).status == 202


async def test_a_lock_on_the_subscription_covers_all_groups(arm: Arm) -> None:
    await arm.put(f"{arm.subscription}{LOCKS}/keep", CAN_NOT_DELETE)
    assert_locked(await arm.delete(arm.group), arm.group, "delete", arm.subscription)


async def test_what_stands_above_a_lock_cannot_be_deleted(arm: Arm) -> None:
    net = f"{arm.network}/virtualNetworks/net"
    await arm.made(net, network(("front", "10.0.0.0/24")))
    subnet = f"{net}/subnets/front"
    await arm.put(f"{subnet}{LOCKS}/keep", CAN_NOT_DELETE)
    assert_locked(await arm.delete(net), net, "delete", subnet)
    assert_locked(await arm.delete(arm.group), arm.group, "delete", subnet)
    assert (await arm.patch(net, {"tags": {"a": "b"}})).status == 200


async def test_every_lock_in_the_way_is_named(arm: Arm) -> None:
    path = f"{arm.network}/publicIPAddresses/one"
    await arm.made(path, public_ip())
    await arm.put(f"{arm.group}{LOCKS}/keep", CAN_NOT_DELETE)
    await arm.put(f"{path}{LOCKS}/keep", CAN_NOT_DELETE)
    assert_locked(await arm.delete(path), path, "delete", arm.group, path)


async def test_locks_do_not_hold_back_locks(arm: Arm) -> None:
    await arm.put(f"{arm.group}{LOCKS}/first", READ_ONLY)
    assert (await arm.put(f"{arm.group}{LOCKS}/second", READ_ONLY)).status == 201
    assert (await arm.delete(f"{arm.group}{LOCKS}/first")).status == 200


async def test_a_lock_protects_the_grants_at_its_scope(arm: Arm) -> None:
    role = f"{arm.subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
    who = "33333333-3333-3333-3333-333333333333"
    grant = f"{arm.group}/providers/Microsoft.Authorization/roleAssignments/22222222-2222-2222-2222-222222222222"
    body = {"properties": {"roleDefinitionId": role, "principalId": who, "principalType": "User"}}
    assert (await arm.put(grant, body, api_version="2022-04-01")).status == 201
    await arm.put(f"{arm.group}{LOCKS}/keep", CAN_NOT_DELETE)
    assert_locked(await arm.delete(grant), grant, "delete", arm.group)


async def test_a_list_shows_the_locks_at_a_scope_above_and_below(arm: Arm) -> None:
    path = f"{arm.network}/publicIPAddresses/one"
    await arm.made(path, public_ip())
    await arm.put(f"{arm.group}{LOCKS}/on-group", CAN_NOT_DELETE)
    await arm.put(f"{path}{LOCKS}/on-address", CAN_NOT_DELETE)
    assert (await arm.get(f"{arm.subscription}{LOCKS}")).names == ["on-group", "on-address"]
    assert (await arm.get(f"{arm.group}{LOCKS}")).names == ["on-group", "on-address"]
    assert (await arm.get(f"{arm.group}{LOCKS}?$filter=atScope()")).names == ["on-group"]
    assert (await arm.get(f"{path}{LOCKS}")).names == ["on-group", "on-address"]
    assert (await arm.get(f"{arm.subscription}{LOCKS}?$filter=atScope()")).names == []
    assert (await arm.get(f"{path}{LOCKS}?$filter=atScope()")).names == ["on-group", "on-address"]
    other = f"{arm.network}/publicIPAddresses/one-more"
    await arm.made(other, public_ip())
    assert (await arm.get(f"{other}{LOCKS}")).names == ["on-group"]


async def test_a_lock_goes_with_what_it_hangs_on(arm: Arm) -> None:
    path = f"{arm.network}/publicIPAddresses/one"
    await arm.made(path, public_ip())
    await arm.put(f"{path}{LOCKS}/keep", {"properties": {"level": "NotSpecified"}})
    await arm.gone(path)
    assert (await arm.get(f"{arm.group}{LOCKS}")).names == []
