"""What a virtual machine is refused for when it is made."""

from __future__ import annotations

from typing import Any

import pytest

from .compute_bodies import UBUNTU, WINDOWS, changed, compute, machine, make_interface, make_machine, storage, vm
from .conftest import LOCATION, Arm, Starter

KEY = {"keyData": "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ user@host"}


async def _refused(arm: Arm, **parts: Any) -> Any:
    return await _answered(arm, changed(machine(await make_interface(arm)), **parts))


async def _answered(arm: Arm, body: Any) -> Any:
    reply = await arm.put(vm(arm), body)
    assert reply.status >= 400, "it was accepted"
    return reply.status, reply.code, reply.body["error"].get("target"), reply.body["error"]["message"]


def login(**parts: Any) -> dict[str, Any]:
    profile = {"computerName": "vm", "adminUsername": "azureuser", "adminPassword": "Correct-Horse-7", **parts}
    return {name: value for name, value in profile.items() if value is not None}


async def test_a_size_that_is_not_there(arm: Arm) -> None:
    status, code, target, message = await _refused(arm, hardwareProfile={"vmSize": "Standard_Nope"})
    assert (status, code, target) == (400, "InvalidParameter", "vmSize")
    assert message.startswith(
        "The value Standard_Nope provided for the VM size is not valid. The valid sizes in the current region are: "
    )


async def test_a_size_that_is_not_to_be_had(started: Starter) -> None:
    async with started(restricted_sizes=frozenset({"westus2/standard_d4s_V5"})) as arm:
        await arm.make_group()
        status, code, _, message = await _answered(arm, machine(await make_interface(arm)))
        assert (status, code) == (409, "SkuNotAvailable")
        assert (
            f"The requested size for resource '{vm(arm)}' is currently not available in location 'westus2'" in message
        )


async def test_more_cores_than_the_quota(started: Starter) -> None:
    async with started(core_quota=10) as arm:
        await arm.make_group()
        await make_machine(arm, "one")
        await make_machine(arm, "two")
        status, code, _, message = await _answered(arm, machine(await make_interface(arm)))
        assert (status, code) == (409, "OperationNotAllowed")
        assert message == (
            "Operation results in exceeding quota limits of Core. Maximum allowed: 10, Current in use: 8, "
            "Additional requested: 4."
        )
        await make_machine(arm, "three", machine(size="Standard_D2s_v5"))


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        ({**UBUNTU, "sku": "23_13"}, "Canonical:0001-com-ubuntu-server-jammy:23_13:latest"),
        ({**UBUNTU, "version": "22.04.1"}, "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:22.04.1"),
    ],
)
async def test_a_platform_image_that_is_not_there(arm: Arm, image: Any, shown: str) -> None:
    status, code, target, message = await _refused(arm, storageProfile={"imageReference": image})
    assert (status, code, target) == (404, "PlatformImageNotFound", "imageReference")
    assert message.startswith(f"The platform image '{shown}' is not available.")


async def test_an_own_image_that_is_not_there(arm: Arm) -> None:
    image = {"imageReference": {"id": compute(arm, "images", "none")}}
    assert (await _refused(arm, storageProfile=image))[:2] == (404, "ImageNotFound")


async def test_a_marketplace_image_needs_its_plan(arm: Arm) -> None:
    image = {"publisher": "resf", "offer": "rockylinux-x86_64", "sku": "9-base", "version": "latest"}
    body = machine(await make_interface(arm), storageProfile={"imageReference": image})
    assert (await _answered(arm, body))[1] == "VMMarketplaceInvalidInput"
    body["plan"] = {"name": "9-base", "publisher": "resf", "product": "rockylinux-x86_64"}
    assert (await arm.put(vm(arm), body)).status == 201


async def test_size_image_and_security_have_to_fit(arm: Arm) -> None:
    assert (await _refused(arm, hardwareProfile={"vmSize": "Standard_D2ps_v5"}))[1] == "BadRequest"
    assert (await _refused(arm, hardwareProfile={"vmSize": "Standard_A1_v2"}))[1] == "BadRequest"
    first = {"imageReference": {**UBUNTU, "sku": "22_04-lts"}}
    trusted = {"securityType": "TrustedLaunch"}
    message = (await _refused(arm, storageProfile=first, securityProfile=trusted))[3]
    assert message.startswith("Use of TrustedLaunch setting is not supported for the provided image.")
    small = storage(os_disk={"createOption": "FromImage", "diskSizeGB": 10})
    assert (await _refused(arm, storageProfile=small))[2] == "osDisk.diskSizeGB"


@pytest.mark.parametrize(
    "password", ["short", "alllowercase", "Onlyletters", "X1" * 40 + "x", "Tab\tand-7-Letters", "P@ssw0rd"]
)
async def test_a_weak_password(arm: Arm, password: str) -> None:
    status, code, target, message = await _refused(arm, osProfile=login(adminPassword=password))
    assert (status, code, target) == (400, "InvalidParameter", "adminPassword")
    assert password not in message


async def test_windows_has_its_own_rules(arm: Arm) -> None:
    image = {"imageReference": WINDOWS}
    too_short = await _refused(arm, storageProfile=image, osProfile=login(adminPassword="Ab1-xyz"))
    assert "between 8-123 characters" in too_short[3]
    assert (await _refused(arm, storageProfile=image, osProfile=login(adminPassword=None)))[2] == "adminPassword"
    long_name = login(computerName="a-name-that-is-too-long")
    assert (await _refused(arm, storageProfile=image, osProfile=long_name))[3].startswith(
        "Windows computer name cannot be more than 15 characters long"
    )
    linux = login(linuxConfiguration={})
    assert (await _refused(arm, storageProfile=image, osProfile=linux))[2] == "linuxConfiguration"


