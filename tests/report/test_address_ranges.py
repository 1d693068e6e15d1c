"""Members of a fleet put together: nothing is left out, and few of them stand as they are."""

from __future__ import annotations

from provisioner.report import address_ranges


def test_enough_members_become_one() -> None:
    machines = [f"vms/w/{index}" for index in range(12)]
    inner = [f"vms/w/{index}/interfaces/main" for index in range(12)]
    mixed = [text for pair in zip(machines, inner, strict=True) for text in pair]
    assert address_ranges.together(["resource_group", *mixed, "vms/x"]) == (
        "resource_group, vms/w/[0…11], vms/w/[0…11]/interfaces/main, vms/x"
    )


def test_gaps_are_shown_and_few_are_left_alone() -> None:
    machines = [f"vms/w/{index}" for index in (*range(10), 12, 20, 21)]
    assert address_ranges.together(machines) == "vms/w/[0…9, 12, 20…21]"
    assert address_ranges.together(machines[:11]) == ", ".join(machines[:11])
    named = [f"vms/w/{name}" for name in "abcdefghijklmnop"]
    assert address_ranges.together(named) == ", ".join(named)


def test_members_of_fleets_in_fleets_keep_their_own_number() -> None:
    disks = [f"vms/w/{index}/data_disks/d/{disk}" for index in range(12) for disk in (0, 1)]
    assert address_ranges.together(disks) == "vms/w/[0…11]/data_disks/d/0, vms/w/[0…11]/data_disks/d/1"
