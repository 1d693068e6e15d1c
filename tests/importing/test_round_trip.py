"""What other tools made, kind by kind: the imported spec takes it over by tags alone, and then nothing is to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import World, failures
from tests.importing.steps import Foreign, entry, imported, round_trip, strip_marks, taken_over

FOLDER = Path(__file__).parent.parent.parent / "specs"
SPECS = {file: file.read_text("utf-8") for file in sorted(FOLDER.glob("*.yaml"))}


@pytest.fixture
async def foreign(world: World) -> Foreign:
    tool = Foreign(world)
    await tool.make_group()
    return tool


@pytest.mark.parametrize("file", SPECS, ids=lambda file: file.stem)
async def test_the_sample_specs_come_back(world: World, file: Path) -> None:
    world.folder = file.parent
    text = SPECS[file]
    assert failures(await world.apply(text)) == []
    await strip_marks(world, text)
    group = world.load(text).spec.data["resource_group"]
    found = await imported(world, group)
    assert "not expressed" not in found.lower()
    await taken_over(world, found)


async def test_an_empty_group(foreign: Foreign) -> None:
    text = await round_trip(foreign.world)
    assert entry(text, "deployment:", 3) == ["deployment: taken", "location: westus2", "resource_group: found"]


async def test_a_group_in_another_region_than_what_is_in_it(world: World) -> None:
    tool = Foreign(world)
    await tool.put("/resourceGroups/found", {"location": "eastus", "tags": {"cost": "12", "on": "no"}})
    await tool.identity()
    text = await round_trip(world)
    assert "location: westus2\n\nresource_group:\n" in text
    assert entry(text, "resource_group:", 4) == [
        "resource_group:",
        "name: found",
        "location: eastus",
        'tags: {cost: "12", "on": "no"}',
    ]


async def test_a_network_with_what_its_subnets_refer_to(foreign: Foreign) -> None:
    group = await foreign.make("Microsoft.Network/networkSecurityGroups", "closed", {})
    address = await foreign.public_ip("egress", idleTimeoutInMinutes=10)
    properties = {"publicIpAddresses": [{"id": address}], "idleTimeoutInMinutes": 15}
    gateway = await foreign.make("Microsoft.Network/natGateways", "egress", properties, sku={"name": "Standard"})
    table = await foreign.make("Microsoft.Network/routeTables", "routes", {"routes": []})
    await foreign.network(
        networkSecurityGroup={"id": group},
        natGateway={"id": gateway},
        routeTable={"id": table},
        serviceEndpoints=[{"service": "Microsoft.Storage"}],
    )
    text = await round_trip(foreign.world)
    assert entry(text, "front:", 6) == [
        "front:",
        "address_prefix: 10.0.1.0/24",
        "security_group: closed",
        "nat_gateway: egress",
        "route_table: existing/routes",
        "service_endpoints: [Microsoft.Storage]",
    ]
    assert entry(text, "routes:") == ["routes: {type: Microsoft.Network/routeTables, name: routes}"]
    assert "egress: {public_ips: [egress], idle_timeout_minutes: 15}" in text
    assert "egress: {idle_timeout_minutes: 10}" in text


async def test_a_subnet_whose_range_stands_in_the_plural(foreign: Foreign) -> None:
    subnet = {"name": "front", "properties": {"addressPrefixes": ["10.0.1.0/24"]}}
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    await foreign.make("Microsoft.Network/virtualNetworks", "net", properties)
    text = await round_trip(foreign.world)
    assert entry(text, "front:") == ["front: {address_prefix: 10.0.1.0/24}"]


async def test_rules_in_singular_and_plural(foreign: Foreign) -> None:
    common = {"direction": "Inbound", "access": "Allow", "protocol": "Tcp"}
    one = {**common, "priority": 200, "sourceAddressPrefix": "*", "sourcePortRange": "*"}
    one |= {"destinationAddressPrefix": "VirtualNetwork", "destinationPortRange": "22", "description": "shell: in"}
    many = {**common, "priority": 100, "sourceAddressPrefixes": ["10.1.0.0/16"], "sourcePortRange": "*"}
    many |= {"destinationAddressPrefix": "*", "destinationPortRanges": ["80", "8000-8010"]}
    rules = [{"name": "one", "properties": one}, {"name": "many", "properties": many}]
    await foreign.make("Microsoft.Network/networkSecurityGroups", "mixed", {"securityRules": rules})
    text = await round_trip(foreign.world)
    assert entry(text, "many:", 7) == [
        "many:",
        "priority: 100",
        "direction: inbound",
        "access: allow",
        "protocol: tcp",
        "source: 10.1.0.0/16",
        "destination_ports: [80, 8000-8010]",
    ]
    assert 'description: "shell: in"' in text


async def test_an_interface_whose_configuration_has_another_name(foreign: Foreign) -> None:
    subnet = await foreign.network()
    address = await foreign.public_ip(dnsSettings={"domainNameLabel": "contoso-found"})
    fixed = {"privateIPAllocationMethod": "Static", "privateIPAddress": "10.0.1.9"}
    await foreign.interface(subnet, publicIPAddress={"id": address}, **fixed)
    text = await round_trip(foreign.world)
    assert entry(text, "nic:") == ["nic: {subnet: net/front, public_ip: address, private_ip: 10.0.1.9}"]
    changed = text.replace("10.0.1.9", "10.0.1.10")
    assert failures(await foreign.world.apply(changed)) == []
    _, body = await foreign.world.arm("GET", foreign.id("Microsoft.Network/networkInterfaces", "nic"))
    (configuration,) = body["properties"]["ipConfigurations"]
    assert (configuration["name"], configuration["properties"]["privateIPAddress"]) == ("internal", "10.0.1.10")


async def test_a_machine_as_other_tools_make_it(foreign: Foreign) -> None:
    interface = await foreign.interface(await foreign.network())
    identity = await foreign.identity()
    both = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {identity: {}}}
    await foreign.machine(interface, tags={"role": "web"}, identity=both, zones=["1"])
    extension = {"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "typeHandlerVersion": "2.1"}
    extension["settings"] = {"script": "a ${b} c", "nested": {"list": [{"one": 1, "two": [1, 2]}]}}
    await foreign.make("Microsoft.Compute/virtualMachines/extensions", "web/setup", extension)
    text = await round_trip(foreign.world)
    assert entry(text, "web:", 12) == [
        "web:",
        "size: Standard_B1s",
        "image: Canonical:ubuntu-24_04-lts:server:latest",
        "interfaces: [nic]",
        "admin:",
        "username: azureuser",
        "password: ${secrets.admin}",
        "zone: 1",
        "identity: {system_assigned: true, user_assigned: [app]}",
        "os_disk: {name: web-os, sku: Premium_LRS, size_gb: 30}",
        "tags: {role: web}",
        "extensions:",
    ]
    assert entry(text, "setup:", 6)[-2:] == ["auto_upgrade_minor_version: false", "settings:"]
    assert "script: a $${b} c" in text
    assert entry(text, "list:", 2) == ["list:", "- {one: 1, two: [1, 2]}"]


async def test_disks_that_were_made_with_the_machine_and_attached_to_it(foreign: Foreign) -> None:
    interface = await foreign.interface(await foreign.network())
    made = {"creationData": {"createOption": "Empty"}, "diskSizeGB": 64}
    disk = await foreign.make("Microsoft.Compute/disks", "web-data", made, sku={"name": "Premium_LRS"})
    attached = {"lun": 3, "createOption": "Attach", "managedDisk": {"id": disk}, "deleteOption": "Delete"}
    fresh = {"lun": 1, "createOption": "Empty", "diskSizeGB": 32, "name": "logs", "caching": "ReadOnly"}
    storage = {
        "imageReference": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
        "osDisk": {"createOption": "FromImage", "caching": "ReadOnly"},
        "dataDisks": [attached, fresh],
    }
    await foreign.machine(interface, properties={"storageProfile": storage})
    text = await round_trip(foreign.world)
    assert "os_disk: {sku: Premium_LRS, size_gb: 30, caching: read_only, delete_with_vm: false}" in text
    assert entry(text, "data_disks:", 9) == [
        "data_disks:",
        "logs: {name: logs, lun: 1, size_gb: 32, sku: Premium_LRS, caching: read_only}",
        "data: {lun: 3, size_gb: 64, sku: Premium_LRS, delete_with_vm: true}",
    ]


async def test_a_windows_machine_with_two_interfaces(foreign: Foreign) -> None:
    subnet = await foreign.network()
    first, second = await foreign.interface(subnet, "a"), await foreign.interface(subnet, "b")
    interfaces = [{"id": first, "properties": {"primary": False}}, {"id": second, "properties": {"primary": True}}]
    properties = {
        "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
        "storageProfile": {
            "imageReference": {
                "publisher": "MicrosoftWindowsServer",
                "offer": "WindowsServer",
                "sku": "2022-datacenter-azure-edition",
                "version": "latest",
            },
            "osDisk": {"createOption": "FromImage"},
        },
        "osProfile": {
            "computerName": "host",
            "adminUsername": "azureuser",
            "adminPassword": "Correct-Horse-7",
            "windowsConfiguration": {"enableAutomaticUpdates": True},
        },
        "networkProfile": {"networkInterfaces": interfaces},
        "securityProfile": {
            "securityType": "TrustedLaunch",
            "uefiSettings": {"secureBootEnabled": False, "vTpmEnabled": True},
        },
        "diagnosticsProfile": {"bootDiagnostics": {"enabled": True}},
        "licenseType": "Windows_Server",
        "priority": "Spot",
        "evictionPolicy": "Deallocate",
        "billingProfile": {"maxPrice": 0.25},
    }
    await foreign.machine(first, properties=properties)
    text = await round_trip(foreign.world)
    assert entry(text, "interfaces: [") == ["interfaces: [b, a]"]
    for line in (
        "os: windows",
        "computer_name: host",
        "security: {type: trusted_launch, secure_boot: false}",
        "boot_diagnostics: true",
        "spot: {max_price: 0.25}",
        "license_type: Windows_Server",
    ):
        assert entry(text, line) == [line]


async def test_a_machine_that_logs_in_by_key(foreign: Foreign) -> None:
    interface = await foreign.interface(await foreign.network())
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDbGE8IaDyBW6XYGIm/JV7WzV0CXMR4t/2qeCYuBCaMB me"
    keys = [{"path": "/home/azureuser/.ssh/authorized_keys", "keyData": f"{key}\n"}]
    linux = {"disablePasswordAuthentication": True, "provisionVMAgent": True, "ssh": {"publicKeys": keys}}
    system = {"computerName": "web", "adminUsername": "azureuser", "linuxConfiguration": linux}
    await foreign.machine(interface, properties={"osProfile": system})
    text = await round_trip(foreign.world)
    assert "secrets:" not in text
    assert entry(text, "admin:", 4) == ["admin:", "username: azureuser", "ssh_keys:", f"- {key}"]


async def test_tags_that_everything_has_go_to_the_top(world: World) -> None:
    tool = Foreign(world)
    await tool.make_group(tags={"project": "x", "owner": "ops"})
    await tool.make("Microsoft.ManagedIdentity/userAssignedIdentities", "one", tags={"project": "x", "owner": "dev"})
    await tool.make("Microsoft.ManagedIdentity/userAssignedIdentities", "two", tags={"project": "x"})
    text = await round_trip(world)
    assert entry(text, "tags: {project: x}")
    assert entry(text, "resource_group:", 3) == ["resource_group:", "name: found", "tags: {owner: ops}"]
    assert entry(text, "one:", 3) == ["one:", "tags: {owner: dev}", "two: {}"]


async def test_locks_of_the_group_and_of_what_is_in_it(foreign: Foreign) -> None:
    app = await foreign.identity("app")
    for scope, name, notes in (
        ("/resourceGroups/found", "keep", "Ask first."),
        (app, "keep", ""),
        (app, "no way!", ""),
    ):
        body = {"properties": {"level": "CanNotDelete", **({"notes": notes} if notes else {})}}
        await foreign.put(f"{scope}/providers/Microsoft.Authorization/locks/{name}", body)
    text = await round_trip(foreign.world)
    assert entry(text, "locks:", 4) == [
        "locks:",
        "keep: {level: cannot_delete, notes: Ask first.}",
        "keep-2: {name: keep, scope: identities/app, level: cannot_delete}",
        "no-way: {name: no way!, scope: identities/app, level: cannot_delete}",
    ]
