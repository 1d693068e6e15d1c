"""Security rules: ranks of their own, and ranges that Azure takes.

Sources: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview; for lists Azure's answers
SecurityRuleParameterContainsUnsupportedValue and SecurityRuleParameterContainsInvalidPortRanges (a tag or ``*`` beside
others), ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies and
OverlappingSubnetsNotPermittedInSecurityRule.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path

if TYPE_CHECKING:
    from .validation import Checker

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_LAST_PRIORITY = 4096
_LAST_PORT = 65535
_MOST_RULES_LOOKED_AT = 1000
_ADDRESS = re.compile(r"[0-9]|.*[:/]")
"""What is meant as an address: the names of service tags begin with a letter."""
_PORTS = re.compile(r"[0-9]")


def check(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    """The rules of one security group."""
    _ranks(checker, path, data)
    for key, rule in data.get("rules", {}).items():
        for word in ("source", "destination"):
            _either(checker, (*path, "rules", key), rule, word)
            items = _items(rule, word, (*path, "rules", key, word))
            ranges = [(at, found) for at, text in items if (found := _range(checker, at, text)) is not None]
            if isinstance(rule.get(word), list) and len(rule[word]) > 1:
                _alone(checker, items, _ADDRESS, "a tag", "ranges of addresses")
                _one_family(checker, ranges)
                _apart(checker, ranges)
        for word in ("source_ports", "destination_ports"):
            items = _items(rule, word, (*path, "rules", key, word))
            for at, text in items:
                _ports(checker, at, text)
            if isinstance(rule.get(word), list) and len(rule[word]) > 1:
                _alone(checker, items, _PORTS, "any", "ports")


def _either(checker: Checker, path: Path, rule: Mapping[str, Any], word: str) -> None:
    groups = f"{word}_application_security_groups"
    if word in rule and groups in rule:
        reason = "Azure allows either addresses or application security groups on each side of a rule."
        checker.error("PV2419", (*path, groups), f"the rule has both {word} and {groups}", reason,
                      f"Remove one of them, or create a second rule for {word}.", key=True)  # fmt: skip


def _items(rule: Mapping[str, Any], word: str, at: Path) -> list[tuple[Path, str]]:
    value = rule.get(word, "any")
    items = [((*at, index), str(item)) for index, item in enumerate(value)] if isinstance(value, list) else []
    found = items or [(at, str(value))]
    return [(place, text) for place, text in found if "${" not in text]


def _range(checker: Checker, at: Path, text: str) -> Network | None:
    if not _ADDRESS.match(text):
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        hint = "an address, a range like 10.0.0.0/24, a service tag like Internet, or any"
        checker.error("PV2401", at, f'"{text}" is no address range', reason=f"{error}.", hint=hint)
        return None


def _alone(checker: Checker, items: list[tuple[Path, str]], form: re.Pattern[str], what: str, many: str) -> None:
    """``any`` and service tags stand alone."""
    for at, text in items:
        if not form.match(text):
            is_all = text in ("any", "*")
            hint = f"leave the others out: {text} holds them all" if is_all else f"make a rule of its own for {text}"
            checker.error("PV2413", at, f"{text} stands beside others", f"A list holds {many}; {what} stands alone.",
                          hint)  # fmt: skip


def _one_family(checker: Checker, ranges: list[tuple[Path, Network]]) -> None:
    other = next(((at, found) for at, found in ranges if found.version != ranges[0][1].version), None)
    if other is not None:
        summary = f"{other[1]} is IPv{other[1].version}, {ranges[0][1]} is IPv{ranges[0][1].version}"
        checker.error("PV2413", other[0], summary, "A list holds addresses of one family.", "make a rule for each")


def _apart(checker: Checker, ranges: list[tuple[Path, Network]]) -> None:
    """Of two ranges that overlap, one holds the other; sorted, it comes first."""
    outer: tuple[Path, Network] | None = None
    for at, found in sorted(ranges, key=lambda item: (item[1].version, int(item[1][0]), item[1].prefixlen)):
        if outer is not None and outer[1].version == found.version and int(found[-1]) <= int(outer[1][-1]):
            summary = f"{found} lies in {outer[1]}" if found != outer[1] else f"{found} stands twice in the list"
            reason = "Azure takes no list of ranges that overlap."
            checker.error("PV2413", at, summary, reason, f"leave {'it' if found == outer[1] else found} out")
        else:
            outer = at, found


def _ports(checker: Checker, at: Path, text: str) -> None:
    first, _, last = text.partition("-")
    if not first.isdecimal():
        return
    if int(last or first) > _LAST_PORT or int(first) > _LAST_PORT:
        checker.error("PV2412", at, f'"{text}" is no range of ports', reason="Ports go from 0 to 65535.",
                      hint="443, 8000-8010, or any")  # fmt: skip
    elif last and int(first) > int(last):
        checker.error("PV2412", at, f'"{text}" is no range of ports', reason="A range goes upwards.",
                      hint=f"{last}-{first}")  # fmt: skip


def _ranks(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    ranks: dict[tuple[str, Any], tuple[str, Path]] = {}
    for key, rule in data.get("rules", {}).items():
        at = (*path, "rules", key, "priority")
        rank = (rule["direction"], rule["priority"])
        if rank in ranks:
            other, place = ranks[rank]
            reason = f"The {rank[0]} rule {other} has it at {checker.place(place, at)}."
            hint = _free_priority(data["rules"], rank[0], rank[1])
            checker.error("PV2404", at, f"the priority {rank[1]} is taken", reason, hint)
        ranks.setdefault(rank, (key, at))


def _free_priority(rules: Mapping[str, Any], direction: str, priority: Any) -> str:
    if len(rules) > _MOST_RULES_LOOKED_AT:
        return "give each its own rank"
    taken = {rule["priority"] for rule in rules.values() if rule["direction"] == direction}
    free = next((each for each in range(int(priority) + 1, _LAST_PRIORITY + 1) if each not in taken), None)
    return f"{free} is free" if free is not None else "give each its own rank"
