"""How a run ended, in a line: in the order of a plan, and what is left to the next run."""

from __future__ import annotations

from provisioner.execution.events import Outcome, Result
from provisioner.planning.plan import Action, Change
from provisioner.report import results_text
from provisioner.resources.kinds import resource_group


def result(action: Action, outcome: Outcome = "succeeded") -> Result:
    return Result(Change("x", resource_group.KIND, "/subscriptions/s/resourceGroups/x", action), outcome)


def test_counts_stand_in_the_order_of_a_plan() -> None:
    ended = [result("update"), result("delete"), result("create"), result("create"), result("no-op", "unchanged")]
    assert results_text.render(ended, 1.04) == "Done in 1.0 s: 2 created, 1 updated, 1 deleted."


def test_a_run_that_was_cut_short_is_not_called_done() -> None:
    ended = [result("create", "skipped"), result("create", "cancelled"), result("create")]
    told = "Ended after 2.0 s: 1 created, 1 skipped, 1 cancelled. The next run goes on from here."
    assert results_text.render(ended, 2.0) == told
