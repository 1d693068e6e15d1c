"""What each rule has steps wait for, on changes made by hand."""

from __future__ import annotations

import pytest

from provisioner.base.values import Ref
from provisioner.planning import edges
from provisioner.planning.plan import Action
from provisioner.resources.steps import Delete, DeletedWith, Put

from .made import change, difference, planned, proposed, resource_id

REQUIRED, PREFERRED, OPTIONAL = ("done", "required"), ("done", "preferred"), ("done", "optional")
IP = resource_id("public_ip", "ip")
NIC_ON_IP = {"properties": {"publicIPAddress": {"id": IP}}}
NEEDS = {"nic": {"ip": "done"}}


def test_a_change_waits_for_what_its_entry_uses() -> None:
    found = planned(change("public_ip", "ip", "create"), change("network_interface", "nic", "create"), needs=NEEDS)
    assert proposed(edges.declared, found) == {("nic:create", "ip:create"): REQUIRED}
    assert [edge.why for edge in edges.declared(found)] == ["it uses ip"]


@pytest.mark.parametrize(
    ("action", "needed", "strength"),
    [
        ("update", "update", OPTIONAL),
        ("update", "create", REQUIRED),
        ("create", "update", REQUIRED),
    ],
)
def test_between_two_updates_it_is_a_matter_of_order_only(
    action: Action, needed: Action, strength: tuple[str, str]
) -> None:
    found = planned(change("public_ip", "ip", needed), change("network_interface", "nic", action), needs=NEEDS)
    assert proposed(edges.declared, found) == {(f"nic:{action}", f"ip:{needed}"): strength}


def test_an_update_whose_body_needs_a_value_waits_for_it() -> None:
    desired = {"properties": {"x": Ref("ip", "id")}}
    nic = change("network_interface", "nic", "update", desired=desired)
    found = planned(change("public_ip", "ip", "update"), nic, needs=NEEDS)
    assert proposed(edges.declared, found) == {("nic:update", "ip:update"): REQUIRED}


def test_what_needs_one_value_alone_waits_for_the_answer_with_it() -> None:
    changes = change("user_assigned_identity", "app", "create"), change("role_assignment", "read", "create")
    found = planned(*changes, needs={"read": {"app": "value"}})
    assert proposed(edges.declared, found) == {("read:create", "app:create"): ("value", "required")}
    still = planned(change("user_assigned_identity", "app", "no-op"), changes[1], needs={"read": {"app": "value"}})
    assert proposed(edges.declared, still) == {}


def test_what_does_nothing_hands_on_what_it_needs() -> None:
    changes = (
        change("public_ip", "ip", "create"),
        change("network_interface", "nic", "no-op"),
        change("virtual_network", "net", "no-op"),
        change("virtual_machine", "vm", "create"),
    )
    needs = {"vm": {"nic": "done", "gone": "done"}, "nic": {"net": "done"}, "net": {"nic": "done", "ip": "done"}}
    found = planned(*changes, needs=needs)
    assert proposed(edges.declared, found) == {("vm:create", "ip:create"): REQUIRED}
    assert found.ends("vm") == ("vm:create",)
    assert found.ends("gone") == ()


def test_what_is_replaced_is_deleted_when_the_new_form_can_be_made() -> None:
    found = planned(change("public_ip", "ip", "create"), change("network_interface", "nic", "replace"), needs=NEEDS)
    assert proposed(edges.declared, found) == {
        ("nic:create", "ip:create"): REQUIRED,
        ("nic:delete", "ip:create"): OPTIONAL,
    }


def test_what_is_taken_apart_waits_for_the_needs_of_what_is_replaced_too() -> None:
    nic = resource_id("network_interface", "nic")
    actual = {"properties": {"networkProfile": {"networkInterfaces": [{"id": nic}]}}}
    changes = (
        change("virtual_network", "net", "update"),
        change("virtual_network", "other", "update"),
        change("network_interface", "nic", "replace"),
        change("network_interface", "kept", "update"),
        change("virtual_machine", "vm", "update", actual=actual),
    )
    needs = {"vm": {"nic": "done", "kept": "done"}, "nic": {"net": "done"}, "kept": {"other": "done"}}
    found = planned(*changes, needs=needs)
    assert [step.id for step in found.steps["vm"]] == ["vm:detach", "vm:update"]
    assert {pair: how for pair, how in proposed(edges.declared, found).items() if pair[0].startswith("vm:")} == {
        ("vm:update", "nic:create"): REQUIRED,
        ("vm:detach", "nic:create"): OPTIONAL,
        ("vm:update", "kept:update"): OPTIONAL,
        ("vm:detach", "kept:update"): OPTIONAL,
        ("vm:detach", "net:update"): OPTIONAL,
    }


def test_what_is_replaced_is_deleted_once_its_users_have_let_go() -> None:
    ip, nic = change("public_ip", "ip", "replace"), change("network_interface", "nic", "update", actual=NIC_ON_IP)
    assert proposed(edges.released, planned(ip, nic, needs=NEEDS)) == {("ip:delete", "nic:detach"): REQUIRED}
    gone = change("network_interface", "nic", "delete", actual=NIC_ON_IP)
    assert proposed(edges.released, planned(ip, gone)) == {("ip:delete", "nic:delete"): PREFERRED}
    assert [edge.why for edge in edges.released(planned(ip, gone))] == ["nic uses it"]
    assert proposed(edges.released, planned(change("public_ip", "ip", "update"), gone)) == {}
    assert proposed(edges.released, planned(ip, nic)) == {}, "it does not let go of anything"
    unrelated = change("network_interface", "nic", "delete")
    assert proposed(edges.released, planned(ip, unrelated)) == {}


def test_a_user_of_a_part_lets_go_of_the_whole() -> None:
    net = change("virtual_network", "net", "replace")
    subnet = {"properties": {"x": {"id": f"{net.id.upper()}/SUBNETS/FRONT"}}}
    nic = change("network_interface", "nic", "delete", actual=subnet)
    assert proposed(edges.released, planned(net, nic)) == {("net:delete", "nic:delete"): PREFERRED}


def test_what_azure_deletes_with_another_object_ends_with_that() -> None:
    vm, extension = change("virtual_machine", "vm", "delete"), change("virtual_machine_extension", "vm/e", "delete")
    found = planned(vm, extension)
    assert [step.operation for step in found.steps["vm/e"]] == [DeletedWith("vm")]
    assert proposed(edges.deleted_with, found) == {("vm/e:delete", "vm:delete"): REQUIRED}
    assert [edge.why for edge in edges.deleted_with(found)] == ["it is deleted with vm"]
    assert proposed(edges.released, planned(change("virtual_machine", "vm", "replace"), extension)) == {}
    assert (found.is_requested("vm"), found.is_requested("vm/e")) == (True, False)


def test_a_step_is_found_by_its_operation() -> None:
    found = planned(change("public_ip", "ip", "replace"), change("public_ip", "none", "no-op"))
    delete, create = found.steps["ip"]
    assert (found.step("ip", Delete), found.step("ip", Put), found.write("ip")) == (delete, create, create)
    assert found.step("ip", DeletedWith) is None
    assert (found.step("none", Delete), found.write("none"), found.is_requested("none")) == (None, None, False)


def test_a_machine_that_is_only_started_has_no_write() -> None:
    vm = change("virtual_machine", "vm", "update", differences=(difference("power state", "stopped", "running"),))
    found = planned(vm, change("network_interface", "nic", "create"), needs={"vm": {"nic": "done"}})
    assert found.write("vm") is None
    assert proposed(edges.declared, found) == {("vm:start", "nic:create"): REQUIRED}
