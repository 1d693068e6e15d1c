"""What requests are made of."""

from __future__ import annotations

import pytest

from provisioner.azure.operations import newest


@pytest.mark.parametrize(
    ("versions", "chosen"),
    [
        (["2023-07-01", "2024-11-01", "2024-12-01-preview"], "2024-11-01"),
        (["2023-02-01-preview", "2024-04-01-preview"], "2024-04-01-preview"),
        ([], "2021-04-01"),
    ],
    ids=["stable ones", "previews alone", "none"],
)
def test_a_type_is_read_in_its_newest_stable_version(versions: list[str], chosen: str) -> None:
    assert newest(versions) == chosen
