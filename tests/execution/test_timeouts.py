"""``timeouts:`` in the spec: how long an operation may take, how long a refusal is tried again, and what is told."""

from __future__ import annotations

from pathlib import Path

from provisioner.execution import in_flight, timeouts
from provisioner.planning import removals
from provisioner.planning.plan import Plan
from provisioner.report import results_text
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
