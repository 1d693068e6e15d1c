"""Codes about reading the text of a file, reported by the modules of this package."""

from __future__ import annotations

from ...base.rule import Rule

RULES = (
    Rule(
        "PV1001",
        "empty file",
        why="A spec says at least its version, its deployment, its location and its resource group.",
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
        why="A spec of more than 32 MiB is no spec that a person reads; a file of that size is a mistake or an attack.",
        no_example=(
            "An example would be the size of a book. Split the spec with `include:`, or spread entries with `count:`."
        ),
    ),
    Rule(
        "PV1003",
        "not YAML",
        why="What is not YAML cannot be understood, in part least of all, so that nothing else is checked.",
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
        why="The outermost level of a spec is sections by name, so that files can be laid over each other.",
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
        why="Depth and aliases that multiply are how a small file fills the memory; no resource of Azure needs either.",
        no_example="An example would be a thousand brackets long. Look where the file comes from.",
    ),
    Rule(
        "PV1006",
        "key is not a word",
        why="A key is the handle of an entry in addresses such as `vms/web`, so that it is plain text and not empty.",
        example="""
-identities: {"": {}}
+identities: {app: {}}
""",
    ),
    Rule(
        "PV1007",
        "merge key",
        why=(
            "`<<` belongs to YAML 1.1; tools disagree on what it means, so that the spec would mean different "
            "things to them."
        ),
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
        why="Keys of a mapping are unique; other readers silently take the last one, and an entry is lost.",
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
        why="A tag tells a YAML reader to build some type of its own; only the tags of overlays mean something here.",
        example="""
-tags: {cost: !number 12}
+tags: {cost: 12}
""",
    ),
    Rule(
        "PV1010",
        "not UTF-8",
        why="A spec is read the same on every machine; only one encoding makes sure of that.",
        source="https://yaml.org/spec/1.2.2/#52-character-encodings",
        no_example="The lines are the same; save the file as UTF-8.",
    ),
    Rule(
        "PV1011",
        "comment that silences nothing",
        why="A comment that is left behind would silence the next, real warning on this line.",
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
