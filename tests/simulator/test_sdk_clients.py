"""The real Azure SDK clients, synchronous and asynchronous, over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.core.pipeline.policies import SansIOHTTPPolicy

from provisioner.simulator import Settings, Simulator, run_in_thread

from .conftest import LOCATION, network, public_ip

FAST = Settings(time_scale=0.001)


class Credential:
    """Never asked: the clients below send no token of their own."""

    def get_token(self, *scopes: str, **options: Any) -> Any:
        raise AssertionError("asked for a token")


def options(simulator: Simulator) -> dict[str, Any]:
    """How to point a client at a simulator over plain HTTP."""
    return {
        "base_url": simulator.url,
        "credential_scopes": [f"{simulator.url}/.default"],
        "authentication_policy": SansIOHTTPPolicy(),
        "headers": {"Authorization": "Bearer x"},
    }


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with run_in_thread(FAST) as running:
        yield running


@pytest.fixture
async def own_loop() -> AsyncIterator[Simulator]:
    async with Simulator.start(FAST) as running:
        yield running


def test_the_synchronous_clients_build_and_tear_down_a_small_deployment(simulator: Simulator) -> None:
    from azure.mgmt.authorization import AuthorizationManagementClient
    from azure.mgmt.msi import ManagedServiceIdentityClient
    from azure.mgmt.network import NetworkManagementClient
    from azure.mgmt.resource.resources import ResourceManagementClient

    arguments: Any = (Credential(), simulator.subscription_id)
    resources = ResourceManagementClient(*arguments, **options(simulator))
    networks = NetworkManagementClient(*arguments, **options(simulator))
    identities = ManagedServiceIdentityClient(*arguments, **options(simulator))
    roles = AuthorizationManagementClient(*arguments, **options(simulator))

    group = resources.resource_groups.create_or_update("rg", {"location": LOCATION})
    assert resources.resource_groups.check_existence("rg")
    net = networks.virtual_networks.begin_create_or_update("rg", "net", network(("a", "10.0.0.0/24"))).result()
    assert net.subnets[0].name == "a"
    subnet = networks.subnets.begin_create_or_update("rg", "net", "b", {"properties": {"addressPrefix": "10.0.1.0/24"}})
    assert subnet.result().address_prefix == "10.0.1.0/24"
    pip = networks.public_ip_addresses.begin_create_or_update("rg", "pip", public_ip()).result()
    assert pip.ip_address
    identity = identities.user_assigned_identities.create_or_update("rg", "one", {"location": LOCATION})
    role = next(iter(roles.role_definitions.list(group.id, filter="roleName eq 'Contributor'")))
    granted = roles.role_assignments.create(
        group.id,
        str(uuid.uuid4()),
        {"properties": {"roleDefinitionId": role.id, "principalId": identity.principal_id}},
    )
    assert granted.scope == group.id
    assert [one.name for one in roles.role_assignments.list_for_resource_group("rg")] == [granted.name]
    tagged = networks.public_ip_addresses.update_tags("rg", "pip", {"tags": {"a": "b"}})
    assert tagged.tags == {"a": "b"}
    found = resources.resources.list(filter="tagName eq 'a' and tagValue eq 'b'", expand="createdTime")
    assert [one.name for one in found] == ["pip"]
    networks.public_ip_addresses.begin_delete("rg", "pip").result()
    networks.virtual_networks.begin_delete("rg", "net").result()
    resources.resource_groups.begin_delete("rg").result()
    with pytest.raises(ResourceNotFoundError) as missing:
        resources.resource_groups.get("rg")
    assert missing.value.error is not None
    assert missing.value.error.code == "ResourceGroupNotFound"


async def test_the_asynchronous_clients_work_on_the_simulator_s_own_loop(own_loop: Simulator) -> None:
    from azure.mgmt.network.aio import NetworkManagementClient
    from azure.mgmt.resource.resources.aio import ResourceManagementClient

    arguments: Any = (Credential(), own_loop.subscription_id)
    async with (
        ResourceManagementClient(*arguments, **options(own_loop)) as resources,
        NetworkManagementClient(*arguments, **options(own_loop)) as networks,
    ):
        await resources.resource_groups.create_or_update("rg", {"location": LOCATION})
        poller = await networks.network_security_groups.begin_create_or_update("rg", "nsg", {"location": LOCATION})
        made = await poller.result()
        assert made.provisioning_state == "Succeeded"
        assert len(made.default_security_rules) == 6
        with pytest.raises(HttpResponseError) as refused:
            body: Any = {"location": LOCATION, "properties": {"nonsense": 1}}
            await networks.network_security_groups.begin_create_or_update("rg", "nsg", body)
        assert refused.value.error is not None
        assert refused.value.error.code == "InvalidRequestFormat"
        deletion = await resources.resource_groups.begin_delete("rg")
        await deletion.result()
        assert [group async for group in resources.resource_groups.list()] == []


async def test_an_operation_that_fails_raises_with_its_code() -> None:
    from azure.mgmt.network.aio import NetworkManagementClient

    from provisioner.simulator.errors import ArmError
    from provisioner.simulator.state.operations import Operation

    def fail(operation: Operation) -> ArmError:
        return ArmError(409, "AllocationFailed", "No room.")

    async with Simulator.start(Settings(time_scale=0.001, operation_outcome=fail)) as simulator:
        arguments: Any = (Credential(), simulator.subscription_id)
        async with NetworkManagementClient(*arguments, **options(simulator)) as networks:
            import aiohttp

            async with aiohttp.ClientSession(headers={"Authorization": "Bearer x"}) as session:
                group = f"{simulator.url}/subscriptions/{simulator.subscription_id}/resourceGroups/rg"
                await session.put(f"{group}?api-version=2024-05-01", json={"location": LOCATION})
            poller = await networks.public_ip_addresses.begin_create_or_update("rg", "pip", public_ip())
            with pytest.raises(HttpResponseError) as failed:
                await poller.result()
    assert failed.value.error is not None
    assert failed.value.error.code == "AllocationFailed"


def test_importing_the_simulator_loads_no_sdk() -> None:
    import subprocess
    import sys

    code = (
        "import sys, provisioner.simulator as s\n"
        "assert not [name for name in sys.modules if name.startswith(('azure', 'aiohttp'))]\n"
        "s.Simulator\n"
        "assert not [name for name in sys.modules if name.startswith('azure.mgmt')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
