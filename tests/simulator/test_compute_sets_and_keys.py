"""Availability sets, SSH public keys, images."""

from __future__ import annotations

from typing import Any

import pytest

from .compute_bodies import compute, machine, make_interface, make_machine, vm
from .conftest import LOCATION, Arm

ALIGNED = {"location": LOCATION, "sku": {"name": "Aligned"}}


async def test_a_set_is_always_answered_200(arm: Arm) -> None:
    path = compute(arm, "availabilitySets", "set")
    for _ in range(2):
        reply = await arm.put(path, ALIGNED)
        assert reply.status == 200
        assert reply.body["properties"] == {"platformUpdateDomainCount": 5, "platformFaultDomainCount": 3}
    assert (await arm.get(path)).body["properties"]["virtualMachines"] == []
    assert (await arm.delete(path)).status == 200
    assert (await arm.delete(path)).status == 204


async def test_a_set_shows_its_machines_and_stays_while_it_has_some(arm: Arm) -> None:
    path = compute(arm, "availabilitySets", "set")
    await arm.put(path, ALIGNED)
    await make_machine(arm, body=machine(availabilitySet={"id": path}))
    assert (await arm.get(path)).body["properties"]["virtualMachines"] == [{"id": vm(arm)}]
    refused = await arm.delete(path)
    assert (refused.status, refused.code) == (409, "OperationNotAllowed")
    await arm.gone(vm(arm))
    assert (await arm.delete(path)).status == 200


async def test_only_an_aligned_set_takes_managed_disks(arm: Arm) -> None:
    path = compute(arm, "availabilitySets", "set")
    await arm.put(path, {"location": LOCATION})
    reply = await arm.put(vm(arm), machine(await make_interface(arm), availabilitySet={"id": path}))
    assert (reply.status, reply.code) == (409, "OperationNotAllowed")
    assert "'managed' property set" in reply.body["error"]["message"]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"platformFaultDomainCount": 2}, "PropertyChangeNotAllowed"),
        ({"platformFaultDomainCount": 4}, "PropertyChangeNotAllowed"),
    ],
)
async def test_the_domains_of_a_set_are_fixed(arm: Arm, properties: Any, code: str) -> None:
    path = compute(arm, "availabilitySets", "set")
    await arm.put(path, ALIGNED)
    assert (await arm.put(path, {**ALIGNED, "properties": properties})).code == code
    other = await arm.put(f"{path}2", {**ALIGNED, "properties": {"platformUpdateDomainCount": 21}})
    assert other.body["error"]["target"] == "platformUpdateDomainCount"


@pytest.mark.parametrize(("body", "start"), [(None, "ssh-rsa "), ({"encryptionType": "Ed25519"}, "ssh-ed25519 ")])
async def test_a_key_pair_is_made_and_its_private_half_answered_once(arm: Arm, body: Any, start: str) -> None:
    path = compute(arm, "sshPublicKeys", "key")
    assert (await arm.put(path, {"location": LOCATION})).status == 201
    pair = (await arm("POST", f"{path}/generateKeyPair", body)).body
    assert pair["publicKey"].startswith(start)
    assert pair["privateKey"].startswith("-----BEGIN OPENSSH PRIVATE KEY-----")
    assert (await arm.get(path)).body["properties"] == {"publicKey": pair["publicKey"]}


async def test_a_key_that_is_none_is_refused(arm: Arm) -> None:
    path = compute(arm, "sshPublicKeys", "key")
    for key in ("none", "ssh-rsa !!!", "ssh-dss AAAA"):
        reply = await arm.put(path, {"location": LOCATION, "properties": {"publicKey": key}})
        assert reply.body["error"]["target"] == "properties.publicKey"


async def test_an_image_of_a_disk(arm: Arm) -> None:
    path = compute(arm, "images", "golden")
    body: Any = {"location": LOCATION, "properties": {"storageProfile": {"osDisk": {"osType": "Linux"}}}}
    assert (await arm.put(path, body)).body["error"]["target"] == "osDisk.osState"
    body["properties"]["storageProfile"]["osDisk"]["osState"] = "Generalized"
    reply = await arm.put(path, body)
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "Creating")
    arm.clock.advance(1000)
    assert (await arm.get(path)).body["properties"]["hyperVGeneration"] == "V1"
    await arm.gone(path)
    assert (await arm.get(path)).status == 404
