"""What a delete waits for, on changes made by hand."""

from __future__ import annotations

import pytest

from provisioner.planning import deletion_order
from provisioner.planning.plan import Action
from provisioner.resources.steps import GroupContents

from .made import change, difference, planned, proposed, resource_id

REQUIRED, PREFERRED = ("done", "required"), ("done", "preferred")
IP, NET = resource_id("public_ip", "ip"), resource_id("virtual_network", "net")
ON_IP = {"properties": {"publicIPAddress": {"id": IP.upper()}}}
IN_NET = {"properties": {"subnet": {"id": f"{NET}/subnets/front"}}}
PRINCIPAL = "AAAA0000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("action", ["update", "delete"])
def test_a_delete_waits_for_the_change_of_what_uses_it(action: Action) -> None:
    found = planned(change("public_ip", "ip", "delete"), change("network_interface", "nic", action, actual=ON_IP))
    assert proposed(deletion_order.used, found) == {
        ("ip:delete", f"nic:{action}"): PREFERRED if action == "delete" else REQUIRED
    }
    assert [edge.why for edge in deletion_order.used(found)] == ["nic uses it"]


def test_what_uses_something_else_is_not_waited_for() -> None:
    nic = change("network_interface", "nic", "delete", actual=IN_NET)
    assert proposed(deletion_order.used, planned(change("public_ip", "ip", "delete"), nic)) == {}
    assert proposed(deletion_order.used, planned(change("public_ip", "ip", "update"), nic)) == {}


def test_what_uses_a_part_is_changed_before_the_whole_is_deleted() -> None:
    nic = change("network_interface", "nic", "delete", actual=IN_NET)
    found = planned(change("virtual_network", "net", "delete"), nic)
    assert proposed(deletion_order.used, found) == {("net:delete", "nic:delete"): PREFERRED}


def test_a_group_is_deleted_after_what_is_in_it_unless_it_goes_with_the_group() -> None:
    group = change("resource_group", "group", "delete")
    inner = change("public_ip", "ip", "delete")
    assert proposed(deletion_order.used, planned(group, inner)) == {("group:delete", "ip:delete"): PREFERRED}
    whole = {"group": GroupContents(frozenset(), frozenset(), (), is_emptied=False)}
    assert proposed(deletion_order.used, planned(group, inner, contents=whole)) == {}


def test_an_identity_is_deleted_after_what_is_granted_to_it() -> None:
    identity = change("user_assigned_identity", "app", "delete", actual={"properties": {"principalId": PRINCIPAL}})
    grants = [
        change("role_assignment", name, "delete", actual={"properties": {"principalId": who}})
        for name, who in (("ours", PRINCIPAL.lower()), ("other", PRINCIPAL.replace("A", "b")))
    ]
    assert proposed(deletion_order.used, planned(identity, *grants)) == {("app:delete", "ours:delete"): PREFERRED}
    unknown = change("user_assigned_identity", "app", "delete")
    nobody = change("role_assignment", "ours", "delete", actual={"properties": {}})
    assert proposed(deletion_order.used, planned(unknown, nobody)) == {}


def dropping(*names: str) -> list[object]:
    return [difference(f"properties.subnets[{name}]", {"name": name}, None) for name in names]


def test_a_part_is_dropped_once_what_is_in_it_has_been_deleted() -> None:
    net = change("virtual_network", "net", "update", differences=tuple(dropping("Front")))
    nic = change("network_interface", "nic", "delete", actual=IN_NET)
    found = planned(net, nic)
    assert proposed(deletion_order.emptied, found) == {("net:update", "nic:delete"): PREFERRED}
    assert [edge.why for edge in deletion_order.emptied(found)] == ["nic is in a part that it drops"]


def test_a_part_that_is_kept_or_that_nobody_leaves_is_not_waited_for() -> None:
    nic = change("network_interface", "nic", "delete", actual=IN_NET)
    for net in (
        change("virtual_network", "net", "update", differences=tuple(dropping("back"))),
        change("virtual_network", "net", "update", differences=(difference("properties.subnets[front]", None, {}),)),
        change("virtual_network", "net", "replace", differences=tuple(dropping("front"))),
    ):
        assert proposed(deletion_order.emptied, planned(net, nic)) == {}
    net = change("virtual_network", "net", "update", differences=tuple(dropping("front")))
    assert (
        proposed(deletion_order.emptied, planned(net, change("network_interface", "nic", "update", actual=IN_NET)))
        == {}
    )


CREDENTIAL = "federated_identity_credential"


@pytest.mark.parametrize("action", ["update", "no-op"])
def test_what_the_tag_of_a_parent_lists_is_deleted_one_by_one_before_the_list_changes(action: Action) -> None:
    identity = change("user_assigned_identity", "app", action)
    found = planned(*(change(CREDENTIAL, name, "delete") for name in ("app/a", "app/b", "other/c", "app/d")), identity)
    expected = {("app/b:delete", "app/a:delete"): REQUIRED, ("app/d:delete", "app/b:delete"): REQUIRED}
    last = {("app:update", "app/d:delete"): REQUIRED} if action == "update" else {}
    assert proposed(deletion_order.listed_in_parent, found) == expected | last


def test_a_parent_whose_children_stay_does_not_wait() -> None:
    found = planned(change(CREDENTIAL, "app/a", "update"), change("user_assigned_identity", "app", "update"))
    assert proposed(deletion_order.listed_in_parent, found) == {}
    others = planned(change("public_ip", "ip", "delete"), change("user_assigned_identity", "app", "update"))
    assert proposed(deletion_order.listed_in_parent, others) == {}
