"""An existing resource is named well enough to be found: by its ID, or by a type and as many names."""

from __future__ import annotations

from collections.abc import Mapping

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2801",
        "existing resource that is not named",
        why="An existing resource is identified by its ID, or by its type and its name.",
        example="""
 existing:
-  vault: {}
+  vault: {type: Microsoft.KeyVault/vaults, name: payroll-kv, resource_group: security}
""",
    ),
)


def check(checker: Checker) -> None:
    for entry in checker.entries("existing"):
        if not is_named(entry.data):
            has_both = "type" in entry and "name" in entry
            reason = "The name has one part for each part of the type, with slashes." if has_both else ""
            hint = "set `id:`, or `type:` and `name:`"
            summary = f"existing/{entry.key} is not named"
            checker.error("PV2801", summary, *entry.path, reason=reason, hint=hint, key=True)


def is_named(data: Mapping[str, object]) -> bool:
    """Whether an entry says which object it means."""
    if "id" in data:
        return True
    # An ARM type has its provider in front: `Microsoft.Network/virtualNetworks/subnets` takes two names.
    names = str(data.get("name")).count("/") + 1
    return "type" in data and "name" in data and str(data["type"]).count("/") == names
