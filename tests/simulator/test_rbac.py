"""`--enforce-rbac`: callers have the roles that they were given, and no more.

Wordings are those of the recordings (facts/error_bodies.txt) and of Azure/aad-pod-identity#613 for linked scopes.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from .conftest import LOCATION, Arm, Reply, Starter, network, public_ip

ROLES = {
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
    "Virtual Machine Contributor": "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
    "Managed Identity Contributor": "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
    "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
    "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
}
AUTHORIZATION = "providers/Microsoft.Authorization"
IDENTITIES = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"
PRINCIPAL = "7e3fd3c0-0000-4000-8000-000000000001"


def token(object_id: str) -> dict[str, str]:
    """The headers of a caller; a token is not verified here, as documented of the simulator."""
    parts = ({"alg": "none"}, {"oid": object_id, "appid": object_id})
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return {"Authorization": f"Bearer {'.'.join(coded)}."}


class Somebody:
    """A caller that is no owner."""

    def __init__(self, arm: Arm, object_id: str = PRINCIPAL) -> None:
        self.arm = arm
        self.object_id = object_id

    async def __call__(self, method: str, path: str, body: Any = None) -> Reply:
        return await self.arm(method, path, body, headers=token(self.object_id))

    async def given(self, role: str, scope: str) -> str:
        """The owner gives a role; the assignment's ID."""
        path = f"{scope}/{AUTHORIZATION}/roleAssignments/{uuid.uuid4()}"
        definition = f"{self.arm.subscription}/{AUTHORIZATION}/roleDefinitions/{ROLES.get(role, role)}"
        properties = {"roleDefinitionId": definition, "principalId": self.object_id}
        made = await self.arm.put(path, {"properties": {**properties, "principalType": "ServicePrincipal"}})
        assert made.status == 201, made.body
        return path


@pytest.fixture
async def arm(started: Starter) -> AsyncIterator[Arm]:
    async with started(enforce_rbac=True) as client:
        await client.make_group()
        yield client


@pytest.fixture
async def somebody(arm: Arm) -> Somebody:
    return Somebody(arm)


async def test_who_has_no_role_is_refused_in_azure_s_words(arm: Arm, somebody: Somebody) -> None:
    refused = await somebody("GET", arm.group)
    assert (refused.status, refused.code) == (403, "AuthorizationFailed")
    assert refused.body["error"]["message"] == (
        f"The client '{PRINCIPAL}' with object id '{PRINCIPAL}' does not have authorization to perform action "
        f"'Microsoft.Resources/subscriptions/resourceGroups/read' over scope '{arm.group}' or the scope is invalid. "
        "If access was recently granted, please refresh your credentials."
    )


async def test_the_first_to_come_owns_and_others_do_not(arm: Arm, somebody: Somebody) -> None:
    assert (await arm.get(arm.group)).status == 200
    assert (await somebody("DELETE", arm.group)).status == 403
    assert (await arm.get(arm.group)).status == 200


async def test_owners_can_be_named(started: Starter) -> None:
    async with started(enforce_rbac=True, owners=frozenset([PRINCIPAL.upper()])) as arm:
        owner = Somebody(arm)
        assert (await arm.put(arm.group, {"location": LOCATION})).status == 403
        assert (await owner("PUT", arm.group, {"location": LOCATION})).status == 201


async def test_a_role_holds_at_its_scope_and_below(arm: Arm, somebody: Somebody) -> None:
    await arm.make_group("other")
    await somebody.given("Contributor", arm.group)
    path = f"{arm.network}/publicIPAddresses/pip"
    assert (await somebody("PUT", path, public_ip())).status == 201
    assert (await somebody("PUT", path.replace("/rg/", "/other/"), public_ip())).status == 403
    assert (await somebody("GET", arm.group.replace("/rg", "/RG"))).status == 200


