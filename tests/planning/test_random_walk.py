"""Random specs and random strangers, in random order: what must hold whatever happens.

After an apply the plan is empty; what others put there stays; nothing is deleted without being planned as a delete;
after destroy nothing of ours is left and all of theirs is.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import harness
from tests.harness import World, failures

GROUP = "walk-group"
NETWORK = "Microsoft.Network/virtualNetworks"
RULES = "Microsoft.Network/networkSecurityGroups"
ADDRESS = "Microsoft.Network/publicIPAddresses"


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """A spec out of a small universe, so that steps meet each other's things."""
    some = lambda names: draw(st.lists(st.sampled_from(names), unique=True))  # noqa: E731
    identities = some(["one", "two"])
    addresses = some(["out", "more"])
    subnets = {name: {"address_prefix": f"10.0.{index}.0/24"} for index, name in enumerate(some(["a", "b", "c"]), 1)}
    subnets["front"] = {"address_prefix": "10.0.100.0/24", **draw(st.sampled_from([{}, {"security_group": "web"}]))}
    rules = {
        name: {
            "priority": 100 + 10 * index,
            "direction": "inbound",
            "access": draw(st.sampled_from(["allow", "deny"])),
            "destination_ports": draw(st.sampled_from([[22], [80, 443], ["8000-8010"]])),
        }
        for index, name in enumerate(some(["x", "y", "z"]))
    }
    interface: dict[str, Any] = {"subnet": "net/front"}
    if addresses and draw(st.booleans()):
        interface["public_ip"] = addresses[0]
    if draw(st.booleans()):
        interface["ip_forwarding"] = True
    spec: dict[str, Any] = {
        "version": 1,
        "deployment": "walk",
        "location": "westus2",
        "resource_group": GROUP,
        "secrets": {"admin": {"from_env": "ADMIN_PASSWORD"}},
        "tags": draw(st.sampled_from([{}, {"team": "red"}, {"team": "blue", "cost": "1"}])),
        "network": {
            "virtual_networks": {"net": {"address_space": ["10.0.0.0/16"], "subnets": subnets}},
            "security_groups": {"web": {"rules": rules}},
            "public_ips": {name: {"idle_timeout_minutes": draw(st.sampled_from([4, 10]))} for name in addresses},
            "interfaces": {"nic": interface},
        },
        "identities": {name: {} for name in identities},
    }
    if draw(st.booleans()):
        spec["vms"] = {"web": draw(machines(identities))}
    grantees = [f"identities/{name}" for name in identities]
    if "vms" in spec and spec["vms"]["web"].get("identity", {}).get("system_assigned"):
        grantees.append("vms/web")
    if grantees and draw(st.booleans()):
        scope = draw(st.sampled_from(["resource_group", "subscription"]))
        spec["role_grants"] = {"read": {"role": "Reader", "scope": scope, "to": grantees}}
    return spec


@st.composite
def machines(draw: st.DrawFn, identities: list[str]) -> dict[str, Any]:
    machine: dict[str, Any] = {
        "size": draw(st.sampled_from(["Standard_B1s", "Standard_D2s_v5"])),
        "image": "Canonical:ubuntu-24_04-lts:server:latest",
        "interfaces": ["nic"],
        "admin": {"username": "azureuser", "password": "${secrets.admin}"},
    }
    identity: dict[str, Any] = {"user_assigned": identities} if identities and draw(st.booleans()) else {}
    if draw(st.booleans()):
        identity["system_assigned"] = True
    if identity:
        machine["identity"] = identity
    if draw(st.booleans()):
        machine["data_disks"] = {"data": {"lun": 0, "size_gb": draw(st.sampled_from([8, 16, 32]))}}
    if draw(st.booleans()):
        extension = {"publisher": "Contoso.Agents", "type": "Agent", "version": "1.0"}
        machine["extensions"] = {"agent": {**extension, "settings": {"level": draw(st.integers(0, 2))}}}
    return machine


@dataclass
class Stranger:
    """Somebody else, who remembers what they put where."""

    world: World
    subnets: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)

    async def act(self, deed: str, number: int) -> None:
        world = self.world
        name = f"theirs-{number}"
        if deed == "subnet":
            new = {"name": name, "properties": {"addressPrefix": f"10.0.{200 + number}.0/24"}}
            await world.change(self.at(NETWORK, "net"), lambda body: body["properties"]["subnets"].append(new))
            self.subnets.add(name)
        elif deed == "rule":
            inside = {
                "priority": 3000 + number, "direction": "Inbound", "access": "Deny", "protocol": "*",
                "sourceAddressPrefix": "*", "sourcePortRange": "*",
                "destinationAddressPrefix": "*", "destinationPortRange": "*",
            }  # fmt: skip
            new = {"name": name, "properties": inside}
            await world.change(self.at(RULES, "web"), lambda body: body["properties"]["securityRules"].append(new))
            self.rules.add(name)
        elif deed == "address":
            body = {"location": "westus2", "sku": {"name": "Standard"}}
            await world.arm(
                "PUT", self.at(ADDRESS, name), {**body, "properties": {"publicIPAllocationMethod": "Static"}}
            )
            self.addresses.add(name)
        else:
            await world.change(self.at(NETWORK, "net"), lambda body: body["tags"].update({name: "1"}))
            self.tags.add(name)

    async def check_parts(self) -> None:
        _, network = await self.world.arm("GET", self.at(NETWORK, "net"))
        assert self.subnets <= {item["name"] for item in network["properties"]["subnets"]}
        assert self.tags <= set(network["tags"])
        _, group = await self.world.arm("GET", self.at(RULES, "web"))
        assert self.rules <= {item["name"] for item in group["properties"]["securityRules"]}
        await self.check_things()

    async def check_things(self) -> None:
        for name in self.addresses:
            status, _ = await self.world.arm("GET", self.at(ADDRESS, name))
            assert status == 200, name

    def at(self, arm_type: str, name: str) -> str:
        return self.world.in_group(GROUP, arm_type, name)


deeds = st.lists(st.sampled_from(["subnet", "rule", "address", "tag"]), max_size=2)


@settings(max_examples=15)
@given(walk=st.lists(st.tuples(specs(), deeds), min_size=1, max_size=4))
def test_whatever_happens(walk: list[tuple[dict[str, Any], list[str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_walk(walk, Path(folder)))


async def _walk(walk: list[tuple[dict[str, Any], list[str]]], folder: Path) -> None:
    async with harness.world(folder) as world:
        stranger = Stranger(world)
        number = 0
        text = ""
        for spec, acts in walk:
            text = yaml.safe_dump(spec, sort_keys=False)
            assert failures(await world.apply(text)) == []
            left = [
                (change.address, change.action, harness.paths(change)) for change in (await world.plan(text)).pending
            ]
            assert left == []
            await stranger.check_parts()
            for deed in acts:
                await stranger.act(deed, number)
                number += 1
            assert not (await world.plan(text)).pending
        assert failures(await world.destroy(text)) == []
        remains = await world.actual(text)
        kept = {"microsoft.resources/resourcegroups"} if stranger.addresses else set()
        assert {item.type.lower() for item in remains.owned.values()} == kept
        assert remains.assignments == ()
        await stranger.check_things()
