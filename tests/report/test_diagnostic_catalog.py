"""``explain``: rules for people at a terminal."""

from __future__ import annotations

import pytest

from provisioner.cli import main
from provisioner.report.diagnostic_catalog import rules


def test_a_code_is_explained_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "pv2407"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "PV2407 (error): invalid subnet size",
        "  Azure's smallest subnet is a /29, with three free addresses. A subnet of IPv6 addresses is always a /64.",
        "  https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
    ]


def test_a_warning_is_explained_with_the_way_to_silence_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "PV2904", "PV1011"]) == 0
    first, second = capsys.readouterr().out.split("\n\n")
    assert "# provisioner: ignore PV2904" in first
    assert "ignore" not in second


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(rules())


def test_an_unknown_code_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "PV2499"]) == 64
    assert "unknown code PV2499" in capsys.readouterr().err
