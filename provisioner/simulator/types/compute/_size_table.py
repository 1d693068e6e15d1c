"""Which sizes of virtual machine there are: a catalogue of common ones, not all.

In: `data/vm_sizes.json`: series whose sizes follow from their cores, and sizes one by one. Out: `Size` records by
name, case ignored. It knows nothing of requests.

Figures: "Sizes for virtual machines in Azure" (learn.microsoft.com/azure/virtual-machines/sizes), by series. In a
series, data disks and network interfaces follow from the cores as they do in the D series, version 3 and later.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ...json_values import Json
from ...registry import load_data

DATA_DISKS = {1: 4, 2: 4, 4: 8, 8: 16}
INTERFACES = {1: 2, 2: 2, 4: 2, 8: 4}
MOST = {"disks": 32, "interfaces": 8}
"""Of 16 cores and more."""

ZONES = ("1", "2", "3")


@dataclass(frozen=True, kw_only=True)
class Size:
    """One size; `temporary_gb` is the local disk, `generations` as the catalogue spells them (`V1,V2`)."""

    name: str
    family: str
    cores: int
    memory_gb: float
    data_disks: int
    temporary_gb: float
    interfaces: int
    premium: bool
    architecture: str
    generations: str


@lru_cache(maxsize=1)
def sizes() -> dict[str, Size]:
    """Every size, by lower-case name, in the order of the catalogue."""
    data: Json = load_data("vm_sizes.json")
    listed = [Size(name=name, **row) for name, row in data["sizes"].items()]
    for series in data["series"]:
        listed.extend(_in_series(series, cores) for cores in series["cores"])
    return {size.name.lower(): size for size in listed}


def find_size(name: str) -> Size | None:
    return sizes().get(name.lower())


def cores_of(name: object) -> int:
    """The cores of a size; 0 for one that is not in the catalogue."""
    size = find_size(str(name))
    return size.cores if size is not None else 0


def zones_of(location: str) -> tuple[str, ...]:
    """The availability zones of a region."""
    return ZONES if location in _zonal() else ()


@lru_cache(maxsize=1)
def _zonal() -> frozenset[str]:
    """Regions with availability zones: "Azure regions with availability zone support"."""
    return frozenset(load_data("vm_sizes.json")["zonal_regions"])


def _in_series(series: Json, cores: int) -> Size:
    return Size(
        name=series["pattern"].format(n=cores),
        family=series["family"],
        cores=cores,
        memory_gb=cores * series["memory_gb_per_core"],
        data_disks=DATA_DISKS.get(cores, MOST["disks"]),
        temporary_gb=cores * series["temporary_gb_per_core"],
        interfaces=INTERFACES.get(cores, MOST["interfaces"]),
        premium=series["premium"],
        architecture=series["architecture"],
        generations=series["generations"],
    )
