"""The steps that a change has by itself, on changes made by hand."""

from __future__ import annotations

from typing import Any

from provisioner.comparison.rendering import OwnedIds
from provisioner.planning import default_steps
from provisioner.planning.entanglement import Entanglement
from provisioner.resources.steps import Delete, DeletedWith, Dependency, Detach, GroupContents, Patch, Put, Step

from .made import change, difference, resource_id

IP = resource_id("public_ip", "ip")


def steps(made: Any, **entangled: Any) -> tuple[Step, ...]:
    return default_steps.steps(made, Entanglement(**entangled), OwnedIds())


def test_each_action_has_its_steps_with_their_verbs() -> None:
    wanted = {"a": 1}
    (create,) = steps(change("public_ip", "ip", "create", desired=wanted))
    assert (create.id, create.change, create.resource_id) == ("ip:create", "ip", IP)
    assert (create.operation, create.verb, create.depends_on) == (Put(wanted), "create", {})
    (delete,) = steps(change("public_ip", "ip", "delete"))
    assert (delete.id, delete.operation, delete.verb) == ("ip:delete", Delete(), "delete")
    (update,) = steps(change("public_ip", "ip", "update", desired=wanted))
    assert (update.id, update.operation, update.verb) == ("ip:update", Put(wanted), "update")
    assert steps(change("public_ip", "ip", "no-op")) == ()
    first, second = steps(change("public_ip", "ip", "replace", desired=wanted))
    assert [(each.operation, each.verb) for each in (first, second)] == [(Delete(), "delete"), (Put(wanted), "create")]
    assert (first.depends_on, second.depends_on) == ({}, {"ip:delete": Dependency()})


def test_what_goes_with_another_object_is_not_deleted_by_itself() -> None:
    made = change("public_ip", "ip", "delete")
    (step,) = steps(made, deleted_with={"ip": "group"})
    assert (step.operation, step.verb, step.sends) == (DeletedWith("group"), None, False)
    contents = GroupContents(frozenset(), frozenset(), (), True)
    (step,) = steps(made, contents={"ip": contents})
    assert step.operation == Delete(contents)


def test_what_lets_go_does_so_before_it_is_updated() -> None:
    detach, update = steps(change("network_interface", "nic", "update"), detaches={"nic": (IP,)})
    assert (detach.id, detach.operation, detach.verb) == ("nic:detach", Detach((IP,)), None)
    assert update.depends_on == {"nic:detach": Dependency()}


def test_what_lets_go_is_updated_even_if_nothing_else_changes() -> None:
    made = change("network_interface", "nic", "update", differences=())
    assert [step.id for step in steps(made, detaches={"nic": (IP,)})] == ["nic:detach", "nic:update"]
    assert steps(made) == ()


def test_a_failed_object_is_written_again() -> None:
    for state, ids in (("Failed", ["ip:update"]), ("canceled", ["ip:update"]), ("Succeeded", []), ("Updating", [])):
        actual = {"properties": {"provisioningState": state}}
        made = change("public_ip", "ip", "update", actual=actual, differences=())
        assert [step.id for step in steps(made)] == ids, state


def test_an_update_says_which_parts_it_drops() -> None:
    gone = difference("properties.subnets[Front]", {"name": "Front"}, None)
    (step,) = steps(change("virtual_network", "net", "update", differences=(gone,)))
    assert step.operation == Put({}, frozenset({"front"}))


def test_a_patch_names_the_paths_that_changed_and_the_tags() -> None:
    found = (difference("properties.hardwareProfile.vmSize"), difference("power state", "stopped", "running"))
    update, start = steps(change("virtual_machine", "vm", "update", differences=found))
    assert update.operation == Patch({}, ("properties.hardwareProfile.vmSize", "tags"))
    assert start.id == "vm:start"


def test_a_machine_that_is_stopped_for_a_change_is_started_whatever_comes_of_it() -> None:
    found = (difference("a"), difference("power state", "running", "deallocated, then running"))
    made = change("virtual_machine", "vm", "update", differences=found)
    sequence = steps(made)
    assert [step.id for step in sequence] == [
        f"vm:{name}" for name in ("mark-stopped", "deallocate", "update", "start", "unmark-stopped")
    ]
    assert [dict(step.depends_on) for step in sequence] == [
        {},
        {"vm:mark-stopped": Dependency()},
        {"vm:deallocate": Dependency()},
        {"vm:deallocate": Dependency("accepted")},
        {"vm:start": Dependency()},
    ]
    assert [step.run_if for step in sequence] == ["success", "success", "success", "started", "started"]
