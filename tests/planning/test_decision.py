"""What a plan does about an object that exists, by its differences and its state."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.comparison.differences import Difference
from provisioner.planning.decision import Decision, decide
from provisioner.planning.reasons import Reason, ReasonCode
from provisioner.resources.facts import Repair

SIZE = Difference("properties.hardwareProfile.vmSize", "Standard_B1s", "Standard_B2s")
PLACE = Difference("location", "westus2", "eastus", immutable=True)
ZONES = Difference("zones", None, ["1"], immutable=True)
BODY: dict[str, Any] = {}
IN_PLACE = (Reason(ReasonCode.IMMUTABLE_PROPERTIES, "location"),)
FAILED = (Reason(ReasonCode.LAST_OPERATION_FAILED),)
NEVER_STARTED = (Reason(ReasonCode.LAST_OPERATION_FAILED, "; it never started"),)


@pytest.mark.parametrize(
    ("found", "failed", "decision"),
    [
        ([], None, Decision("no-op")),
        ([SIZE], None, Decision("update")),
        ([SIZE, PLACE], None, Decision("replace", IN_PLACE)),
        ([PLACE, ZONES], None, Decision("replace", (Reason(ReasonCode.IMMUTABLE_PROPERTIES, "location, zones"),))),
        ([], Repair(), Decision("update", FAILED)),
        ([SIZE], Repair(), Decision("update", FAILED)),
        ([], Repair("replace", "it never started"), Decision("replace", NEVER_STARTED)),
        ([], Repair("remake"), Decision("replace", FAILED, "live")),
        ([PLACE], Repair(), Decision("replace", IN_PLACE)),
        ([PLACE], Repair("remake"), Decision("replace", IN_PLACE, "live")),
    ],
)
def test_the_least_that_helps_is_done(found: list[Difference], failed: Repair | None, decision: Decision) -> None:
    assert decide(found, failed, BODY) == decision
