"""A DNS label is unique in its region."""

from __future__ import annotations

from ...base.rule import Rule
from ...base.values import Path
from ..checker import Checker
from ._interfaces import public_ips

RULES = (
    Rule(
        "PV2410",
        "DNS label taken",
        why="A label becomes `label.region.cloudapp.azure.com`, which is unique in the region.",
        source="https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#domain-name-label",
        example="""
 network:
   public_ips:
     web: {dns_label: contoso}
-    api: {dns_label: contoso}
+    api: {dns_label: contoso-api}
""",
    ),
)


def check(checker: Checker) -> None:
    labels: dict[tuple[str, str], Path] = {}
    for address in public_ips(checker):
        # DNS compares names without case.
        label, at = address.text("dns_label").lower(), address.at("dns_label")
        if not label:
            continue
        other = labels.setdefault((checker.plain_region(address), label), at)
        if other != at:
            is_member = any("/" in str(step) for step in address.path)
            fleet = "; in a fleet, use `${index}` or `${key}`" if is_member else ""
            reason = f"{'/'.join(map(str, other[:-1]))} has it at {checker.place(other, at)}."
            hint = f"choose a label that is unique in the region{fleet}"
            checker.error("PV2410", f'the DNS label "{label}" is already taken', *at, reason=reason, hint=hint)
