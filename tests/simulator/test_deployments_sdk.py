"""Deployments by Azure's own client for them, and what they keep of secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from provisioner.simulator import Settings, Simulator, run_in_thread

from .conftest import LOCATION, Starter
from .test_deployments import IDENTITY, NET, NIC, PUBLIC_IP, body, ended, path, template
from .test_sdk_clients import Credential, options

SECRET = "Hidden-Zebra-9-Stripe"
MACHINE = {
    "type": "Microsoft.Compute/virtualMachines",
    "apiVersion": "2024-03-01",
    "name": "web",
    "location": LOCATION,
    "dependsOn": ["nic"],
    "properties": {
        "hardwareProfile": {"vmSize": "Standard_B1s"},
        "storageProfile": {
            "imageReference": {
                "publisher": "Canonical",
                "offer": "0001-com-ubuntu-server-jammy",
                "sku": "22_04-lts-gen2",
                "version": "latest",
            }
        },
        "osProfile": {"computerName": "web", "adminUsername": "foo12", "adminPassword": "[parameters('secret')]"},
        "networkProfile": {"networkInterfaces": [{"id": "[resourceId('Microsoft.Network/networkInterfaces', 'nic')]"}]},
    },
}
PARAMETERS = {"name": {"type": "string", "defaultValue": "web"}, "secret": {"type": "secureString"}}


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with run_in_thread(Settings(time_scale=0.001)) as running:
        yield running


@pytest.fixture
def client(simulator: Simulator) -> Any:
    """The client of `azure-mgmt-resource-deployments`, with a group to deploy to."""
    deployments = pytest.importorskip("azure.mgmt.resource.deployments", reason="pip install -e '.[test]'")
    from azure.mgmt.resource.resources import ResourceManagementClient

    arguments: Any = (Credential(), simulator.subscription_id)
    groups = ResourceManagementClient(*arguments, **options(simulator)).resource_groups
    groups.create_or_update("rg", {"location": LOCATION})
    return deployments.DeploymentsMgmtClient(*arguments, **options(simulator))


def test_the_client_validates_deploys_and_reads_outputs(client: Any) -> None:
    outputs = {
        "unique": {"type": "string", "value": "[uniqueString(resourceGroup().id)]"},
        "address": {"type": "string", "value": "[reference(resourceId('Microsoft.Network/networkInterfaces', 'nic'), "
                    "'2023-09-01').ipConfigurations[0].properties.privateIPAddress]"},
    }  # fmt: skip
    content = template(MACHINE, NIC, NET, PUBLIC_IP, IDENTITY, parameters=PARAMETERS, outputs=outputs)
    asked = body(content, secret=SECRET)
    valid = client.deployments.begin_validate("rg", "main", asked).result()
    assert valid.properties.provisioning_state == "Succeeded"
    assert not client.deployments.check_existence("rg", "main")
    made = client.deployments.begin_create_or_update("rg", "main", asked).result()
    assert made.properties.provisioning_state == "Succeeded"
    assert made.properties.outputs["address"] == {"type": "String", "value": "10.0.0.4"}
    assert len(made.properties.outputs["unique"]["value"]) == 13
    assert [each.name for each in client.deployments.list_by_resource_group("rg")] == ["main"]
    done = list(client.deployment_operations.list("rg", "main"))
    assert {each.properties.provisioning_state for each in done} == {"Succeeded"}
    assert len(done) == 5
    client.deployments.begin_delete("rg", "main").result()
    assert not client.deployments.check_existence("rg", "main")


def test_the_client_raises_what_failed_with_its_details(client: Any) -> None:
    broken = {**NET, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/99"]}}}
    poller = client.deployments.begin_create_or_update("rg", "main", body(template(NIC, broken, PUBLIC_IP)))
    with pytest.raises(HttpResponseError) as raised:
        poller.result()
    assert raised.value.error is not None
    assert raised.value.error.code == "DeploymentFailed"
    assert len(raised.value.error.details) == 1


@pytest.mark.parametrize("rule", [{}, {"maxLength": 5}, {"allowedValues": ["another"]}], ids=["good", "long", "other"])
async def test_a_secure_value_reaches_no_disk_and_no_answer(started: Starter, tmp_path: Path, rule: Any) -> None:
    parameters = {**PARAMETERS, "secret": {"type": "secureString", **rule}}
    async with started(state_path=tmp_path / "state.sqlite") as arm:
        await arm.make_group()
        content = template(MACHINE, NIC, NET, PUBLIC_IP, parameters=parameters)
        reply = await arm.put(path(arm), body(content, secret=SECRET))
        assert SECRET not in str(reply.body)
        assert reply.status == (400 if rule else 201)
        if not rule:
            found = await ended(arm)
            assert found.body["properties"]["provisioningState"] == "Succeeded", found.body["properties"]
            listed = await arm.get(f"{path(arm)}/operations")
            exported = await arm("POST", f"{path(arm)}/exportTemplate")
            assert SECRET not in str((found.body, listed.body, exported.body))
        assert SECRET not in str(arm.simulator.log.entries())
        kept = _kept(tmp_path)
    assert path(arm).encode() in kept or rule
    assert SECRET.encode() not in kept + _kept(tmp_path)


def _kept(folder: Path) -> bytes:
    """All that files hold, the database's journal too."""
    return b"".join(file.read_bytes() for file in folder.iterdir())
