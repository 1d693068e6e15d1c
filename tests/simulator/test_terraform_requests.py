"""Requests as terraform-provider-azurerm sends them: at its start, and for the resources of a machine.

Read off the provider's source (main, August 2026) and its go-azure-sdk; neither was run here. Terraform sends the zero
value of each argument that its user left out: empty strings for enums, empty objects for blocks.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from .conftest import LOCATION, Arm
from .network_bodies import make_network
from .plain_machines import compute, done, make_nic

Json = dict[str, Any]
KEY = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 terraform"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A client without a token."""
    async with aiohttp.ClientSession() as client:
        yield client


async def metadata(arm: Arm, session: aiohttp.ClientSession) -> Json:
    async with session.get(f"{arm.simulator.url}/metadata/endpoints?api-version=2022-09-01") as response:
        assert response.status == 200
        found: Json = await response.json()
        return found


async def test_the_metadata_is_that_of_a_public_cloud(arm: Arm, session: aiohttp.ClientSession) -> None:
    """go-azure-sdk: environments/from_endpoint.go, azure_stack.go, endpoint_refresh.go; azurerm: clients/builder.go."""
    found = await metadata(arm, session)
    login = found["authentication"]
    assert (login["tenant"], login["identityProvider"]) == ("common", "AAD")
    assert found["name"] not in ("", "AzureStackCloud")
    for name in ("resourceManager", "microsoftGraphResourceId", "synapseAnalyticsResourceId", "batch"):
        assert found[name].startswith(arm.simulator.url), name
    for name in ("storage", "keyVaultDns", "mhsmDns", "azureFrontDoorEndpointSuffix", "synapseAnalytics"):
        assert found["suffixes"][name], name


async def test_the_token_says_who_the_provider_is(arm: Arm, session: aiohttp.ClientSession) -> None:
    """azurerm: clients/auth.go takes the object ID and the tenant from a token for Microsoft Graph."""
    found = await metadata(arm, session)
    login = found["authentication"]["loginEndpoint"]
    form = {
        "client_id": "11111111-2222-4333-8444-555555555555",
        "client_secret": "any",
        "grant_type": "client_credentials",
        "scope": f"{found['microsoftGraphResourceId'].rstrip('/')}/.default",
    }
    for tenant in (arm.simulator.tenant_id, "common"):
        async with session.post(f"{login}/{tenant}/oauth2/v2.0/token", data=form) as response:
            answer = await response.json()
        assert (answer["token_type"], type(answer["expires_in"])) == ("Bearer", int)
        part = answer["access_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        assert claims["tid"] == arm.simulator.tenant_id
        assert (claims["appid"], bool(claims["oid"])) == (form["client_id"], True)


async def test_the_regions_are_found_under_the_host_that_answers(arm: Arm, session: aiohttp.ClientSession) -> None:
    """go-azure-helpers: resourcemanager/location/supported_azure.go, two slashes included."""
    host = arm.simulator.url.partition("//")[2]
    async with session.get(f"http://{host}//metadata/endpoints?api-version=2018-01-01") as response:
        assert (response.status, response.url.raw_path) == (200, "//metadata/endpoints")
        clouds = (await response.json())["cloudEndpoint"]
    (locations,) = [cloud["locations"] for cloud in clouds.values() if cloud["endpoint"] == host]
    assert {"westus2", "westeurope", "southindia"} <= set(locations)


@pytest.mark.parametrize("version", ["1.0", "2015-01-01", "2018-01-01"])
async def test_older_metadata_has_the_endpoints_that_older_clients_read(arm: Arm, version: str) -> None:
    """go-autorest reads 1.0 (azure/metadata_environment.go), msrestazure 2015-01-01 (azure_cloud.py)."""
    found = (await arm.get("/metadata/endpoints", api_version=version)).body
    assert {found[f"{name}Endpoint"] for name in ("gallery", "graph", "portal")} == {arm.simulator.url}
    assert found["authentication"]["loginEndpoint"] == arm.simulator.url
    assert arm.simulator.url in found["authentication"]["audiences"]


async def test_providers_are_listed_and_registered(arm: Arm) -> None:
    """azurerm: resourceproviders/cache.go, registration.go; its core set is held against the list, case and all."""
    listed = (await arm.get(f"{arm.subscription}/providers", api_version="2022-09-01")).body
    states = {entry["namespace"]: entry["registrationState"] for entry in listed["value"]}
    for name in ("Authorization", "Compute", "ManagedIdentity", "Network", "Resources"):
        assert states[f"Microsoft.{name}"] == "Registered"
    assert states["Microsoft.Storage"] == "NotRegistered"
    path = f"{arm.subscription}/providers/Microsoft.Storage"
    assert (await arm("POST", f"{path}/register", {}, api_version="2022-09-01")).status == 200
    assert (await arm.get(path, api_version="2022-09-01")).body["registrationState"] == "Registered"


def subnet(**properties: Any) -> Json:
    """azurerm: network/subnet_resource.go."""
    return {
        "name": "internal",
        "properties": {
            "addressPrefixes": ["10.0.2.0/24"],
            "defaultOutboundAccess": True,
            "delegations": [],
            "privateEndpointNetworkPolicies": "Disabled",
            "privateLinkServiceNetworkPolicies": "Enabled",
            "serviceEndpointPolicies": [],
            "serviceEndpoints": [],
            "sharingScope": "",
            **properties,
        },
    }


async def test_a_subnet(arm: Arm) -> None:
    network = {
        "location": LOCATION,
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "dhcpOptions": {"dnsServers": []},
            "privateEndpointVNetPolicies": "Disabled",
            "subnets": [],
        },
        "tags": {},
    }
    path = f"{arm.network}/virtualNetworks/net"
    await arm.made(path, network, api_version="2025-01-01")
    made = await arm.made(f"{path}/subnets/internal", subnet(), api_version="2025-01-01")
    assert made["properties"]["provisioningState"] == "Succeeded"
    assert "sharingScope" not in made["properties"]


