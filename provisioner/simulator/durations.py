"""How long things take in Azure: the one table of durations, in seconds of Azure.

In: an ARM type and an operation. Out: seconds. Medians measured over recorded real runs (durations table of the
recordings: n, median; upper bounds, quantised by the recorder's polling); entries without a measurement say so.
A distribution may take the place of the medians: `duration_s` is the only way in.
"""

from __future__ import annotations

from collections.abc import Mapping

GROUP = "microsoft.resources/resourcegroups"

MEDIANS_S: Mapping[tuple[str, str], float] = {
    ("microsoft.compute/virtualmachines", "create"): 96.0,  # n 323
    ("microsoft.compute/virtualmachines", "update"): 30.0,  # n 40 (PATCH); PUT n 22 median 1
    ("microsoft.compute/virtualmachines", "delete"): 61.0,  # n 34
    ("microsoft.compute/virtualmachines", "start"): 30.0,  # not measured
    ("microsoft.compute/virtualmachines", "restart"): 30.0,  # not measured
    ("microsoft.compute/virtualmachines", "poweroff"): 20.0,  # not measured
    ("microsoft.compute/virtualmachines", "deallocate"): 30.0,  # not measured
    ("microsoft.compute/virtualmachines/extensions", "create"): 62.0,  # n 35
    ("microsoft.compute/virtualmachines/extensions", "update"): 31.0,  # n 12
    ("microsoft.compute/virtualmachines/extensions", "delete"): 61.0,  # n 7
    ("microsoft.compute/disks", "create"): 1.0,  # n 54
    ("microsoft.compute/disks", "update"): 1.0,  # not measured apart from create
    ("microsoft.compute/disks", "delete"): 0.5,  # n 8, median 0
    ("microsoft.compute/images", "create"): 30.0,  # n 12
    ("microsoft.compute/images", "delete"): 31.0,  # n 5
    ("microsoft.compute/snapshots", "create"): 10.0,  # n 6
    ("microsoft.compute/virtualmachinescalesets", "create"): 92.0,  # n 34
    ("microsoft.compute/virtualmachinescalesets", "update"): 38.0,  # n 21
    ("microsoft.network/virtualnetworks", "create"): 1.0,  # n 292
    ("microsoft.network/virtualnetworks", "update"): 1.0,  # n 8
    ("microsoft.network/virtualnetworks", "delete"): 21.0,  # n 21
    ("microsoft.network/virtualnetworks/subnets", "create"): 1.0,  # as its network
    ("microsoft.network/virtualnetworks/subnets", "update"): 1.0,  # as its network
    ("microsoft.network/virtualnetworks/subnets", "delete"): 10.0,  # not measured
    ("microsoft.network/publicipaddresses", "create"): 1.0,  # n 247
    ("microsoft.network/publicipaddresses", "update"): 1.0,  # n few
    ("microsoft.network/publicipaddresses", "delete"): 0.5,  # n 15, median 0
    ("microsoft.network/networkinterfaces", "create"): 0.0,  # already Succeeded in 532 of 532
    ("microsoft.network/networkinterfaces", "update"): 71.0,  # n 21; of a running VM's interface
    ("microsoft.network/networkinterfaces", "delete"): 0.5,  # n 7, median 0
    ("microsoft.network/networksecuritygroups", "create"): 1.0,  # n 21
    ("microsoft.network/networksecuritygroups", "update"): 1.0,  # n few
    ("microsoft.network/networksecuritygroups", "delete"): 10.0,  # not measured
    ("microsoft.network/networksecuritygroups/securityrules", "create"): 1.0,  # as its group
    ("microsoft.network/networksecuritygroups/securityrules", "update"): 1.0,  # as its group
    ("microsoft.network/networksecuritygroups/securityrules", "delete"): 1.0,  # not measured
    ("microsoft.network/loadbalancers", "create"): 0.0,  # 201 already Succeeded in 82 of 85
    ("microsoft.network/loadbalancers", "update"): 71.0,  # n 9
    ("microsoft.network/loadbalancers", "delete"): 10.0,  # n 10
    ("microsoft.network/natgateways", "create"): 10.0,  # not measured
    (GROUP, "delete"): 15.0,  # of an empty group; the recorded median of full ones is 216, n 215
}

P90S_S: Mapping[tuple[str, str], float] = {
    ("microsoft.compute/virtualmachines", "create"): 153.0,
    ("microsoft.compute/virtualmachines", "update"): 31.0,
    ("microsoft.compute/virtualmachines", "delete"): 127.0,
    ("microsoft.compute/virtualmachines/extensions", "create"): 190.0,
    ("microsoft.compute/disks", "create"): 30.0,
    ("microsoft.network/virtualnetworks", "create"): 10.0,
    ("microsoft.network/publicipaddresses", "create"): 3.0,
    ("microsoft.network/networkinterfaces", "update"): 73.0,
    ("microsoft.network/networksecuritygroups", "create"): 11.0,
    (GROUP, "delete"): 32.0,  # recorded 467 to a median of 216, of groups that are not empty
}
"""The 90th percentiles of those that were recorded often enough."""

UNMEASURED_P90 = 2.0
"""How many times the median the 90th percentile is taken to be, where it was not measured."""

UNLISTED_S: Mapping[str, float] = {"create": 1.0, "update": 1.0, "delete": 1.0}


def duration_s(type_: str, operation: str, overrides: Mapping[tuple[str, str], float]) -> float:
    """Azure seconds that an operation on a type takes."""
    key = (type_.lower(), operation.lower())
    if key in overrides:
        return overrides[key]
    return MEDIANS_S.get(key, UNLISTED_S.get(key[1], 10.0))


def spread_of(type_: str, operation: str) -> tuple[float, float]:
    """Median and 90th percentile, in Azure seconds, of an operation on a type."""
    median = duration_s(type_, operation, {})
    return median, P90S_S.get((type_.lower(), operation.lower()), median * UNMEASURED_P90)


def group_delete_s(contents: Mapping[str, int], overrides: Mapping[tuple[str, str], float]) -> float:
    """Azure seconds that the delete of a group takes.

    Args:
        contents: how many resources of each type (lower case) the group holds. ARM deletes in waves, so each type
            counts once, and a hundredth more per resource; for the group of one VM that comes near the recorded median.
    """
    base = duration_s(GROUP, "delete", overrides)
    slowest = sum(duration_s(type_, "delete", overrides) * (1 + 0.01 * count) for type_, count in contents.items())
    return base + slowest
