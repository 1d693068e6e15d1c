"""What an error or an object that was read says about a write, value by value."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.azure.codes import FOREIGN_HOST
from provisioner.base.diagnostics import AzureFailure, ExecutionError
from provisioner.execution import recovery
from provisioner.resources.kind import Kind
from provisioner.resources.kinds import public_ip, virtual_machine
from provisioner.resources.reserved_tags import SPEC_TAG
from provisioner.resources.steps import LOCK_REMOVED, NEW_PRINCIPAL, NOT_VISIBLE_YET, Tolerated

GROUP = "/subscriptions/s/resourceGroups/g"
APP = f"{GROUP}/providers/A.B/things/app"


def body(state: str | None, tag: str = "", **more: Any) -> dict[str, Any]:
    tags = {"tags": {SPEC_TAG: tag}} if tag else {}
    return {"properties": {} if state is None else {"provisioningState": state}, **tags, **more}


@pytest.mark.parametrize(
    ("found", "state", "is_busy"),
    [
        (body("Creating"), "Creating", True),
        (body("Updating"), "Updating", True),
        (body("Succeeded"), "Succeeded", False),
        (body("FAILED"), "FAILED", False),
        (body("Canceled"), "Canceled", False),
        (body(None), "", False),
        ({"properties": None}, "", False),
        ({"properties": "x", "provisioningState": "Deleting"}, "Deleting", True),
        (body("Succeeded", provisioningState="Deleting"), "Succeeded", False),
    ],
)
def test_an_object_says_whether_an_operation_runs_on_it(found: dict[str, Any], state: str, is_busy: bool) -> None:
    assert (recovery.state(found), recovery.is_busy(found)) == (state, is_busy)
    assert recovery.is_busy(None) is False


@pytest.mark.parametrize(
    ("status", "may_have"),
    [(status, True) for status in (0, 401, 404, 408, 409, 500, 502, 503, 504)]
    + [(status, False) for status in (400, 403, 412, 429, 501)],
)
def test_a_write_may_have_arrived_although_its_answer_says_no(status: int, may_have: bool) -> None:
    assert recovery.may_have_arrived(AzureFailure("Some", "", status=status)) is may_have
    assert not recovery.may_have_arrived(AzureFailure(FOREIGN_HOST, "", status=status))


@pytest.mark.parametrize(
    ("written", "found", "is_same"),
    [
        (body(None, "a-b-c"), body("Succeeded", "a-b-c"), True),
        (body(None, "a-b-c"), body("succeeded", "a-b-c"), True),
        (body(None, "a-b-c"), body("Succeeded", "a-b-d"), False),
        (body(None, "a-b-c"), body("Failed", "a-b-c"), False),
        (body(None, "a-b-c"), body("Updating", "a-b-c"), False),
        (body(None, "a-b-c"), body("Succeeded"), False),
        (body(None), body("Succeeded"), False),
        (body(None, "a-b-c"), None, False),
        (None, body("Succeeded", "a-b-c"), False),
        (None, None, False),
        ({"tags": None}, {"tags": None}, False),
    ],
)
def test_an_object_is_as_written_if_it_is_at_rest_with_the_same_mark(
    written: dict[str, Any] | None, found: dict[str, Any] | None, is_same: bool
) -> None:
    assert recovery.is_as_written(written, found) is is_same


def missing(text: str) -> AzureFailure:
    return AzureFailure("ResourceNotFound", text, status=404)


@pytest.mark.parametrize(
    ("text", "is_late"),
    [
        ("The Resource 'A.B/things/app' under resource group 'g' was not found.", True),
        ("The Resource 'A.B/things/APP' was not found.", True),
        (f"Resource {APP} was not found.", True),
        (f"Resource {APP}", True),
        ("The Resource 'A.B/things/apple' was not found.", False),
        ("The Resource 'A.B/things/my-app' was not found.", False),
        ("The app was not found.", False),
        (f"Resource {GROUP}/x/other referenced by resource {APP} was not found.", False),
        (f"Resource {APP} referenced by resource {GROUP}/x/other was not found.", True),
    ],
)
def test_what_was_just_made_is_late_if_the_message_says_that_it_is_missing(text: str, is_late: bool) -> None:
    assert recovery.is_tolerated(missing(text), [Tolerated(NOT_VISIBLE_YET, (f"{GROUP}/x/else", APP))]) is is_late


def test_a_guid_stands_in_a_message_with_and_without_hyphens() -> None:
    guid = "11111111-2222-4333-8444-555555555555"
    tolerated = [Tolerated(NOT_VISIBLE_YET, (f"/subscriptions/s/providers/X/roleDefinitions/{guid}",))]
    for text in (guid, guid.replace("-", "")):
        assert recovery.is_tolerated(missing(f"The role definition '{text}' does not exist."), tolerated)
    assert not recovery.is_tolerated(missing("The role definition '2' does not exist."), tolerated)


PRINCIPAL = AzureFailure("PrincipalNotFound", "Principal x does not exist in the directory.", status=400)
LOCKED = AzureFailure("ScopeLocked", f"The scope '{APP.upper()}' cannot be changed: '{GROUP}' is locked.", status=409)


def test_each_delay_is_tolerated_by_the_steps_that_expect_it() -> None:
    principal, late = Tolerated(NEW_PRINCIPAL), Tolerated(NOT_VISIBLE_YET, (APP,))
    lock, other = Tolerated(LOCK_REMOVED, (f"{GROUP}/x/y", GROUP)), Tolerated(LOCK_REMOVED, (f"{GROUP}2",))
    found = missing(f"Resource {APP} was not found.")
    for failure, tolerates, expected in (
        (PRINCIPAL, [principal], True),
        (PRINCIPAL, [late, lock], False),
        (PRINCIPAL, [late, principal], True),
        (LOCKED, [lock], True),
        (LOCKED, [other], False),
        (LOCKED, [other, lock], True),
        (LOCKED, [principal, late], False),
        (found, [principal, lock], False),
        (found, [principal, late], True),
        (AzureFailure("BadRequest", f"Resource {APP} is wrong.", status=400), [late], False),
        (AzureFailure("Conflict", LOCKED.message, status=409), [lock], False),
        (found, [], False),
    ):
        assert recovery.is_tolerated(failure, tolerates) is expected, (failure, tolerates)


class Azure:
    """Answers reads from a list, the last one over and over, and counts the seconds that a wait for it takes."""

    def __init__(self, *answers: dict[str, Any] | AzureFailure | None) -> None:
        self._answers = list(answers)
        self.now_s = 500.0
        self.reads = 0

    async def get(self, kind: Kind, resource_id: str) -> dict[str, Any] | None:
        self.reads += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, AzureFailure):
            raise ExecutionError(answer)
        return answer

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    async def at_rest(self, kind: Kind = public_ip.KIND, scale: float = 1.0, chosen_s: float | None = None) -> Any:
        return await recovery.at_rest(self, kind, APP, scale, chosen_s, lambda: self.now_s, self.sleep)


BUSY = AzureFailure("ServerBusy", "Try again.", status=503)


async def test_an_object_is_read_until_no_operation_runs_on_it() -> None:
    done = body("Succeeded")
    azure = Azure(body("Creating"), BUSY, body("Updating"), done)
    assert await azure.at_rest() is done
    assert (azure.reads, azure.now_s) == (4, 515)
    for rest in (None, body("Failed")):
        azure = Azure(rest)
        assert await azure.at_rest() is rest
        assert (azure.reads, azure.now_s) == (1, 500)


@pytest.mark.parametrize(
    ("kind", "scale", "chosen_s", "longest_s"),
    [
        (public_ip.KIND, 1.0, None, 900),
        (virtual_machine.KIND, 1.0, None, 960),
        (public_ip.KIND, 1.0, 90.0, 90),
        (public_ip.KIND, 0.1, None, 90),
        (public_ip.KIND, 0.001, None, 10),
    ],
)
async def test_an_operation_that_does_not_end_is_waited_for_within_a_limit(
    kind: Kind, scale: float, chosen_s: float | None, longest_s: float
) -> None:
    azure = Azure(body("Creating"))
    with pytest.raises(ExecutionError) as error:
        await azure.at_rest(kind, scale, chosen_s)
    assert longest_s < azure.now_s - 500 <= longest_s + 5 * scale + 0.001
    assert (error.value.failure.code, error.value.failure.target) == ("StillRunning", APP)
    minutes = (chosen_s or (960 if kind is virtual_machine.KIND else 900)) / 60
    assert f"Creating after {minutes:.0f} minutes" in error.value.failure.message


async def test_a_read_that_is_refused_ends_the_wait_and_one_that_fails_does_not_until_it_is_over() -> None:
    refused = Azure(AzureFailure("AuthorizationFailed", "No.", status=403))
    with pytest.raises(ExecutionError, match="AuthorizationFailed"):
        await refused.at_rest()
    assert refused.reads == 1
    failing = Azure(BUSY)
    with pytest.raises(ExecutionError, match="ServerBusy"):
        await failing.at_rest()
    assert 900 < failing.now_s - 500 <= 905
