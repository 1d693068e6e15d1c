"""Catalogues: images, extension handlers, sizes, SKUs, usage."""

from __future__ import annotations

from typing import Any

from .compute_bodies import make_machine, vm
from .conftest import Arm, Starter


def _location(arm: Arm, rest: str, location: str = "westus2") -> str:
    return f"{arm.subscription}/providers/Microsoft.Compute/locations/{location}/{rest}"


async def test_images_are_found_step_by_step_in_bare_arrays(arm: Arm) -> None:
    path = "publishers"
    for word, name in (
        ("", "Canonical"),
        ("/artifacttypes/vmimage/offers", "0001-com-ubuntu-server-jammy"),
        ("/skus", "22_04-lts-gen2"),
    ):
        reply = await arm.get(_location(arm, path + word))
        entry: Any = next(each for each in reply.body if each["name"] == name)
        assert entry["location"] == "westus2"
        assert entry["id"].endswith(f"/{name}")
        path += f"{word}/{name}"
    versions = await arm.get(_location(arm, f"{path}/versions?$top=1&$orderby=name desc"))
    assert [each["name"] for each in versions.body] == ["22.04.202508150"]
    one = (await arm.get(_location(arm, f"{path}/versions/latest"))).body
    assert (one["name"], one["properties"]["hyperVGeneration"]) == ("22.04.202508150", "V2")
    assert one["properties"]["osDiskImage"]["operatingSystem"] == "Linux"


async def test_unknown_images_are_not_found(arm: Arm) -> None:
    for path in ("Nobody/artifacttypes/vmimage/offers", "Canonical/artifacttypes/vmimage/offers/none/skus"):
        reply = await arm.get(_location(arm, f"publishers/{path}"))
        message = "Artifact: VMImage was not found."
        assert (reply.status, reply.code, reply.body["error"]["message"]) == (404, "NotFound", message)


async def test_extension_handlers_are_listed(arm: Arm) -> None:
    path = "publishers/microsoft.azure.extensions/artifacttypes/vmextension/types"
    assert "CustomScript" in [each["name"] for each in (await arm.get(_location(arm, path))).body]
    versions = (await arm.get(_location(arm, f"{path}/customscript/versions"))).body
    assert [each["name"] for each in versions] == ["2.0.7", "2.1.13"]


async def test_sizes_are_listed_with_their_figures(arm: Arm) -> None:
    rows = {row["name"]: row for row in (await arm.get(_location(arm, "vmSizes"))).body["value"]}
    assert rows["Standard_B1s"] == {
        "name": "Standard_B1s",
        "numberOfCores": 1,
        "osDiskSizeInMB": 1047552,
        "resourceDiskSizeInMB": 4096,
        "memoryInMB": 1024,
        "maxDataDiskCount": 2,
    }
    assert rows["Standard_D8s_v5"]["memoryInMB"] == 32 * 1024
    await make_machine(arm)
    assert len((await arm.get(f"{vm(arm)}/vmSizes")).body["value"]) == len(rows)
    assert (await arm.get(_location(arm, "vmSizes", "nowhere"))).status == 400


async def test_skus_of_a_region_know_zones_and_restrictions(started: Starter) -> None:
    async with started(restricted_sizes=frozenset({"Standard_E4s_v5"})) as arm:
        found: dict[str, Any] = {}
        url = f"{arm.subscription}/providers/Microsoft.Compute/skus?$filter=location eq 'westus2'"
        listed = (await arm.get(url)).body["value"]
        found = {each["name"]: each for each in listed if each["resourceType"] == "virtualMachines"}
        sku = found["Standard_D4s_v5"]
        assert sku["locationInfo"][0]["zones"] == ["1", "2", "3"]
        assert {"name": "vCPUs", "value": "4"} in sku["capabilities"]
        assert {"name": "PremiumIO", "value": "True"} in sku["capabilities"]
        assert sku["restrictions"] == []
        assert found["Standard_E4s_v5"]["restrictions"][0]["reasonCode"] == "NotAvailableForSubscription"
        everywhere = (await arm.get(f"{arm.subscription}/providers/Microsoft.Compute/skus")).body
        assert "nextLink" in everywhere


async def test_usage_counts_machines_and_cores(started: Starter) -> None:
    async with started(core_quota=100) as arm:
        await arm.make_group()
        await make_machine(arm)
        rows = {row["name"]["value"]: row for row in (await arm.get(_location(arm, "usages"))).body["value"]}
        assert (rows["cores"]["currentValue"], rows["cores"]["limit"]) == (4, 100)
        assert rows["virtualMachines"]["currentValue"] == 1
        assert rows["standardDSv5Family"]["currentValue"] == 4
        other = (await arm.get(_location(arm, "usages", "eastus"))).body["value"]
        assert {row["currentValue"] for row in other} == {0}