async def test_an_address(arm: Arm) -> None:
    """azurerm: network/public_ip_resource.go."""
    body = {
        "location": LOCATION,
        "sku": {"name": "Standard", "tier": "Regional"},
        "properties": {
            "ddosSettings": {"protectionMode": "VirtualNetworkInherited"},
            "idleTimeoutInMinutes": 4,
            "publicIPAddressVersion": "IPv4",
            "publicIPAllocationMethod": "Static",
        },
        "tags": {},
    }
    made = await arm.made(f"{arm.network}/publicIPAddresses/pip", body, api_version="2025-01-01")
    assert made["properties"]["ipAddress"]


def rule(**properties: Any) -> Json:
    """azurerm: network/network_security_rule_resource.go; single values that the user left out are empty."""
    return {
        "name": "web",
        "properties": {
            "access": "Allow",
            "direction": "Inbound",
            "priority": 100,
            "protocol": "Tcp",
            "sourcePortRange": "*",
            "destinationPortRange": "443",
            "sourceAddressPrefix": "*",
            "destinationAddressPrefix": "*",
            **properties,
        },
    }


@pytest.mark.parametrize(
    ("single", "plural", "values"),
    [
        ("sourcePortRange", "sourcePortRanges", ["1024-2047", "4096"]),
        ("destinationPortRange", "destinationPortRanges", ["80", "443"]),
        ("sourceAddressPrefix", "sourceAddressPrefixes", ["10.1.0.0/16", "10.2.0.0/16"]),
        ("destinationAddressPrefix", "destinationAddressPrefixes", ["10.0.0.0/24", "10.0.1.0/24"]),
    ],
)
async def test_a_rule_with_a_list_and_an_empty_single_value(
    arm: Arm, single: str, plural: str, values: list[str]
) -> None:
    group = f"{arm.network}/networkSecurityGroups/group"
    listed = rule(**{single: "", plural: values})
    body = {"location": LOCATION, "properties": {"securityRules": [listed]}, "tags": {}}
    made = (await arm.made(group, body))["properties"]["securityRules"][0]
    assert made["properties"][plural] == values
    await done(
        arm, "PUT", f"{group}/securityRules/other", {**listed, "properties": {**listed["properties"], "priority": 200}}
    )
    empty = await arm.put(f"{group}/securityRules/neither", rule(priority=300, **{single: ""}))
    assert (empty.status, empty.code) == (400, "SecurityRuleParameterMissing")


