"""Codes about plans, reported by the modules of this package."""

from __future__ import annotations

from ..base.rule import Rule

RULES = (
    Rule(
        "PV3101",
        "no such role",
        why=(
            "provisioner looks up a role by its name at the scope of the grant. No role of this name can "
            "be granted there."
        ),
        example="""
 identities: {app: {}}
 role_grants:
-  read: {role: Raeder, scope: resource_group, to: [identities/app]}
+  read: {role: Reader, scope: resource_group, to: [identities/app]}
""",
    ),
    Rule(
        "PV3102",
        "unknown deployer",
        why="provisioner reads `deployer` from your access token, and this token does not contain the principal.",
        no_example="It depends on how you are signed in. Name the principal's GUID.",
    ),
    Rule(
        "PV3103",
        "several roles of a name",
        why="Two custom roles can have one display name in different subscriptions; a grant names exactly one.",
        no_example="Only Azure knows its roles. Name the role by one of the GUIDs in the message.",
    ),
    Rule(
        "PV3104",
        "existing resource without the value",
        why="The resource in Azure has no such property, or it has a list or mapping for a value inside a string.",
        no_example="It depends on what is in Azure. Look at the resource with `az resource show --ids`.",
    ),
    Rule(
        "PV3201",
        "existing resource that does not exist",
        why=(
            "provisioner reads the resources under `existing:` and never creates them. With `--cloud "
            "local`, create the resource in the simulator first, with `az` or another client of "
            "`provisioner local serve`."
        ),
        example="""
 existing:
-  hub: {type: Microsoft.Network/virtualNetworks, name: hbu, resource_group: hub}
+  hub: {type: Microsoft.Network/virtualNetworks, name: hub, resource_group: hub}
=== before.yaml
 version: 1
 deployment: hub
 location: westus2
 resource_group: hub
 network: {virtual_networks: {hub: {address_space: [10.0.0.0/16]}}}
""",
    ),
    Rule(
        "PV3301",
        "resource of another deployment",
        why="A resource belongs to one deployment. Two deployments would undo each other's changes.",
        example="""
-identities: {app: {}}
+existing: {app: {type: Microsoft.ManagedIdentity/userAssignedIdentities, name: app}}
=== before.yaml
 version: 1
 deployment: other
 location: westus2
 resource_group: {name: demo, existing: true}
 identities: {app: {}}
=== first.yaml
 version: 1
 deployment: demo
 location: westus2
 resource_group: demo
""",
    ),
    Rule(
        "PV3302",
        "existing resource that no deployment owns",
        why="provisioner changes an existing resource only if you take it over.",
        no_example="It depends on what is in Azure. Take it over with `--adopt`, or refer to it under `existing:`.",
    ),
    Rule(
        "PV3401",
        "protected resource",
        why="`prevent_destroy` blocks the deletion of a resource. The protection remains after you remove its entry.",
        example="""
 identities:
-  web: {}
+  app: {lifecycle: {prevent_destroy: true}}
=== before.yaml
 version: 1
 deployment: demo
 location: westus2
 resource_group: demo
 identities:
   app: {lifecycle: {prevent_destroy: true}}
""",
    ),
    Rule(
        "PV3402",
        "resource that must not be replaced",
        why="`lifecycle: {replace: never}` refuses a change of a property that Azure cannot change in place.",
        example="""
 identities:
-  app: {location: eastus, lifecycle: {replace: never}}
+  app: {lifecycle: {replace: never}}
=== before.yaml
 version: 1
 deployment: demo
 location: westus2
 resource_group: demo
 identities:
   app: {lifecycle: {replace: never}}
""",
    ),
    Rule(
        "PV3501",
        "change blocked by a management lock",
        why="A management lock blocks deletion, or every change, of its resource and of all resources below it.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources",
        example="""
 identities:
-  web: {}
+  app: {}
 locks:
   keep: {level: cannot_delete}
=== before.yaml
 version: 1
 deployment: demo
 location: westus2
 resource_group: demo
 identities:
   app: {}
 locks:
   keep: {level: cannot_delete}
""",
    ),
    Rule(
        "PV3502",
        "resource in use by others",
        why=(
            "Azure does not delete a resource that another resource uses, such as a subnet with a "
            "network interface in it."
        ),
        source="https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet",
        example="""
 version: 1
 deployment: network
 location: westus2
 resource_group: shared
 network:
   virtual_networks:
     hub:
       address_space: [10.0.0.0/16]
       subnets:
         servers: {address_prefix: 10.0.1.0/24}
+        apps: {address_prefix: 10.0.2.0/24}
=== before.yaml
 version: 1
 deployment: app
 location: westus2
 resource_group: app
 existing:
   hub: {type: Microsoft.Network/virtualNetworks, name: hub, resource_group: shared}
 network:
   interfaces:
     web: {subnet: existing/hub/subnets/apps}
=== first.yaml
 version: 1
 deployment: network
 location: westus2
 resource_group: shared
 network:
   virtual_networks:
     hub:
       address_space: [10.0.0.0/16]
       subnets:
         servers: {address_prefix: 10.0.1.0/24}
         apps: {address_prefix: 10.0.2.0/24}
""",
    ),
    Rule(
        "PV3503",
        "steps that wait for each other",
        why=(
            "Each step of a plan starts after the steps that it depends on, so the steps of a cycle would never start."
        ),
        no_example="No spec that leads to it is known. Apply the changes that it names one by one, with `--target`.",
    ),
    Rule(
        "PV3504",
        "slot used by another resource",
        why=(
            "Another user or tool attached something at that place, such as a disk at a LUN of a VM. Azure would "
            "detach it."
        ),
        source="https://learn.microsoft.com/azure/virtual-machines/managed-disks-overview",
        no_example="The problem depends on what is in Azure. Choose a free slot, or detach the other resource.",
    ),
    Rule(
        "PV3505",
        "extension that exists under another name",
        why="Azure takes one extension of a handler on a VM. Often a policy or another tool installed it.",
        source="https://learn.microsoft.com/azure/virtual-machines/extensions/overview",
        no_example="The spec doesn't show it. Take over the extension under its name, or delete it.",
    ),
    Rule(
        "PV3506",
        "name that stays taken",
        why="An OS disk that isn't deleted with its VM keeps its name. The next OS disk can't have that name.",
        source="https://learn.microsoft.com/azure/virtual-machines/delete",
        no_example="The spec doesn't show it. Set another `os_disk.name`, or apply `delete_with_vm: true` first.",
    ),
    Rule(
        "PV3601",
        "size that the region does not offer",
        why="Regions have different hardware, and no region has every size; `--check-sizes` asks which it has.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    size: Standard_D3s_v5
+    size: Standard_D2s_v5
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
    Rule(
        "PV3602",
        "size that the subscription cannot have",
        why="Azure closes scarce sizes to some subscriptions, region by region. `--check-sizes` checks it.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    size: Standard_D2s_v5
+    size: Standard_D2s_v4
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
=== faults.yaml
 restricted_sizes: [westus2/Standard_D2s_v5]
""",
    ),
    Rule(
        "PV3603",
        "size that the zone does not offer",
        why=(
            "The zones of a region have different hardware, and their numbers differ between "
            "subscriptions. `--check-sizes` checks it."
        ),
        source="https://learn.microsoft.com/azure/reliability/availability-zones-overview",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     size: Standard_D2s_v5
-    zone: 3
+    zone: 2
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
=== faults.yaml
 restricted_sizes: [westus2/Standard_D2s_v5/3]
""",
    ),
    Rule(
        "PV3604",
        "quota too small",
        why=(
            "A subscription has a limit of vCPUs for each region and each family. Deallocated VMs "
            "count too. `--check-sizes` checks it."
        ),
        source="https://learn.microsoft.com/azure/virtual-machines/quotas",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     size: Standard_D2s_v5
-    count: 6
+    count: 5
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
=== faults.yaml
 quota: {cores: 10}
""",
    ),
    Rule(
        "PV3605",
        "more disks or interfaces than the size supports",
        why="Each size has a limit of data disks and of interfaces. `--check-sizes` checks it.",
        source="https://learn.microsoft.com/azure/virtual-machines/sizes/overview",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    size: Standard_B1s
+    size: Standard_D4s_v5
     data_disks: {a: {lun: 0, size_gb: 8}, b: {lun: 1, size_gb: 8}, c: {lun: 2, size_gb: 8}}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)
