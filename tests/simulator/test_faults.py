"""Faults at work: on requests, on long-running operations, on tokens, on the directory."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from provisioner.simulator import Settings, Simulator
from provisioner.simulator.faults.apply import applied
from provisioner.simulator.faults.reading import parse_faults

from .conftest import LOCATION, Arm, Clock, network, public_ip
from .serving import serve

Troubled = Any
NETWORKS = "Microsoft.Network/virtualNetworks"
PIPS = "Microsoft.Network/publicIPAddresses"


@pytest.fixture
def troubled(clock: Clock) -> Troubled:
    """A simulator with a faults file, its text given, that holds the group `rg`."""

    @asynccontextmanager
    async def start(text: str, **settings: Any) -> AsyncIterator[Arm]:
        chosen = applied(parse_faults(text), Settings(**{"now": clock, "time_scale": 1.0, **settings}))
        async with Simulator.start(chosen) as simulator, aiohttp.ClientSession() as session:
            arm = Arm(simulator, session, clock)
            assert (await arm.put(arm.group, {"location": LOCATION})).status in (200, 201)
            yield arm

    return start


def pip(arm: Arm, name: str) -> str:
    return f"{arm.network}/publicIPAddresses/{name}"


async def statuses(arm: Arm, count: int) -> list[int]:
    return [(await arm.put(pip(arm, f"pip{number}"), public_ip())).status for number in range(count)]


async def test_a_rule_befalls_only_its_type_and_operation(troubled: Troubled) -> None:
    async with troubled(f"rules: [{{type: {PIPS}, operation: create, answer: 503}}]") as arm:
        refused = await arm.put(pip(arm, "pip"), public_ip())
        assert (refused.status, refused.code) == (503, "ServerBusy")
        assert (await arm.get(pip(arm, "pip"))).status == 404
        assert (await arm.put(f"{arm.network}/virtualNetworks/net", network())).status == 201


async def test_a_rule_ends_after_so_many_times(troubled: Troubled) -> None:
    async with troubled(f"rules: [{{type: {PIPS}, operation: write, times: 2, answer: 500}}]") as arm:
        assert await statuses(arm, 4) == [500, 500, 201, 201]


async def test_a_rule_befalls_the_nth(troubled: Troubled) -> None:
    async with troubled(f"rules: [{{type: {PIPS}, operation: write, nth: [2, 3], answer: 500}}]") as arm:
        assert await statuses(arm, 4) == [201, 500, 500, 201]


async def test_a_rule_may_count_each_resource_apart(troubled: Troubled) -> None:
    async with troubled(f"rules: [{{type: {PIPS}, operation: write, per: resource, times: 1, answer: 500}}]") as arm:
        assert await statuses(arm, 2) == [500, 500]
        assert await statuses(arm, 2) == [201, 201]


async def test_the_same_seed_makes_the_same_trouble(troubled: Troubled) -> None:
    def text(seed: int) -> str:
        return f"{{seed: {seed}, rules: [{{type: {PIPS}, operation: create, rate: 0.5, answer: 500}}]}}"

    runs = []
    for seed in (1, 1, 2):
        async with troubled(text(seed)) as arm:
            runs.append(await statuses(arm, 30))
    assert runs[0] == runs[1] != runs[2]
    assert {201, 500} == set(runs[0])


async def test_a_429_says_when_to_come_again(troubled: Troubled) -> None:
    text = "rules: [{operation: list, answer: {status: 429, code: Busy, message: Later., retry_after_s: 17}}]"
    async with troubled(text) as arm:
        refused = await arm.get(f"{arm.subscription}/resourceGroups")
        assert (refused.status, refused.code, refused.headers["Retry-After"]) == (429, "Busy", "17")


async def test_a_resource_can_be_named(troubled: Troubled) -> None:
    async with troubled(f"rules: [{{type: {PIPS}, resource: web-*, answer: 500}}]") as arm:
        assert (await arm.put(pip(arm, "web-1"), public_ip())).status == 500
        assert (await arm.put(pip(arm, "db-1"), public_ip())).status == 201


@pytest.mark.parametrize(("when", "is_there"), [("before", False), ("after", True)])
async def test_a_connection_drops_before_or_after_the_write(troubled: Troubled, when: str, is_there: bool) -> None:
    # The client repeats a PUT by itself once, on a connection that it has used before.
    async with troubled(f"rules: [{{type: {PIPS}, operation: write, drop: {when}}}]") as arm:
        with pytest.raises(aiohttp.ClientError):
            await arm.put(pip(arm, "pip"), public_ip())
        assert (await arm.get(pip(arm, "pip"))).status == (200 if is_there else 404)
        entry = next(entry for entry in arm.simulator.log.entries() if entry.note)
        assert entry.note == "fault: rule 1"


async def test_a_body_breaks_off_after_the_write(troubled: Troubled) -> None:
    async with troubled(f"rules: [{{type: {PIPS}, operation: create, truncate: true}}]") as arm:
        with pytest.raises(aiohttp.ClientPayloadError):
            await arm.put(pip(arm, "pip"), public_ip())
        assert (await arm.get(pip(arm, "pip"))).status == 200


async def test_what_was_just_made_is_missing_for_a_while(troubled: Troubled) -> None:
    async with troubled(f"rules: [{{type: {PIPS}, operation: read, missing_s: 5}}]") as arm:
        assert (await arm.put(pip(arm, "pip"), public_ip())).status == 201
        missing = await arm.get(pip(arm, "pip"))
        assert (missing.status, missing.code) == (404, "ResourceNotFound")
        arm.clock.advance(6)
        assert (await arm.get(pip(arm, "pip"))).status == 200


async def test_a_group_can_be_missing_for_a_while_too(troubled: Troubled) -> None:
    async with troubled("rules: [{type: Microsoft.Resources/resourceGroups, operation: read, missing_s: 5}]") as arm:
        assert (await arm.get(arm.group)).code == "ResourceGroupNotFound"
        arm.clock.advance(6)
        assert (await arm.get(arm.group)).status == 200


async def ended(arm: Arm, reply: Any) -> Any:
    """The end of an operation, as its polling URL tells it."""
    arm.clock.advance(100_000)
    return (await arm.get(reply.headers["Azure-AsyncOperation"])).body


async def test_an_operation_fails_with_the_given_code(troubled: Troubled) -> None:
    async with troubled(f"rules: [{{type: {NETWORKS}, operation: create, fail: {{code: Odd, message: No.}}}}]") as arm:
        path = f"{arm.network}/virtualNetworks/net"
        reply = await arm.put(path, network(("front", "10.0.0.0/24")))
        assert reply.status == 201
        assert await ended(arm, reply) == {"status": "Failed", "error": {"code": "Odd", "message": "No."}}
        assert (await arm.get(path)).body["properties"]["provisioningState"] == "Failed"
        again = await arm.put(path, network(("front", "10.0.0.0/24")))
        assert (await ended(arm, again))["status"] == "Succeeded"


async def test_an_operation_ends_as_canceled(troubled: Troubled) -> None:
    async with troubled(f"rules: [{{type: {NETWORKS}, operation: create, cancel: true}}]") as arm:
        path = f"{arm.network}/virtualNetworks/net"
        reply = await arm.put(path, network())
        assert (await ended(arm, reply))["status"] == "Canceled"
        assert (await arm.get(path)).body["properties"]["provisioningState"] == "Canceled"


async def test_an_operation_never_ends(troubled: Troubled) -> None:
    async with troubled(f"rules: [{{type: {NETWORKS}, operation: create, hang: true}}]") as arm:
        reply = await arm.put(f"{arm.network}/virtualNetworks/net", network())
        assert await ended(arm, reply) == {"status": "InProgress"}


async def test_a_create_that_is_done_at_once_can_fail_later(troubled: Troubled) -> None:
    async with troubled("rules: [{type: Microsoft.Network/networkInterfaces, operation: create, fail: Odd}]") as arm:
        made = await arm.made(f"{arm.network}/virtualNetworks/net", network(("front", "10.0.0.0/24")))
        subnet = {"id": made["properties"]["subnets"][0]["id"]}
        body = {
            "location": LOCATION,
            "properties": {"ipConfigurations": [{"name": "one", "properties": {"subnet": subnet}}]},
        }
        path = f"{arm.network}/networkInterfaces/nic"
        reply = await arm.put(path, body)
        assert reply.body["properties"]["provisioningState"] == "Updating"
        assert (await ended(arm, reply))["error"]["code"] == "Odd"
        assert (await arm.get(path)).body["properties"]["provisioningState"] == "Failed"


async def test_a_group_whose_delete_fails_is_as_it_was(troubled: Troubled) -> None:
    text = "rules: [{type: Microsoft.Resources/resourceGroups, operation: delete, times: 1, fail: Odd}]"
    async with troubled(text) as arm:
        begun = await arm.delete(arm.group)
        arm.clock.advance(100_000)
        polled = await arm.get(begun.headers["Location"])
        assert (polled.status, polled.body["Error"]["Code"]) == (409, "Odd")
        assert (await arm.get(arm.group)).body["properties"]["provisioningState"] == "Succeeded"
        await arm.gone(arm.group)
        assert (await arm.get(arm.group)).status == 404


async def test_a_fate_outlives_the_process_that_decided_it(troubled: Troubled, clock: Clock, tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    async with troubled(f"rules: [{{type: {NETWORKS}, fail: Odd}}]", state_path=state) as arm:
        await arm.put(f"{arm.network}/virtualNetworks/net", network())
    clock.advance(1000)
    async with troubled("", state_path=state) as arm:
        found = await arm.get(f"{arm.network}/virtualNetworks/net")
        assert found.body["properties"]["provisioningState"] == "Failed"


async def test_durations_can_be_set_by_type_and_operation(troubled: Troubled) -> None:
    async with troubled(f"durations: {{types: {{{PIPS}: {{create: 50}}}}}}") as arm:
        reply = await arm.put(pip(arm, "pip"), public_ip())
        arm.clock.advance(49)
        assert (await arm.get(reply.headers["Azure-AsyncOperation"])).body == {"status": "InProgress"}
        arm.clock.advance(2)
        assert (await arm.get(reply.headers["Azure-AsyncOperation"])).body == {"status": "Succeeded"}


async def lasting(arm: Arm, count: int) -> list[float]:
    await statuses(arm, count)
    operations = arm.simulator.world.store.all("operation").values()
    return sorted(round(one["finish_at"] - one["started_at"], 6) for one in operations)


async def test_durations_spread_around_the_median_by_seed(troubled: Troubled) -> None:
    def text(seed: int) -> str:
        return f"{{seed: {seed}, durations: {{types: {{{PIPS}: {{create: {{median: 20, p90: 60, most: 100}}}}}}}}}}"

    runs = []
    for seed in (1, 1, 2):
        async with troubled(text(seed)) as arm:
            runs.append(await lasting(arm, 60))
    assert runs[0] == runs[1] != runs[2]
    assert 10 < runs[0][30] < 40
    assert runs[0][-1] <= 100
    assert len(set(runs[0])) > 50


async def test_the_tables_durations_can_be_spread(troubled: Troubled) -> None:
    async with troubled("durations: {distribution: lognormal}") as arm:
        assert len(set(await lasting(arm, 20))) > 15


async def granted(arm: Arm, principal: str, **properties: Any) -> Any:
    role = f"{arm.subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
    body = {"properties": {"roleDefinitionId": role, "principalId": principal, **properties}}
    return await arm.put(f"{arm.group}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}", body)


async def identity(arm: Arm, name: str) -> str:
    path = f"{arm.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    made = await arm.put(path, {"location": LOCATION})
    return str(made.body["properties"]["principalId"])


async def test_new_principals_are_unknown_for_a_while(troubled: Troubled) -> None:
    async with troubled("directory: {lag_s: recorded, despite_principal_type: true}") as arm:
        principal = await identity(arm, "one")
        assert (await granted(arm, principal)).code == "PrincipalNotFound"
        assert (await granted(arm, principal, principalType="ServicePrincipal")).code == "PrincipalNotFound"
        arm.clock.advance(270)
        assert (await granted(arm, principal)).status == 201


async def test_lags_differ_from_principal_to_principal(troubled: Troubled) -> None:
    async with troubled("directory: {lag_s: {median: 40, p90: 150, most: 269}}") as arm:
        principals = [await identity(arm, f"identity-{number}") for number in range(20)]
        now = arm.clock()
        lags = {round(arm.simulator.world.directory.get(one).visible_at - now, 3) for one in principals}
        assert len(lags) > 15
        assert max(lags) <= 269


async def test_a_token_that_is_too_old_is_refused_and_a_fresh_one_taken(troubled: Troubled) -> None:
    async with troubled("credentials: {expire_after_s: 60}") as arm:

        async def headers() -> dict[str, str]:
            form = {"grant_type": "client_credentials", "client_id": "any", "client_secret": "any"}
            url = f"{arm.simulator.url}/{arm.simulator.tenant_id}/oauth2/v2.0/token"
            async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
                return {"Authorization": f"Bearer {(await response.json())['access_token']}"}

        old = await headers()
        assert (await arm.get(arm.group, headers=old)).status == 200
        arm.clock.advance(61)
        refused = await arm.get(arm.group, headers=old)
        assert (refused.status, refused.code) == (401, "ExpiredAuthenticationToken")
        assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
        assert (await arm.get(arm.group, headers=await headers())).status == 200


async def test_an_announced_end_of_a_token_is_in_the_answer(troubled: Troubled) -> None:
    async with troubled("credentials: {expire_after_s: 60, announced: true}") as arm:
        url = f"{arm.simulator.url}/{arm.simulator.tenant_id}/oauth2/v2.0/token"
        async with aiohttp.ClientSession() as session, session.post(url, data={"client_id": "any"}) as response:
            assert (await response.json())["expires_in"] == 60


async def test_buckets_can_be_made_small(troubled: Troubled) -> None:
    text = "throttling: {arm: true, limits: {writes: {capacity: 3, per_second: 1}}}"
    async with troubled(text) as arm:
        assert await statuses(arm, 3) == [201, 201, 429]
        arm.clock.advance(5)
        assert await statuses(arm, 1) == [200]


async def test_one_machine_can_be_polled_so_often_and_no_more(troubled: Troubled) -> None:
    machine = "/providers/Microsoft.Compute/virtualMachines/vm"
    async with troubled("throttling: {compute: true}") as arm:
        for _ in range(36):
            reply = await arm.get(f"{arm.group}{machine}")
            assert reply.status == 404
        assert reply.headers["x-ms-ratelimit-remaining-resource"].startswith("Microsoft.Compute/ReadVM;0,")
        refused = await arm.get(f"{arm.group}{machine}")
        assert (refused.status, refused.code) == (429, "OperationNotAllowed")
        assert refused.body["error"]["details"][0]["code"] == "TooManyRequests"
        assert (await arm.get(f"{arm.group}{machine}2")).status == 404
        arm.clock.advance(6)
        assert (await arm.get(f"{arm.group}{machine}")).status == 404


async def test_the_network_provider_has_buckets_of_its_own(troubled: Troubled) -> None:
    text = "throttling: {network: true, limits: {network-writes: {capacity: 2, per_second: 1}}}"
    async with troubled(text) as arm:
        assert await statuses(arm, 3) == [201, 201, 429]


@pytest.mark.parametrize("when", ["before", "during", "after"])
def test_the_process_kills_itself_at_the_nth_write(tmp_path: Path, when: str) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text(f"rules: [{{operation: write, nth: 3, kill: {when}}}]")
    with serve(tmp_path, "--http", "--faults", str(faults)) as served:
        for number in range(2):
            assert served.request("PUT", f"/resourceGroups/rg{number}", {"location": LOCATION})[0] == 201
        with pytest.raises(OSError):
            served.request("PUT", "/resourceGroups/rg2", {"location": LOCATION})
        assert served.process.wait(60) == -9
    with serve(tmp_path, "--http") as again:
        listed = again.request("GET", f"/subscriptions/{again.subscription}/resourcegroups")[1]["value"]
        expected = ["rg0", "rg1", "rg2"] if when == "after" else ["rg0", "rg1"]
        assert [group["name"] for group in listed] == expected
