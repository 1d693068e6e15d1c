"""Requests stay within what Azure allows, and who has most ahead of it goes first."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from provisioner.azure import credentials
from provisioner.azure.clients import Clients
from provisioner.azure.operations import Operations
from provisioner.azure.rate_limiter import RateLimiter
from provisioner.azure.token_bucket import Bucket, Limit
from provisioner.execution.executor import Executor
from provisioner.simulator import Settings
from provisioner.simulator.faults.apply import applied
from provisioner.simulator.faults.reading import parse_faults
from tests import harness
from tests.chaos.specs import fleet
from tests.kinds.specs import HEAD

VM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web"
NIC = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/web"
GRANT = f"{VM}/providers/Microsoft.Authorization/roleAssignments/one"
IDENTITY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app"
DISK = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/data"
LEFT = "x-ms-ratelimit-remaining-subscription-writes"


async def drained(limit: Limit) -> Bucket:
    """A bucket from which everything was just taken, and answered."""
    bucket = Bucket(limit, 1.0)
    async with asyncio.timeout(10):
        await bucket.take(0)
        bucket.answered(remaining=0)
    return bucket


async def waiting(bucket: Bucket, *priorities: float) -> tuple[list[asyncio.Task[bool]], list[float]]:
    """Tasks that wait there, and a list that fills with the priorities in the order of their leave."""
    order: list[float] = []

    async def one(priority: float) -> bool:
        found = await bucket.take(priority, can_be_dismissed=priority < 0)
        order.append(priority)
        return found

    tasks = [asyncio.create_task(one(priority)) for priority in priorities]
    await asyncio.sleep(0)
    return tasks, order


async def test_who_has_most_ahead_is_sent_first() -> None:
    bucket = await drained(Limit(10, 100))
    tasks, order = await waiting(bucket, 1, 9, 5)
    async with asyncio.timeout(10):
        await asyncio.gather(*tasks)
    assert order == [9, 5, 1]


async def test_few_are_sent_before_the_first_answer() -> None:
    bucket = Bucket(Limit(200, 1), 1.0)
    tasks, order = await waiting(bucket, *range(50))
    assert len(order) == 10
    bucket.answered(remaining=199)
    async with asyncio.timeout(10):
        await asyncio.gather(*tasks)
    assert len(order) == 50


async def test_what_azure_says_corrects_downwards_only() -> None:
    bucket = Bucket(Limit(100, 0.001), 1.0)
    await bucket.take(0)
    bucket.answered(remaining=12)
    tasks, order = await waiting(bucket, *range(20))
    assert len(order) == 7, "five of a hundred are left to others"
    bucket.answered(remaining=90)
    await asyncio.sleep(0)
    assert len(order) == 7
    for task in tasks:
        task.cancel()


async def test_what_is_under_way_is_not_yet_off_the_books_of_azure() -> None:
    bucket = Bucket(Limit(100, 1e6), 1.0)
    await bucket.take(0)
    bucket.answered()
    tasks, order = await waiting(bucket, *range(120))
    await asyncio.sleep(0.05)
    assert len(order) == 95, "it may still be full there, and not fill up"
    for _ in range(10):
        bucket.answered()
    await asyncio.sleep(0.05)
    assert len(order) == 105
    for task in tasks:
        task.cancel()


async def test_a_refusal_empties_the_bucket_for_its_retry_after() -> None:
    bucket = Bucket(Limit(100, 1e6), 1.0)
    await bucket.take(0)
    bucket.refused(retry_after_s=3600)
    tasks, order = await waiting(bucket, 1)
    await asyncio.sleep(0.05)
    assert order == []
    tasks[0].cancel()


async def test_leave_that_is_not_used_goes_to_the_next() -> None:
    bucket = Bucket(Limit(20, 0.001), 1.0)
    await bucket.take(0)
    bucket.answered(remaining=2)
    assert await bucket.take(0)
    tasks, order = await waiting(bucket, 1, 2)
    tasks[1].cancel()
    bucket.returned()
    async with asyncio.timeout(10):
        assert await tasks[0]
    assert order == [1]


async def test_leave_that_comes_together_with_a_cancel_is_not_lost() -> None:
    bucket = Bucket(Limit(20, 0.001), 1.0)
    await bucket.take(0)
    bucket.answered(remaining=2)
    assert await bucket.take(0)
    tasks, order = await waiting(bucket, 1)
    bucket.returned()
    tasks[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
    async with asyncio.timeout(10):
        assert await bucket.take(0)
    assert order == []


async def test_those_who_have_not_begun_can_be_sent_away() -> None:
    bucket = await drained(Limit(10, 0.001))
    tasks, _ = await waiting(bucket, -1, 1)
    bucket.dismiss()
    async with asyncio.timeout(10):
        assert await tasks[0] is False
    assert not tasks[1].done()
    tasks[1].cancel()


@pytest.mark.parametrize(
    ("headers", "blocked", "free"),
    [
        ({LEFT: "0", "retry-after": "3600"}, [VM, NIC], []),
        ({"x-ms-failure-cause": "gateway", "retry-after": "3600"}, [VM, NIC], []),
        ({LEFT: "150", "retry-after": "3600"}, [NIC], [VM]),
    ],
    ids=["nothing left", "the gateway's", "the provider's own"],
)
async def test_a_refusal_stops_those_that_it_is_meant_for(
    headers: dict[str, str], blocked: list[str], free: list[str]
) -> None:
    budget = RateLimiter()
    budget.settle(await budget.leave("PUT", f"https://management.azure.com{NIC}"), "PUT", 429, headers)
    for path in blocked:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(budget.leave("PUT", path), 0.05)
    for path in [*free, VM.replace("/s/", "/other/")]:
        await asyncio.wait_for(budget.leave("PUT", path), 10)
    await asyncio.wait_for(budget.leave("GET", VM), 10)


@pytest.mark.parametrize("path", [GRANT, IDENTITY, DISK])
async def test_a_refusal_of_a_provider_stops_its_type_alone(path: str) -> None:
    budget = RateLimiter()
    drawn = await budget.leave("PUT", f"https://management.azure.com{path}")
    budget.settle(drawn, "PUT", 429, {LEFT: "150", "retry-after": "3600"})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(budget.leave("PUT", f"{path}2"), 0.05)
    for method, other in [
        ("DELETE", path),
        ("GET", path),
        *(("PUT", each) for each in {VM, NIC, GRANT, DISK} - {path}),
    ]:
        await asyncio.wait_for(budget.leave(method, other), 10)


async def test_no_more_identities_are_made_than_their_provider_takes() -> None:
    budget = RateLimiter()
    for number in range(76):
        drawn = await asyncio.wait_for(budget.leave("PUT", f"{IDENTITY}{number}"), 10)
        budget.settle(drawn, "PUT", 201, {})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(budget.leave("PUT", IDENTITY), 0.05)
    await asyncio.wait_for(budget.leave("PUT", GRANT), 10)


async def test_the_least_that_any_limit_has_left_counts() -> None:
    budget = RateLimiter()
    headers = {LEFT: "150", "x-ms-ratelimit-remaining-subscription-global-writes": "11"}
    budget.settle(await budget.leave("PUT", VM), "PUT", 201, headers)
    await asyncio.wait_for(budget.leave("PUT", f"{VM}2"), 10)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(budget.leave("PUT", f"{VM}3"), 0.05)


async def test_a_turn_without_a_request_gives_its_leave_back() -> None:
    budget = RateLimiter()
    async with asyncio.timeout(10):
        for _ in range(20):
            async with budget.turn("PUT", VM, 1.0, reserves=True, refused=lambda text: None):
                pass


async def test_the_twelfth_write_to_one_machine_waits_and_others_do_not() -> None:
    budget = RateLimiter()
    for number in range(11):
        drawn = await asyncio.wait_for(budget.leave("PUT", f"{VM}/extensions/e{number}"), 10)
        budget.settle(drawn, "PUT", 201, {})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(budget.leave("PUT", VM), 0.05)
    for method, path in (("PUT", f"{VM}2"), ("DELETE", VM), ("GET", VM), ("PUT", NIC)):
        await asyncio.wait_for(budget.leave(method, path), 10)


async def test_a_fleet_over_the_limit_is_hardly_ever_refused(tmp_path: Path) -> None:
    chosen = applied(parse_faults("throttling: true"), Settings(time_scale=0.03))
    settings = {name: getattr(chosen, name) for name in chosen.__dataclass_fields__}
    async with harness.world(tmp_path, **settings) as world:
        results = await world.apply(fleet(60))
        assert harness.failures(results) == []
        statuses = [entry.status for entry in world.simulator.log.entries()]
        assert statuses.count(429) <= 0.01 * len(statuses)


async def test_a_stop_does_not_wait_for_leave(world: harness.World) -> None:
    spec = fleet(2)
    plan = await world.plan(spec)
    cloud = world.session.cloud
    clients = Clients(cloud, credentials.make(cloud), world.session.subscription_id)
    try:
        path = f"/subscriptions/{world.session.subscription_id}/resourceGroups/g"
        clients.budget.settle(await clients.budget.leave("PUT", path), "PUT", 429, {LEFT: "0", "retry-after": "3600"})
        executor = Executor(plan, Operations(clients), lambda name: harness.PASSWORD, world.events.append)
        running = asyncio.create_task(executor.run())
        await asyncio.sleep(0.05)
        executor.stop()
        async with asyncio.timeout(60):
            results = await running
    finally:
        await clients.close()
    assert harness.outcomes(results) == {"cancelled", "skipped"}
    assert not [event for event in world.events if event.phase == "started"]


async def test_who_waits_at_one_limit_after_the_other_is_sent_away_from_both() -> None:
    budget = RateLimiter()
    url = f"https://management.azure.com{NIC}"
    network = await budget.leave("PUT", url)
    budget.settle(network, "PUT", 429, {"retry-after": "3600"})
    group = await budget.leave("PUT", "https://management.azure.com/subscriptions/s/resourceGroups/g")
    budget.settle(group, "PUT", 429, {LEFT: "0", "retry-after": "3600"})

    async def one() -> None:
        async with budget.turn("PUT", NIC, 1.0, reserves=True, refused=lambda text: None):
            pass

    task = asyncio.create_task(one())
    await asyncio.sleep(0)
    budget.dismiss()
    async with asyncio.timeout(10):
        await task


async def test_a_long_wait_that_azure_asks_for_is_told(tmp_path: Path) -> None:
    answer = "{status: 429, retry_after_s: 307}"
    rule = f"{{type: Microsoft.Network/publicIPAddresses, operation: create, times: 1, answer: {answer}}}"
    chosen = applied(parse_faults(f"rules: [{rule}]"), Settings(time_scale=0.01))
    settings = {name: getattr(chosen, name) for name in chosen.__dataclass_fields__}
    async with harness.world(tmp_path, **settings) as world:
        assert harness.failures(await world.apply(f"{HEAD}network: {{public_ips: {{out: {{}}}}}}\n")) == []
    told = [(event.change.address, event.detail) for event in world.events if event.phase == "retrying"]
    assert told == [("network/public_ips/out", "429, Azure asks to wait 3 s")]