async def test_a_reader_reads_and_does_not_write(arm: Arm, somebody: Somebody) -> None:
    await somebody.given("Reader", arm.subscription)
    path = f"{arm.network}/publicIPAddresses/pip"
    assert (await somebody("GET", path)).status == 404
    refused = await somebody("PUT", path, public_ip())
    assert refused.status == 403
    assert "'Microsoft.Network/publicIPAddresses/write'" in refused.body["error"]["message"]
    assert (await somebody("DELETE", path)).status == 403


async def test_not_actions_are_taken_away(arm: Arm, somebody: Somebody) -> None:
    await somebody.given("Contributor", arm.subscription)
    path = f"{arm.group}/{AUTHORIZATION}/roleAssignments/{uuid.uuid4()}"
    definition = f"{arm.subscription}/{AUTHORIZATION}/roleDefinitions/{ROLES['Owner']}"
    body = {"properties": {"roleDefinitionId": definition, "principalId": PRINCIPAL}}
    refused = await somebody("PUT", path, body)
    assert refused.status == 403
    assert "'Microsoft.Authorization/roleAssignments/write'" in refused.body["error"]["message"]
    await somebody.given("User Access Administrator", arm.group)
    assert (await somebody("PUT", path, body)).status == 201


async def test_what_one_role_takes_away_another_gives(arm: Arm, somebody: Somebody) -> None:
    await somebody.given("Contributor", arm.group)
    await somebody.given("Owner", arm.group)
    path = f"{arm.group}/{AUTHORIZATION}/locks/lock"
    assert (await somebody("PUT", path, {"properties": {"level": "CanNotDelete"}})).status == 201


async def test_an_action_needs_its_own_permission(arm: Arm, somebody: Somebody) -> None:
    vm = f"{arm.group}/providers/Microsoft.Compute/virtualMachines/vm"
    await somebody.given("Reader", arm.group)
    refused = await somebody("POST", f"{vm}/start")
    assert refused.status == 403
    assert "'Microsoft.Compute/virtualMachines/start/action'" in refused.body["error"]["message"]


async def test_a_role_that_is_taken_back_is_gone(arm: Arm, somebody: Somebody) -> None:
    assignment = await somebody.given("Reader", arm.group)
    assert (await somebody("GET", arm.group)).status == 200
    assert (await arm.delete(assignment)).status == 200
    assert (await somebody("GET", arm.group)).status == 403


async def test_a_custom_role_counts(arm: Arm, somebody: Somebody) -> None:
    name = str(uuid.uuid4())
    role = {
        "properties": {
            "roleName": "Address maker",
            "type": "CustomRole",
            "permissions": [{"actions": ["Microsoft.Network/publicIPAddresses/*"], "notActions": ["*/delete"]}],
            "assignableScopes": [arm.subscription],
        }
    }
    assert (await arm.put(f"{arm.subscription}/{AUTHORIZATION}/roleDefinitions/{name}", role)).status == 201
    await somebody.given(name, arm.group)
    path = f"{arm.network}/publicIPAddresses/pip"
    assert (await somebody("PUT", path, public_ip())).status == 201
    assert (await somebody("DELETE", path)).status == 403
    assert (await somebody("GET", arm.group)).status == 403


async def test_lists_of_a_subscription_show_what_may_be_read(arm: Arm, somebody: Somebody) -> None:
    await arm.make_group("mine")
    await arm.put(f"{arm.network}/publicIPAddresses/theirs", public_ip())
    mine = f"{arm.subscription}/resourceGroups/mine"
    await arm.put(f"{mine}/providers/Microsoft.Network/publicIPAddresses/mine", public_ip())
    addresses = f"{arm.subscription}/providers/Microsoft.Network/publicIPAddresses"
    assert (await somebody("GET", f"{arm.subscription}/resourcegroups")).status == 403
    await somebody.given("Reader", mine)
    assert (await somebody("GET", f"{arm.subscription}/resourcegroups")).names == ["mine"]
    assert (await somebody("GET", addresses)).names == ["mine"]
    assert (await somebody("GET", f"{arm.group}/resources")).status == 403
    assert len((await arm.get(addresses)).names) == 2


