"""Microsoft.Network/publicIPAddresses."""

from __future__ import annotations

import pytest

from .conftest import LOCATION, Arm, public_ip


async def test_what_the_server_fills_in(arm: Arm) -> None:
    made = await arm.made(f"{arm.network}/publicIPAddresses/pip", public_ip(dnsSettings={"domainNameLabel": "label"}))
    properties = made["properties"]
    assert made["sku"] == {"name": "Standard", "tier": "Regional"}
    assert properties["publicIPAddressVersion"] == "IPv4"
    assert (properties["idleTimeoutInMinutes"], properties["ipTags"]) == (4, [])
    assert properties["dnsSettings"]["fqdn"] == f"label.{LOCATION}.cloudapp.azure.com"
    assert properties["resourceGuid"]
    assert properties["ipAddress"].startswith("20.")


async def test_an_address_and_a_guid_survive_an_update(arm: Arm) -> None:
    path = f"{arm.network}/publicIPAddresses/pip"
    before = (await arm.made(path, public_ip()))["properties"]
    after = (await arm.made(path, public_ip(idleTimeoutInMinutes=9)))["properties"]
    assert after["resourceGuid"] == before["resourceGuid"]
    assert after["ipAddress"] == before["ipAddress"]
    assert after["idleTimeoutInMinutes"] == 9


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sku": {"name": "Basic"}}, "IPv4BasicSkuPublicIpCountLimitReached"),
        ({"properties": {"publicIPAllocationMethod": "Dynamic"}}, "StandardSkuPublicIPAddressesMustBeStatic"),
        ({"properties": {"publicIPAllocationMethod": "Sometimes"}}, "InvalidRequestFormat"),
        ({"properties": {"publicIPAllocationMethod": "Static", "color": "red"}}, "InvalidRequestFormat"),
        ({"color": "red"}, "InvalidRequestContent"),
    ],
)
async def test_what_is_refused(arm: Arm, change: dict[str, object], code: str) -> None:
    reply = await arm.put(f"{arm.network}/publicIPAddresses/pip", {**public_ip(), **change})
    assert (reply.status, reply.code) == (400, code)


async def test_an_unknown_property_is_named_with_its_type_and_path(arm: Arm) -> None:
    reply = await arm.put(f"{arm.network}/publicIPAddresses/pip", public_ip(color="red"))
    assert reply.body["error"]["details"][0]["code"] == "InvalidJson"
    message = reply.body["error"]["details"][0]["message"]
    assert message.startswith("Could not find member 'color' on object of type ")
    assert "Path 'properties.color'" in message


@pytest.mark.parametrize(
    "change", [{"zones": ["1"]}, {"sku": {"name": "StandardV2"}}, {"properties": {"publicIPAddressVersion": "IPv6"}}]
)
async def test_what_cannot_change_once_it_is_made(arm: Arm, change: dict[str, dict[str, object]]) -> None:
    path = f"{arm.network}/publicIPAddresses/pip"
    await arm.made(path, public_ip())
    body = {**public_ip(), **change}
    body["properties"] = {**public_ip()["properties"], **change.get("properties", {})}
    assert (await arm.put(path, body)).status == 400


async def test_zones_left_out_are_a_change_too(arm: Arm) -> None:
    path = f"{arm.network}/publicIPAddresses/pip"
    await arm.made(path, {**public_ip(), "zones": ["1"]})
    assert (await arm.put(path, public_ip())).code == "ResourceAvailabilityZonesCannotBeModified"


async def test_a_dns_label_belongs_to_one_address_at_a_time(arm: Arm) -> None:
    labelled = public_ip(dnsSettings={"domainNameLabel": "label"})
    path = f"{arm.network}/publicIPAddresses"
    await arm.made(f"{path}/one", labelled)
    assert (await arm.put(f"{path}/two", labelled)).code == "DnsRecordInUse"
    await arm.made(f"{path}/one", public_ip(dnsSettings={"domainNameLabel": "other"}))
    await arm.made(f"{path}/two", labelled)
    await arm.gone(f"{path}/two")
    assert (await arm.put(f"{path}/three", labelled)).status == 201


async def test_patch_replaces_the_tags_at_once(arm: Arm) -> None:
    path = f"{arm.network}/publicIPAddresses/pip"
    await arm.made(path, {**public_ip(), "tags": {"a": "1"}})
    patched = await arm.patch(path, {"tags": {"b": "2"}})
    assert (patched.status, patched.body["tags"]) == (200, {"b": "2"})
    assert patched.body["properties"]["provisioningState"] == "Succeeded"
    assert "Azure-AsyncOperation" not in patched.headers
