"""What leaves the spec, of every optional property of every kind: set it, take it out, and it is as if never set.

The schemas say which properties there are. ``TABLE`` says of each how it is tried, or why there is nothing to try.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.resources import power_state
from provisioner.resources.reserved_tags import PATHS_TAG
from tests.harness import World, failures, only
from tests.kinds.specs import GROUP

SCHEMAS = Path(__file__).parent.parent.parent / "schema" / "kinds"
SETTINGS_OF_ENTRIES = {"name", "location", "tags", "lifecycle", "timeouts", "count", "for_each", "when", "unlisted"}
"""No properties of an object, or tried for all kinds by one test: tags."""

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1Z3NidWdzYnVnc2J1Z3NidWdzYnVnc2J1Z3NidWdz ops"
OTHER_KEY = KEY.replace("IGJ1", "IGJ2")
WEB: dict[str, Any] = {
    "size": "Standard_D2s_v5",
    "image": "Canonical:ubuntu-24_04-lts:server:latest",
    "subnet": "net/front",
    "admin": {"username": "azureuser", "ssh_keys": [KEY]},
}
BASE: dict[str, Any] = {
    "version": 1,
    "deployment": "demo",
    "location": "westus2",
    "resource_group": GROUP,
    "secrets": {"admin": {"from_env": "ADMIN_PASSWORD"}},
    "network": {
        "virtual_networks": {
            "net": {
                "address_space": ["10.0.0.0/16"],
                "subnets": {
                    "front": {"address_prefix": "10.0.1.0/24"},
                    "back": {"address_prefix": "10.0.2.0/24"},
                },
            }
        }
    },
}
EXISTING = {
    "existing": {
        "routes": {"type": "Microsoft.Network/routeTables", "name": "routes", "resource_group": GROUP},
        "balancer": {"type": "Microsoft.Network/loadBalancers", "name": "balancer", "resource_group": GROUP},
    }
}


@dataclass(frozen=True)
class Case:
    """A value at an entry of ``BASE`` with ``beside``.

    at: the keys to the property; the first ones are the entry's address.
    type, name: of the object that is compared.
    beside: what else the spec has, before and after.
    change: the action for the object when the property leaves.
    kept: it stays, and a note says so.
    always_said: the kind writes a default of its own, so that it was never silent.
    fresh: Azure takes it when the object is created only.
    foreign: another user can write it too, and it stays. Not so where it takes a stopped machine, and for a link: one
        to a thing of the spec goes, whoever made it.
    address: of the object, where it is not the entry of the property.
    """

    at: str
    value: Any
    type: str
    name: str
    beside: dict[str, Any] = field(default_factory=dict)
    change: str = "update"
    kept: bool = False
    always_said: bool = False
    fresh: bool = False
    foreign: bool = True
    address: str = ""

    @property
    def goes(self) -> bool:
        return self.change == "update" and not self.always_said and not self.kept


def network(at: str, value: Any, type_: str, name: str, beside: dict[str, Any], **more: Any) -> Case:
    return Case(f"network/{at}", value, f"Microsoft.Network/{type_}", name, {"network": beside, **EXISTING}, **more)


def subnet(key: str, value: Any, foreign: bool = True, **beside: Any) -> Case:
    at, address = f"virtual_networks/net/subnets/front/{key}", "network/virtual_networks/net"
    return network(at, value, "virtualNetworks", "net", beside, address=address, foreign=foreign)


def rule(key: str, value: Any, **more: Any) -> Case:
    ssh = {"priority": 100, "direction": "inbound", "access": "allow", "protocol": "tcp"}
    beside = {"security_groups": {"door": {"rules": {"ssh": ssh}}}, "application_security_groups": {"app": {}}}
    at = f"security_groups/door/rules/ssh/{key}"
    address = "network/security_groups/door"
    return network(at, value, "networkSecurityGroups", "door", beside, address=address, **more)


def interface(key: str, value: Any, **more: Any) -> Case:
    beside = {
        "interfaces": {"nic": {"subnet": "net/front"}},
        "public_ips": {"out": {}},
        "security_groups": {"door": {}},
        "application_security_groups": {"app": {}},
    }
    return network(f"interfaces/nic/{key}", value, "networkInterfaces", "nic", beside, **more)


def address(key: str, value: Any, **more: Any) -> Case:
    return network(f"public_ips/out/{key}", value, "publicIPAddresses", "out", {"public_ips": {"out": {}}}, **more)


def gateway(key: str, value: Any, **more: Any) -> Case:
    beside = {"public_ips": {"out": {}}, "nat_gateways": {"nat": {"public_ips": ["out"]}}}
    return network(f"nat_gateways/nat/{key}", value, "natGateways", "nat", beside, **more)


def machine(key: str, value: Any, web: dict[str, Any] | None = None, **more: Any) -> Case:
    beside = {
        "vms": {"web": WEB | (web or {})},
        "availability_sets": {"set": {}},
        "identities": {"app": {}},
        "network": {"security_groups": {"door": {}}},
    }
    return Case(f"vms/web/{key}", value, "Microsoft.Compute/virtualMachines", "web", beside, **more)


def extension(key: str, value: Any, **more: Any) -> Case:
    agent = {"publisher": "Microsoft.Azure.Monitor", "type": "AzureMonitorLinuxAgent", "version": "1.0"}
    beside = {"vms": {"web": WEB | {"extensions": {"agent": agent}}}}
    type_ = "Microsoft.Compute/virtualMachines/extensions"
    return Case(f"vms/web/extensions/agent/{key}", value, type_, "web/agent", beside, **more)


def availability_set(key: str, value: int) -> Case:
    beside = {"availability_sets": {"set": {}}}
    return Case(f"availability_sets/set/{key}", value, "Microsoft.Compute/availabilitySets", "set", beside, kept=True)


IMPLIED = "the kind writes a default of its own when the spec says nothing, so that it was never silent: "
TABLE: dict[str, Case | str] = {
    "availability_set fault_domains": availability_set("fault_domains", 2),
    "availability_set update_domains": availability_set("update_domains", 3),
    "federated_identity_credential audiences": IMPLIED + "the audience of Microsoft Entra ID",
    "managed_disk sku": IMPLIED + "StandardSSD_LRS",
    "managed_disk caching": IMPLIED + "it is the machine's, which says none",
    "managed_disk delete_with_vm": IMPLIED + "it is the machine's, which says Detach",
    "management_lock scope": "another scope is another lock",
    "management_lock notes": IMPLIED + "the notes hold the mark of the owner",
    "nat_gateway idle_timeout_minutes": gateway("idle_timeout_minutes", 20),
    "nat_gateway zone": gateway("zone", "1", change="replace"),
    "network_interface public_ip": interface("public_ip", "out", foreign=False),
    "network_interface private_ip": interface("private_ip", "10.0.1.77", always_said=True),
    "network_interface security_group": interface("security_group", "door", foreign=False),
    "network_interface application_security_groups": interface("application_security_groups", ["app"], foreign=False),
    "network_interface accelerated_networking": interface("accelerated_networking", True),
    "network_interface ip_forwarding": interface("ip_forwarding", True),
    "network_interface load_balancer_pools": interface(
        "load_balancer_pools", ["existing/balancer/backendAddressPools/pool"]
    ),
    "network_interface dns_servers": interface("dns_servers", ["10.0.0.9"]),
    "network_security_group rules": "test_parts: rules are parts, which the tag of parts lists",
    "network_security_group rules.*.protocol": rule("protocol", "udp", always_said=True),
    "network_security_group rules.*.source": rule("source", "10.0.0.0/8", always_said=True),
    "network_security_group rules.*.source_application_security_groups": rule(
        "source_application_security_groups", ["app"], always_said=True
    ),
    "network_security_group rules.*.source_ports": rule("source_ports", [22, 23], always_said=True),
    "network_security_group rules.*.destination": rule("destination", ["10.1.0.0/16", "10.2.0.0/16"], always_said=True),
    "network_security_group rules.*.destination_application_security_groups": rule(
        "destination_application_security_groups", ["app"], always_said=True
    ),
    "network_security_group rules.*.destination_ports": rule("destination_ports", [22], always_said=True),
    "network_security_group rules.*.description": rule("description", "for the operators"),
    "public_ip sku": "Azure creates no other SKU than the one that the kind writes",
    "public_ip allocation": "a Standard address is static: the spec may say nothing else",
    "public_ip version": address("version", "ipv6", change="replace", always_said=True),
    "public_ip dns_label": address("dns_label", "demo-label"),
    "public_ip idle_timeout_minutes": address("idle_timeout_minutes", 20),
    "public_ip zones": address("zones", ["1"], change="replace"),
    "resource_group existing": "a group that exists is read, never written",
    "role_assignment scope": "another scope is another grant",
    "role_assignment description": IMPLIED + "the description holds the mark of the owner",
    "role_assignment condition": "test_a_condition_that_leaves_the_spec_is_taken_away",
    "role_assignment delegated_managed_identity": "immutable; it leaves as the condition does, by a replace",
    "role_definition guid": "another GUID is another role",
    "role_definition description": IMPLIED + "the description holds the mark of the owner",
    "role_definition actions": IMPLIED + "an empty list",
    "role_definition not_actions": IMPLIED + "an empty list",
    "role_definition data_actions": IMPLIED + "an empty list",
    "role_definition not_data_actions": IMPLIED + "an empty list",
    "role_definition assignable_scopes": IMPLIED + "the resource group",
    "user_assigned_identity federated_credentials": "objects of their own, which the tag of parts lists",
    "virtual_machine os": IMPLIED + "linux",
    "virtual_machine plan": "Azure needs it with the image of a publisher, and refuses it with others",
    "virtual_machine os_disk": "the properties below",
    "virtual_machine os_disk.name": "it counts at the creation only: test_an_os_disk_under_another_name_is_left_alone",
    "virtual_machine os_disk.sku": machine("os_disk/sku", "StandardSSD_LRS", kept=True),
    "virtual_machine os_disk.size_gb": machine("os_disk/size_gb", 64, kept=True),
    "virtual_machine os_disk.caching": machine("os_disk/caching", "read_only", always_said=True),
    "virtual_machine os_disk.delete_with_vm": machine("os_disk/delete_with_vm", False, always_said=True),
    "virtual_machine data_disks": "objects of their own, which the machine detaches",
    "virtual_machine admin.password": "with it leaves that passwords are allowed, which the kind always says",
    "virtual_machine admin.ssh_keys": machine("admin/ssh_keys", [KEY, OTHER_KEY], change="replace"),
    "virtual_machine computer_name": machine("computer_name", "other", change="replace", always_said=True),
    "virtual_machine custom_data": machine("custom_data", "text", kept=True, fresh=True),
    "virtual_machine user_data": machine("user_data", "text"),
    "virtual_machine zone": machine("zone", "1", change="replace"),
    "virtual_machine zones": "for a fleet: each member gets one zone, as `zone` says it",
    "virtual_machine availability_set": machine("availability_set", "set", change="replace"),
    "virtual_machine security": machine("security", "trusted_launch", kept=True),
    "virtual_machine security.secure_boot": machine(
        "security/secure_boot", False, {"security": {"type": "trusted_launch"}}, always_said=True
    ),
    "virtual_machine security.vtpm": machine(
        "security/vtpm", False, {"security": {"type": "trusted_launch", "secure_boot": False}}, always_said=True
    ),
    "virtual_machine security.encryption_at_host": machine(
        "security/encryption_at_host", True, {"security": {"type": "trusted_launch"}}, foreign=False
    ),
    "virtual_machine boot_diagnostics": machine("boot_diagnostics", True),
    "virtual_machine boot_diagnostics.storage_uri": machine(
        "boot_diagnostics", {"storage_uri": "https://diag.blob.core.windows.net/"}
    ),
    "virtual_machine spot": machine("spot", {"max_price": 1}, change="replace"),
    "virtual_machine spot.eviction_policy": machine("spot/eviction_policy", "delete", {"spot": {"max_price": 1}},
                                                    change="replace", always_said=True),
    "virtual_machine spot.max_price": IMPLIED + "-1, the price of a regular machine",
    "virtual_machine license_type": machine("license_type", "RHEL_BYOS"),
    "virtual_machine identity": "test_machine_identities: parts, which the tag of parts lists",
    "virtual_machine identity.system_assigned": "test_machine_identities",
    "virtual_machine identity.user_assigned": "test_machine_identities",
    "virtual_machine identity.unlisted": "no property: it says what becomes of the identities of others",
    "virtual_machine interfaces": "objects of their own; a machine has at least one",
    "virtual_machine subnet": "of the machine's own interface",
    "virtual_machine public_ip": "of the machine's own interface",
    "virtual_machine security_group": "of the machine's own interface",
    "virtual_machine extensions": "objects of their own",
    "virtual_machine_extension auto_upgrade_minor_version": extension(
        "auto_upgrade_minor_version", False, always_said=True
    ),
    "virtual_machine_extension automatic_upgrade": extension("automatic_upgrade", True),
    "virtual_machine_extension settings": extension("settings", {"proxy": {"mode": "application"}}),
    "virtual_machine_extension protected_settings": extension("protected_settings", {"key": "${secrets.admin}"}),
    "virtual_machine_extension after": "an order of the plan, no property",
    "virtual_network subnets": "test_parts: subnets are parts, which the tag of parts lists",
    "virtual_network subnets.*.security_group": subnet("security_group", "door", False, security_groups={"door": {}}),
    "virtual_network subnets.*.nat_gateway": subnet(
        "nat_gateway", "nat", False, public_ips={"out": {}}, nat_gateways={"nat": {"public_ips": ["out"]}}
    ),
    "virtual_network subnets.*.route_table": subnet("route_table", "existing/routes", False),
    "virtual_network subnets.*.service_endpoints": subnet("service_endpoints", ["Microsoft.Storage"]),
    "virtual_network subnets.*.default_outbound_access": subnet("default_outbound_access", True),
    "virtual_network dns_servers": network("virtual_networks/net/dns_servers", ["10.0.0.9"], "virtualNetworks", "net",
                                           {}),
}  # fmt: skip
CASES = {name: case for name, case in TABLE.items() if isinstance(case, Case)}


def optional(schema: dict[str, Any], at: str = "") -> Iterator[str]:
    """The properties that a spec may leave out, as ``rules.*.description``."""
    required, is_entry = schema.get("required", []), not at or at.endswith("*.")
    for name, inner in schema.get("properties", {}).items():
        if is_entry and name in SETTINGS_OF_ENTRIES:
            continue
        if name not in required:
            yield f"{at}{name}"
        yield from optional(inner, f"{at}{name}.")
        more = inner.get("additionalProperties")
        if isinstance(more, dict):
            yield from optional(more, f"{at}{name}.*.")


def test_every_optional_property_of_every_kind_is_in_the_table() -> None:
    found = {
        f"{path.name.removesuffix('.schema.json')} {name}"
        for path in SCHEMAS.glob("*.json")
        for name in optional(json.loads(path.read_text("utf-8")))
    }
    assert {name for name in found if not name.startswith("existing ")} == TABLE.keys()


def specs(case: Case) -> tuple[str, str]:
    """The spec without the property, and with it."""
    plain = _merged(BASE, case.beside)
    rich = copy.deepcopy(plain)
    *steps, last = case.at.split("/")
    entry = rich
    for step in steps:
        entry = entry.setdefault(step, {})
    entry[last] = case.value
    return yaml.safe_dump(plain, sort_keys=False), yaml.safe_dump(rich, sort_keys=False)


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    both = {name: _merged(old[name], new[name]) for name in new if isinstance(old.get(name), dict)}
    return {**old, **new, **both}


async def foreign_objects(world: World) -> None:
    """What the specs refer to under ``existing:``."""
    public = world.in_group(GROUP, "Microsoft.Network/publicIPAddresses", "balancer-ip")
    front = {"name": "front", "properties": {"publicIPAddress": {"id": public}}}
    parts = {"frontendIPConfigurations": [front], "backendAddressPools": [{"name": "pool", "properties": {}}]}
    standard = {"location": "westus2", "sku": {"name": "Standard"}}
    group = f"/subscriptions/{world.session.subscription_id}/resourceGroups/{GROUP}"
    for path, body in (
        (group, {"location": "westus2"}),
        (public, standard | {"properties": {"publicIPAllocationMethod": "Static"}}),
        (world.in_group(GROUP, "Microsoft.Network/routeTables", "routes"), {"location": "westus2"}),
        (world.in_group(GROUP, "Microsoft.Network/loadBalancers", "balancer"), standard | {"properties": parts}),
    ):
        status, answer = await world.arm("PUT", path, body)
        assert status < 300, answer


async def body_of(world: World, case: Case) -> dict[str, Any]:
    status, body = await world.arm("GET", world.in_group(GROUP, case.type, *case.name.split("/")))
    assert status == 200, body
    found: dict[str, Any] = body
    return found


_OS_DISK = re.compile("_OsDisk_1_[0-9a-f]{32}")
_OF_THE_OBJECT = {
    "etag", "resourceGuid", "vmId", "timeCreated", "macAddress", "ipAddress", "uniqueId", "lastOwnershipUpdateTime",
    "LastOwnershipUpdateTime", "provisioningState", "fqdn", "systemData", "privateIPAddress",
}  # fmt: skip


def said(value: Any) -> Any:
    """A body without what each object has of its own, and without what says nothing."""
    if isinstance(value, dict):
        found = {name: said(item) for name, item in value.items() if name not in _OF_THE_OBJECT}
        return {name: item for name, item in found.items() if item not in (None, False, "", [], {}, "None")}
    if isinstance(value, list):
        return [said(item) for item in value]
    return _OS_DISK.sub("_OsDisk_1_", value) if isinstance(value, str) else value


def address_of(case: Case) -> str:
    """The entry that is compared: that of the property, or the one in whose body it stands."""
    keys = case.at.split("/")
    is_inner = keys[2:3] in (["extensions"], ["data_disks"])
    return case.address or "/".join(keys[: 3 if keys[0] == "network" else 4 if is_inner else 2])


@pytest.mark.parametrize("name", CASES)
async def test_what_leaves_the_spec_is_as_if_it_had_never_been_there(name: str, world: World) -> None:
    case = CASES[name]
    plain, rich = specs(case)
    if "existing" in case.beside:
        await foreign_objects(world)
    assert failures(await world.apply(plain, adopt=True)) == []
    never = await body_of(world, case)
    if case.fresh:
        await world.arm("DELETE", never["id"])
    assert failures(await world.apply(rich)) == []
    with_it = await body_of(world, case)
    assert not (await world.plan(rich)).pending

    change = only(await world.plan(plain), address_of(case))
    assert change.action == case.change
    assert any("has left the spec" in note for note in change.notes) is case.kept
    if case.goes:
        found = [item.operation for item in change.differences if item.path != power_state.PATH]
        assert set(found) == {"remove"}
    assert failures(await world.apply(plain)) == []
    assert not (await world.plan(plain)).pending
    left = await body_of(world, case)
    assert said(left["tags"]) == said(never["tags"])
    if not case.kept:
        assert said(left) == said(never)
    if case.goes and case.foreign:
        # What another user or tool writes there from now on is theirs.
        await world.change(never["id"], lambda body: body.update({**with_it, "tags": body["tags"]}))
        assert not (await world.plan(plain)).pending


ENDPOINTS = "virtual_network subnets.*.service_endpoints"


async def test_what_another_user_added_beside_stays(world: World) -> None:
    plain, rich = specs(CASES[ENDPOINTS])
    await foreign_objects(world)
    await world.apply(rich, adopt=True)
    network_id = world.in_group(GROUP, "Microsoft.Network/virtualNetworks", "net")

    def add(body: Any) -> None:
        body["tags"]["policy"] = "p"
        front, back = body["properties"]["subnets"]
        front["properties"]["serviceEndpoints"].append({"service": "Microsoft.Sql"})
        back["properties"]["serviceEndpoints"] = [{"service": "Microsoft.Storage"}]
        body["properties"]["dhcpOptions"] = {"dnsServers": ["10.0.0.10"]}

    await world.change(network_id, add)
    assert not (await world.plan(rich)).pending
    change = only(await world.plan(plain), "network/virtual_networks/net")
    shown = "properties.subnets[front].properties.serviceEndpoints[Microsoft.Storage]"
    assert [(item.path, item.operation) for item in change.differences] == [(shown, "remove")]
    assert failures(await world.apply(plain)) == []
    assert not (await world.plan(plain)).pending
    _, body = await world.arm("GET", network_id)
    front, back = body["properties"]["subnets"]
    assert [item["service"] for item in front["properties"]["serviceEndpoints"]] == ["Microsoft.Sql"]
    assert [item["service"] for item in back["properties"]["serviceEndpoints"]] == ["Microsoft.Storage"]
    assert body["properties"]["dhcpOptions"]["dnsServers"] == ["10.0.0.10"]
    assert body["tags"]["policy"] == "p"


async def test_an_ignored_path_stays_and_stays_ours(world: World) -> None:
    case = CASES["public_ip idle_timeout_minutes"]
    plain, rich = specs(case)
    ignoring = plain.replace("out: {}", "out: {lifecycle: {ignore_changes: [properties.idleTimeoutInMinutes]}}")
    assert ignoring != plain
    await foreign_objects(world)
    await world.apply(rich, adopt=True)
    assert not (await world.plan(ignoring)).pending
    assert failures(await world.apply(ignoring.replace("deployment: demo", "deployment: demo\ntags: {a: b}"))) == []
    assert (await body_of(world, case))["properties"]["idleTimeoutInMinutes"] == case.value
    assert failures(await world.apply(plain)) == []
    assert (await body_of(world, case))["properties"]["idleTimeoutInMinutes"] == 4


async def test_an_object_of_an_earlier_version_is_left_as_it_is(world: World) -> None:
    case = CASES["public_ip idle_timeout_minutes"]
    plain, rich = specs(case)
    await foreign_objects(world)
    await world.apply(rich, adopt=True)
    identity = world.in_group(GROUP, case.type, case.name)
    await world.change(identity, lambda body: body["tags"].pop(PATHS_TAG))
    assert not (await world.plan(rich)).pending
    assert not (await world.plan(plain)).pending


async def test_a_tag_that_leaves_the_spec_goes_and_those_of_others_stay(world: World) -> None:
    case = CASES["virtual_machine license_type"]
    plain, _ = specs(case)
    tagged = plain + "tags: {Owner: web, temporary: 'yes'}\n"
    await world.apply(tagged)
    identity = world.in_group(GROUP, case.type, case.name)

    def retag(body: Any) -> None:
        body["tags"]["TEMPORARY"] = body["tags"].pop("temporary")
        body["tags"]["policy"] = "p"

    await world.change(identity, retag)
    left = plain + "tags: {Owner: web}\n"
    (change,) = [item for item in (await world.plan(left)).changes if item.address == "vms/web"]
    assert [(item.path.lower(), item.operation) for item in change.differences] == [("tags.temporary", "remove")]
    assert failures(await world.apply(left)) == []
    tags = (await body_of(world, case))["tags"]
    assert sorted(name for name in tags if not name.startswith("provisioner-")) == ["Owner", "policy"]
    assert not (await world.plan(left)).pending


async def test_what_azure_no_longer_has_is_nobodys_from_then_on(world: World) -> None:
    case = CASES["virtual_network dns_servers"]
    plain, rich = specs(case)
    await foreign_objects(world)
    await world.apply(rich, adopt=True)
    identity = world.in_group(GROUP, case.type, case.name)
    await world.change(identity, lambda body: body["properties"].pop("dhcpOptions"))
    change = only(await world.plan(plain), "network/virtual_networks/net")
    assert [item.path for item in change.differences] == [f"tags.{PATHS_TAG}"]
    assert failures(await world.apply(plain)) == []
    await world.change(identity, lambda body: body["properties"].update(dhcpOptions={"dnsServers": case.value}))
    assert not (await world.plan(plain)).pending


async def test_a_condition_that_leaves_the_spec_is_taken_away(world: World) -> None:
    grant = {"role": "Storage Blob Data Reader", "to": ["identities/app"]}
    condition = "@Resource[Microsoft.Storage/storageAccounts:name] StringEquals 'x'"
    plain = yaml.safe_dump(BASE | {"identities": {"app": {}}, "role_grants": {"read": grant}}, sort_keys=False)
    rich = yaml.safe_dump(
        BASE | {"identities": {"app": {}}, "role_grants": {"read": grant | {"condition": condition}}}, sort_keys=False
    )
    at = "role_grants/read/identities/app"
    await world.apply(plain)
    never = (await grants(world))[0]
    assert failures(await world.apply(rich)) == []
    assert not (await world.plan(rich)).pending
    change = only(await world.plan(plain), at)
    assert {"properties.condition", "properties.conditionVersion"} <= {
        item.path for item in change.differences if item.operation == "remove"
    }
    assert failures(await world.apply(plain)) == []
    assert not (await world.plan(plain)).pending
    (found,) = await grants(world)
    assert found["properties"] | {"updatedOn": ""} == never["properties"] | {"updatedOn": ""}

    theirs = {name: never["properties"][name] for name in ("roleDefinitionId", "principalId", "description")}
    added = theirs | {"condition": condition, "conditionVersion": "2.0"}
    status, _ = await world.arm("PUT", found["id"], {"properties": added})
    assert status < 300
    assert not (await world.plan(plain)).pending


async def test_a_grant_of_an_earlier_version_gets_no_new_description_alone(world: World) -> None:
    grant = {"role": "Reader", "to": ["identities/app"], "condition": "@Resource[x:y] StringEquals 'x'"}
    spec = yaml.safe_dump(BASE | {"identities": {"app": {}}, "role_grants": {"read": grant}}, sort_keys=False)
    await world.apply(spec)
    (found,) = await grants(world)
    earlier = found["properties"] | {"description": "[provisioner-deployment: demo]"}
    written = {name: earlier[name] for name in ("roleDefinitionId", "principalId", "description", "condition")}
    await world.arm("PUT", found["id"], {"properties": written | {"conditionVersion": "2.0"}})
    assert not (await world.plan(spec)).pending


async def grants(world: World) -> list[dict[str, Any]]:
    group = f"/subscriptions/{world.session.subscription_id}/resourceGroups/{GROUP}"
    _, listing = await world.arm("GET", f"{group}/providers/Microsoft.Authorization/roleAssignments")
    return [item for item in listing["value"] if "provisioner-deployment" in str(item["properties"].get("description"))]


async def test_an_ignored_path_in_the_settings_keeps_the_value_of_others(world: World) -> None:
    case = CASES["virtual_machine_extension settings"]
    _, rich = specs(case)
    ignored = "        lifecycle: {ignore_changes: [properties.settings.theirs]}\n        settings:"
    ignoring = rich.replace("        settings:", ignored)
    assert ignoring != rich
    assert failures(await world.apply(rich)) == []
    identity = world.in_group(GROUP, case.type, "web", "agent")

    def add(body: Any) -> None:
        body["properties"]["settings"]["theirs"] = {"a": 1}
        body["properties"].pop("instanceView", None)

    await world.change(identity, add)
    body = await body_of(world, case)
    await world.arm("PUT", identity, body | {"tags": body["tags"] | {"provisioner-spec": "0-0"}})
    change = only(await world.plan(rich), "vms/web/extensions/agent")
    assert [(item.path, item.operation) for item in change.differences] == [("properties.settings.theirs", "remove")]
    assert not (await world.plan(ignoring)).pending
    more = ignoring.replace("mode: application", "mode: other")
    assert failures(await world.apply(more)) == []
    assert (await body_of(world, case))["properties"]["settings"] == {"proxy": {"mode": "other"}, "theirs": {"a": 1}}


async def test_an_ignored_item_that_left_the_spec_stays(world: World) -> None:
    plain, rich = specs(CASES[ENDPOINTS])
    path = "'properties.subnets[front].properties.serviceEndpoints[Microsoft.Storage]'"
    ignoring = plain.replace("      subnets:", f"      lifecycle: {{ignore_changes: [{path}]}}\n      subnets:")
    assert ignoring != plain
    await foreign_objects(world)
    await world.apply(rich, adopt=True)
    assert not (await world.plan(ignoring)).pending
    assert only(await world.plan(plain), "network/virtual_networks/net").action == "update"


async def test_a_machine_without_ultra_disks_no_longer_pays_for_them(world: World) -> None:
    """A machine that can take them costs a reservation while it has none ("Using Azure Ultra Disks")."""
    disk = {"lun": 0, "size_gb": 64, "sku": "UltraSSD_LRS"}
    web = WEB | {"zone": "1"}
    plain = yaml.safe_dump(BASE | {"vms": {"web": web}}, sort_keys=False)
    rich = yaml.safe_dump(BASE | {"vms": {"web": web | {"data_disks": {"db": disk}}}}, sort_keys=False)
    assert failures(await world.apply(rich)) == []
    plan = await world.plan(plain)
    (change,) = [item for item in plan.changes if item.address == "vms/web"]
    assert ("properties.additionalCapabilities.ultraSSDEnabled", "remove", "deallocate") in [
        (item.path, item.operation, change.impact) for item in change.differences
    ]
    assert failures(await world.apply(plain)) == []
    assert not (await world.plan(plain)).pending
