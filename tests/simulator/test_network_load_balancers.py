"""Load balancers: parts, pools, and the interfaces in them."""

from __future__ import annotations

import pytest

from .conftest import LOCATION, Arm
from .network_bodies import Json, interface, make_network, make_public_ip, only_configuration


def balancer(path: str, address: str) -> Json:
    """A frontend, a pool, a probe, a rule that names all three, and a NAT rule."""
    frontend = {"id": f"{path}/frontendIPConfigurations/public"}
    return {
        "location": LOCATION,
        "sku": {"name": "Standard"},
        "properties": {
            "frontendIPConfigurations": [{"name": "public", "properties": {"publicIPAddress": {"id": address}}}],
            "backendAddressPools": [{"name": "pool"}],
            "probes": [{"name": "alive", "properties": {"protocol": "Tcp", "port": 80}}],
            "loadBalancingRules": [
                {
                    "name": "web",
                    "properties": {
                        "protocol": "Tcp",
                        "frontendPort": 80,
                        "backendPort": 8080,
                        "frontendIPConfiguration": frontend,
                        "backendAddressPool": {"id": f"{path}/backendAddressPools/pool"},
                        "probe": {"id": f"{path}/probes/alive"},
                    },
                }
            ],
            "inboundNatRules": [
                {
                    "name": "ssh",
                    "properties": {
                        "protocol": "Tcp",
                        "frontendPort": 2222,
                        "backendPort": 22,
                        "frontendIPConfiguration": frontend,
                    },
                }
            ],
        },
    }


async def _made(arm: Arm) -> tuple[str, Json]:
    path = f"{arm.network}/loadBalancers/lb"
    body = balancer(path, await make_public_ip(arm))
    await arm.made(path, body)
    return path, body


async def test_a_create_is_answered_already_succeeded(arm: Arm) -> None:
    path = f"{arm.network}/loadBalancers/lb"
    reply = await arm.put(path, balancer(path, await make_public_ip(arm)))
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "Succeeded")
    assert reply.body["sku"] == {"name": "Standard", "tier": "Regional"}


async def test_parts_show_who_names_them(arm: Arm) -> None:
    path, _ = await _made(arm)
    properties = (await arm.get(path)).body["properties"]
    rule = [{"id": f"{path}/loadBalancingRules/web"}]
    for name in ("frontendIPConfigurations", "backendAddressPools", "probes"):
        (part,) = properties[name]
        assert part["properties"]["loadBalancingRules"] == rule
        assert part["type"] == f"Microsoft.Network/loadBalancers/{name}"
    assert properties["frontendIPConfigurations"][0]["properties"]["inboundNatRules"] == [
        {"id": f"{path}/inboundNatRules/ssh"}
    ]
    (web,) = properties["loadBalancingRules"]
    assert web["properties"]["idleTimeoutInMinutes"] == 4
    assert web["properties"]["loadDistribution"] == "Default"
    assert properties["outboundRules"] == properties["inboundNatPools"] == []


async def test_an_interface_joins_a_pool_and_leaves_with_it(arm: Arm) -> None:
    path, body = await _made(arm)
    subnet, nic = await make_network(arm), f"{arm.network}/networkInterfaces/nic"
    pools = [{"id": f"{path}/backendAddressPools/pool"}]
    await arm.made(nic, interface(subnet, loadBalancerBackendAddressPools=pools))
    pool = (await arm.get(f"{path}/backendAddressPools/pool")).body
    assert pool["properties"]["backendIPConfigurations"] == [{"id": f"{nic}/ipConfigurations/main"}]
    updated = await arm.put(path, body)
    assert (updated.status, updated.headers["Retry-After"]) == (200, "10")
    arm.clock.advance(100)
    assert only_configuration((await arm.get(nic)).body)["loadBalancerBackendAddressPools"] == pools
    await arm.gone(path)
    assert "loadBalancerBackendAddressPools" not in only_configuration((await arm.get(nic)).body)


async def test_a_pool_that_is_not_there_is_refused(arm: Arm) -> None:
    path, _ = await _made(arm)
    pools = [{"id": f"{path}/backendAddressPools/none"}]
    body = interface(await make_network(arm), loadBalancerBackendAddressPools=pools)
    assert (await arm.put(f"{arm.network}/networkInterfaces/nic", body)).code == "InvalidResourceReference"


async def test_a_pool_can_be_written_and_deleted_by_its_own_address(arm: Arm) -> None:
    path, _ = await _made(arm)
    extra = f"{path}/backendAddressPools/extra"
    assert (await arm.put(extra, {"properties": {}})).status == 201
    arm.clock.advance(100)
    pools = (await arm.get(path)).body["properties"]["backendAddressPools"]
    assert [pool["name"] for pool in pools] == ["pool", "extra"]
    await arm.gone(extra)
    assert (await arm.get(extra)).status == 404
    assert (await arm.delete(f"{path}/backendAddressPools/pool")).code == "InvalidResourceReference"


@pytest.mark.parametrize("part", ["probe", "backendAddressPool", "frontendIPConfiguration"])
async def test_a_rule_names_only_what_the_same_request_has(arm: Arm, part: str) -> None:
    path, body = await _made(arm)
    properties = body["properties"]["loadBalancingRules"][0]["properties"]
    properties[part] = {"id": f"{properties[part]['id']}x"}
    assert (await arm.put(path, body)).code == "InvalidResourceReference"


async def test_every_list_is_replaced_but_the_last_frontend_stays(arm: Arm) -> None:
    path, body = await _made(arm)
    bare = {**body, "properties": {"frontendIPConfigurations": body["properties"]["frontendIPConfigurations"]}}
    properties = (await arm.made(path, bare))["properties"]
    for name in ("backendAddressPools", "probes", "loadBalancingRules", "inboundNatRules"):
        assert properties[name] == []
    refused = await arm.put(path, {**body, "properties": {}})
    assert refused.body["error"]["message"] == "Deleting all frontendIPConfigs from load balancer is not supported."


async def test_an_internal_frontend_takes_an_address_of_its_subnet(arm: Arm) -> None:
    subnet, path = await make_network(arm), f"{arm.network}/loadBalancers/lb"
    await arm.made(f"{arm.network}/networkInterfaces/nic", interface(subnet))
    frontend = {"name": "inside", "properties": {"subnet": {"id": subnet}}}
    body = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": {"frontendIPConfigurations": [frontend]}}
    made = await arm.made(path, body)
    assert made["properties"]["frontendIPConfigurations"][0]["properties"]["privateIPAddress"] == "10.0.0.5"
    refused = await arm.delete(subnet)
    assert refused.code == "InUseSubnetCannotBeDeleted"
    await arm.gone(f"{arm.network}/networkInterfaces/nic")
    assert f"{path}/frontendIPConfigurations/inside" in (await arm.delete(subnet)).body["error"]["message"]


async def test_the_skus_of_balancer_and_address_must_agree(arm: Arm) -> None:
    path = f"{arm.network}/loadBalancers/lb"
    body = {**balancer(path, await make_public_ip(arm)), "sku": {"name": "Basic"}}
    assert (await arm.put(path, body)).code == "DifferentSkuLoadBalancersAndPublicIPAddressNotAllowed"
