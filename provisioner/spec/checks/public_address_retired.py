"""Public addresses that Azure no longer makes: Basic ones, and dynamic ones of IPv4."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._interfaces import public_ips

RULES = (
    Rule(
        "PV2406",
        "public IP that Azure no longer creates",
        why="Basic public IPs were retired on 30 September 2025, and Standard ones are always static.",
        source="https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-basic-upgrade-guidance",
        example="""
 network:
   public_ips:
-    out: {sku: Basic}
+    out: {sku: Standard}
""",
    ),
)


def check(checker: Checker) -> None:
    for address in public_ips(checker):
        if address.get("sku") == "Basic":
            summary = "Basic public IPs can no longer be created"
            reason = "Azure retired them on 30 September 2025."
            checker.error("PV2406", summary, *address.at("sku"), reason=reason, hint="set `sku: Standard`")
        # Azure still makes dynamic Standard addresses of IPv6.
        elif address.get("allocation") == "dynamic" and address.text("version", "ipv4") == "ipv4":
            summary = f"the Standard public IP {address.key} is not static"
            checker.error("PV2406", summary, *address.at("allocation"), hint="set `allocation: static`")