async def test_a_disk(arm: Arm) -> None:
    """azurerm: compute/managed_disk_resource.go."""
    body = {
        "location": LOCATION,
        "sku": {"name": "Standard_LRS"},
        "properties": {
            "creationData": {"createOption": "Empty", "performancePlus": False},
            "diskSizeGB": 10,
            "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
            "networkAccessPolicy": "AllowAll",
            "optimizedForFrequentAttach": False,
            "osType": "",
            "publicNetworkAccess": "Enabled",
        },
        "tags": {},
    }
    path = f"{compute(arm)}/disks/data"
    made = await arm.made(path, body, api_version="2023-04-02")
    assert made["properties"]["provisioningState"] == "Succeeded"
    assert "osType" not in made["properties"]
    # The same again, as an update: an empty value is no change of a property that cannot change.
    assert (await arm.put(path, body, api_version="2023-04-02")).status in (200, 202)


def machine(nic: str) -> Json:
    """azurerm: compute/linux_virtual_machine_resource.go, its blocks left out."""
    return {
        "name": "vm",
        "location": LOCATION,
        "identity": {"type": "None", "userAssignedIdentities": None},
        "properties": {
            "additionalCapabilities": {},
            "applicationProfile": {"galleryApplications": []},
            "diagnosticsProfile": {"bootDiagnostics": {"enabled": False, "storageUri": ""}},
            "extensionsTimeBudget": "PT1H30M",
            "hardwareProfile": {"vmSize": "Standard_D4s_v5"},
            "networkProfile": {"networkInterfaces": [{"id": nic, "properties": {"primary": True}}]},
            "osProfile": {
                "adminUsername": "azureuser",
                "allowExtensionOperations": True,
                "computerName": "vm",
                "linuxConfiguration": {
                    "disablePasswordAuthentication": True,
                    "patchSettings": {"assessmentMode": "ImageDefault", "patchMode": "ImageDefault"},
                    "provisionVMAgent": True,
                    "ssh": {"publicKeys": [{"keyData": KEY, "path": "/home/azureuser/.ssh/authorized_keys"}]},
                },
                "secrets": [],
            },
            "priority": "Regular",
            "storageProfile": {
                "dataDisks": [],
                "imageReference": {
                    "publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest",
                },
                "osDisk": {
                    "caching": "ReadWrite",
                    "createOption": "FromImage",
                    "managedDisk": {"storageAccountType": "Standard_LRS"},
                    "osType": "Linux",
                    "writeAcceleratorEnabled": False,
                },
            },
        },
        "tags": {},
    }  # fmt: skip


async def test_a_machine(arm: Arm) -> None:
    path = f"{compute(arm)}/virtualMachines/vm"
    made = await arm.made(path, machine(await make_nic(arm)), api_version="2024-03-01")
    assert made["properties"]["provisioningState"] == "Succeeded"
    # The provider would report a block that its user did not write, and plan its removal for ever.
    assert "additionalCapabilities" not in made["properties"]
    assert "identity" not in made


async def test_an_update_with_an_empty_etag_is_unconditional(arm: Arm) -> None:
    path = f"{compute(arm)}/virtualMachines/vm"
    body = machine(await make_nic(arm))
    empty = {"If-Match": "", "If-None-Match": ""}
    await arm.made(path, body, headers=empty)
    body["tags"] = {"stage": "test"}
    assert (await arm.put(path, body, headers=empty)).status == 200


async def test_an_empty_etag_is_no_condition_of_any_write(arm: Arm) -> None:
    subnet_id = await make_network(arm)
    network = subnet_id.rpartition("/subnets/")[0]
    empty = {"If-Match": "", "If-None-Match": ""}
    assert (await arm.patch(network, {"tags": {"a": "b"}}, headers=empty)).status == 200
    assert (await arm.delete(network, headers=empty)).status == 202
