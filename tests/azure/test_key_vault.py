"""Secrets of key vaults, read by the real client over HTTP."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import pytest

from provisioner.azure import clouds
from provisioner.azure.key_vault import VaultError, read, url
from provisioner.base.values import Secret, leaves
from provisioner.commands import loading, vault_secrets
from provisioner.simulator.arm import key_vault as vault
from provisioner.spec import load, parameters
from provisioner.spec.secrets.secrets import Secrets
from provisioner.spec.secrets.vaults import VaultSecret
from provisioner.spec.yaml import document
from tests.harness import World

pytest.importorskip("azure.keyvault.secrets", reason="the extra keyvault is not installed")

SPEC = """
version: 1
deployment: demo
location: westus2
resource_group: demo
parameters:
  vault: {default: payroll-kv}
existing:
  vault: {type: Microsoft.KeyVault/vaults, name: payroll-kv, resource_group: security}
secrets:
  admin: {from_key_vault: {vault: "${parameters.vault}", secret: admin}}
  same: {from_key_vault: {vault: existing/vault, secret: admin}}
  unused: {from_key_vault: {vault: other-kv, secret: unused}}
network:
  virtual_networks: {net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.0.0/24}}}}
vms:
  web:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, password: "${secrets.admin}"}
    extensions:
      one:
        publisher: Microsoft.Azure.Extensions
        type: CustomScript
        version: "2.1"
        protected_settings: {value: "${base64(secrets.same)}"}
"""
VALUE = "Correct-Horse-7-Battery"


async def fetched(world: World, generate: bool = False) -> tuple[Secrets, set[str]]:
    spec = load.build(document.parse(SPEC.encode(), "spec.yaml"), parameters.Given())
    loaded = loading.complete(spec, world.session.subscription_id)
    bodies = [item.body for item in loaded.resolution.resources]
    names = {leaf.name for leaf in leaves(bodies) if isinstance(leaf, Secret)}
    secrets = Secrets(spec.document, spec.secrets, parameters.Given(), generate)
    await vault_secrets.fetch(secrets, names, spec, world.session)
    return secrets, names


def requests(world: World) -> list[tuple[int, str]]:
    return [(item.status, item.path) for item in world.simulator.log.entries() if item.path.startswith("/vaults/")]


async def test_what_is_needed_is_read_once(world: World) -> None:
    vault.put_secret(world.simulator.world, "payroll-kv", "admin", VALUE)
    secrets, names = await fetched(world)
    assert secrets.missing(names) == []
    assert secrets.reveal("admin") == VALUE
    assert secrets.reveal("base64(secrets.same)") == "Q29ycmVjdC1Ib3JzZS03LUJhdHRlcnk="
    assert requests(world) == [(401, "/vaults/payroll-kv/secrets/admin/"), (200, "/vaults/payroll-kv/secrets/admin/")]
    assert VALUE not in str(world.simulator.log.entries())


async def test_what_is_not_there_is_told_with_its_place(world: World) -> None:
    secrets, names = await fetched(world)
    found = secrets.missing(names)
    assert [(item.code, item.location.line) for item in found] == [("PV1401", 11), ("PV1401", 12)]
    assert found[0].summary == (
        'the secret "admin" cannot be read: secret admin of the key vault payroll-kv does not exist (SecretNotFound)'
    )
    assert "az keyvault secret list --vault-name payroll-kv" in found[0].hint


async def test_a_rehearsal_invents_what_a_vault_has_not_and_nothing_that_it_refuses(world: World) -> None:
    secrets, names = await fetched(world, generate=True)
    assert secrets.missing(names) == []
    assert secrets.generated == {"admin", "same"}
    vault.refuse(world.simulator.world, "payroll-kv", "ForbiddenByRbac")
    secrets, names = await fetched(world, generate=True)
    assert len(secrets.missing(names)) == 2


@pytest.mark.parametrize(
    ("why", "hint"),
    [
        ("ForbiddenByRbac", "az role assignment create --role 'Key Vault Secrets User' --assignee-object-id 00000000-"),
        ("ForbiddenByPolicy", "az keyvault set-policy --name payroll-kv --object-id 00000000-"),
        ("ForbiddenByFirewall", "run from a network that the vault's firewall allows"),
    ],
)
async def test_a_refusal_says_what_to_ask_for(world: World, why: vault.Refusal, hint: str) -> None:
    vault.put_secret(world.simulator.world, "payroll-kv", "admin", VALUE)
    vault.refuse(world.simulator.world, "payroll-kv", why)
    secrets, names = await fetched(world)
    first = secrets.missing(names)[0]
    assert why in first.summary
    assert hint in first.hint


async def test_versions(world: World) -> None:
    first = vault.put_secret(world.simulator.world, "payroll-kv", "admin", "one")
    vault.put_secret(world.simulator.world, "payroll-kv", "admin", "two")
    cloud, credential = world.session.cloud, world.session.credential
    assert await read(VaultSecret("payroll-kv", "admin"), cloud, credential) == "two"
    assert await read(VaultSecret("payroll-kv", "admin", first), cloud, credential) == "one"
    vault.put_secret(world.simulator.world, "payroll-kv", "admin", "three", enabled=False)
    with pytest.raises(VaultError, match="SecretDisabled"):
        await read(VaultSecret("payroll-kv", "admin"), cloud, credential)


async def test_a_vault_that_does_not_answer_is_told(world: World) -> None:
    nowhere = dataclasses.replace(world.session.cloud, resource_manager="http://127.0.0.1:9")
    with pytest.raises(VaultError, match=r"https://127\.0\.0\.1:9/vaults/payroll-kv: ") as caught:
        await read(VaultSecret("payroll-kv", "admin"), nowhere, world.session.credential)
    assert "check the vault's name" in caught.value.hint


async def test_without_the_package_it_is_said_how_to_get_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "azure.keyvault.secrets.aio", None)
    secrets, names = await fetched(world)
    assert "azure-keyvault-secrets is not installed" in secrets.missing(names)[0].summary
    assert secrets.missing(names)[0].hint.startswith("run pip install -e '.[keyvault]'")


@pytest.mark.parametrize(
    ("cloud", "found"),
    [
        (clouds.PUBLIC, "https://payroll-kv.vault.azure.net"),
        (clouds.CHINA, "https://payroll-kv.vault.azure.cn"),
        (clouds.GOVERNMENT, "https://payroll-kv.vault.usgovcloudapi.net"),
    ],
)
def test_each_cloud_has_a_suffix_of_its_own(cloud: Any, found: str) -> None:
    assert url("payroll-kv", cloud) == found
    assert url("https://payroll-kv.privatelink.vaultcore.azure.net/", cloud) == (
        "https://payroll-kv.privatelink.vaultcore.azure.net"
    )
