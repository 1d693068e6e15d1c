"""Ten thousand things at once: what grew with the square of their number took minutes here."""

from __future__ import annotations

from provisioner.base import arm_id
from provisioner.planning import management_locks, removals
from provisioner.planning.context import PlanContext
from provisioner.planning.plan import Change, Options
from provisioner.resources.actual_state import ActualState, GroupMember, OwnedObject
from provisioner.resources.graph import Graph
from provisioner.resources.kinds import network_interface
from provisioner.resources.steps import Delete, DeletedWith, Step

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
GROUP = f"{SUBSCRIPTION}/resourceGroups/g"
KIND = network_interface.KIND
MANY = [f"{GROUP}/providers/{KIND.type}/nic-{index}" for index in range(10_000)]


def owning(*contents: str) -> ActualState:
    owned = {arm_id.key(each): OwnedObject(each, KIND.type, {"id": each, "properties": {}}) for each in MANY}
    owned[arm_id.key(GROUP)] = OwnedObject(GROUP, "Microsoft.Resources/resourceGroups", {"id": GROUP})
    return ActualState(owned=owned, group_members={arm_id.key(GROUP): tuple(map(GroupMember, contents))})


def test_a_group_that_holds_nothing_else_goes_in_one_request_on_demand() -> None:
    own = [each.replace("resourceGroups", "resourcegroups") for each in MANY]
    plan = removals.destroy(owning(*own, f"{MANY[0]}/parts/x"), "d", "c", delete_group=True)
    (delete,) = plan.steps["resource_group/g"]
    assert isinstance(delete.operation, Delete)
    others = {step.operation for address, steps in plan.steps.items() for step in steps if address != delete.change}
    assert others == {DeletedWith("resource_group/g")}


def test_a_neighbour_whose_name_begins_alike_keeps_the_group() -> None:
    neighbor = f"{MANY[9]}x"
    plan = removals.destroy(owning(*MANY, neighbor), "d", "c", delete_group=True)
    assert [step.operation for change in plan.pending for step in plan.steps[change.address]] == [Delete()] * len(MANY)
    (kept,) = (change for change in plan.changes if change.action == "no-op")
    assert kept.address == "resource_group/g"
    assert kept.notes == (f"not owned: {neighbor}",)


def test_each_problem_is_told_once() -> None:
    context = PlanContext(Graph({}), ActualState(), Options("d", "c"))
    for each in [*MANY, *MANY]:
        context.error("PV3302", f"{each} exists already", "network", each, hint="h")
    assert len(context.problems) == len(MANY)


def test_locks_forbid_what_is_at_beneath_and_above_them() -> None:
    deletes = [Change(each, KIND, each, "delete") for each in MANY]
    locks = [f"{SUBSCRIPTION}/resourceGroups/other-{index}" for index in range(1000)] + [MANY[7], f"{MANY[8]}/parts/x"]
    bodies = [
        {"id": f"{scope}/providers/Microsoft.Authorization/locks/keep", "properties": {"level": "CanNotDelete"}}
        for scope in locks
    ]
    steps = {each: (Step(f"{each}:delete", each, Delete(), KIND, each),) for each in MANY}
    found = management_locks.problems(deletes, steps, bodies)
    assert [problem.summary for problem in found] == [
        f"{each} cannot be deleted because of a lock" for each in (MANY[7], MANY[8])
    ]
