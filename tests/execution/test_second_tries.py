"""What meets trouble twice: the read after a refusal, the write after a wait, the start after a write."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from provisioner.base.diagnostics import AzureFailure
from provisioner.execution.events import Event
from provisioner.execution.executor import Executor
from provisioner.execution.recovery import is_tolerated
from provisioner.resources.steps import NEW_PRINCIPAL, NOT_VISIBLE_YET, Tolerated
from provisioner.simulator.errors import ArmError
from provisioner.spec import parameters
from provisioner.spec.secrets.secrets import Secrets
from tests import harness
from tests.execution.test_recovery import troubled
from tests.harness import World, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

ADDRESSES = "Microsoft.Network/publicIPAddresses"
MACHINES = "Microsoft.Compute/virtualMachines"


class Refusals:
    """Refuses the next requests of a method to a path, each with its own status and code."""

    def __init__(self) -> None:
        self._left: list[tuple[str, str, int, str]] = []

    def add(self, method: str, word: str, status: int, code: str) -> None:
        self._left.append((method, word, status, code))

    def __call__(self, call: Any) -> None:
        for item in self._left:
            method, word, status, code = item
            if call.method == method and call.path.lower().endswith(word):
                self._left.remove(item)
                raise ArmError(status, code, "Refused by the test.")


ADDRESSES_SPEC = HEAD + "network: {public_ips: {out: {}, other: {}}}\n"
LET_GO = f"""{HEAD}{NETWORK}  public_ips: {{out: {{zones: [1]}}}}
  interfaces: {{nic: {{subnet: net/front, public_ip: out}}}}
