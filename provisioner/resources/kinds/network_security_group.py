"""Network security group with its rules. REST:
https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups (2025-07-01)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...base import arm_id
from ...base.values import Body, Link
from ..entry import Context, Entry, Find
from ..facts import GOES, Import, Operations, Ownership, Replacement, Rules, Schema, Timing
from ..kind import Kind
from ._bodies import EVERYWHERE_READ_ONLY, NETWORK_NAME, compact, numbers, part_name, place, unless

_RULE = "properties.securityRules[]"
_SIDES = {
    "source": ("sourceAddressPrefix", "sourceAddressPrefixes"),
    "source_ports": ("sourcePortRange", "sourcePortRanges"),
    "destination": ("destinationAddressPrefix", "destinationAddressPrefixes"),
    "destination_ports": ("destinationPortRange", "destinationPortRanges"),
}
"""Our key: where one value goes, and where several go."""
_GROUPS = {
    "source": ("source_application_security_groups", "sourceApplicationSecurityGroups"),
    "destination": ("destination_application_security_groups", "destinationApplicationSecurityGroups"),
}
"""Our side: our key and Azure's property for the application security groups that a rule names instead of addresses."""
_SECTION = "network/application_security_groups"
_ANY = ("*", "any")


def body(entry: Entry, context: Context) -> Body:
    rules = [_rule(key, rule, context) for key, rule in entry.data.get("rules", {}).items()]
    return {**place(entry, context), "properties": {"securityRules": rules}}


def _rule(key: str, rule: Mapping[str, Any], context: Context) -> Body:
    properties: Body = {
        "priority": rule["priority"],
        "direction": rule["direction"].capitalize(),
        "access": rule["access"].capitalize(),
        "protocol": "*" if rule.get("protocol", "any") == "any" else rule["protocol"].capitalize(),
    }
    for side, (one, many) in _SIDES.items():
        word, groups = _GROUPS.get(side, ("", ""))
        if word in rule:
            at = ("rules", key, word)
            found = [{"id": context.ref(_SECTION, group, *at, index)} for index, group in enumerate(rule[word])]
            properties |= {one: None, many: None, groups: found}
        else:
            properties |= _side(one, many, rule.get(side))
    if "description" in rule:
        properties["description"] = rule["description"]
    return {"name": rule.get("name") or part_name(key), "properties": properties}


def _side(one: str, many: str, value: object) -> dict[str, object]:
    """One value goes into the singular property, several into the plural one; the other must be absent."""
    values = [str(item) for item in (value if isinstance(value, list) else [value or "any"])]
    values = ["*" if item == "any" else item for item in values]
    return {one: values[0], many: None} if len(values) == 1 else {one: None, many: values}


def normalize_desired(desired: Body, actual: Body, is_ours: Callable[[str], bool]) -> Body:
    """A single value stays in the plural property if another tool put it there.

    Application security groups keep Azure's order. They are removed from a rule that no longer names any.
    """
    present = {str(item["name"]).lower(): item for item in actual["properties"].get("securityRules") or []}
    rules = [_as_written(rule, present.get(rule["name"].lower())) for rule in desired["properties"]["securityRules"]]
    return {**desired, "properties": {**desired["properties"], "securityRules": rules}}


def _as_written(rule: Body, actual: Body | None) -> Body:
    theirs = actual["properties"] if actual else {}
    properties = dict(rule["properties"])
    for one, many in _SIDES.values():
        if properties[one] is not None and not theirs.get(one) and len(theirs.get(many) or []) == 1:
            properties |= {one: None, many: [properties[one]]}
    for _, groups in _GROUPS.values():
        order = [arm_id.key(item["id"]) for item in theirs.get(groups) or []]
        if groups in properties:
            properties[groups] = sorted(properties[groups], key=lambda item: _position(item, order))
        elif order:
            properties[groups] = None
    return {**rule, "properties": properties}


def _position(item: Body, order: list[str]) -> int:
    identity = arm_id.key(str(item["id"]))
    return order.index(identity) if identity in order else len(order)


def entry(body: Body, find: Find) -> Body:
    rules = {item["name"]: _rule_entry(item["properties"]) for item in body["properties"].get("securityRules") or []}
    said = {name: rule for name, rule in rules.items() if rule}
    ranked = sorted(said, key=lambda name: (said[name]["direction"], said[name]["priority"]))
    return {"rules": {name: said[name] for name in ranked}} if ranked else {}


def _rule_entry(properties: Body) -> Body | None:
    """Nothing for a rule without one of its sides, which a spec cannot express."""
    sides: Body = {}
    for side, (one, many) in _SIDES.items():
        word, groups = _GROUPS.get(side, ("", ""))
        if properties.get(groups):
            sides[word] = [Link(_SECTION, item["id"]) for item in properties[groups]]
            continue
        values = [properties[one]] if properties.get(one) else list(properties.get(many) or [])
        if not values:
            return None
        if len(values) == 1 and values[0].lower() in _ANY:
            continue
        if side.endswith("_ports"):
            sides[side] = numbers(values)
        else:
            sides[side] = values[0] if len(values) == 1 else values
    protocol = properties.get("protocol", "*").lower()
    return compact(
        {
            "priority": properties["priority"],
            "direction": properties["direction"].lower(),
            "access": properties["access"].lower(),
            "protocol": unless(protocol, *_ANY),
            **sides,
            "description": unless(properties.get("description")),
        }
    )


KIND = Kind(
    name="network_security_group",
    type="Microsoft.Network/networkSecurityGroups",
    schema=Schema(
        sections=("network/security_groups/*",),
        body=body,
        name_rule=NETWORK_NAME,
        children={"rules": "securityRules"},
    ),
    operations=Operations("network", "network_security_groups", etags=True),
    rules=Rules(
        immutable=("location",),
        read_only=(
            *EVERYWHERE_READ_ONLY, "properties.defaultSecurityRules", "properties.networkInterfaces",
            "properties.subnets", f"{_RULE}.etag", f"{_RULE}.id", f"{_RULE}.type",
            f"{_RULE}.properties.provisioningState",
        ),
        list_keys={"properties.securityRules": "name"},
        unordered=tuple(
            f"{_RULE}.properties.{name}"
            for name in (
                "sourceAddressPrefixes", "sourcePortRanges", "destinationAddressPrefixes", "destinationPortRanges",
            )
        ),
        case_insensitive=tuple(
            f"{_RULE}.properties.{name}"
            for name in ("protocol", "access", "direction", "sourceAddressPrefix", "destinationAddressPrefix")
        ),
        normalize_desired=normalize_desired,
        optional={f"{_RULE}.properties.description": GOES},
    ),
    ownership=Ownership(
        parts=("properties.securityRules",),
        part_names=lambda desired: [str(item["name"]) for item in desired["properties"].get("securityRules", ())],
    ),
    replacement=Replacement(
        # Refused with InUseNetworkSecurityGroupCannotBeDeleted.
        used_by=("properties.networkInterfaces", "properties.subnets"),
    ),
    importing=Import(entry=entry),
    timing=Timing(typical_s=3),
)  # fmt: skip
