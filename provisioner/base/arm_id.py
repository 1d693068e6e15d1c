"""Azure Resource Manager IDs: build them, take them apart, compare them without regard to case.

In: strings. Out: strings and ``ArmId``. Azure treats IDs as case-insensitive and answers in several casings
(``resourcegroups``, upper-cased availability sets), so a comparison always goes through ``key``.
Source: https://learn.microsoft.com/rest/api/resources/resources/get-by-id
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_GROUP_TYPE = "Microsoft.Resources/resourceGroups"


def key(arm_id: str) -> str:
    """The form in which two IDs of the same object are equal."""
    return arm_id.rstrip("/").lower()


def same(left: str, right: str) -> bool:
    """Whether two IDs name the same object."""
    return key(left) == key(right)


def upwards(arm_id: str) -> Iterator[str]:
    """The key of an ID, and of everything that it may lie in, from the inside to the outside."""
    found = key(arm_id)
    while found:
        yield found
        found = found.rpartition("/")[0]


def short(arm_id: str) -> str:
    """Eight hexadecimal digits that stand for an ID where there is no room for it."""
    return hashlib.sha256(key(arm_id).encode()).hexdigest()[:8]


def is_guid(text: str) -> bool:
    return _GUID.fullmatch(text) is not None


def looks_like_id(text: object) -> bool:
    """Whether a value is an ARM ID (``/subscriptions/…`` or a provider at tenant level)."""
    return isinstance(text, str) and text.lower().startswith(("/subscriptions/", "/providers/"))


def subscription(subscription_id: str) -> str:
    return f"/subscriptions/{subscription_id}"


def resource_group(subscription_id: str, name: str) -> str:
    return f"/subscriptions/{subscription_id}/resourceGroups/{name}"


def resource(scope: str, arm_type: str, *names: str) -> str:
    """The ID of a resource under ``scope``: one name for each segment of the type.

    >>> resource("/subscriptions/s/resourceGroups/g", "Microsoft.Network/virtualNetworks/subnets", "v", "a")
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/a'
    """
    namespace, *segments = arm_type.split("/")
    if len(segments) != len(names):
        raise ValueError(f"{arm_type} takes {len(segments)} name(s), not {len(names)}")
    path = "/".join(f"{segment}/{name}" for segment, name in zip(segments, names, strict=True))
    return f"{scope.rstrip('/')}/providers/{namespace}/{path}"


@dataclass(frozen=True)
class ArmId:
    """The parts of an ID; ``scope`` is what precedes the last ``/providers/``."""

    scope: str
    type: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[-1]


def parse(arm_id: str) -> ArmId:
    """Take an ID apart.

    Raises:
        ValueError: the text is no ARM ID.
    """
    text = arm_id.rstrip("/")
    scope, found, rest = _rpartition_providers(text)
    if found:
        namespace, *segments = rest.split("/")
        if not segments or len(segments) % 2:
            raise ValueError(f"not an ARM resource ID: {arm_id}")
        return ArmId(scope, "/".join((namespace, *segments[::2])), tuple(segments[1::2]))
    segments = text.strip("/").split("/")
    lowered = [segment.lower() for segment in segments]
    if len(segments) == 4 and lowered[0] == "subscriptions" and lowered[2] == "resourcegroups":
        return ArmId(f"/subscriptions/{segments[1]}", _GROUP_TYPE, (segments[3],))
    if len(segments) == 2 and lowered[0] == "subscriptions":
        return ArmId("", "Microsoft.Resources/subscriptions", (segments[1],))
    raise ValueError(f"not an ARM resource ID: {arm_id}")


def is_resource_group(arm_id: str) -> bool:
    """Whether an ID is that of a resource group itself."""
    return parse(arm_id).type.lower() == _GROUP_TYPE.lower()


def group_of(arm_id: str) -> str:
    """The name of the resource group that an ID lies in, as it is written there; empty when there is none."""
    found = re.search(r"/resourcegroups/([^/]+)", arm_id, re.IGNORECASE)
    return found.group(1) if found else ""


def subscription_of(arm_id: str) -> str:
    """The subscription GUID in an ID; empty when there is none."""
    found = re.match(r"/subscriptions/([^/]+)", arm_id, re.IGNORECASE)
    return found.group(1) if found else ""


def _rpartition_providers(text: str) -> tuple[str, bool, str]:
    at = text.lower().rfind("/providers/")
    if at < 0:
        return text, False, ""
    return text[:at], True, text[at + len("/providers/") :]


def role_guid(role_definition_id: str) -> str:
    """The last part of a role definition's ID, by which it is known in every subscription."""
    return role_definition_id.rpartition("/")[2].lower()
