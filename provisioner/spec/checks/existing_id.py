"""The ID of an existing resource is an ARM ID."""

from __future__ import annotations

from ...base import arm_id
from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2105",
        "not an ARM ID",
        why="An ID of Azure begins with a subscription and names a provider, a type and a name.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
        example="""
 existing:
-  hub: {id: /hub}
+  hub: {id: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub}
""",  # noqa: E501
    ),
)


def check(checker: Checker) -> None:
    for entry in checker.entries("existing"):
        if "id" in entry:
            identity = entry.text("id")
            try:
                arm_id.parse(identity)
            except ValueError:
                hint = "write an ID such as /subscriptions/…/providers/…"
                checker.error("PV2105", f'"{identity}" is not an ARM ID', *entry.at("id"), hint=hint)
