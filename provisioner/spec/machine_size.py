"""What the name of a machine's size says about it, without asking Azure.

In: a name such as ``Standard_D4ads_v5``. Out: its parts, or None for what does not follow the convention. Source:
"Virtual machine size naming conventions" (https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions):
family, vCPUs, constrained vCPUs, features in small letters, accelerator, version.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

_NAME = re.compile(
    r"(?P<tier>Standard|Basic)_(?P<family>[A-Z]+)(?P<vcpus>\d+)(?:-(?P<fewer>\d+))?(?P<features>[A-Z]*)"
    r"(?P<rest>(?:_[A-Z0-9]+)*)",
    re.IGNORECASE,
)
_SILENT_ON_PREMIUM = frozenset({"M"})
"""M64 and M128 take premium disks and do not say so ("naming conventions", note on the letter s)."""

_RETIRED = {
    ("A", ""): "31 August 2024",
    ("NC", ""): "6 September 2023",
    ("NC", "v2"): "6 September 2023",
    ("NC", "v3"): "30 September 2025",
    ("ND", ""): "6 September 2023",
    ("NV", ""): "6 September 2023",
    ("NV", "v3"): "30 September 2026",
    ("NV", "v4"): "30 September 2026",
}
"""By family and version: "Retired Azure VM size series" and the pages of the series on their retirement."""


@dataclass(frozen=True)
class MachineSize:
    """``features`` are small letters; ``version`` is ``v5`` or empty; ``accelerator`` such as ``T4``, or empty.

    ``is_promo`` says that it is sold at a promotional price for a while.
    """

    tier: str
    family: str
    vcpus: int
    features: str
    accelerator: str
    version: str
    is_promo: bool = False

    @property
    def takes_no_spot(self) -> bool:
        """ "Use Azure Spot Virtual Machines", section "Limitations": B-series, promo versions of any size."""
        return self.family == "B" or self.is_promo

    @property
    def takes_premium_disks(self) -> bool:
        if self.family in _SILENT_ON_PREMIUM:
            return True
        is_old_form = len(self.family) > 1 and self.family.endswith("S")
        return "s" in self.features or is_old_form

    @property
    def is_arm(self) -> bool:
        return "p" in self.features

    @property
    def retired(self) -> str:
        """The day that Azure has set for the end of the series; empty where there was none by 2026."""
        if self.tier == "Basic":
            return _RETIRED["A", ""]
        return "" if self.accelerator else _RETIRED.get((self.family, self.version), "")


@functools.lru_cache(maxsize=256)
def parse(name: str) -> MachineSize | None:
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    rest = [part for part in found["rest"].lower().split("_") if part not in ("", "promo")]
    version = next((part for part in rest if re.fullmatch(r"v\d+", part)), "")
    accelerator = next((part for part in rest if part != version), "")
    return MachineSize(
        found["tier"].capitalize(),
        found["family"].upper(),
        int(found["fewer"] or found["vcpus"]),
        found["features"].lower(),
        accelerator.upper(),
        version,
        "promo" in found["rest"].lower().split("_"),
    )
