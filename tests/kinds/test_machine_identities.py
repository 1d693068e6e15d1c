"""The identities of a machine that is updated: which stay, which come and which are detached."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.base import arm_id
from provisioner.resources.kinds import _machine_identity

IDENTITIES = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"
ONE, TWO, POLICY = (f"{IDENTITIES}{name}" for name in ("one", "two", "policy"))
BOTH = "SystemAssigned, UserAssigned"


def block(kind: str, *users: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, **({"userAssignedIdentities": {user: {} for user in users}} if users else {}), **more}


def users(**values: Any) -> dict[str, Any]:
    return {f"{IDENTITIES}{name}": value for name, value in values.items()}


@pytest.mark.parametrize(
    ("wanted", "present", "ours", "written"),
    [
        (None, None, (), None),
        (None, block("UserAssigned", POLICY), (), None),
        (block("None"), None, (), None),
        (block("None"), block("None"), (), block("None")),
        (block("UserAssigned", ONE), None, (ONE,), block("UserAssigned", ONE)),
        (block("UserAssigned", ONE), block("UserAssigned", ONE.upper()), (ONE,), block("UserAssigned", ONE)),
        (block("UserAssigned", ONE), block("UserAssigned", POLICY), (ONE,), block("UserAssigned", ONE, POLICY)),
        (
            block("UserAssigned", TWO),
            block("UserAssigned", ONE),
            (arm_id.short(ONE), TWO),
            {"type": "UserAssigned", "userAssignedIdentities": users(two={}, one=None)},
        ),
        (block("UserAssigned", ONE), block("SystemAssigned", principalId="p"), (), block(BOTH, ONE)),
        (
            block("UserAssigned", ONE),
            block("SystemAssigned", principalId="p"),
            ("system",),
            block("UserAssigned", ONE, principalId=None),
        ),
        (
            block("UserAssigned", ONE, principalId=None),
            block("SystemAssigned", principalId="p"),
            (),
            block("UserAssigned", ONE, principalId=None),
        ),
        (None, block("UserAssigned", ONE), (ONE,), block("None")),
        (None, block(BOTH, ONE, principalId="p"), (arm_id.short(ONE), "system"), block("None")),
        (
            None,
            block(BOTH, ONE, principalId="p"),
            (arm_id.short(ONE),),
            {"type": "SystemAssigned", "userAssignedIdentities": users(one=None)},
        ),
        (block("SystemAssigned"), block("UserAssigned", POLICY), (), block(BOTH, POLICY)),
    ],
)
def test_others_identities_stay_and_ours_follow_the_spec(
    wanted: Any, present: Any, ours: tuple[str, ...], written: Any
) -> None:
    desired = {"location": "westus2", **({"identity": wanted} if wanted is not None else {})}
    actual = {"identity": present} if present is not None else {}
    found = _machine_identity.with_identities(desired, actual, lambda name: name in ours)
    assert found == {"location": "westus2", **({"identity": written} if written is not None else {})}
