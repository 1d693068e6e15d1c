"""The Azure CLI against the embedded cloud. Opt-in: `bash tests/clients/setup_azure_cli.sh`, `pytest -m clients`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.serving import ENVIRONMENT, Served, serve

pytestmark = [pytest.mark.clients, pytest.mark.timeout(900)]
CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "provisioner-clients"
AZ = Path(os.environ.get("PROVISIONER_CLIENTS", CACHE)) / "azure-cli" / "bin" / "az"
CLIENT = "11111111-2222-4333-8444-555555555555"
GROUP = ("--resource-group", "sample")


class Az:
    """Runs `az` signed in to a served cloud."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.served = served
        self._environment = {
            **ENVIRONMENT,
            "AZURE_CONFIG_DIR": str(folder / "azure"),
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
            "AZURE_CORE_NO_COLOR": "true",
            "REQUESTS_CA_BUNDLE": served.ca,
        }

    def __call__(self, *arguments: str, fails: bool = False) -> Any:
        command = [str(AZ), *arguments, "--output", "json"]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=300, check=False)
        assert (done.returncode != 0) == fails, f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        if fails:
            return done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None


@pytest.fixture(scope="module")
def az(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Az]:
    if not AZ.exists():
        pytest.skip(f"no Azure CLI at {AZ}; `bash tests/clients/setup_azure_cli.sh` installs it")
    folder = tmp_path_factory.mktemp("az")
    with serve(folder, "--time-scale", "0.01") as served:
        found = Az(served, folder)
        found("cloud", "register", "--name", "embedded", "--endpoint-resource-manager", served.url)
        found("cloud", "set", "--name", "embedded")
        signed_in = found("login", "--service-principal", "-u", CLIENT, "-p", "any", "--tenant", served.tenant)
        assert [each["id"] for each in signed_in] == [served.subscription]
        yield found
    shutil.rmtree(folder, ignore_errors=True)


def test_the_sample_by_hand(az: Az) -> None:
    group = az("group", "create", "--name", "sample", "--location", "westus2")
    assert group["properties"]["provisioningState"] == "Succeeded"
    assert az("group", "show", "--name", "sample")["id"] == group["id"]
    identity = az("identity", "create", *GROUP, "--name", "app")
    az("network", "vnet", "create", *GROUP, "--name", "net", "--address-prefixes", "10.0.0.0/16")
    az("network", "nsg", "create", *GROUP, "--name", "doors")
    az("network", "nsg", "rule", "create", *GROUP, "--nsg-name", "doors", "--name", "ssh", "--priority", "100",
       "--destination-port-ranges", "22", "--access", "Allow")  # fmt: skip
    az("network", "vnet", "subnet", "create", *GROUP, "--vnet-name", "net", "--name", "front",
       "--address-prefixes", "10.0.0.0/24", "--network-security-group", "doors")  # fmt: skip
    az("network", "public-ip", "create", *GROUP, "--name", "out", "--sku", "Standard")
    nic = az("network", "nic", "create", *GROUP, "--name", "nic", "--vnet-name", "net", "--subnet", "front",
             "--public-ip-address", "out")  # fmt: skip
    assert nic["NewNIC"]["ipConfigurations"][0]["privateIPAddress"] == "10.0.0.4"
    made = az("vm", "create", *GROUP, "--name", "web", "--nics", "nic", "--image",
              "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest", "--size", "Standard_B1s",
              "--admin-username", "foo12", "--admin-password", "Zebra-Stripe-9-Correct",
              "--authentication-type", "password", "--assign-identity", "[system]", identity["id"])  # fmt: skip
    assert made["powerState"] == "VM running"
    assert made["privateIpAddress"] == "10.0.0.4"
    principal = made["identity"]["systemAssignedIdentity"]
    shown = az("vm", "show", *GROUP, "--name", "web")
    assert shown["identity"]["type"] == "SystemAssigned, UserAssigned"
    assert [each["name"] for each in az("vm", "list", *GROUP)] == ["web"]
    az("vm", "extension", "set", *GROUP, "--vm-name", "web", "--name", "CustomScript",
       "--publisher", "Microsoft.Azure.Extensions", "--version", "2.1")  # fmt: skip
    assert [each["name"] for each in az("vm", "extension", "list", *GROUP, "--vm-name", "web")] == ["CustomScript"]
    grant = az("role", "assignment", "create", "--assignee-object-id", principal, "--assignee-principal-type",
               "ServicePrincipal", "--role", "Contributor", "--scope", group["id"])  # fmt: skip
    assert grant["principalId"] == principal


