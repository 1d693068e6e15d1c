"""Codes about what one kind alone refuses, reported by the modules of this package."""

from __future__ import annotations

from ...base.rule import Rule

RULES = (
    Rule(
        "PV2006",
        "name reserved for deployment locks",
        why=(
            "provisioner stores its deployment lock as an application security group; its name begins with "
            "`provisioner-lock-`."
        ),
        example="""
 network:
   application_security_groups:
-    provisioner-lock-demo: {}
+    web: {}
""",
    ),
    Rule(
        "PV2109",
        "lock on a lock",
        why=(
            "A lock protects a resource, a resource group or a subscription. Azure does not support a lock on a lock."
        ),
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources",
        example="""
+identities: {app: {}}
 locks:
   keep: {level: cannot_delete}
-  again: {scope: locks/keep, level: cannot_delete}
+  app: {scope: identities/app, level: cannot_delete}
""",
    ),
    Rule(
        "PV2202",
        "not a public key",
        why="A private key in the settings of a VM could be read in Azure. The VM needs only the public key.",
        source="https://learn.microsoft.com/azure/virtual-machines/linux/create-ssh-keys-detailed",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    admin: {username: azureuser, ssh_keys: [{file: id_ed25519}]}
+    admin: {username: azureuser, ssh_keys: [{file: id_ed25519.pub}]}
=== id_ed25519
 -----BEGIN EXAMPLE PRIVATE KEY-----
 -----END EXAMPLE PRIVATE KEY-----
=== id_ed25519.pub
 ssh-ed25519 AAAA ops
""",
    ),
    Rule(
        "PV2203",
        "unsupported type of public key",
        why=(
            "Azure accepts ED25519 keys, and RSA keys of 2,048 bits or more. With other keys, the "
            "creation of the VM fails."
        ),
        source="https://learn.microsoft.com/azure/virtual-machines/linux/mac-create-ssh-keys",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_D2s_v5
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    admin: {username: azureuser, ssh_keys: [ecdsa-sha2-nistp256 AAAA ops]}
+    admin: {username: azureuser, ssh_keys: [ssh-ed25519 AAAA ops]}
""",
    ),
    Rule(
        "PV2204",
        "more data than a VM accepts",
        why="Custom data has at most 65,535 bytes, and user data at most 64 KiB.",
        source="https://learn.microsoft.com/azure/virtual-machines/custom-data",
        no_example="An example would be the size of a book. Have the VM download the rest from a storage account.",
    ),
    Rule(
        "PV2601",
        "retired extension",
        why=(
            "Azure deprecated the managed identity extension in January 2019. Tokens come from "
            "169.254.169.254 without it."
        ),
        source="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/howto-migrate-vm-extension",
        severity="warning",
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
     identity: {system_assigned: true}
-    extensions:
-      msi: {publisher: Microsoft.ManagedIdentity, type: ManagedIdentityExtensionForLinux, version: "1.0"}
""",
    ),
    Rule(
        "PV2527",
        "password that Azure refuses",
        why="A password has at least 6 characters, or 8 on Windows, of three kinds. Azure refuses common passwords.",
        source="https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update",
        no_example=(
            "The spec is valid. `apply` reads the secret and reports the problem. Set it to a longer or "
            "more varied password."
        ),
    ),
)
