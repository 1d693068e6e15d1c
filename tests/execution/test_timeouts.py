"""``timeouts:`` in the spec: how long an operation may take, how long a refusal is tried again, and what is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provisioner.execution import in_flight, timeouts
from provisioner.planning import removals
from provisioner.planning.plan import Action, Change, Plan
from provisioner.report import results_text
from provisioner.resources.facts import Timing
from provisioner.resources.kind import Kind
from provisioner.resources.kinds import public_ip
from tests import harness
from tests.execution.test_recovery import troubled
from tests.harness import failures

HEAD = "version: 1\ndeployment: demo\nlocation: westus2\nresource_group: demo-group\n"
OUT = HEAD + "network: {public_ips: {out: {timeouts: {create: 90s, update: 20m, delete: 2h}}}}\n"
TYPE = "Microsoft.Network/publicIPAddresses"


def texts(plan: Plan) -> dict[str, str]:
    return {change.address: timeouts.limit(change, timeouts.timeout_key(change)).text for change in plan.pending}


async def test_each_change_has_the_limit_of_its_action(tmp_path: Path) -> None:
    async with harness.world(tmp_path) as world:
        address = "network/public_ips/out"
        expected = {"resource_group": "60 minutes", address: "90s (`timeouts.create` in the spec)"}
        assert texts(await world.plan(OUT)) == expected
        assert failures(await world.apply(OUT)) == []
        assert not (await world.plan(OUT.replace("90s", "2h"))).pending
        longer = OUT.replace("{timeouts", "{idle_timeout_minutes: 9, timeouts")
        assert texts(await world.plan(longer)) == {address: "20m (`timeouts.update` in the spec)"}
        resources = world.load(OUT).resolution.resources
        plan = removals.destroy(await world.actual(OUT), "demo", "local", resources)
        assert "2h (`timeouts.delete` in the spec)" in texts(plan).values()


async def test_an_operation_that_outlasts_its_limit_is_told_with_the_limit(tmp_path: Path) -> None:
    rule = f"{{type: {TYPE}, operation: create, hang: true}}"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        world.at_least_s = 0.5
        (failure,) = failures(await world.apply(OUT))
        wanted = "OperationTimedOut: It did not end within 90s (`timeouts.create` in the spec); the next apply waits"
        assert wanted in failure


async def test_a_refusal_is_tried_again_for_as_long_as_the_spec_says(tmp_path: Path) -> None:
    rule = f"{{type: {TYPE}, operation: create, answer: {{status: 409, code: RetryableError}}}}"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        world.at_least_s = 0.5
        results = await world.apply(OUT)
        (failed,) = [item for item in results if item.failure is not None]
        assert failed.failure is not None and failed.failure.tries > 1
        text = results_text.render(results, 1.0)
        assert "90s (`timeouts.create` in the spec)" in text
        assert "RetryableError" in text
        assert not [item for item in world.events if item.phase == "retrying" and item.detail != "RetryableError"]


async def test_an_operation_of_an_earlier_run_is_waited_for_as_long_as_the_spec_says(tmp_path: Path) -> None:
    rule = f"{{type: {TYPE}, operation: create, hang: true}}"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        world.at_least_s = 0.5
        assert failures(await world.apply(OUT)) != []
        resources = world.load(OUT).resolution.resources
        (running,) = in_flight.busy(resources, await world.actual(OUT), "demo")
        assert (running.state, running.longest_s) == ("Updating", 1200.0)
        (usual,) = in_flight.busy([], await world.actual(OUT), "demo")
        assert usual.longest_s is None


def change(action: Action, kind: Kind = public_ip.KIND, **chosen: str) -> Change:
    return Change("a", kind, "/subscriptions/s", action, timeouts=chosen)


@pytest.mark.parametrize(
    ("action", "key"),
    [("create", "create"), ("replace", "create"), ("no-op", "create"), ("update", "update"), ("delete", "delete")],
)
def test_each_action_is_held_to_its_limit(action: Action, key: str) -> None:
    assert timeouts.timeout_key(change(action)) == key


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("20m", 1200), ("2h", 7200), ("1.5h", 5400), ("0s", 0)])
def test_a_limit_is_in_seconds_minutes_or_hours(text: str, seconds: float) -> None:
    assert timeouts.chosen_s({"update": text}, "update") == seconds
    assert timeouts.chosen_s({"update": text}, "delete") is None
    limit = timeouts.limit(change("update", update=text), "update")
    assert (limit.seconds, limit.text, limit.is_chosen) == (seconds, f"{text} (`timeouts.update` in the spec)", True)


def test_without_a_limit_in_the_spec_it_is_an_hour_or_twenty_times_what_is_usual() -> None:
    slow = replace(public_ip.KIND, timing=Timing(typical_s=240.0))
    for kind, seconds, text in ((public_ip.KIND, 3600, "60 minutes"), (slow, 4800, "80 minutes")):
        limit = timeouts.limit(change("create", kind, update="90s"), "create")
        assert (limit.seconds, limit.text, limit.is_chosen) == (seconds, text, False)
