"""Codes about overlays and included files, reported by the modules of this package."""

from __future__ import annotations

from ...base.rule import Rule

RULES = (
    Rule(
        "PV1012",
        "overlay tag on a wrong value",
        why=(
            "`!append` and `!remove` work on lists, and `!replace` on a mapping. Without tags, "
            "mappings merge and lists replace."
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
        why="The overlay removes an item that does not exist. It has a typing error, or the base has changed.",
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
        "included file outside the repository",
        why=(
            "A spec that reads any file of your computer could send it to Azure. Allow folders "
            "outside on the command line."
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
        why="Settings of the whole deployment are defined once, in the spec that includes the file.",
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
        "entry in two files",
        why="Included files are combined, not merged, so it would be unclear which entry is meant.",
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
