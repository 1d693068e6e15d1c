"""A list of a rule holds ranges of one family that do not overlap, and no ``any`` or service tag beside others.

Azure's answers otherwise are SecurityRuleParameterContainsUnsupportedValue and
SecurityRuleParameterContainsInvalidPortRanges (a tag or ``*`` in a list),
ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies and OverlappingSubnetsNotPermittedInSecurityRule.
"""

from __future__ import annotations

import re

from ...base.rule import Rule
from ...base.values import Path
from ..checker import Checker
from ._ranges import Network
from ._security_rules import ADDRESS, is_list, items, rules, sides

RULES = (
    Rule(
        "PV2413",
        "invalid list in a rule",
        why=(
            "`any` and service tags can't be combined with other items. A list has ranges of one IP "
            "version that don't overlap."
        ),
        source="https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
        example="""
 network:
   security_groups:
     web:
       rules:
-        app: {priority: 100, direction: inbound, access: allow, protocol: tcp, source: [10.1.0.0/16, AzureLoadBalancer], destination_ports: [8080]}
+        app: {priority: 100, direction: inbound, access: allow, protocol: tcp, source: 10.1.0.0/16, destination_ports: [8080]}
+        probe: {priority: 110, direction: inbound, access: allow, protocol: tcp, source: AzureLoadBalancer, destination_ports: [8080]}
""",  # noqa: E501
    ),
)

_PORTS = re.compile(r"[0-9]")


def check(checker: Checker) -> None:
    for side in sides(checker):
        if side.is_list:
            _alone(checker, side.items, ADDRESS, "A list has IP ranges. A service tag can't be combined with them.")
            _one_family(checker, side.ranges)
            _apart(checker, side.ranges)
    for rule in rules(checker):
        for word in ("source_ports", "destination_ports"):
            if is_list(rule, word):
                _alone(checker, items(rule, word), _PORTS, "A list has ports. `any` can't be combined with them.")


def _alone(checker: Checker, items: list[tuple[Path, str]], form: re.Pattern[str], reason: str) -> None:
    """``any`` and service tags can't be combined with others."""
    for at, text in items:
        if not form.match(text):
            is_all = text in ("any", "*")
            hint = f"remove the others: {text} includes them all" if is_all else (f"create a separate rule for {text}")
            checker.error("PV2413", f"{text} is combined with other items", *at, reason=reason, hint=hint)


def _one_family(checker: Checker, ranges: list[tuple[Path, Network]]) -> None:
    other = next(((at, found) for at, found in ranges if found.version != ranges[0][1].version), None)
    if other is not None:
        summary = f"{other[1]} is IPv{other[1].version}, {ranges[0][1]} is IPv{ranges[0][1].version}"
        reason, hint = "A list has addresses of one IP version.", "create a rule for each version"
        checker.error("PV2413", summary, *other[0], reason=reason, hint=hint)


def _apart(checker: Checker, ranges: list[tuple[Path, Network]]) -> None:
    outer: tuple[Path, Network] | None = None
    # Of two ranges that overlap, one holds the other; sorted like this, it comes first.
    for at, found in sorted(ranges, key=lambda item: (item[1].version, int(item[1][0]), item[1].prefixlen)):
        if outer is not None and outer[1].version == found.version and int(found[-1]) <= int(outer[1][-1]):
            summary = f"{found} is a part of {outer[1]}" if found != outer[1] else f"{found} is in the list twice"
            reason = "Azure does not accept a list of ranges that overlap."
            hint = f"remove {'one of the two' if found == outer[1] else found}"
            checker.error("PV2413", summary, *at, reason=reason, hint=hint)
        else:
            outer = at, found
