"""What the tests of importing share: import a group, take it over, put things into it as other tools do."""

from __future__ import annotations

import uuid
from typing import Any

from provisioner.base import arm_id
from provisioner.importing.compose import spec_text
from provisioner.resources import kinds, reserved_tags
from provisioner.resources.kinds import management_lock, role_assignment
from provisioner.state.group_inventory import survey
from tests.harness import World, failures, paths

GROUP = "found"
LOCATION = "westus2"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


async def imported(world: World, group: str = GROUP, deployment: str = "taken") -> str:
    """The text of the spec; the checks of a spec found nothing in it."""
    found = await survey(world.session.operations, group)
    assert found is not None
    result = spec_text(found, deployment)
    assert not result.errors, "\n".join(item.render() for item in result.errors) + result.text
    return result.text


async def taken_over(world: World, text: str) -> None:
    """Adopting writes tags and notes of locks only, and then there is nothing to do."""
    plan = await world.plan(text, adopt=True)
    written = {change.address: (change.action, paths(change)) for change in plan.pending}
    assert written, text
    for address, (action, changed) in written.items():
        assert action == "update" and all(
            path.startswith("tags.") or (address.startswith("locks/") and path == "properties.notes")
            for path in changed
        ), (
            address,
            action,
            changed,
            text,
        )
    assert failures(await world.apply(text, adopt=True)) == []
    left = await world.plan(text)
    assert not left.pending, ({change.address: paths(change) for change in left.pending}, text)


async def round_trip(world: World, group: str = GROUP) -> str:
    """Import, take over, import again: the same text. Returns it."""
    text = await imported(world, group)
    await taken_over(world, text)
    assert await imported(world, group) == text
    return text


def entry(text: str, first: str, lines: int = 1) -> list[str]:
    """The line that begins with some words (as indented), and those after it."""
    everything = text.splitlines()
    at = next((index for index, line in enumerate(everything) if line.strip().startswith(first)), None)
    assert at is not None, f"{first!r} is not in\n{text}"
    return [line.strip() for line in everything[at : at + lines]]


def comments(text: str) -> list[str]:
    return [line.strip().removeprefix("# ") for line in text.splitlines() if line.strip().startswith("#")][2:]


class Foreign:
    """Another tool that makes things in a group, by raw requests."""

    def __init__(self, world: World, group: str = GROUP) -> None:
        self.world = world
        self.group = group

    def id(self, arm_type: str, *names: str) -> str:
        return self.world.in_group(self.group, arm_type, *names)

    async def make_group(self, **more: Any) -> None:
        await self.put(f"/resourceGroups/{self.group}", {"location": LOCATION, **more})

    async def put(self, path: str, body: Any) -> Any:
        status, answer = await self.world.arm("PUT", path, body)
        assert status < 300, answer
        return answer

    async def make(self, arm_type: str, name: str, properties: Any = None, **more: Any) -> str:
        identity = self.id(arm_type, *name.split("/"))
        body = {"location": LOCATION, **more, **({"properties": properties} if properties is not None else {})}
        await self.put(identity, body)
        return identity

    async def network(self, name: str = "net", **subnet: Any) -> str:
        """A network with one subnet, whose ID is returned."""
        front = {"name": "front", "properties": {"addressPrefix": "10.0.1.0/24", **subnet}}
        properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [front]}
        return f"{await self.make('Microsoft.Network/virtualNetworks', name, properties)}/subnets/front"

    async def public_ip(self, name: str = "address", **properties: Any) -> str:
        chosen = {"publicIPAllocationMethod": "Static", **properties}
        return await self.make("Microsoft.Network/publicIPAddresses", name, chosen, sku={"name": "Standard"})

    async def interface(self, subnet: str, name: str = "nic", configuration: str = "internal", **inner: Any) -> str:
        first = {"name": configuration, "properties": {"subnet": {"id": subnet}, "primary": True, **inner}}
        return await self.make("Microsoft.Network/networkInterfaces", name, {"ipConfigurations": [first]})

    async def identity(self, name: str = "app") -> str:
        return await self.make("Microsoft.ManagedIdentity/userAssignedIdentities", name)

    async def machine(self, interface: str, name: str = "web", properties: Any = None, **more: Any) -> str:
        body = {
            "hardwareProfile": {"vmSize": "Standard_B1s"},
            "storageProfile": {
                "imageReference": {
                    "publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest",
                },
                "osDisk": {"createOption": "FromImage", "name": f"{name}-os", "deleteOption": "Delete"},
            },
            "osProfile": {"computerName": name, "adminUsername": "azureuser", "adminPassword": "Correct-Horse-7"},
            "networkProfile": {"networkInterfaces": [{"id": interface}]},
            **(properties or {}),
        }  # fmt: skip
        return await self.make("Microsoft.Compute/virtualMachines", name, body, **more)

    async def grant(self, principal: str, scope: str, role: str = READER, **more: Any) -> None:
        definition = f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        body = {"properties": {"roleDefinitionId": definition, "principalId": principal, **more}}
        await self.put(f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}", body)

    @property
    def scope(self) -> str:
        return arm_id.resource_group(self.world.session.subscription_id, self.group)


async def strip_marks(world: World, text: str) -> None:
    """Take off everything by which a deployment knows its own, as if somebody else had made it."""
    actual = await world.actual(text)
    table = kinds.by_type()
    for item in actual.owned.values():
        if item.type.lower() in table and not table[item.type.lower()].ownership.taggable:
            continue
        tags = {
            name: value for name, value in (item.body.get("tags") or {}).items() if not reserved_tags.is_reserved(name)
        }
        status, answer = await world.arm(
            "PUT", f"{item.id}/providers/Microsoft.Resources/tags/default", {"properties": {"tags": tags}}
        )
        assert status < 300, answer
    for lock in actual.locks:
        properties = {"level": lock["properties"]["level"], "notes": management_lock.notes(lock)}
        await world.arm("PUT", lock["id"], {"properties": properties})
    for grant in actual.assignments:
        if role_assignment.owner(grant["properties"].get("description")):
            await _remake(world, grant)


async def _remake(world: World, grant: Any) -> None:
    """The same assignment under a name of somebody else's."""
    await world.arm("DELETE", grant["id"])
    kept = ("roleDefinitionId", "principalId", "principalType", "condition", "conditionVersion")
    properties = {key: value for key, value in grant["properties"].items() if key in kept and value}
    properties["description"] = role_assignment.entry(grant, lambda identity: None).get("description", "")
    name = f"{grant['id'].rpartition('/')[0]}/{uuid.uuid4()}"
    status, answer = await world.arm("PUT", name, {"properties": properties})
    assert status < 300, answer
