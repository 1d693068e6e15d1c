"""How long and how often a change is tried again, on a clock that the tests move."""

from __future__ import annotations

import random

import pytest

from provisioner.base.diagnostics import AzureFailure
from provisioner.execution.retry import AT_LEAST_S, RetryPolicy
from provisioner.execution.timeouts import Limit

BUSY = AzureFailure("ServerBusy", "Try again.", status=503)
MISSING = AzureFailure("ResourceNotFound", "It was not found.", status=404)
REFUSED = AzureFailure("BadRequest", "It is wrong.", status=400)
USUAL = Limit(3600.0, "60 minutes", False)
CHOSEN = Limit(90.0, "90s (`timeouts.create` in the spec)", True)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Middle(random.Random):
    """No jitter; remembers between which factors it was asked for."""

    def uniform(self, a: float, b: float) -> float:
        self.asked = (a, b)
        return (a + b) / 2


def policy(
    clock: Clock,
    limit: Limit = USUAL,
    scale: float = 1.0,
    at_least_s: float = AT_LEAST_S,
    chance: random.Random | None = None,
) -> RetryPolicy:
    return RetryPolicy(chance or Middle(), scale, limit, at_least_s, clock)


def spent(tried: RetryPolicy, clock: Clock, failure: AzureFailure, is_late: bool = False) -> tuple[list[float], float]:
    """The pauses until it gives up, and the seconds that have passed by then."""
    pauses, began_s = [], clock.now_s
    while (pause := tried.pause(failure, is_late)) is not None:
        pauses.append(pause)
        clock.now_s += pause
    return pauses, clock.now_s - began_s


def test_the_pauses_grow_up_to_twenty_seconds() -> None:
    clock = Clock()
    tried = policy(clock)
    pauses, _ = spent(tried, clock, BUSY)
    assert pauses[:8] == pytest.approx([1, 1.6, 2.56, 4.096, 6.5536, 10.48576, 16.777216, 20])
    assert set(pauses[7:]) == {20}
    assert tried.tries == len(pauses) + 1


def test_the_jitter_is_a_fifth_to_either_side() -> None:
    chance = Middle()
    assert policy(Clock(), chance=chance).pause(BUSY) == 1
    assert chance.asked == (0.8, 1.2)


@pytest.mark.parametrize(
    ("failure", "is_late", "budget_s", "text"),
    [(BUSY, False, 600, "10 minutes for trying again"), (MISSING, True, 300, "5 minutes for trying again")],
)
def test_the_budget_is_used_up_and_not_overdrawn(
    failure: AzureFailure, is_late: bool, budget_s: float, text: str
) -> None:
    clock = Clock()
    tried = policy(clock)
    assert tried.exhausted == ""
    _, total_s = spent(tried, clock, failure, is_late)
    assert budget_s - 20 < total_s <= budget_s
    assert tried.exhausted == text


def test_the_last_second_of_a_budget_is_part_of_it() -> None:
    for late_s, pause in ((0, 1), (0.001, None)):
        clock = Clock()
        tried = policy(clock)
        clock.now_s += 599 + late_s
        assert tried.pause(BUSY) == pause


def test_a_budget_begins_with_what_it_is_for() -> None:
    clock = Clock()
    tried = policy(clock)
    clock.now_s += 700
    assert tried.pause(BUSY) is None
    tried.begin()
    assert tried.pause(BUSY) == 1


@pytest.mark.parametrize(("failure", "is_late"), [(REFUSED, False), (MISSING, False)])
def test_what_does_not_pass_by_itself_is_not_tried_again(failure: AzureFailure, is_late: bool) -> None:
    tried = policy(Clock())
    assert (tried.pause(failure, is_late), tried.tries, tried.exhausted) == (None, 1, "")


@pytest.mark.parametrize("failure", [BUSY, MISSING])
def test_what_is_late_is_tried_again_whatever_it_is(failure: AzureFailure) -> None:
    assert policy(Clock()).pause(failure, is_late=True) == 1


def test_a_retry_after_is_a_lower_bound() -> None:
    asked = AzureFailure("TooManyRequests", "Wait.", status=429, retry_after_s=33)
    tried = policy(Clock())
    assert [tried.pause(asked), tried.pause(asked)] == [33, 33]
    assert policy(Clock()).pause(AzureFailure("TooManyRequests", "Wait.", status=429, retry_after_s=0.5)) == 1


def test_a_429_without_headers_is_tried_again_after_the_usual_pause() -> None:
    assert policy(Clock()).pause(AzureFailure("HTTP429", "", status=429)) == 1


def test_a_retry_after_beyond_the_budget_ends_it() -> None:
    tried = policy(Clock())
    assert tried.pause(AzureFailure("TooManyRequests", "Wait.", status=429, retry_after_s=601)) is None
    assert tried.exhausted == "10 minutes for trying again"


@pytest.mark.parametrize(("seconds", "is_late", "budget_s"), [(90, False, 90), (90, True, 90), (7200, False, 7200)])
def test_a_limit_of_the_spec_is_the_budget(seconds: float, is_late: bool, budget_s: float) -> None:
    clock = Clock()
    tried = policy(clock, Limit(seconds, "as chosen", True))
    _, total_s = spent(tried, clock, BUSY, is_late)
    assert budget_s - 20 < total_s <= budget_s
    assert tried.exhausted == "as chosen"


@pytest.mark.parametrize("seconds", [300, 7200])
def test_what_is_late_is_waited_for_no_longer_than_azure_takes(seconds: float) -> None:
    clock = Clock()
    tried = policy(clock, Limit(seconds, "as chosen", True))
    _, total_s = spent(tried, clock, MISSING, is_late=True)
    assert 280 < total_s <= 300
    assert tried.exhausted == "5 minutes for trying again"


def test_scaled_time_runs_faster_and_a_budget_has_a_least() -> None:
    clock = Clock()
    pauses, total_s = spent(policy(clock, scale=0.1), clock, BUSY)
    assert pauses[:2] == pytest.approx([0.1, 0.16])
    assert 58 < total_s <= 60
    clock = Clock()
    _, total_s = spent(policy(clock, scale=0.0001), clock, BUSY)
    assert 2.9 < total_s <= 3


def test_a_write_may_take_its_limit_and_one_that_the_spec_sets_what_is_left_of_it() -> None:
    clock = Clock()
    usual, chosen = policy(clock), policy(clock, CHOSEN)
    clock.now_s += 30
    assert (usual.longest_s(20), chosen.longest_s(20)) == (3600, 60)
    assert policy(clock, scale=0.001).longest_s(20) == 20
    assert policy(clock, scale=0.01).longest_s(20) == 36
    short = policy(clock, CHOSEN, scale=0.01)
    clock.now_s += 1
    assert short.longest_s(20) == AT_LEAST_S - 1
    assert policy(clock, CHOSEN, scale=0.1).longest_s(20) == 9