@pytest.mark.parametrize(
    ("path", "action"),
    [
        (f"{AUTHORIZATION}/roleAssignments", "Microsoft.Authorization/roleAssignments/read"),
        (
            f"{AUTHORIZATION}/roleDefinitions?$filter=type eq 'CustomRole'",
            "Microsoft.Authorization/roleDefinitions/read",
        ),
        (f"{AUTHORIZATION}/roleDefinitions?$filter=roleName eq 'x'", "Microsoft.Authorization/roleDefinitions/read"),
        (f"{AUTHORIZATION}/roleDefinitions/{ROLES['Reader']}", "Microsoft.Authorization/roleDefinitions/read"),
        (f"{AUTHORIZATION}/locks", "Microsoft.Authorization/locks/read"),
        (f"{AUTHORIZATION}/policyAssignments", "Microsoft.Authorization/policyAssignments/read"),
        ("providers/Microsoft.Resources/deployments", "Microsoft.Resources/deployments/read"),
        ("providers/Microsoft.Compute/virtualMachines?statusOnly=true", "Microsoft.Compute/virtualMachines/read"),
        ("providers/Microsoft.Compute/skus", "Microsoft.Compute/skus/read"),
        ("providers/Microsoft.Compute/locations/westus2/usages", "Microsoft.Compute/locations/usages/read"),
    ],
)
async def test_rights_on_a_group_do_not_reach_lists_of_the_subscription(
    arm: Arm, somebody: Somebody, path: str, action: str
) -> None:
    await somebody.given("Owner", arm.group)
    refused = await somebody("GET", f"{arm.subscription}/{path}")
    assert (refused.status, refused.code) == (403, "AuthorizationFailed")
    assert f"'{action}' over scope '{arm.subscription}" in refused.body["error"]["message"]
    await somebody.given("Reader", arm.subscription)
    assert (await somebody("GET", f"{arm.subscription}/{path}")).status == 200


async def test_lists_of_groups_and_of_tracked_resources_show_what_may_be_read(arm: Arm, somebody: Somebody) -> None:
    await somebody.given("Reader", arm.group)
    for path in ("resources", "resourcegroups", "providers/Microsoft.Compute/virtualMachines",
                 "providers/Microsoft.KeyVault/vaults"):  # fmt: skip
        assert (await somebody("GET", f"{arm.subscription}/{path}")).status == 200, path


async def test_the_assignments_of_a_group_are_those_at_it_above_it_and_beneath_it(arm: Arm, somebody: Somebody) -> None:
    await arm.made(f"{arm.network}/virtualNetworks/net", network(("front", "10.0.0.0/24")))
    await arm.make_group("other")
    other = Somebody(arm, PRINCIPAL.replace("7e3", "8e3"))
    await somebody.given("Contributor", arm.group)
    above = await other.given("Reader", arm.subscription)
    beneath = await other.given("Reader", f"{arm.network}/virtualNetworks/net")
    await other.given("Reader", arm.group.replace("/rg", "/other"))
    listed = f"{arm.group}/{AUTHORIZATION}/roleAssignments"
    found = {entry["id"].lower() for entry in (await somebody("GET", listed)).body["value"]}
    assert len(found) == 3
    assert {above.lower(), beneath.lower()} < found
    at_scope = {entry["id"].lower() for entry in (await somebody("GET", f"{listed}?$filter=atScope()")).body["value"]}
    assert at_scope == found - {beneath.lower()}


