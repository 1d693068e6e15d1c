"""Codes about reading the text of a file, reported by the modules of this package."""

from __future__ import annotations

from ...base.rule import Rule

RULES = (
    Rule(
        "PV1001",
        "empty file",
        why="A spec defines at least its version, its deployment, its location and its resource group.",
        example="""
+version: 1
+deployment: demo
+location: westus2
+resource_group: demo
""",
    ),
    Rule(
        "PV1002",
        "file too large",
        why="A spec of more than 32 MiB is a mistake or an attack.",
        no_example=(
            "An example would be the size of a book. Split the spec with `include:`, or spread entries with `count:`."
        ),
    ),
    Rule(
        "PV1003",
        "not YAML",
        why="A file that is not YAML cannot be understood in part, so nothing else is checked.",
        source="https://yaml.org/spec/1.2.2/",
        example="""
-tags: *t
+tags: &t {team: web}
+identities: {app: {tags: *t}}
""",
    ),
    Rule(
        "PV1004",
        "not a mapping of sections",
        why="The top level of a spec consists of named sections, so that overlays can be merged over it.",
        example="""
-- version: 1
-- deployment: demo
-- location: westus2
-- resource_group: demo
+version: 1
+deployment: demo
+location: westus2
+resource_group: demo
""",
    ),
    Rule(
        "PV1005",
        "nested too deeply",
        why=(
            "Deep nesting, and aliases that multiply, let a small file fill the memory. No Azure resource needs either."
        ),
        no_example="An example would be a thousand brackets long. Check where the file comes from.",
    ),
    Rule(
        "PV1006",
        "key that is not plain text",
        why="A key identifies an entry in addresses such as `vms/web`, so it is plain text and not empty.",
        example="""
-identities: {"": {}}
+identities: {app: {}}
""",
    ),
    Rule(
        "PV1007",
        "merge key",
        why="`<<` belongs to YAML 1.1. Tools disagree on its meaning, so each would read the spec differently.",
        source="https://yaml.org/type/merge.html",
        example="""
 identities:
-  one: &common {tags: {team: web}}
-  two:
-    <<: *common
-    location: eastus
+  one: {tags: {team: web}}
+  two:
+    tags: {team: web}
+    location: eastus
""",
    ),
    Rule(
        "PV1008",
        "duplicate key",
        why="Keys of a mapping are unique. Other tools silently use the last one, and an entry is lost.",
        source="https://yaml.org/spec/1.2.2/#mapping",
        example="""
 identities:
   app: {}
-  app: {location: eastus}
+  app-east: {location: eastus}
""",
    ),
    Rule(
        "PV1009",
        "tag",
        why="A tag makes a YAML reader build a type of that reader. Only the tags of overlays have a meaning here.",
        example="""
-tags: {cost: !number 12}
+tags: {cost: 12}
""",
    ),
    Rule(
        "PV1010",
        "not UTF-8",
        why="Every computer must read a spec the same way, so there is only one encoding.",
        source="https://yaml.org/spec/1.2.2/#52-character-encodings",
        no_example="The lines are the same. Save the file as UTF-8.",
    ),
    Rule(
        "PV1011",
        "comment that silences nothing",
        why="A leftover comment would silence the next, real warning on this line.",
        severity="warning",
        example="""
 network:
   security_groups:
     web:
       rules:
-        https: {priority: 100, direction: inbound, access: allow, destination_ports: [443]}  # provisioner: ignore PV2902
+        https: {priority: 100, direction: inbound, access: allow, destination_ports: [443]}
""",  # noqa: E501
    ),
)
