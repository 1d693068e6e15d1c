"""Reasons: a code, and the sentence that people read."""

from __future__ import annotations

import pytest

from provisioner.planning.reasons import Reason, ReasonCode, joined
from tests.harness import World
from tests.kinds.specs import HEAD, NETWORK, machine

MACHINE = HEAD + NETWORK + machine("    extensions: {one: {publisher: A.B, type: C, version: '1.0'}}\n")


def test_the_detail_fills_the_gap_of_the_sentence() -> None:
    assert str(Reason(ReasonCode.IMMUTABLE_PROPERTIES, "zones")) == "zones cannot be changed in place"
    assert str(Reason(ReasonCode.NOT_IN_SPEC)) == "it is no longer in the spec"


def test_braces_in_what_azure_says_are_shown_as_they_are() -> None:
    found = Reason(ReasonCode.LAST_OPERATION_FAILED, ': BadRequest: {"code": "{0}"}')
    assert str(found) == 'its last operation did not succeed: BadRequest: {"code": "{0}"}'


def test_several_reasons_are_one_line() -> None:
    found = [Reason(ReasonCode.DEPENDENCY_REPLACED, "vms/web"), Reason(ReasonCode.STOPPED)]
    assert joined(found) == "vms/web is replaced; it is stopped for this change"
    assert joined([]) == ""


@pytest.mark.parametrize("code", ReasonCode)
def test_a_sentence_has_one_gap_at_most_and_no_end(code: ReasonCode) -> None:
    assert code.value.count("{}") <= 1
    assert not code.value.endswith("."), "reasons are joined, and shown in parentheses"


async def test_a_replaced_vm_and_its_extension_say_why(world: World) -> None:
    await world.apply(MACHINE)
    plan = await world.plan(MACHINE.replace("size: ", "zone: 1\n    size: "))
    assert {change.address: change.reasons for change in plan.pending} == {
        "vms/web": (Reason(ReasonCode.IMMUTABLE_PROPERTIES, "zones"),),
        "vms/web/extensions/one": (Reason(ReasonCode.PARENT_REPLACED),),
    }


async def test_what_left_the_spec_says_so(world: World) -> None:
    await world.apply(MACHINE)
    plan = await world.plan(HEAD + NETWORK)
    assert {change.action for change in plan.pending} == {"delete"}
    assert {change.reasons for change in plan.pending} == {(Reason(ReasonCode.NOT_IN_SPEC),)}
