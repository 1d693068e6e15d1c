"""Which machines are started or stopped, on changes made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.planning import power
from provisioner.planning.context import PlanContext
from provisioner.planning.plan import Action, Change, Options, Plan, by_address
from provisioner.planning.reasons import Reason, ReasonCode
from provisioner.resources.actual_state import ActualState
from provisioner.resources.graph import Graph
from provisioner.resources.reserved_tags import STOPPED_TAG

from .made import change, difference, resource_id

VM = resource_id("virtual_machine", "vm")
OWED = {"tags": {STOPPED_TAG: "true"}}
SWITCH = "power state"


def after_start(state: str, *changes: Change) -> dict[str, Change]:
    actual = ActualState(power_states={VM.lower(): state} if state else {})
    context = PlanContext(Graph({}), actual, Options("demo", "local"), changes=by_address(changes))
    power.start_machines(context)
    return context.changes


def shown(found: Change) -> list[tuple[str, object, object]]:
    return [(item.path, item.before, item.after) for item in found.differences]


@pytest.mark.parametrize("state", ["stopped", "stopping", "deallocated", "deallocating"])
def test_a_machine_that_is_off_is_started_for_its_extensions(state: str) -> None:
    extension = change("virtual_machine_extension", "vm/e", "delete")
    found = after_start(state, change("virtual_machine", "vm", "no-op"), extension)
    assert (found["vm"].action, found["vm"].reasons) == (
        "update",
        (Reason(ReasonCode.STARTED_FOR_EXTENSIONS, state),),
    )
    assert shown(found["vm"]) == [(SWITCH, state, "running")]
    assert found["vm/e"] is extension


@pytest.mark.parametrize(
    ("state", "machine", "extension"),
    [
        ("running", "no-op", "update"),
        ("", "no-op", "update"),
        ("stopped", "no-op", "no-op"),
        ("stopped", "replace", "update"),
        ("stopped", "create", "create"),
        ("stopped", "delete", "delete"),
    ],
)
def test_a_machine_is_started_for_nothing_else(state: str, machine: Action, extension: Action) -> None:
    changes = change("virtual_machine", "vm", machine), change("virtual_machine_extension", "vm/e", extension)
    assert after_start(state, *changes) == by_address(changes)


def test_what_is_not_on_the_machine_does_not_start_it() -> None:
    machine = change("virtual_machine", "vm", "no-op")
    others = change("virtual_machine_extension", "other/e", "update"), change("public_ip", "ip", "update")
    assert after_start("stopped", machine, *others)["vm"] is machine
    assert after_start("stopped", others[0]) == by_address([others[0]])


def test_several_extensions_start_a_machine_once_and_its_own_reason_stays() -> None:
    why = (Reason(ReasonCode.LAST_OPERATION_FAILED),)
    machine = change("virtual_machine", "vm", "update", reasons=why)
    extensions = [change("virtual_machine_extension", f"vm/{name}", "update") for name in "ab"]
    found = after_start("stopped", machine, *extensions)["vm"]
    assert (shown(found), found.reasons) == ([("tags.a", None, "1"), (SWITCH, "stopped", "running")], why)


@pytest.mark.parametrize(
    ("action", "actual", "managed", "is_started"),
    [
        ("no-op", OWED, True, True),
        ("update", OWED, True, True),
        ("replace", OWED, True, False),
        ("delete", OWED, True, False),
        ("no-op", {"tags": {}}, True, False),
        ("no-op", OWED, False, False),
    ],
)
def test_a_machine_that_an_earlier_run_stopped_is_started(
    action: Action, actual: dict[str, Any], managed: bool, is_started: bool
) -> None:
    machine = change("virtual_machine", "vm", action, actual=actual, managed=managed, differences=())
    found = after_start("", machine)["vm"]
    assert (found is not machine) == is_started
    if is_started:
        assert (found.action, found.reasons) == ("update", (Reason(ReasonCode.STOPPED_BY_EARLIER_RUN),))
        assert shown(found) == [(SWITCH, "stopped by an earlier run", "running")]


def resized(**more: Any) -> Change:
    return change("virtual_machine", "vm", "update", **{"impact": "deallocate", **more})


def test_it_is_asked_whether_machines_run_that_have_to_be_off() -> None:
    known = ActualState(power_states={VM.lower(): "running"})
    for machine, expected in (
        (resized(), [VM]),
        (resized(impact="restart"), []),
        (change("virtual_machine", "vm", "replace", impact="deallocate"), []),
        (change("managed_disk", "vm", "update", impact="deallocate"), []),
    ):
        plan = Plan("demo", "local", (machine,))
        assert (power.unknown(plan, ActualState()), power.unknown(plan, known)) == (expected, [])


@pytest.mark.parametrize(
    ("state", "before", "after", "code"),
    [
        ("running", "running", "deallocated, then running", ReasonCode.STOPPED_AND_STARTED),
        ("starting", "running", "deallocated, then running", ReasonCode.STOPPED_AND_STARTED),
        ("stopped", "stopped", "deallocated", ReasonCode.STOPPED),
    ],
)
def test_a_machine_that_has_to_be_off_is_stopped_and_one_that_ran_is_started(
    state: str, before: str, after: str, code: ReasonCode
) -> None:
    why = (Reason(ReasonCode.LAST_OPERATION_FAILED),)
    found = power.stopped(resized(reasons=why, notes=("n",)), ActualState(power_states={VM.lower(): state}))
    assert shown(found) == [("tags.a", None, "1"), (SWITCH, before, after)]
    assert found.reasons == (*why, Reason(code))
    assert (found.notes[0], len(found.notes)) == ("n", 2)
    assert "temporary disk" in found.notes[1]


def test_a_machine_that_is_off_and_to_be_started_is_stopped_and_started() -> None:
    machine = resized(differences=(difference(SWITCH, "stopped", "running"), difference("a")))
    found = power.stopped(machine, ActualState(power_states={VM.lower(): "stopped"}))
    assert shown(found) == [("a", None, "1"), (SWITCH, "stopped", "deallocated, then running")]
    assert found.reasons == (Reason(ReasonCode.STOPPED_AND_STARTED),)


@pytest.mark.parametrize(("state", "impact"), [("deallocated", "deallocate"), ("", "deallocate"), ("running", "live")])
def test_a_machine_is_not_stopped_for_nothing(state: str, impact: str) -> None:
    machine = resized(impact=impact)
    assert power.stopped(machine, ActualState(power_states={VM.lower(): state} if state else {})) is machine


def test_the_power_state_is_told_apart_from_what_is_written() -> None:
    both = [difference("a"), difference(SWITCH, "stopped", "running")]
    assert power.others(both) == both[:1]
