"""Codes about overlays and included files, reported by the modules of this package."""

from __future__ import annotations

from ...base.rule import Rule

RULES = (
    Rule(
        "PV1012",
        "overlay tag on the wrong thing",
        why=(
            "`!append` and `!remove` work on lists, `!replace` on a mapping; mappings merge and lists replace by "
            "themselves."
        ),
        example="""
 identities: {one: {}}
=== overlay.yaml
-identities: !append {two: {}}
+identities: {two: {}}
""",
    ),
    Rule(
        "PV1013",
        "nothing to remove",
        why="An overlay that removes what is not there has a typing error, or the base has moved on.",
        example="""
 identities: {one: {}, two: {}}
=== overlay.yaml
-identities: {ones: !remove }
+identities: {one: !remove }
""",
    ),
    Rule(
        "PV1014",
        "file cannot be included",
        why="An included file has a plain name, can be read, and does not include itself.",
        example="""
 include:
-  team: shared/identites.yaml
+  team: shared/identities.yaml
=== shared/identities.yaml
 identities: {app: {}}
""",
    ),
    Rule(
        "PV1015",
        "included file outside of the repository",
        why=(
            "A spec that reads any file of the machine could carry it to Azure; folders outside are named on the "
            "command line."
        ),
        example="""
 include:
-  team: /etc/identities.yaml
+  team: shared/identities.yaml
=== shared/identities.yaml
 identities: {app: {}}
""",
    ),
    Rule(
        "PV1016",
        "section that an included file cannot have",
        why="What holds for the whole deployment is said once, by the spec that includes.",
        example="""
 include:
   team: shared/identities.yaml
=== shared/identities.yaml
-deployment: demo
 identities: {app: {}}
""",
    ),
    Rule(
        "PV1017",
        "entry stands in two files",
        why="Included files are put side by side, not over each other; it could not be told which entry is meant.",
        example="""
 include:
   team: shared/identities.yaml
-identities: {app: {}}
+identities: {app-east: {}}
=== shared/identities.yaml
 identities: {app: {}}
""",
    ),
)