"""


async def _changed_meanwhile(world: World, refusals: Refusals, status: int, code: str) -> list[str]:
    """Of two addresses that get longer timeouts one has changed, and reading it is refused once: what failed."""
    longer = ADDRESSES_SPEC.replace("{}", "{idle_timeout_minutes: 9}")
    assert failures(await world.apply(ADDRESSES_SPEC)) == []
    loaded, plan = world.load(longer), await world.plan(longer)
    refusals.add("PUT", "/out", 412, "PreconditionFailed")
    refusals.add("GET", "/out", status, code)
    results = await world.execute(plan, loaded)
    assert {item.change.address: item.outcome for item in results}["network/public_ips/other"] == "succeeded"
    return failures(results)


async def test_a_read_that_fails_after_a_conflict_is_tried_again(tmp_path: Path) -> None:
    refusals = Refusals()
    async with harness.world(tmp_path, interceptors=(refusals,)) as world:
        assert await _changed_meanwhile(world, refusals, 409, "RetryableError") == []
        retried = [event.detail for event in world.events if event.phase == "retrying"]
        assert retried == ["changed by another user or tool meanwhile", "RetryableError"]


async def test_a_read_that_is_refused_after_a_conflict_fails_that_change_alone(tmp_path: Path) -> None:
    refusals = Refusals()
    async with harness.world(tmp_path, interceptors=(refusals,)) as world:
        (failed,) = await _changed_meanwhile(world, refusals, 403, "AuthorizationFailed")
        assert failed.startswith("network/public_ips/out: AuthorizationFailed")


async def test_a_write_that_was_busy_and_then_outlasts_its_limit_fails(tmp_path: Path) -> None:
    spec = HEAD + "network: {public_ips: {out: {timeouts: {update: 1s}}}}\n"
    longer = spec.replace("{timeouts", "{idle_timeout_minutes: 9, timeouts")
    settings = troubled(f"rules: [{{type: {ADDRESSES}, operation: update, nth: 2, hang: true}}]")
    settings["durations_s"] = {(ADDRESSES.lower(), "update"): 300.0}
    refusals = Refusals()
    settings["interceptors"] = (*settings["interceptors"], refusals)
    async with harness.world(tmp_path, **settings) as world:
        world.at_least_s = 0.5
        assert failures(await world.apply(spec)) == []
        loaded, plan = world.load(longer), await world.plan(longer)
        identity = world.in_group(GROUP, ADDRESSES, "out")
        _, body = await world.arm("GET", identity)
        url = f"{world.simulator.url}{identity}?api-version={harness.API_VERSION}"
        headers = {"Authorization": "Bearer someone-else"}
        async with world.http.put(url, json=body, headers=headers) as response:
            assert response.status == 200
        refusals.add("PUT", "/out", 409, "Unheard")
        async with asyncio.timeout(60):
            results = await world.execute(plan, loaded)
        (failed,) = failures(results)
        assert "OperationTimedOut" in failed
        assert "Before that: Unheard: Refused by the test." in failed


async def test_a_machine_that_was_written_is_still_started(tmp_path: Path) -> None:
    first = "{publisher: A.B, type: C, version: '1.0', settings: {tries: 1}}"
    spec = HEAD + NETWORK + machine(f"    extensions: {{one: {first}}}\n")
    changed = spec.replace("tries: 1", "tries: 2").replace("Standard_B1s", "Standard_B2s")
    refusals = Refusals()
    async with harness.world(tmp_path, interceptors=(refusals,)) as world:
        assert failures(await world.apply(spec)) == []
        path = world.in_group(GROUP, MACHINES, "web")
        await world.arm("POST", f"{path}/deallocate")
        refusals.add("POST", "/start", 409, "AnotherOperationInProgress")
        assert failures(await world.apply(changed)) == []
        assert not (await world.plan(changed)).pending


def test_a_group_that_was_just_made_may_be_missed() -> None:
    message = "Resource group 'demo-group' could not be found."
    failure = AzureFailure("ResourceGroupNotFound", message, 404)
    made, other = (f"/subscriptions/s/resourceGroups/{name}" for name in ("demo-group", "demo"))
    assert is_tolerated(failure, [Tolerated(NOT_VISIBLE_YET, (made,))])
    assert not is_tolerated(failure, [Tolerated(NOT_VISIBLE_YET, (other,)), Tolerated(NEW_PRINCIPAL)])


def test_a_part_of_what_was_just_made_may_be_missed() -> None:
    network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/net"
    nic = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/nic"
    message = f"Resource {network.upper()}/subnets/a referenced by resource {nic} was not found."
    failure = AzureFailure("InvalidResourceReference", message, 400)
    assert is_tolerated(failure, [Tolerated(NOT_VISIBLE_YET, (network,))])
    assert not is_tolerated(failure, [Tolerated(NOT_VISIBLE_YET, (network.rpartition("/providers/")[0],))])
    assert not is_tolerated(failure, [Tolerated(NOT_VISIBLE_YET, (nic,))])


async def test_who_let_go_takes_the_new_one_without_a_conflict(world: World) -> None:
    assert failures(await world.apply(LET_GO)) == []
    assert failures(await world.apply(LET_GO.replace("zones: [1]", "zones: [2]"))) == []
    assert [event.detail for event in world.events if event.phase == "retrying"] == []


async def test_letting_go_keeps_what_somebody_else_has_written_meanwhile(tmp_path: Path) -> None:
    written: list[bool] = []

    def watch(call: Any) -> None:
        if call.method == "PUT" and call.path.endswith("/networkInterfaces/nic"):
            written.append("theirs" in call.json()["tags"])

    async with harness.world(tmp_path, interceptors=(watch,)) as world:
        assert failures(await world.apply(LET_GO)) == []
        other = LET_GO.replace("zones: [1]", "zones: [2]")
        loaded, plan = world.load(other), await world.plan(other)
        identity = world.in_group(GROUP, "Microsoft.Network/networkInterfaces", "nic")
        await world.change(identity, lambda body: body["tags"].update(theirs="yes"))
        written.clear()
        assert failures(await world.execute(plan, loaded)) == []
        assert written == [False, True, True], "refused, let go, taken again"
        _, body = await world.arm("GET", identity)
        assert body["tags"]["theirs"] == "yes"
        assert not (await world.plan(other)).pending


async def test_what_cannot_be_let_go_of_is_not_made_anew(tmp_path: Path) -> None:
    refusals = Refusals()
    async with harness.world(tmp_path, interceptors=(refusals,)) as world:
        assert failures(await world.apply(LET_GO)) == []
        refusals.add("PUT", "/nic", 400, "Unheard")
        results = {item.change.address: item for item in await world.apply(LET_GO.replace("zones: [1]", "zones: [2]"))}
        assert results["network/interfaces/nic"].outcome == "failed"
        address = results["network/public_ips/out"]
        assert (address.outcome, address.caused_by) == ("skipped", "network/interfaces/nic")


async def test_what_is_changed_by_others_again_and_again_fails(tmp_path: Path) -> None:
    refusals = Refusals()
    async with harness.world(tmp_path, interceptors=(refusals,)) as world:
        assert failures(await world.apply(ADDRESSES_SPEC)) == []
        for _ in range(20):
            refusals.add("PUT", "/out", 412, "PreconditionFailed")
        (failed,) = failures(await world.apply(ADDRESSES_SPEC.replace("{}", "{idle_timeout_minutes: 9}")))
        assert failed.startswith("network/public_ips/out: PreconditionFailed")


async def test_nothing_is_tried_again_after_a_stop(tmp_path: Path) -> None:
    spec = HEAD + "network: {public_ips: {out: {}}}\n"
    rule = f"{{type: {ADDRESSES}, operation: create, answer: {{status: 409, code: RetryableError}}}}"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]", time_scale=1.0)) as world:
        loaded, plan = world.load(spec), await world.plan(spec)
        secrets = Secrets(loaded.spec.document, loaded.spec.secrets, parameters.Given({}, {}, harness.ENVIRONMENT))

        def listen(event: Event) -> None:
            if event.phase == "retrying":
                executor.stop()

        executor = Executor(plan, world.session.operations, secrets.reveal, listen, time_scale=100.0)
        async with asyncio.timeout(30):
            results = await executor.run()
        (failed,) = [item.failure for item in results if item.failure is not None]
        assert (failed.code, failed.tries) == ("RetryableError", 1)


LONGER = HEAD + "network: {public_ips: {out: {idle_timeout_minutes: 9}}}\n"


async def test_drift_is_repaired_although_the_first_write_was_refused(tmp_path: Path) -> None:
    refusals = Refusals()
    async with harness.world(tmp_path, interceptors=(refusals,)) as world:
        assert failures(await world.apply(LONGER)) == []
        path = world.in_group(GROUP, ADDRESSES, "out")
        _, body = await world.arm("GET", path)
        body["properties"]["idleTimeoutInMinutes"] = 20
        await world.arm("PUT", path, body)
        assert [change.cause for change in (await world.plan(LONGER)).pending] == ["drift"]
        refusals.add("PUT", "/out", 409, "AnotherOperationInProgress")
        assert failures(await world.apply(LONGER)) == []
        _, body = await world.arm("GET", path)
        assert body["properties"]["idleTimeoutInMinutes"] == 9


@pytest.mark.parametrize("method", ["DELETE", "PUT"])
async def test_a_conflict_within_a_replace_leaves_no_object_deleted(tmp_path: Path, method: str) -> None:
    refusals = Refusals()
    zones = HEAD + "network: {public_ips: {out: {zones: [1]}}}\n"
    async with harness.world(tmp_path, interceptors=(refusals,)) as world:
        assert failures(await world.apply(zones)) == []
        moved = zones.replace("[1]", "[2]")
        refusals.add(method, "/out", 412, "PreconditionFailed")
        assert failures(await world.apply(moved)) == []
        assert not (await world.plan(moved)).pending
