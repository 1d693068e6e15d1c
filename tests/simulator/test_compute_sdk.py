"""The real compute client, synchronous and asynchronous, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from provisioner.simulator import Settings, Simulator, run_in_thread

from .compute_bodies import attach, disk, extension, machine, storage
from .conftest import LOCATION, network
from .network_bodies import interface
from .test_sdk_clients import Credential, options

FAST = Settings(time_scale=0.001)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with run_in_thread(FAST) as running:
        yield running


def _interface(simulator: Simulator) -> str:
    from azure.mgmt.network import NetworkManagementClient
    from azure.mgmt.resource.resources import ResourceManagementClient

    arguments: Any = (Credential(), simulator.subscription_id)
    ResourceManagementClient(*arguments, **options(simulator)).resource_groups.create_or_update(
        "rg", {"location": LOCATION}
    )
    networks = NetworkManagementClient(*arguments, **options(simulator))
    net = networks.virtual_networks.begin_create_or_update("rg", "net", network(("front", "10.0.0.0/24"))).result()
    subnet: Any = net.subnets
    nic = networks.network_interfaces.begin_create_or_update("rg", "nic", interface(subnet[0].id)).result()
    return str(nic.id)


def test_the_synchronous_client_makes_stops_and_deletes_a_machine(simulator: Simulator) -> None:
    from azure.mgmt.compute import ComputeManagementClient

    nic = _interface(simulator)
    client: Any = ComputeManagementClient(Credential(), simulator.subscription_id, **options(simulator))
    data = client.disks.begin_create_or_update("rg", "data", disk()).result()
    assert data.disk_state == "Unattached"
    body = {**machine(nic, storageProfile=storage(attach(0, data.id))), "identity": {"type": "SystemAssigned"}}
    made = client.virtual_machines.begin_create_or_update("rg", "vm", body).result()
    assert (made.provisioning_state, made.storage_profile.data_disks[0].name) == ("Succeeded", "data")
    script = client.virtual_machine_extensions.begin_create_or_update("rg", "vm", "script", extension()).result()
    assert script.provisioning_state == "Succeeded"
    result = client.virtual_machines.begin_run_command("rg", "vm", {"commandId": "RunShellScript"}).result()
    assert "not executed" in result.value[0].message
    client.virtual_machines.begin_deallocate("rg", "vm").result()
    view = client.virtual_machines.instance_view("rg", "vm")
    assert [status.code for status in view.statuses] == ["ProvisioningState/succeeded", "PowerState/deallocated"]
    assert [each.name for each in client.virtual_machines.list_by_location(LOCATION)] == ["vm"]
    with pytest.raises(HttpResponseError, match="is attached to VM"):
        client.disks.begin_delete("rg", "data").result()
    client.virtual_machines.begin_delete("rg", "vm").result()
    client.disks.begin_delete("rg", "data").result()
    assert [each.os_type for each in client.disks.list_by_resource_group("rg")] == ["Linux"]


def test_the_synchronous_client_reads_the_catalogues(simulator: Simulator) -> None:
    from azure.mgmt.compute import ComputeManagementClient

    client: Any = ComputeManagementClient(Credential(), simulator.subscription_id, **options(simulator))
    images = client.virtual_machine_images
    versions = images.list(LOCATION, "Canonical", "ubuntu-24_04-lts", "server", top=1)
    image = images.get(LOCATION, "Canonical", "ubuntu-24_04-lts", "server", versions[0].name)
    assert image.os_disk_image.operating_system == "Linux"
    assert "Canonical" in {each.name for each in images.list_publishers(LOCATION)}
    assert any(each.name == "Standard_B1s" for each in client.virtual_machine_sizes.list(LOCATION))
    skus = list(client.resource_skus.list(filter=f"location eq '{LOCATION}'"))
    assert {each.resource_type for each in skus} == {"availabilitySets", "disks", "virtualMachines"}
    assert any(each.name.value == "cores" for each in client.usage.list(LOCATION))


async def test_the_asynchronous_client_sees_the_identity_while_the_machine_is_made() -> None:
    from azure.mgmt.compute.aio import ComputeManagementClient

    with run_in_thread(FAST) as simulator:
        nic = _interface(simulator)
        client: Any = ComputeManagementClient(Credential(), simulator.subscription_id, **options(simulator))
        async with client:
            body = {**machine(nic), "identity": {"type": "SystemAssigned"}}
            poller = await client.virtual_machines.begin_create_or_update("rg", "vm", body)
            first = poller.polling_method().resource()
            assert first.provisioning_state == "Creating"
            made = await poller.result()
            assert made.identity.principal_id == first.identity.principal_id
            await (await client.virtual_machines.begin_delete("rg", "vm")).result()