@pytest.mark.parametrize("role", ["Role Based Access Control Administrator", "User Access Administrator", "Owner"])
async def test_who_may_write_grants_may_not_by_that_write_roles_and_locks(
    arm: Arm, somebody: Somebody, role: str
) -> None:
    await somebody.given("Contributor", arm.subscription)
    await somebody.given(role, arm.subscription)
    definition = f"{arm.subscription}/{AUTHORIZATION}/roleDefinitions"
    properties = {"roleDefinitionId": f"{definition}/{ROLES['Reader']}", "principalId": PRINCIPAL}
    grant = f"{arm.group}/{AUTHORIZATION}/roleAssignments/{uuid.uuid4()}"
    assert (await somebody("PUT", grant, {"properties": properties})).status == 201
    custom = {
        "roleName": "Narrow",
        "type": "CustomRole",
        "permissions": [{"actions": ["*/read"]}],
        "assignableScopes": [arm.group],
    }
    made = await somebody("PUT", f"{definition}/{uuid.uuid4()}", {"properties": custom})
    locked = await somebody("PUT", f"{arm.group}/{AUTHORIZATION}/locks/l", {"properties": {"level": "CanNotDelete"}})
    expected = 403 if role.startswith("Role Based") else 201
    assert (made.status, locked.status) == (expected, expected)


async def test_subscriptions_without_any_role_are_not_listed(arm: Arm, somebody: Somebody) -> None:
    assert (await somebody("GET", "/subscriptions")).body["value"] == []
    await somebody.given("Reader", arm.group)
    assert len((await somebody("GET", "/subscriptions")).body["value"]) == 1


async def test_joining_a_subnet_needs_a_permission_on_it(arm: Arm, somebody: Somebody) -> None:
    await arm.make_group("hub")
    hub = f"{arm.subscription}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/net"
    await arm.made(hub, network(("front", "10.0.0.0/24")))
    await somebody.given("Network Contributor", arm.group)
    subnet = f"{hub}/subnets/front"
    configuration = {"name": "ip", "properties": {"subnet": {"id": subnet}}}
    nic = {"location": LOCATION, "properties": {"ipConfigurations": [configuration]}}
    refused = await somebody("PUT", f"{arm.network}/networkInterfaces/nic", nic)
    assert (refused.status, refused.code) == (403, "LinkedAuthorizationFailed")
    assert "perform action 'Microsoft.Network/virtualNetworks/subnets/join/action'" in refused.body["error"]["message"]
    assert subnet in refused.body["error"]["message"]
    await somebody.given("Network Contributor", hub)
    assert (await somebody("PUT", f"{arm.network}/networkInterfaces/nic", nic)).status == 201


async def test_assigning_an_identity_needs_a_permission_on_it(arm: Arm, somebody: Somebody) -> None:
    await arm.made(f"{arm.network}/virtualNetworks/net", network(("front", "10.0.0.0/24")))
    subnet = {"id": f"{arm.network}/virtualNetworks/net/subnets/front"}
    nic = f"{arm.network}/networkInterfaces/nic"
    configurations = [{"name": "ip", "properties": {"subnet": subnet}}]
    await arm.made(nic, {"location": LOCATION, "properties": {"ipConfigurations": configurations}})
    identity = f"{arm.group}/{IDENTITIES}/one"
    await arm.made(identity, {"location": LOCATION})
    image = {"publisher": "Canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts-gen2"}
    vm = {
        "location": LOCATION,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}},
        "properties": {
            "hardwareProfile": {"vmSize": "Standard_B2s"},
            "storageProfile": {"imageReference": {**image, "version": "latest"}},
            "osProfile": {"computerName": "vm", "adminUsername": "foo12", "adminPassword": "Zebra-Stripe-9-Correct"},
            "networkProfile": {"networkInterfaces": [{"id": nic}]},
        },
    }
    path = f"{arm.group}/providers/Microsoft.Compute/virtualMachines/vm"
    await somebody.given("Virtual Machine Contributor", arm.group)
    refused = await somebody("PUT", path, vm)
    assert (refused.status, refused.code) == (403, "LinkedAuthorizationFailed")
    assert "'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'" in refused.body["error"]["message"]
    await somebody.given("Managed Identity Operator", identity)
    assert (await somebody("PUT", path, vm)).status == 201


