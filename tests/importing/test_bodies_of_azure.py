"""Bodies as Azure answers them and the embedded cloud does not: older APIs, the portal, special cases."""

from __future__ import annotations

from typing import Any

from provisioner.base import arm_id
from provisioner.importing.compose import Imported, spec_text
from provisioner.resources.group_survey import Survey
from provisioner.resources.kinds import managed_disk, network_interface, virtual_machine
from tests.importing.steps import entry

GROUP = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/found"


def body(arm_type: str, name: str, properties: Any = None, **more: Any) -> Any:
    identity = arm_id.resource(GROUP, arm_type, *name.split("/"))
    return {
        "id": identity,
        "name": name.rpartition("/")[2],
        "type": arm_type,
        "location": "westus2",
        "properties": {"provisioningState": "Succeeded", **(properties or {})},
        **more,
    }


def imported(*bodies: Any) -> Imported:
    group = {"id": GROUP, "name": "found", "type": "Microsoft.Resources/resourceGroups", "location": "westus2"}
    found = spec_text(Survey(group, {arm_id.key(item["id"]): item for item in bodies}), "taken")
    assert not found.errors
    return found


def network(*subnets: Any) -> Any:
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": list(subnets)}
    return body("Microsoft.Network/virtualNetworks", "net", properties)


SUBNET = {"name": "front", "properties": {"addressPrefix": "10.0.1.0/24"}}


def interface(**properties: Any) -> Any:
    inner = {"subnet": {"id": f"{network()['id'].upper()}/subnets/FRONT"}, "privateIPAllocationMethod": "Dynamic"}
    return body(
        "Microsoft.Network/networkInterfaces",
        "nic",
        {"ipConfigurations": [{"name": "x", "properties": inner}], **properties},
    )


def machine(**properties: Any) -> Any:
    """A machine that an old API made: much is not said."""
    image = {"publisher": "Canonical", "offer": "o", "sku": "s", "version": "latest", "exactVersion": "1.2.3"}
    return body(
        "Microsoft.Compute/virtualMachines",
        "web",
        {
            "hardwareProfile": {"vmSize": "Standard_B1s"},
            "storageProfile": {
                "imageReference": image,
                "osDisk": {"osType": "Linux", "createOption": "FromImage", "caching": "ReadWrite"},
                "dataDisks": [],
            },
            "osProfile": {"computerName": "web", "adminUsername": "azureuser"},
            "networkProfile": {"networkInterfaces": [{"id": interface()["id"]}]},
            **properties,
        },
    )


def test_ids_in_another_casing_are_the_same_things() -> None:
    text = imported(network(SUBNET), interface()).text
    assert entry(text, "nic:") == ["nic: {subnet: net/front}"]
    assert "existing" not in text


def test_an_old_machine_would_not_be_changed() -> None:
    text = imported(network(SUBNET), interface(), machine()).text
    assert "would change" not in text and "not expressed" not in text
    assert entry(text, "os_disk:") == ["os_disk: {delete_with_vm: false}"]


def test_the_only_interface_is_the_primary_one() -> None:
    identity = interface()["id"]
    disk = {"createOption": "FromImage", "caching": "ReadWrite"}
    desired = {
        "properties": {
            "storageProfile": {"osDisk": disk, "dataDisks": []},
            "osProfile": {},
            "networkProfile": {"networkInterfaces": [{"id": identity, "properties": {"primary": True}}]},
        }
    }
    adjusted = virtual_machine.normalize_desired(desired, machine(), lambda name: False)
    assert adjusted["properties"]["networkProfile"]["networkInterfaces"] == [{"id": identity}]


def test_a_machine_that_was_made_from_a_disk_is_not_expressed_nor_is_what_hangs_on_it() -> None:
    storage = {"osDisk": {"osType": "Linux", "createOption": "Attach"}}
    extension = body("Microsoft.Compute/virtualMachines/extensions", "web/setup", {"publisher": "a", "type": "b"})
    text = imported(network(SUBNET), interface(), machine(storageProfile=storage), extension).text
    assert "vms:" not in text
    assert f"virtual machine, it was created from a disk, not from an image: {machine()['id']}" in text
    assert f"virtual machine extension, its VM is not expressed: {extension['id']}" in text


def test_an_entry_that_the_checks_refuse_is_left_out_with_the_reason() -> None:
    odd = {"publisher": "Contoso.Agents", "type": "Odd", "typeHandlerVersion": "1"}
    extension = body("Microsoft.Compute/virtualMachines/extensions", "web/odd", odd)
    text = imported(network(SUBNET), interface(), machine(), extension).text
    assert "vms:" in text and "extensions:" not in text
    assert 'virtual machine extension, vms.web.extensions.odd.version must be a version like "1.0"' in text


def test_a_setting_that_a_spec_cannot_make_is_a_comment() -> None:
    text = imported(network(SUBNET), interface(), machine(hostGroup={"id": "/x"}, priority="Regular")).text
    assert entry(text, "# not expressed", 2) == ["# not expressed: properties.hostGroup", "web:"]