def test_power_and_identities(az: Az) -> None:
    az("vm", "deallocate", *GROUP, "--name", "web")
    view = az("vm", "get-instance-view", *GROUP, "--name", "web")
    assert "PowerState/deallocated" in [status["code"] for status in view["instanceView"]["statuses"]]
    az("vm", "start", *GROUP, "--name", "web")
    az("vm", "identity", "remove", *GROUP, "--name", "web", "--identities", "[system]")
    assert az("vm", "show", *GROUP, "--name", "web")["identity"]["type"] == "UserAssigned"
    az("vm", "identity", "assign", *GROUP, "--name", "web")
    assert az("vm", "show", *GROUP, "--name", "web")["identity"]["type"] == "SystemAssigned, UserAssigned"


def test_roles(az: Az) -> None:
    (contributor,) = az("role", "definition", "list", "--name", "Contributor")
    assert contributor["roleName"] == "Contributor"
    scope = f"/subscriptions/{az.served.subscription}/resourceGroups/sample"
    listed = az("role", "assignment", "list", "--scope", scope, "--fill-principal-name", "false")
    assert [each["roleDefinitionName"] for each in listed] == ["Contributor"]
    az("role", "assignment", "delete", "--ids", listed[0]["id"])
    assert az("role", "assignment", "list", "--scope", scope, "--fill-principal-name", "false") == []


def test_what_azure_refuses(az: Az) -> None:
    error = az("network", "vnet", "subnet", "delete", *GROUP, "--vnet-name", "net", "--name", "front", fails=True)
    assert "InUseSubnetCannotBeDeleted" in error
    assert "ResourceNotFound" in az("vm", "show", *GROUP, "--name", "none", fails=True)


TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {"name": {"type": "string"}},
    "resources": [
        {
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2023-01-31",
            "name": "[concat(parameters('name'), '-identity')]",
            "location": "[resourceGroup().location]",
        }
    ],
    "outputs": {"name": {"type": "string", "value": "[parameters('name')]"}},
}


def test_a_machine_with_all_it_needs_by_one_command(az: Az) -> None:
    az("group", "create", "--name", "alone", "--location", "westus2")
    made = az("vm", "create", "--resource-group", "alone", "--name", "one", "--size", "Standard_B1s", "--image",
              "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest", "--admin-username", "foo12",
              "--admin-password", "Zebra-Stripe-9-Correct", "--authentication-type", "password")  # fmt: skip
    assert (made["powerState"], made["privateIpAddress"]) == ("VM running", "10.0.0.4")
    assert made["publicIpAddress"].count(".") == 3
    kinds = {each["type"].rpartition("/")[2] for each in az("resource", "list", "--resource-group", "alone")}
    networking = {"networkInterfaces", "networkSecurityGroups", "publicIPAddresses", "virtualNetworks"}
    assert kinds == {"virtualMachines", "disks", *networking}
    az("group", "delete", "--name", "alone", "--yes")


def test_a_template(az: Az, tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text(f"// A template may have comments.\n{json.dumps(TEMPLATE, indent=2)}\n")
    arguments = (*GROUP, "--name", "by-template", "--template-file", str(file), "--parameters", "name=x")
    assert az("deployment", "group", "validate", *arguments)["properties"]["provisioningState"] == "Succeeded"
    made = az("deployment", "group", "create", *arguments)
    assert made["properties"]["outputs"] == {"name": {"type": "String", "value": "x"}}
    (done,) = az("deployment", "operation", "group", "list", *GROUP, "--name", "by-template")
    assert done["properties"]["targetResource"]["resourceName"] == "x-identity"


def test_everything_goes(az: Az) -> None:
    az("vm", "delete", *GROUP, "--name", "web", "--yes")
    az("group", "delete", "--name", "sample", "--yes")
    assert az("group", "exists", "--name", "sample") is False
