"""Codes about parameters, reported by the modules of this package."""

from __future__ import annotations

from ..base.rule import Rule

RULES = (
    Rule(
        "PV1301",
        "parameter without a value",
        why="Every run must set a parameter that has no default.",
        example="""
 parameters:
-  team: {description: Who pays.}
+  team: {description: Who pays., default: web}
 tags: {team: "${parameters.team}"}
""",
    ),
    Rule(
        "PV1302",
        "parameter of the wrong type",
        why="A parameter has a type, so that provisioner reports a wrong value here and not where it is used.",
        example="""
 parameters:
-  machines: {type: number, default: many}
+  machines: {type: number, default: 3}
 identities: {app: {count: "${parameters.machines}"}}
""",
    ),
    Rule(
        "PV1303",
        "no such parameter",
        why=(
            "A value for an unknown parameter is a typing error. The parameter that you meant would keep its default."
        ),
        example="""
 include:
   team:
     file: shared/identities.yaml
-    parameters: {nmae: app}
+    parameters: {name: app}
=== shared/identities.yaml
 parameters: {name: {default: web}}
 identities: {"${parameters.name}": {}}
""",
    ),
    Rule(
        "PV1308",
        "secret parameter with a value in the file",
        why="Users with read access to the spec, or to a file of parameters, could read the secret.",
        example="""
 parameters:
-  token: {secret: true, default: abc123}
+  token: {secret: true}
""",
    ),
)