def test_a_peering_is_a_comment() -> None:
    found = network(SUBNET)
    found["properties"]["virtualNetworkPeerings"] = [{"name": "hub", "properties": {}}]
    assert entry(imported(found).text, "# not", 2) == ["# not expressed: properties.virtualNetworkPeerings", "net:"]


def test_a_subnet_with_two_ranges_is_not_listed_and_is_named_by_its_id() -> None:
    double = {"name": "front", "properties": {"addressPrefixes": ["10.0.1.0/24", "10.0.2.0/24"]}}
    text = imported(network(double), interface()).text
    assert entry(text, "# not", 2) == [
        "# not expressed: properties.subnets[front]",
        "net: {address_space: [10.0.0.0/16]}",
    ]
    assert "subnets/FRONT" in entry(text, "nic:", 2)[1]


def test_the_interface_of_a_private_endpoint_belongs_to_it() -> None:
    text = imported(network(SUBNET), interface(privateEndpoint={"id": "/x"})).text
    assert "network interface, it belongs to a private endpoint or link service" in text


def test_a_basic_public_ip_is_existing_for_who_uses_it() -> None:
    address = body(
        "Microsoft.Network/publicIPAddresses", "old", {"publicIPAllocationMethod": "Dynamic"}, sku={"name": "Basic"}
    )
    nic = interface()
    nic["properties"]["ipConfigurations"][0]["properties"]["publicIPAddress"] = {"id": address["id"]}
    text = imported(network(SUBNET), nic, address).text
    assert entry(text, "old:") == ["old: {type: Microsoft.Network/publicIPAddresses, name: old}"]
    assert entry(text, "nic:") == ["nic: {subnet: net/front, public_ip: existing/old}"]
    assert "public ip, Basic public IPs can no longer be created" in text


def test_the_tags_of_the_portal_are_left_as_they_are() -> None:
    tags = {"hidden-link:/subscriptions/x": "Resource", "cost": "1"}
    app = body("Microsoft.ManagedIdentity/userAssignedIdentities", "app", tags=tags)
    text = imported(app).text
    assert entry(text, "# tags", 3) == [
        "# tags left as they are: hidden-link:/subscriptions/x",
        "app:",
        'tags: {cost: "1"}',
    ]


def test_a_disk_that_came_from_a_snapshot_is_no_reason_to_make_it_anew() -> None:
    past = {"createOption": "Copy", "sourceResourceId": "/subscriptions/x"}
    desired = {"properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8}}
    adjusted = managed_disk.normalize_desired(desired, {"properties": {"creationData": past}}, lambda name: False)
    assert adjusted["properties"] == {"creationData": past, "diskSizeGB": 8}


def test_our_own_configuration_is_spoken_of_before_the_primary_one() -> None:
    desired = {"properties": {"ipConfigurations": [{"name": "ipconfig1", "properties": {}}]}}
    theirs = {"name": "theirs", "properties": {"primary": True}}
    ours = {"name": "IPConfig1", "properties": {}}

    def spoken(*found: Any) -> str:
        actual = {"properties": {"ipConfigurations": list(found)}}
        adjusted = network_interface.normalize_desired(desired, actual, lambda name: False)
        return str(adjusted["properties"]["ipConfigurations"][0]["name"])

    assert spoken(theirs, ours) == "IPConfig1"
    assert spoken({"name": "first", "properties": {}}, theirs) == "theirs"
    assert spoken({"name": "first", "properties": {}}) == "first"
    assert spoken() == "ipconfig1"


def test_what_azure_sets_by_itself_today_is_not_worth_a_comment() -> None:
    """Shapes of 2025 and 2026: the interface's kind, encryption that is off, what a disk can do."""
    net = network(SUBNET)
    net["properties"] |= {
        "encryption": {"enabled": False, "enforcement": "AllowUnencrypted"},
        "privateEndpointVNetPolicies": "Disabled",
        "flowTimeoutInMinutes": 0,
    }
    nic = {**interface(allowPort25Out=True, auxiliaryMode="None", auxiliarySku="None"), "kind": "Regular"}
    data = body(
        "Microsoft.Compute/disks",
        "web-data",
        {
            "creationData": {"createOption": "Empty"},
            "diskSizeGB": 64,
            "tier": "E6",
            "supportsHibernation": True,
            "availabilityPolicy": {"actionOnDiskDelay": "None"},
        },
        sku={"name": "StandardSSD_LRS", "tier": "Standard"},
        managedBy=machine()["id"],
    )
    attached = {"lun": 0, "createOption": "Attach", "managedDisk": {"id": data["id"].upper()}}
    web = machine()
    web["properties"]["storageProfile"]["dataDisks"] = [attached]
    text = imported(net, nic, web, data).text
    assert "data: {lun: 0, size_gb: 64" in text
    assert "not expressed" not in text and "would change" not in text
