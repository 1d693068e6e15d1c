"""Token buckets."""

from __future__ import annotations

from .conftest import LOCATION, Arm, Starter


async def test_remaining_requests_count_down_and_refill(arm: Arm) -> None:
    async def left() -> int:
        reply = await arm.put(arm.group, {"location": LOCATION})
        return int(reply.headers["x-ms-ratelimit-remaining-subscription-writes"])

    first = await left()
    assert [await left(), await left()] == [first - 1, first - 2]
    arm.clock.advance(3600)
    assert await left() == 199


async def test_an_empty_bucket_is_429_with_retry_after_when_limits_are_enforced(started: Starter) -> None:
    async with started(enforce_rate_limits=True) as arm:
        for _ in range(250):
            assert (await arm.get(arm.subscription)).status == 200
        refused = await arm.get(arm.subscription)
        assert (refused.status, refused.code) == (429, "SubscriptionRequestsThrottled")
        assert float(refused.headers["Retry-After"]) > 0
        assert refused.headers["x-ms-ratelimit-remaining-subscription-reads"] == "0"
        assert (await arm.put(arm.group, {"location": LOCATION})).status == 201
        arm.clock.advance(1)
        assert (await arm.get(arm.subscription)).status == 200


async def test_an_empty_bucket_is_only_a_header_when_they_are_not(arm: Arm) -> None:
    for _ in range(260):
        reply = await arm.get(arm.subscription)
    assert (reply.status, reply.headers["x-ms-ratelimit-remaining-subscription-reads"]) == (200, "0")
