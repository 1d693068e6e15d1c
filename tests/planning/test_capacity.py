"""``--check-sizes``: what Azure does not offer is told before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.base.diagnostics import Diagnostic, SpecError
from provisioner.commands import planning
from provisioner.planning.plan import Plan
from provisioner.simulator import read_log
from tests.harness import World, world

CHECKED = planning.Choices(check_sizes=True)


def spec(machine: str, location: str = "westus2") -> str:
    return f"""\
version: 1
deployment: demo
location: {location}
resource_group: demo
network:
  virtual_networks:
    net: {{address_space: [10.0.0.0/16], subnets: {{front: {{address_prefix: 10.0.1.0/24}}}}}}
vms:
  web:
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {{username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}}
    {machine}
"""


async def plan(there: World, text: str) -> Plan:
    return await planning.make_plan(there.load(text), there.session, CHECKED)


async def refused(there: World, text: str) -> list[Diagnostic]:
    with pytest.raises(SpecError) as error:
        await plan(there, text)
    return error.value.diagnostics


async def test_a_size_that_is_offered_passes(tmp_path: Path) -> None:
    async with world(tmp_path, core_quota=2) as there:
        assert (await plan(there, spec("size: Standard_D2s_v5"))).count("create") > 0


async def test_an_unknown_size_is_refused_at_its_place(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        found = await refused(there, spec("size: Standard_D3s_v5"))
    assert [(item.code, item.location.line) for item in found] == [("PV3601", 13)]
    assert found[0].summary == "Standard_D3s_v5 is not offered in westus2"


async def test_a_size_that_the_subscription_cannot_have_is_refused_with_azures_reason(tmp_path: Path) -> None:
    async with world(tmp_path, restricted_sizes=frozenset({"westus2/Standard_D2s_v5"})) as there:
        found = await refused(there, spec("size: Standard_D2s_v5"))
        assert (await plan(there, spec("size: Standard_D2s_v5", "eastus"))).pending
    assert [item.code for item in found] == ["PV3602"]
    assert found[0].reason == "Azure returns NotAvailableForSubscription."


async def test_a_zone_that_is_closed_is_refused_and_the_open_ones_are_named(tmp_path: Path) -> None:
    text = spec("size: Standard_D2s_v5\n    zone: 3")
    async with world(tmp_path, restricted_sizes=frozenset({"westus2/Standard_D2s_v5/3"})) as there:
        found = await refused(there, text)
        assert (await plan(there, text.replace("zone: 3", "zone: 2"))).pending
    assert [(item.code, item.location.line) for item in found] == [("PV3603", 14)]
    assert found[0].summary == "Standard_D2s_v5 is not available for your subscription in zone 3 of westus2"
    assert found[0].reason == "Azure returns NotAvailableForSubscription; it is in 1, 2."
    assert found[0].hint == "use one of those zones, or another size"


async def test_a_region_without_zones_offers_none(tmp_path: Path) -> None:
    async with world(tmp_path) as there:
        found = await refused(there, spec("size: Standard_D2s_v5\n    zone: 1", "westus"))
    assert [(item.code, item.reason) for item in found] == [("PV3603", "It is in no zone of this region.")]


async def test_a_fleet_beyond_the_quota_is_refused_once_for_each_quota(tmp_path: Path) -> None:
    async with world(tmp_path, core_quota=10) as there:
        await there.apply(spec("size: Standard_D4s_v5"))
        found = await refused(there, spec("size: Standard_D4s_v5\n    count: 4"))
        assert (await plan(there, spec("size: Standard_D4s_v5"))).pending == ()
    assert [item.summary for item in found] == [
        "the plan needs 12 vCPUs in westus2; 6 are left of 10",
        "the plan needs 12 vCPUs of standardDSv5Family in westus2; 6 are left of 10",
    ]
    assert {item.code for item in found} == {"PV3604"}


async def test_a_resize_needs_what_it_adds(tmp_path: Path) -> None:
    async with world(tmp_path, core_quota=8) as there:
        await there.apply(spec("size: Standard_D4s_v5"))
        assert (await plan(there, spec("size: Standard_D8s_v5"))).pending
        found = await refused(there, spec("size: Standard_D16s_v5"))
    assert found[0].summary == "the plan needs 12 vCPUs in westus2; 4 are left of 8"


async def test_more_disks_than_the_size_takes_are_refused(tmp_path: Path) -> None:
    disks = ", ".join(f"d{lun}: {{lun: {lun}, size_gb: 8}}" for lun in range(5))
    async with world(tmp_path) as there:
        found = await refused(there, spec(f"size: Standard_D2s_v5\n    data_disks: {{{disks}}}"))
    assert [item.summary for item in found] == ["vms/web has 5 data disks, and Standard_D2s_v5 supports 4"]


async def test_each_region_is_asked_twice_and_only_where_a_machine_is_made(tmp_path: Path) -> None:
    state = tmp_path / "cloud.sqlite"
    text = spec("size: Standard_D2s_v5")
    async with world(tmp_path, state_path=state) as there:
        assert (await plan(there, text)).pending
        await there.apply(text)
    assert asked(state) == ["skus", "usages"]
    async with world(tmp_path, state_path=state) as there:
        await plan(there, text)
        await there.plan(text)
    assert asked(state) == ["skus", "usages"]


def asked(state: Path) -> list[str]:
    names = [entry.path.partition("?")[0].rpartition("/")[2] for entry in read_log(state)]
    return sorted(name for name in names if name in ("skus", "usages"))
