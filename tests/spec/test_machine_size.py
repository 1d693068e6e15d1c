"""What the names of sizes say."""

from __future__ import annotations

import pytest

from provisioner.spec.machine_size import parse


@pytest.mark.parametrize(
    ("name", "family", "vcpus", "features", "accelerator", "version"),
    [
        ("Standard_B1s", "B", 1, "s", "", ""),
        ("Standard_D4ads_v5", "D", 4, "ads", "", "v5"),
        ("standard_d2s_V3", "D", 2, "s", "", "v3"),
        ("Standard_DS11-1_v2_Promo", "DS", 1, "", "", "v2"),
        ("Standard_M8-2ms_v2", "M", 2, "ms", "", "v2"),
        ("Standard_NC4as_T4_v3", "NC", 4, "as", "T4", "v3"),
        ("Standard_NCC40ads_H100_v5", "NCC", 40, "ads", "H100", "v5"),
        ("Basic_A1", "A", 1, "", "", ""),
    ],
)
def test_a_name_has_parts(name: str, family: str, vcpus: int, features: str, accelerator: str, version: str) -> None:
    size = parse(name)
    assert size is not None
    assert (size.family, size.vcpus, size.features) == (family, vcpus, features)
    assert (size.accelerator, size.version) == (accelerator, version)


@pytest.mark.parametrize("name", ["B1s", "small", "", "Standard_", "${parameters.size}"])
def test_other_text_is_no_size(name: str) -> None:
    assert parse(name) is None


@pytest.mark.parametrize(
    "name", ["Standard_DS1_v2", "Standard_GS5", "Standard_M64", "Standard_D2pls_v5", "Standard_F2s"]
)
def test_a_size_that_takes_premium_disks(name: str) -> None:
    size = parse(name)
    assert size is not None and size.takes_premium_disks


@pytest.mark.parametrize("name", ["Standard_D2_v3", "Standard_A2_v2", "Standard_NV6", "Standard_E4d_v5"])
def test_a_size_that_takes_none(name: str) -> None:
    size = parse(name)
    assert size is not None and not size.takes_premium_disks


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Basic_A0", "31 August 2024"),
        ("Standard_A8", "31 August 2024"),
        ("Standard_A2_v2", ""),
        ("Standard_NC24rs_v3", "30 September 2025"),
        ("Standard_NC4as_T4_v3", ""),
        ("Standard_NC24ads_A100_v4", ""),
        ("Standard_NV4as_v4", "30 September 2026"),
        ("Standard_NV6ads_A10_v5", ""),
        ("Standard_B1s", ""),
    ],
)
def test_a_retired_series_has_a_last_day(name: str, day: str) -> None:
    size = parse(name)
    assert size is not None and size.retired == day