async def test_a_managed_identity_calls_with_the_roles_it_was_given(arm: Arm) -> None:
    made = await arm.made(f"{arm.group}/{IDENTITIES}/one", {"location": LOCATION})
    client, principal = made["properties"]["clientId"], made["properties"]["principalId"]
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": "any", "scope": "x/.default"}
    url = f"{arm.simulator.url}/{arm.simulator.tenant_id}/oauth2/v2.0/token"
    answer = await arm("POST", url, data=form)
    headers = {"Authorization": f"Bearer {answer.body['access_token']}"}
    assert (await arm.get(arm.group, headers=headers)).status == 403
    await Somebody(arm, principal).given("Reader", arm.group)
    assert (await arm.get(arm.group, headers=headers)).status == 200


async def test_polling_and_catalogues_are_for_everybody(arm: Arm, somebody: Somebody) -> None:
    assert (await somebody("GET", "/tenants")).status == 200
    reply = await arm.put(f"{arm.network}/publicIPAddresses/pip", public_ip())
    assert (await somebody("GET", reply.headers["Azure-AsyncOperation"])).status == 200


async def test_without_the_option_everybody_may_do_everything(started: Starter) -> None:
    async with started() as arm:
        await arm.make_group()
        assert (await Somebody(arm)("GET", arm.group)).status == 200


async def test_the_operations_of_a_deployment_are_for_who_may_read_it(arm: Arm, somebody: Somebody) -> None:
    template = {"contentVersion": "1.0.0.0", "resources": []}
    deployment = f"{arm.group}/providers/Microsoft.Resources/deployments/main"
    await arm.put(deployment, {"properties": {"mode": "Incremental", "template": template}})
    for path in (f"{deployment}/operations", f"{arm.group}/deployments/main/operations"):
        refused = await somebody("GET", path)
        assert refused.status == 403
        assert "'Microsoft.Resources/deployments/operations/read'" in refused.body["error"]["message"]
    await somebody.given("Reader", arm.group)
    for path in (f"{deployment}/operations", f"{arm.group}/deployments/main/operations"):
        assert (await somebody("GET", path)).status == 200


async def test_a_deployment_makes_what_its_caller_may_make(arm: Arm, somebody: Somebody) -> None:
    await somebody.given("Virtual Machine Contributor", arm.group)
    address = {
        "type": "Microsoft.Network/publicIPAddresses",
        "apiVersion": "2023-09-01",
        "name": "pip",
        **public_ip(),
    }
    deployment = f"{arm.group}/providers/Microsoft.Resources/deployments/main"
    template = {"contentVersion": "1.0.0.0", "resources": [address]}
    made = await somebody("PUT", deployment, {"properties": {"mode": "Incremental", "template": template}})
    assert made.status == 201, made.body
    arm.clock.advance(1000)
    properties = (await arm.get(deployment)).body["properties"]
    assert properties["provisioningState"] == "Failed"
    assert [detail["code"] for detail in properties["error"]["details"]] == ["AuthorizationFailed"]
    assert (await arm.get(f"{arm.network}/publicIPAddresses/pip")).status == 404


async def test_providers_of_a_subscription_are_shown_to_who_may_read_it(arm: Arm, somebody: Somebody) -> None:
    await somebody.given("Owner", arm.group)
    for path in ("providers", "providers/Microsoft.Network"):
        refused = await somebody("GET", f"{arm.subscription}/{path}")
        assert (refused.status, refused.code) == (403, "AuthorizationFailed")
        assert "'Microsoft.Resources/subscriptions/providers/read'" in refused.body["error"]["message"]
    shown = await somebody("GET", "/providers/Microsoft.Network")
    assert shown.status == 200
    assert "registrationState" not in shown.body
    await somebody.given("Reader", arm.subscription)
    assert (await somebody("GET", f"{arm.subscription}/providers/Microsoft.Network")).status == 200
