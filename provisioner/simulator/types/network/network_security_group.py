"""Microsoft.Network/networkSecurityGroups and their securityRules: REST reference, 2024-05-01 and later.

Six default rules, the same in all 134 recorded groups. Rules get the empty plural lists that were left out.
Priorities are 100-4096 and unique per direction (SecurityRuleConflict: Azure/aks-engine#2106, bucc#183). A group
in use is refused with InUseNetworkSecurityGroupCannotBeDeleted. Lists of rules: terraform#5617 (tags), terraform#12534
(families), alan-turing-institute/data-safe-haven#2077 (overlaps; its sentence is shortened there).
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import pairwise

from ...arm.links import Link
from ...arm.resource_write import ResourceWrite
from ...description.body import Body
from ...description.hooks import DeleteHooks, WriteHooks
from ...description.placement import Containment
from ...description.resource_type import ResourceType
from ...errors import ArmError
from ...json_values import Json
from ...state.resources import Resource
from ._shared import ANSWERS, NETWORK_NAME, PART, RegionalReference, add_resource_guid, listed, network_error

Range = IPv4Network | IPv6Network
TYPE = "Microsoft.Network/networkSecurityGroups"
APPLICATION_GROUPS = "Microsoft.Network/applicationSecurityGroups"
PLURALS = ("sourcePortRanges", "destinationPortRanges", "sourceAddressPrefixes", "destinationAddressPrefixes")
REQUIRED = ("protocol", "access", "direction", "priority")
LOWEST_PRIORITY, HIGHEST_PRIORITY = 4096, 100

VNET, BALANCER = "VirtualNetwork", "AzureLoadBalancer"
DEFAULT_RULES = (
    ("AllowVnetInBound", "Allow inbound traffic from all VMs in VNET", VNET, VNET, "Allow", 65000, "Inbound"),
    ("AllowAzureLoadBalancerInBound",
     "Allow inbound traffic from azure load balancer", BALANCER, "*", "Allow", 65001, "Inbound"),
    ("DenyAllInBound", "Deny all inbound traffic", "*", "*", "Deny", 65500, "Inbound"),
    ("AllowVnetOutBound",
     "Allow outbound traffic from all VMs to all VMs in VNET", VNET, VNET, "Allow", 65000, "Outbound"),
    ("AllowInternetOutBound",
     "Allow outbound traffic from all VMs to Internet", "*", "Internet", "Allow", 65001, "Outbound"),
    ("DenyAllOutBound", "Deny all outbound traffic", "*", "*", "Deny", 65500, "Outbound"),
)  # fmt: skip


def fill_group(change: ResourceWrite) -> None:
    add_resource_guid(change)
    change.properties["defaultSecurityRules"] = [_default_rule(*rule) for rule in DEFAULT_RULES]


def _default_rule(
    name: str, description: str, source: str, destination: str, access: str, priority: int, direction: str
) -> Json:
    properties = {
        "description": description,
        "protocol": "*",
        "sourcePortRange": "*",
        "destinationPortRange": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": destination,
        "access": access,
        "priority": priority,
        "direction": direction,
        **{plural: [] for plural in PLURALS},
    }
    return {"name": name, "properties": properties}


def group_in_use(resource: Resource, links: Sequence[Link]) -> ArmError | None:
    return network_error(
        "InUseNetworkSecurityGroupCannotBeDeleted",
        f"Network security group {resource.id} cannot be deleted because it is in use by the following resources: "
        f"{listed(links)}. In order to delete the Network security group, remove the association with the resource(s). "
        "To learn how to do this, see aka.ms/deletensg.",
    )


def validate_rule(change: ResourceWrite) -> None:
    properties = change.properties
    for name in REQUIRED:
        if properties.get(name) is None:
            raise network_error(
                "SecurityRuleMissingParameter" if name != "priority" else "SecurityRuleInvalidPriority",
                f"Required security rule parameters are missing for security rule with Id: {change.id}. "
                f"Missing parameter: {name}.",
            )
    _check_either(change, "sourcePortRange", "sourcePortRanges")
    _check_either(change, "destinationPortRange", "destinationPortRanges")
    _check_either(change, "sourceAddressPrefix", "sourceAddressPrefixes", "sourceApplicationSecurityGroups")
    _check_either(
        change,
        "destinationAddressPrefix",
        "destinationAddressPrefixes",
        "destinationApplicationSecurityGroups",
    )
    for field in ("sourcePortRange", "destinationPortRange"):
        for text in (properties.get(field), *properties.get(f"{field}s", ())):
            # Beside a list, the single value may be empty: it is kept and answered (exported rules have both).
            if text and not _is_port_range(str(text)):
                raise network_error(
                    "SecurityRuleInvalidPortRange",
                    f"Security rule has invalid Port range. Value provided: {text}. Value should be an integer OR "
                    "integer range with '-' delimiter. Valid range 0-65535.",
                )
    for field in ("sourcePortRanges", "destinationPortRanges"):
        if "*" in properties.get(field, ()):
            raise network_error(
                "SecurityRuleParameterContainsInvalidPortRanges",
                f"Security rule parameter {field} for rule with Id {change.id} cannot contain '*'.",
            )
    for field in ("sourceAddressPrefixes", "destinationAddressPrefixes"):
        _check_prefixes(change, field, [str(text) for text in properties.get(field) or ()])
    _check_priority(change, properties)


def _check_prefixes(change: ResourceWrite, field: str, prefixes: Sequence[str]) -> None:
    """A list holds addresses of one family that do not overlap: tags, and `*`, go into the single value."""
    start = f"Security rule parameter {field.removesuffix('es')} for rule with Id {change.id}"
    ranges: list[Range] = []
    for text in prefixes:
        try:
            ranges.append(ip_network(text, strict=False))
        except ValueError:
            raise network_error(
                "SecurityRuleParameterContainsUnsupportedValue",
                f"{start} cannot specify existing VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. "
                f"Unsupported value used: {text}.",
            ) from None
    if len({each.version for each in ranges}) > 1:
        raise network_error(
            "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies",
            f"{change.name} contains IP addresses or prefixes that belong to different address families. All IP "
            "addresses or prefixes in the resource should belong to the same address family.",
        )
    ranges.sort(key=lambda each: (int(each[0]), each.prefixlen))
    for one, other in pairwise(ranges):
        if int(other[0]) <= int(one[-1]):
            raise network_error(
                "OverlappingSubnetsNotPermittedInSecurityRule",
                f"{start} has overlapping subnets {one} and {other}. Remove one of the subnets.",
            )


def _check_either(change: ResourceWrite, *names: str) -> None:
    if not any(change.properties.get(name) for name in names):
        raise network_error(
            "SecurityRuleParameterMissing",
            f"Required security rule parameters are missing for security rule with Id: {change.id}. Security rule must "
            f"specify either {' or '.join(names)}.",
        )
    if change.properties.get(names[0]) and change.properties.get(names[1]):
        raise network_error(
            "SecurityRuleParameterContainsBothSingleAndMultipleValues",
            f"Security rule {change.id} cannot specify both {names[0]} and {names[1]}.",
        )


def _is_port_range(text: str) -> bool:
    if text == "*":
        return True
    ends = text.split("-")
    if len(ends) > 2 or not all(end.strip().isdecimal() for end in ends):
        return False
    numbers = [int(end) for end in ends]
    return numbers == sorted(numbers) and numbers[-1] <= 65535


def _check_priority(change: ResourceWrite, properties: Json) -> None:
    priority = properties["priority"]
    if not HIGHEST_PRIORITY <= priority <= LOWEST_PRIORITY:
        raise network_error(
            "SecurityRuleInvalidPriority",
            f"Security rule has invalid Priority. Value provided: {priority} Allowed range {HIGHEST_PRIORITY}-"
            f"{LOWEST_PRIORITY}.",
        )
    for other in change.siblings.values():
        theirs = other.get("properties", {})
        if theirs.get("priority") == priority and theirs.get("direction") == properties["direction"]:
            raise network_error(
                "SecurityRuleConflict",
                f"Security rule {other.get('name')} conflicts with rule {change.name}. Rules cannot have the same "
                "Priority and Direction. To learn more, see aka.ms/nsgrules.",
            )


def fill_rule(change: ResourceWrite) -> None:
    for plural in PLURALS:
        change.properties.setdefault(plural, [])


TYPES = (
    ResourceType(
        type=TYPE,
        name=NETWORK_NAME,
        body=Body(
            model="azure.mgmt.network.models:NetworkSecurityGroup",
            parts={"properties.defaultSecurityRules": "defaultSecurityRules"},
        ),
        answers=ANSWERS,
        on_write=WriteHooks(fill=fill_group),
        on_delete=DeleteHooks(in_use=group_in_use),
    ),
    PART(
        type=f"{TYPE}/securityRules",
        body=Body(
            model="azure.mgmt.network.models:SecurityRule",
            references=(
                RegionalReference(path="properties.sourceApplicationSecurityGroups[]", type=APPLICATION_GROUPS),
                RegionalReference(path="properties.destinationApplicationSecurityGroups[]", type=APPLICATION_GROUPS),
            ),
        ),
        containment=Containment(
            embedded_in="properties.securityRules",
        ),
        on_write=WriteHooks(validate=validate_rule, fill=fill_rule),
    ),
)
