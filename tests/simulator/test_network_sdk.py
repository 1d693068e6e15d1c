"""Networks with the real SDK clients: typed models through the whole round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from provisioner.simulator import Settings, Simulator, run_in_thread

from .conftest import LOCATION, network, public_ip
from .network_bodies import interface
from .test_sdk_clients import Credential, options

GROUP = "rg"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with run_in_thread(Settings(time_scale=0)) as running:
        yield running


@pytest.fixture
def networks(simulator: Simulator) -> Any:
    from azure.mgmt.network import NetworkManagementClient
    from azure.mgmt.resource.resources import ResourceManagementClient

    arguments: Any = (Credential(), simulator.subscription_id)
    groups = ResourceManagementClient(*arguments, **options(simulator)).resource_groups
    groups.create_or_update(GROUP, {"location": LOCATION})
    return NetworkManagementClient(*arguments, **options(simulator))


def test_an_interface_from_create_to_delete(networks: Any) -> None:
    from azure.mgmt.network import models

    net = networks.virtual_networks.begin_create_or_update(GROUP, "net", network(("front", "10.0.0.0/24"))).result()
    address = networks.public_ip_addresses.begin_create_or_update(GROUP, "address", public_ip()).result()
    sent = models.NetworkInterface(
        location=LOCATION,
        ip_configurations=[
            models.NetworkInterfaceIPConfiguration(
                name="main",
                subnet=models.Subnet(id=net.subnets[0].id),
                public_ip_address=models.PublicIPAddress(id=address.id),
            )
        ],
    )
    nic = networks.network_interfaces.begin_create_or_update(GROUP, "nic", sent).result()
    assert nic.ip_configurations[0].private_ip_address == "10.0.0.4"
    assert networks.public_ip_addresses.get(GROUP, "address").ip_configuration.id == nic.ip_configurations[0].id
    nic.tags = {"a": "b"}
    nic.enable_ip_forwarding = True
    updated = networks.network_interfaces.begin_create_or_update(GROUP, "nic", nic).result()
    assert (updated.tags, updated.enable_ip_forwarding) == ({"a": "b"}, True)
    assert updated.ip_configurations[0].private_ip_address == "10.0.0.4"
    assert [each.name for each in networks.network_interfaces.list(GROUP)] == ["nic"]
    with pytest.raises(HttpResponseError, match="InUseSubnetCannotBeDeleted"):
        networks.subnets.begin_delete(GROUP, "net", "front").result()
    networks.network_interfaces.begin_delete(GROUP, "nic").result()
    networks.subnets.begin_delete(GROUP, "net", "front").result()
    assert networks.virtual_networks.get(GROUP, "net").subnets == []


def test_a_stale_etag_is_refused(networks: Any) -> None:
    net = networks.virtual_networks.begin_create_or_update(GROUP, "net", network(("front", "10.0.0.0/24"))).result()
    body = interface(net.subnets[0].id)
    first = networks.network_interfaces.begin_create_or_update(GROUP, "nic", body).result()
    networks.network_interfaces.begin_create_or_update(GROUP, "nic", {**body, "tags": {"a": "b"}}).result()
    with pytest.raises(HttpResponseError, match="PreconditionFailed"):
        networks.network_interfaces.begin_create_or_update(
            GROUP, "nic", body, headers={"If-Match": first.etag}
        ).result()


def test_a_gateway_a_table_and_a_balancer_through_their_clients(networks: Any) -> None:
    address = networks.public_ip_addresses.begin_create_or_update(GROUP, "address", public_ip()).result()
    body = {"location": LOCATION, "properties": {"publicIpAddresses": [{"id": address.id}]}}
    gateway = networks.nat_gateways.begin_create_or_update(GROUP, "nat", body).result()
    assert (gateway.sku.name, gateway.idle_timeout_in_minutes) == ("Standard", 4)
    written_back = networks.nat_gateways.begin_create_or_update(GROUP, "nat", gateway).result()
    assert written_back.provisioning_state == "Succeeded"
    table = networks.route_tables.begin_create_or_update(GROUP, "table", {"location": LOCATION}).result()
    assert table.routes == []
    route = {"properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"}}
    assert networks.routes.begin_create_or_update(GROUP, "table", "all", route).result().next_hop_type == "Internet"
    balancer = networks.load_balancers.begin_create_or_update(
        GROUP,
        "lb",
        {"location": LOCATION, "sku": {"name": "Standard"}, "properties": {"backendAddressPools": [{"name": "a"}]}},
    ).result()
    assert balancer.backend_address_pools[0].id.endswith("/backendAddressPools/a")
    assert networks.load_balancer_backend_address_pools.get(GROUP, "lb", "a").name == "a"
