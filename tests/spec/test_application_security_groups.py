"""Interfaces of one application security group are in one virtual network, as far as the spec knows their networks."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli import main

HEAD = """\
version: 1
deployment: demo
location: westus2
resource_group: demo
network:
  virtual_networks:
    web:
      address_space: [10.0.0.0/16]
      subnets: {front: {address_prefix: 10.0.1.0/24}, back: {address_prefix: 10.0.2.0/24}}
    lab: {address_space: [10.1.0.0/16], subnets: {bench: {address_prefix: 10.1.1.0/24}}}
  application_security_groups: {servers: {}}
"""
OUTSIDE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/hub/subnets/shared"


def reported(interfaces: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    file = folder / "spec.yaml"
    file.write_text(f"{HEAD}  interfaces:\n{interfaces}", "utf-8")
    main(["validate", str(file)])
    return capsys.readouterr().err


def nic(name: str, subnet: str, group: str = "servers") -> str:
    return f"    {name}: {{subnet: {subnet}, application_security_groups: [{group}]}}\n"


def test_two_subnets_of_one_network_share_a_group(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reported(nic("a", "web/front") + nic("b", "web/back"), tmp_path, capsys) == ""


def test_the_second_network_is_reported_however_the_group_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = reported(
        nic("a", "web/front") + nic("b", "lab/bench", "network/application_security_groups/servers"), tmp_path, capsys
    )
    assert "spec.yaml:14:" in found
    assert found.count("[PV2420]") == 1
    assert "has interfaces in the network web" in found


def test_members_of_a_fleet_are_reported_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fleet = "    b: {count: 3, subnet: lab/bench, application_security_groups: [servers]}\n"
    found = reported(nic("a", "web/front") + fleet, tmp_path, capsys)
    assert found.count("[PV2420]") == 1
    assert "2 more of the fleet have it too." in found


def test_nothing_is_known_of_a_subnet_outside_of_the_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "PV2420" not in reported(nic("a", "web/front") + nic("b", OUTSIDE), tmp_path, capsys)
