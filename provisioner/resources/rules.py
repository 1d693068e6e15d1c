"""Codes about names, references and bodies of resources, reported by the modules of this package."""

from __future__ import annotations

from ..base.rule import Rule

RULES = (
    Rule(
        "PV1305",
        "expression that is not understood here",
        why=(
            "Names, sizes and keys must be known before provisioner creates anything. They can use "
            "parameters, but no values from Azure."
        ),
        example="""
-tags: {group: "${resource_group}"}
+tags: {deployment: "${deployment}"}
""",
    ),
    Rule(
        "PV1402",
        "visible secret",
        why="Users with read access can read tags, settings and names. These values also stay in Azure's logs.",
        source="https://learn.microsoft.com/azure/virtual-machines/extensions/features-linux",
        example="""
 secrets: {token: {from_env: TOKEN}}
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
     extensions:
       script:
         publisher: Microsoft.Azure.Extensions
         type: CustomScript
         version: "2.1"
-        settings: {commandToExecute: "join ${secrets.token}"}
+        protected_settings: {commandToExecute: "join ${secrets.token}"}
""",
    ),
    Rule(
        "PV1403",
        "unknown secret",
        why="Declare secrets in `secrets:`, with the source of each value.",
        example="""
 secrets: {admin: {from_env: ADMIN_PASSWORD}}
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    admin: {username: azureuser, password: "${secrets.admn}"}
+    admin: {username: azureuser, password: "${secrets.admin}"}
""",
    ),
    Rule(
        "PV1404",
        "secret in custom data",
        why="Custom data stays on the disk of the VM, and every process there can read it.",
        source="https://learn.microsoft.com/azure/virtual-machines/custom-data",
        severity="warning",
        example=r"""
 secrets: {token: {from_env: TOKEN}}
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
-    custom_data: "#!/bin/sh\njoin ${secrets.token}\n"
+    extensions:
+      join:
+        publisher: Microsoft.Azure.Extensions
+        type: CustomScript
+        version: "2.1"
+        protected_settings: {commandToExecute: "join ${secrets.token}"}
""",
    ),
    Rule(
        "PV2001",
        "name that Azure refuses",
        why="Each type of resource has its own rule for names, and most names can never be changed.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
        example="""
 identities:
-  app: {name: my app}
+  app: {name: my-app}
""",
    ),
    Rule(
        "PV2002",
        "two entries, one resource",
        why="Names are unique in their group by type, ignoring case. The second entry would overwrite the first.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
        example="""
 identities:
   app: {name: shared}
-  web: {name: shared}
+  web: {name: shared-web}
""",
    ),
    Rule(
        "PV2003",
        "invalid tag name",
        why="Azure tag names are not case-sensitive, and provisioner writes some tags by itself.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources",
        example="""
 tags: {Team: web}
 identities:
-  app: {tags: {team: payroll}}
+  app: {tags: {Team: payroll}}
""",
    ),
    Rule(
        "PV2004",
        "too many tags",
        why="A resource has at most 50 tags, including those of the deployment and of provisioner.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources",
        example="""
 tags: {t1: x, t2: x, t3: x, t4: x, t5: x, t6: x, t7: x, t8: x, t9: x, t10: x, t11: x, t12: x, t13: x, t14: x, t15: x, t16: x, t17: x, t18: x, t19: x, t20: x, t21: x, t22: x, t23: x, t24: x, t25: x, t26: x, t27: x, t28: x, t29: x, t30: x}
 identities:
-  app: {tags: {u1: x, u2: x, u3: x, u4: x, u5: x, u6: x, u7: x, u8: x, u9: x, u10: x, u11: x, u12: x, u13: x, u14: x, u15: x, u16: x, u17: x, u18: x, u19: x, u20: x}}
+  app: {tags: {u1: x, u2: x, u3: x, u4: x, u5: x, u6: x, u7: x, u8: x, u9: x, u10: x}}
""",  # noqa: E501
    ),
    Rule(
        "PV2005",
        "tag with a reserved beginning",
        why="Azure reserves tag names that begin with microsoft, azure or windows.",
        source="https://learn.microsoft.com/rest/api/resources/tags/create-or-update",
        severity="warning",
        example="""
-tags: {azure-team: web}
+tags: {team: web}
""",
    ),
    Rule(
        "PV2101",
        "unknown key in a reference",
        why=(
            "A reference names an entry of this spec, or one under `existing:`. Azure would refuse an "
            "unknown name later."
        ),
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
-    subnet: nett/front
+    subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
    Rule(
        "PV2102",
        "unknown resource address",
        why="An address is the path of an entry with slashes, such as `vms/web` or `network/interfaces/nic`.",
        example="""
 identities: {app: {}}
-outputs: {id: "${identities/ap.id}"}
+outputs: {id: "${identities/app.id}"}
""",
    ),
    Rule(
        "PV2103",
        "unknown child resource",
        why="A subnet, a rule or a disk is declared in the resource that contains it.",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
-    subnet: net/fronted
+    subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
    Rule(
        "PV2104",
        "unknown output",
        why="Each type of resource has certain values after its creation, and this is not one of them.",
        example="""
 identities: {app: {}}
-outputs: {principal: "${identities/app.principal}"}
+outputs: {principal: "${identities/app.principal_id}"}
""",
    ),
    Rule(
        "PV2106",
        "reference to another type",
        why="Azure accepts only an ID of the right type, and reports a wrong one late.",
        example="""
 existing:
   vault: {type: Microsoft.KeyVault/vaults, name: payroll-kv, resource_group: security}
+  hub: {type: Microsoft.Network/virtualNetworks, name: hub, resource_group: network}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
-    subnet: existing/vault
+    subnet: existing/hub/subnets/servers
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
    Rule(
        "PV2107",
        "fleet instead of one member",
        why="A string holds one value; a fleet has one for each member.",
        example="""
 identities: {worker: {count: 2}}
-outputs: {first: "it is ${identities/worker.id}"}
+outputs: {first: "it is ${identities/worker/0.id}"}
""",
    ),
    Rule(
        "PV2201",
        "file that cannot be read",
        why="provisioner reads the files of a spec before it sends anything, so that no VM starts without them.",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
-    custom_data: {file: strat.sh}
+    custom_data: {file: start.sh}
=== start.sh
 #!/bin/sh
""",
    ),
)
