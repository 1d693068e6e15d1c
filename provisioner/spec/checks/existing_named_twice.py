"""An existing resource is named once: an ID holds everything that the other keys say."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2802",
        "existing resource that is named twice",
        why=(
            "An ID contains the type, the name, the resource group and the subscription. Other keys "
            "could contradict it."
        ),
        example="""
 existing:
-  vault: {id: /subscriptions/s/resourceGroups/security/providers/Microsoft.KeyVault/vaults/payroll-kv, resource_group: other}
+  vault: {id: /subscriptions/s/resourceGroups/security/providers/Microsoft.KeyVault/vaults/payroll-kv}
""",  # noqa: E501
    ),
)

_BY_NAME = ("type", "name", "resource_group", "subscription")


def check(checker: Checker) -> None:
    for entry in checker.entries("existing"):
        others = [word for word in _BY_NAME if word in entry]
        if "id" in entry and others:
            hint = f"delete {', '.join(f'`{word}:`' for word in others)}, or `id:`"
            summary = f"existing/{entry.key} is named twice"
            checker.error(
                "PV2802", summary, *entry.at(others[0]), reason="The ID contains these values.", hint=hint, key=True
            )
