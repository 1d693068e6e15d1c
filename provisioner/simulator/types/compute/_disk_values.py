"""What the service says of a disk that nobody asked for: tier, performance, the times and numbers of its making.

Performance: "Select a disk type for Azure IaaS VMs", table of premium sizes; recorded for standard ones (500 and 60).
"""

from __future__ import annotations

from ...arm.cloud import Cloud
from ...json_values import Json
from ...timing import iso

GIB = 1024**3
PREMIUM = (
    (4, "P1", 120, 25), (8, "P2", 120, 25), (16, "P3", 120, 25), (32, "P4", 120, 25), (64, "P6", 240, 50),
    (128, "P10", 500, 100), (256, "P15", 1100, 125), (512, "P20", 2300, 150), (1024, "P30", 5000, 200),
    (2048, "P40", 7500, 250), (4096, "P50", 7500, 250), (8192, "P60", 16000, 500), (16384, "P70", 18000, 750),
    (32767, "P80", 20000, 900),
)  # fmt: skip
STANDARD = (500, 60)
WITH_OWN_PERFORMANCE = frozenset({"PremiumV2_LRS", "UltraSSD_LRS"})
"""These take their performance from the request (Azure's default otherwise: 3,000 and 125)."""


def fill(cloud: Cloud, body: Json) -> None:
    """Complete the body of a disk whose size is known."""
    properties: Json = body["properties"]
    sku: Json = body.setdefault("sku", {})
    name = str(sku.setdefault("name", "Standard_LRS"))
    sku["tier"] = "Premium" if name.startswith("Premium") else "Ultra" if name.startswith("Ultra") else "Standard"
    size = int(properties["diskSizeGB"])
    properties["diskSizeBytes"] = size * GIB
    properties.setdefault("timeCreated", iso(cloud.timing.now(), suffix="+00:00"))
    properties.setdefault("uniqueId", cloud.new_guid())
    properties.setdefault("encryption", {"type": "EncryptionAtRestWithPlatformKey"})
    properties.setdefault("networkAccessPolicy", "AllowAll")
    properties.setdefault("publicNetworkAccess", "Enabled")
    if name in WITH_OWN_PERFORMANCE:
        properties.setdefault("diskIOPSReadWrite", 3000)
        properties.setdefault("diskMBpsReadWrite", 125)
        properties.pop("tier", None)
        return
    operations, megabytes = STANDARD
    properties.pop("tier", None)
    if name.startswith("Premium"):
        row = next((row for row in PREMIUM if size <= row[0]), PREMIUM[-1])
        properties["tier"] = row[1]
        operations, megabytes = row[2], row[3]
    properties["diskIOPSReadWrite"], properties["diskMBpsReadWrite"] = operations, megabytes
