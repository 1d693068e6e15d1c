"""Bodies without their references to what is deleted."""

from __future__ import annotations

from typing import Any

from provisioner.comparison import detaching
from provisioner.resources.facts import Rules

RULES = Rules(read_only=("etag",))
THINGS = "/subscriptions/s/resourceGroups/g/providers/A.B/things/"
NETWORK = f"{THINGS}net"
FRONT = f"{NETWORK}/subnets/front"
OTHER = f"{THINGS}network"
ONE, TWO = f"{THINGS}one", f"{THINGS}two"
BOTH = "SystemAssigned, UserAssigned"


def detached(body: dict[str, Any], *targets: str) -> dict[str, Any]:
    return detaching.detached(body, targets, RULES, lambda identity: False)


def test_a_reference_goes_and_everything_else_stays() -> None:
    body = {"etag": "1", "properties": {"publicIPAddress": {"id": ONE}, "subnet": {"id": TWO}, "size": 1}}
    assert detached(body, ONE.upper()) == {"properties": {"subnet": {"id": TWO}, "size": 1}}


def test_items_that_refer_leave_their_list() -> None:
    disks = [{"lun": 0, "managedDisk": {"id": ONE}}, {"lun": 1, "managedDisk": {"id": TWO}}]
    assert detached({"properties": {"disks": disks}}, ONE) == {"properties": {"disks": disks[1:]}}


def test_a_reference_into_the_object_goes_too() -> None:
    body = {"properties": {"subnet": {"id": FRONT}, "other": {"id": OTHER}}}
    assert detached(body, NETWORK) == {"properties": {"other": {"id": OTHER}}}, "a longer name is another object"


def test_an_identity_is_null_and_the_type_follows() -> None:
    users = {ONE: {"principalId": "p"}, TWO: {"principalId": "q"}}
    body = {"identity": {"type": BOTH, "userAssignedIdentities": users}}
    left = {"type": BOTH, "userAssignedIdentities": {ONE: None, TWO: {"principalId": "q"}}}
    assert detached(body, ONE) == {"identity": left}
    none_left = {"type": "SystemAssigned", "userAssignedIdentities": {ONE: None, TWO: None}}
    assert detached(body, ONE, TWO) == {"identity": none_left}


def test_a_machine_without_any_identity_left_has_none() -> None:
    body = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {ONE: {}}}}
    assert detached(body, ONE) == {"identity": {"type": "None"}}


def test_a_patch_sends_the_changed_groups_alone() -> None:
    held = {"location": "x", "identity": {"type": "None"}, "properties": {"a": 1, "b": {"c": 2}}}
    body = {**held, "identity": {"type": "SystemAssigned"}, "properties": {"a": 1, "b": {}}}
    groups = detaching.changed_groups(body, held)
    assert groups == ["identity", "properties.b"]
    assert detaching.only(body, groups) == {"identity": {"type": "SystemAssigned"}, "properties": {"b": {}}}
