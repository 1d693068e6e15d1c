"""What is deleted with what, and what is detached from what, on changes made by hand."""

from __future__ import annotations

import pytest

from provisioner.planning import entanglement
from provisioner.planning.plan import Action
from provisioner.resources.steps import GroupContents

from .made import GROUP, change, hanging_together, resource_id

IP, APP = resource_id("public_ip", "ip"), resource_id("user_assigned_identity", "app")
ON_IP = {"properties": {"publicIPAddress": {"id": IP.upper()}}}
NIC = change("network_interface", "nic", "update", actual=ON_IP)
NEEDS = {"nic": {"ip": "done"}}


@pytest.mark.parametrize(
    ("action", "user", "detaches"),
    [
        ("replace", "update", {"nic": (IP,)}),
        ("create", "update", {}),
        ("update", "update", {}),
        ("no-op", "update", {}),
        ("replace", "replace", {}),
        ("replace", "no-op", {}),
    ],
)
def test_what_is_kept_lets_go_of_what_is_replaced(
    action: Action, user: Action, detaches: dict[str, tuple[str, ...]]
) -> None:
    nic = change("network_interface", "nic", user, actual=ON_IP)
    assert hanging_together(change("public_ip", "ip", action), nic, needs=NEEDS).detaches == detaches


def test_what_does_not_refer_to_it_has_nothing_to_let_go_of() -> None:
    ip = change("public_ip", "ip", "replace")
    assert hanging_together(ip, change("network_interface", "nic", "update"), needs=NEEDS).detaches == {}
    assert hanging_together(ip, NIC).detaches == {}, "the spec no longer has it refer to it"


def test_several_are_let_go_of_together() -> None:
    other = change("public_ip", "other", "replace")
    nic = change("network_interface", "nic", "update", actual={"properties": {"a": {"id": IP}, "b": {"id": other.id}}})
    found = hanging_together(
        change("public_ip", "ip", "replace"), other, nic, needs={"nic": {"ip": "done", "other": "done"}}
    )
    assert found.detaches == {"nic": (IP, other.id)}


def identity(principal: str | None, action: Action = "no-op") -> object:
    body = {"properties": {"principalId": principal}} if principal else {}
    return change("user_assigned_identity", "app", action, actual=body)


@pytest.mark.parametrize(
    ("held", "principal", "lets_go"),
    [
        ({"principalId": "OLD"}, "new", True),
        ({"principalId": None}, "new", True),
        ({"principalId": "NEW"}, "new", False),
        ({"clientId": "c"}, "new", False),
        ({}, "new", False),
        (None, "new", False),
        ({"principalId": "old"}, None, False),
    ],
)
def test_an_identity_that_was_created_again_is_taken_off_and_assigned_again(
    held: dict[str, str] | None, principal: str | None, lets_go: bool
) -> None:
    assigned = {"identity": {"userAssignedIdentities": {APP.upper(): held}}}
    vm = change("virtual_machine", "vm", "update", actual=assigned)
    assert entanglement.has_to_let_go(vm, identity(principal)) is lets_go


def test_an_identity_that_is_not_assigned_is_not_taken_off() -> None:
    for body in (None, {"identity": None}, {"identity": {"userAssignedIdentities": {f"{APP}2": {"principalId": "x"}}}}):
        assert not entanglement.has_to_let_go(change("virtual_machine", "vm", "update", actual=body), identity("new"))


def test_what_refers_into_an_object_refers_to_it() -> None:
    net = change("virtual_network", "net", "replace")
    inner = change("network_interface", "nic", "update", actual={"properties": {"s": {"id": f"{net.id}/subnets/a"}}})
    longer = change("network_interface", "nic", "update", actual={"properties": {"s": {"id": f"{net.id}work"}}})
    assert (entanglement.refers_to(inner, net), entanglement.refers_to(longer, net)) == (True, False)


def test_an_object_lies_in_another_by_its_id() -> None:
    vm, extension = change("virtual_machine", "vm", "update"), change("virtual_machine_extension", "VM/e", "create")
    longer = change("virtual_machine", "vm2", "update")
    assert entanglement.lies_in(extension, vm)
    assert not entanglement.lies_in(vm, extension)
    assert not entanglement.lies_in(vm, vm)
    assert not entanglement.lies_in(longer, vm)


@pytest.mark.parametrize(
    ("machine", "extension", "goes_with"),
    [
        ("delete", "delete", True),
        ("replace", "replace", True),
        ("replace", "delete", True),
        ("delete", "update", False),
        ("update", "delete", False),
    ],
)
def test_what_is_nested_is_deleted_with_its_parent(machine: Action, extension: Action, goes_with: bool) -> None:
    found = hanging_together(
        change("virtual_machine", "vm", machine), change("virtual_machine_extension", "vm/e", extension)
    )
    assert found.deleted_with == ({"vm/e": "vm"} if goes_with else {})


def test_what_is_replaced_is_not_deleted_with_a_parent_that_is_only_deleted() -> None:
    changes = change("virtual_machine", "vm", "delete"), change("virtual_machine_extension", "vm/e", "replace")
    assert hanging_together(*changes).deleted_with == {}


def whole(is_emptied: bool) -> dict[str, GroupContents]:
    return {"group": GroupContents(frozenset(), frozenset(), (), is_emptied)}


def test_a_group_takes_everything_with_it_but_grants_and_locks() -> None:
    changes = [
        change("resource_group", "group", "delete"),
        change("public_ip", "ip", "delete"),
        change("virtual_machine_extension", "vm/e", "delete"),
        change("management_lock", "keep", "delete", id=f"{GROUP}/providers/Microsoft.Authorization/locks/keep"),
    ]
    assert hanging_together(*changes, contents=whole(is_emptied=False)).deleted_with == {"ip": "group", "vm/e": "group"}
    assert hanging_together(*changes, contents=whole(is_emptied=True)).deleted_with == {}
    assert hanging_together(*changes).deleted_with == {}


def test_the_nearest_parent_counts() -> None:
    changes = [
        change("resource_group", "group", "delete"),
        change("virtual_machine", "vm", "delete"),
        change("virtual_machine_extension", "vm/e", "delete"),
    ]
    expected = {"vm": "group", "vm/e": "vm"}
    assert hanging_together(*changes, contents=whole(is_emptied=False)).deleted_with == expected
