"""Private addresses for IP configurations and frontends: given out, checked, kept.

In: a change and its entries (with `properties.subnet`), defaults set. Out: `privateIPAddress` in each, or the
provider's refusal. The first four addresses and the last one of a subnet are reserved (Azure Virtual Network FAQ).

Refusals: PrivateIPAddressIsAllocated (F5Networks/terraform-azure-bigip-module#63), PrivateIPAddressInReservedRange
(hashicorp/terraform-provider-azurerm#4225), SubnetIsFull (MicrosoftDocs/azure-docs#88211).
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from ...arm.resource_write import ResourceWrite
from ...json_values import Json
from ...protocol.json_paths import read
from ._shared import network_error
from ._subnet_addresses import Address, Addresses, is_reserved


def allocate(change: ResourceWrite, entries: Sequence[Json]) -> None:
    """Give every entry its private address: the one asked for, the one it had, or the first free one."""
    before = _before(change)
    taken: set[Address] = set()
    for entry in entries:
        # Static ones first: no dynamic one may take an address that another entry asks for.
        if entry["properties"]["privateIPAllocationMethod"] == "Static":
            taken.add(_check_static(change, entry, taken))
    for entry in entries:
        properties = entry["properties"]
        if properties["privateIPAllocationMethod"] == "Static":
            continue
        kept = _kept(entry, before)
        address = kept if kept is not None and kept not in taken else _first_free(change, entry, taken)
        taken.add(address)
        properties["privateIPAddress"] = str(address)


def _before(change: ResourceWrite) -> dict[str, Json]:
    if change.before is None:
        return {}
    lists = ("ipConfigurations", "frontendIPConfigurations")
    return {
        str(entry["name"]).lower(): entry["properties"]
        for name in lists
        for entry in change.before.properties.get(name) or ()
    }


def _kept(entry: Json, before: dict[str, Json]) -> Address | None:
    """The address that an entry of the same name had in the same subnet."""
    known = before.get(str(entry["name"]).lower())
    if known is None or not known.get("privateIPAddress"):
        return None
    same_subnet = str(read(known, "subnet.id")).lower() == str(read(entry, "properties.subnet.id")).lower()
    same_version = known.get("privateIPAddressVersion") == entry["properties"].get("privateIPAddressVersion")
    return ip_address(known["privateIPAddress"]) if same_subnet and same_version else None


def _check_static(change: ResourceWrite, entry: Json, taken: set[Address]) -> Address:
    text = entry["properties"].get("privateIPAddress")
    if not text:
        raise network_error(
            "PrivateIPAddressMissing",
            f"Private static IP address is missing in IP configuration {entry['id']} that is allocated statically.",
        )
    try:
        address = ip_address(str(text))
    except ValueError:
        raise network_error("InvalidIPAddressFormat", f"IP address {text} is not formatted correctly.") from None
    subnet_id = str(read(entry, "properties.subnet.id"))
    prefixes = _prefixes(change, subnet_id, address.version)
    prefix = next((prefix for prefix in prefixes if address in ip_network(prefix)), None)
    if prefix is None:
        raise network_error(
            "PrivateIPAddressNotInSubnet",
            f"Private static IP address {text} does not belong to the range of subnet prefix {', '.join(prefixes)}.",
        )
    if is_reserved(address, prefix):
        raise network_error(
            "PrivateIPAddressInReservedRange",
            f"Private static IP address {text} falls within reserved IP range of subnet prefix {prefix}.",
        )
    holder = change.cloud.companion(Addresses).holder(subnet_id, address)
    mine = holder is not None and holder.lower().startswith(f"{change.key}/")
    if address in taken or (holder is not None and not mine):
        raise network_error(
            "PrivateIPAddressIsAllocated",
            f"IP configuration {entry['id']} is using the private IP address {text} which is already allocated to "
            f"resource {holder or change.id}.",
        )
    entry["properties"]["privateIPAddress"] = str(address)
    return address


def _first_free(change: ResourceWrite, entry: Json, taken: set[Address]) -> Address:
    subnet_id = str(read(entry, "properties.subnet.id"))
    version = 6 if entry["properties"].get("privateIPAddressVersion") == "IPv6" else 4
    prefixes = _prefixes(change, subnet_id, version)
    for prefix in prefixes:
        address = change.cloud.companion(Addresses).first_free(subnet_id, prefix, taken)
        if address is not None:
            return address
    name = subnet_id.rpartition("/")[2]
    raise network_error(
        "SubnetIsFull",
        f"Subnet {name} with address prefix {', '.join(prefixes)} does not have enough capacity for 1 IP addresses.",
    )


def _prefixes(change: ResourceWrite, subnet_id: str, version: int) -> list[str]:
    subnet = change.cloud.get(subnet_id)
    properties = subnet.properties if subnet is not None else {}
    single = properties.get("addressPrefix")
    listed = [single] if single else list(properties.get("addressPrefixes") or ())
    return [prefix for prefix in listed if ip_network(prefix).version == version]
