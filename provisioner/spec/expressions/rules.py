"""Codes about expressions, reported by the modules of this package."""

from __future__ import annotations

from ...base.rule import Rule

RULES = (
    Rule(
        "PV1304",
        "no such value",
        why="An expression that finds nothing has no value. An empty value would end up in a name or a tag.",
        example="""
 parameters:
   sizes: {type: map, default: {small: Standard_B1s}}
-tags: {size: "${parameters.sizes.smal}"}
+tags: {size: "${parameters.sizes.small}"}
""",
    ),
    Rule(
        "PV1306",
        "unclosed expression",
        why="`${` begins an expression. For these two characters, write `$${`.",
        example="""
 identities: {app: {}}
-outputs: {id: "${identities/app.id"}
+outputs: {id: "${identities/app.id}"}
""",
    ),
    Rule(
        "PV1307",
        "function used wrongly",
        why="Each function accepts a certain number of arguments of certain types.",
        example="""
-tags: {suffix: "${unique(99)}"}
+tags: {suffix: "${unique(8)}"}
""",
    ),
)
