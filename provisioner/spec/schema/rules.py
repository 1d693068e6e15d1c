"""Codes about the shape of a spec, reported by the modules of this package."""

from __future__ import annotations

from ...base.rule import Rule

RULES = (
    Rule(
        "PV1101",
        "unknown key",
        why="An unknown key is usually a typing error. The setting that you meant would be missing in Azure.",
        example="""
 identities:
-  app: {locatoin: eastus}
+  app: {location: eastus}
""",
    ),
    Rule(
        "PV1102",
        "missing key",
        why="No default would be right for every deployment.",
        example="""
 version: 1
+deployment: demo
 location: westus2
 resource_group: demo
""",
    ),
    Rule(
        "PV1103",
        "value of the wrong form",
        why=(
            "The schema defines the form of each value. Azure would refuse a wrong value later, in the middle of a run."
        ),
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    zone: west
+    zone: 1
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
    Rule(
        "PV1104",
        "key of the wrong form",
        why="A key becomes a name in Azure, and each type of resource has its own rule for names.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources",
        example="""
-tags: {cost<center: web}
+tags: {cost-center: web}
""",
    ),
    Rule(
        "PV1105",
        "not one of the values",
        why="Azure, or this version of the spec, knows only these values.",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    os: linus
+    os: linux
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
    Rule(
        "PV1106",
        "password in the file",
        why="A spec is in git, and users with read access to the repository would have the password permanently.",
        example="""
+secrets: {admin: {from_env: ADMIN_PASSWORD}}
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    admin: {username: azureuser, password: a-password-in-the-open}
+    admin: {username: azureuser, password: "${secrets.admin}"}
""",
    ),
)