@pytest.mark.parametrize("name", ["admin", "Administrator", "root", "1", "user 1", "9lives"])
async def test_a_disallowed_administrator(arm: Arm, name: str) -> None:
    refused = await _refused(arm, osProfile=login(adminUsername=name))
    assert refused == (400, "InvalidParameter", "adminUsername", "The Admin Username specified is not allowed.")


async def test_a_missing_administrator_as_recorded(arm: Arm) -> None:
    message = "Required parameter 'adminUsername' is missing (null)."
    refused = await _refused(arm, osProfile=login(adminUsername=None))
    assert refused == (400, "InvalidParameter", "adminUsername", message)


async def test_no_profile_at_all(arm: Arm) -> None:
    body = machine(await make_interface(arm))
    del body["properties"]["osProfile"]
    assert (await _answered(arm, body))[2] == "osProfile"


@pytest.mark.parametrize("name", ["under_score", "a b", "x" * 65])
async def test_a_computer_name_that_no_host_has(arm: Arm, name: str) -> None:
    refused = await _refused(arm, osProfile=login(computerName=name))
    assert refused[2:] == ("computerName", refused[3])
    assert refused[3].startswith("Linux host name cannot exceed 64 characters")


async def test_linux_needs_a_password_or_a_key(arm: Arm) -> None:
    refused = await _refused(arm, osProfile=login(adminPassword=None))
    assert refused[2:] == (
        "linuxConfiguration",
        "Authentication using either SSH or by user name and password must be enabled in Linux profile.",
    )
    keys = {"disablePasswordAuthentication": True, "ssh": {"publicKeys": [KEY]}}
    nic = f"{arm.network}/networkInterfaces/nic"
    made = await arm.put(vm(arm), machine(nic, osProfile=login(adminPassword=None, linuxConfiguration=keys)))
    shown = made.body["properties"]["osProfile"]["linuxConfiguration"]["ssh"]["publicKeys"]
    assert shown == [{**KEY, "path": "/home/azureuser/.ssh/authorized_keys"}]


@pytest.mark.parametrize(
    ("key", "target"), [({**KEY, "path": "/root/keys"}, "path"), ({"keyData": "no key"}, "keyData")]
)
async def test_a_key_that_cannot_be_put_there(arm: Arm, key: Any, target: str) -> None:
    linux = {"ssh": {"publicKeys": [key]}}
    refused = await _refused(arm, osProfile=login(adminPassword=None, linuxConfiguration=linux))
    assert refused[2] == f"linuxConfiguration.ssh.publicKeys.{target}"


@pytest.mark.parametrize(
    ("location", "zones", "code"),
    [
        ("westus2", ["4"], "InvalidAvailabilityZone"),
        ("westus2", ["1", "2"], "BadRequest"),
        ("westus", ["1"], "ResourceTypeNotSupportAvailabilityZones"),
    ],
)
async def test_a_zone_that_is_not_there(arm: Arm, location: str, zones: list[str], code: str) -> None:
    body = {**machine(await make_interface(arm)), "location": location, "zones": zones}
    assert (await _answered(arm, body))[1] == code


async def test_no_interface_at_all(arm: Arm) -> None:
    assert (await _answered(arm, machine()))[2] == "networkProfile"


async def test_an_interface_that_is_not_there_or_elsewhere(arm: Arm) -> None:
    missing = f"{arm.network}/networkInterfaces/none"
    assert (await _answered(arm, machine(missing)))[:2] == (404, "NotFound")
    elsewhere = {**machine(await make_interface(arm)), "location": "eastus"}
    assert (await _answered(arm, elsewhere))[1] == "InvalidResourceReference"


async def test_an_interface_of_another_machine(arm: Arm) -> None:
    nic = await make_interface(arm)
    await arm.made(vm(arm, "first"), machine(nic))
    status, code, _, message = await _answered(arm, machine(nic))
    assert (status, code) == (400, "NicInUse")
    assert message.startswith(f"Network Interface {nic} is used by existing resource {vm(arm, 'first')}.")


async def test_of_several_interfaces_one_is_primary(arm: Arm) -> None:
    nics = [await make_interface(arm, name) for name in ("one", "two", "three")]
    body = machine(*nics[:2])
    body["properties"]["networkProfile"] = {"networkInterfaces": [{"id": nic} for nic in nics[:2]]}
    assert (await _answered(arm, body))[1] == "NetworkInterfaceMustHavePrimaryPropertySet"
    many = (await _answered(arm, machine(*nics)))[3]
    assert "The number of network interfaces is 3 and the maximum allowed is 2." in many
    assert (await arm.put(vm(arm), machine(*nics[:2]))).status == 201


async def test_a_location_that_is_not_the_groups_is_fine(arm: Arm) -> None:
    assert LOCATION == "westus2"
    body = {**machine(await make_interface(arm)), "location": "West US 2"}
    assert (await arm.put(vm(arm), body)).body["location"] == "westus2"


async def test_a_confidential_machine_says_how_its_disk_is_encrypted(arm: Arm) -> None:
    confidential = {"securityType": "ConfidentialVM", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}
    status, code, _, message = await _refused(arm, securityProfile=confidential)
    assert (status, code) == (400, "BadRequest")
    assert "'managedDisk.securityProfile.securityEncryptionType' is missing (null)" in message
