"""Recordings of real Azure (by the tests of the .NET libraries), and how an answer of ours is held against one.

The recordings are no part of the project: they are looked for beside it, in `../shared/recordings`, or where
PROVISIONER_RECORDINGS points. Entries are sorted by the server's Date: the files are grouped by URI.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

ROOT = Path(os.environ.get("PROVISIONER_RECORDINGS", Path(__file__).parents[2].parent / "shared" / "recordings"))
FILES = sorted((ROOT / "azure").glob("net__*.json"))
DECIDED_BY_AZURE = re.compile(
    r"(^|\.)(id|etag|resourceGuid|vmId|uniqueId|principalId|clientId|tenantId|createdOn|updatedOn|createdBy|updatedBy"
    r"|timeCreated|ipAddress|internalDomainNameSuffix|time|name|accessSAS)$"
)
"""Leaves that must be there, with values that nobody can foretell."""
OLD = {
    "properties.enableVmProtection": "no longer answered (recorded with API 2022-01-01)",
    "properties.isArmResource": "an answer to a PUT of a disk in 2021; not seen in 2025",
}
CHANGED = {
    "properties.subnets[].properties.privateEndpointNetworkPolicies": "Disabled since API 2020-11-01 (recorded)",
    "value[].properties.description": "a role's description, worded anew since",
    "properties.publicIPAllocationMethod": "Basic addresses cannot be made any more: replayed as Standard ones",
    "sku.name": "Basic addresses cannot be made any more: replayed as Standard ones",
}


@dataclass(frozen=True)
class Exchange:
    """One request and what Azure answered."""

    method: str
    uri: str
    request: Any
    status: int
    headers: dict[str, str]
    answer: Any

    @property
    def is_poll(self) -> bool:
        return "operation" in self.uri.partition("?")[0].lower()


def exchanges(file: Path) -> list[Exchange]:
    """What a file holds, in the order in which Azure answered."""
    entries = json.loads(file.read_text("utf-8"))["Entries"]
    entries.sort(key=lambda entry: parsedate_to_datetime(entry["ResponseHeaders"]["Date"][0]))
    return [
        Exchange(
            entry["RequestMethod"],
            re.sub("^//", "/", entry["RequestUri"]),
            _json(entry["RequestBody"]),
            entry["StatusCode"],
            {name.lower(): values[0] for name, values in entry["ResponseHeaders"].items()},
            _json(entry["ResponseBody"]),
        )
        for entry in entries
    ]


def as_replayed(exchange: Exchange) -> Any:
    """The request's body with what the recorder blotted out, or Azure no longer takes, put right."""
    body = json.loads(json.dumps(exchange.request))
    if not isinstance(body, dict):
        return body
    login = (body.get("properties") or {}).get("osProfile")
    if login and "adminPassword" in login:
        login["adminPassword"] = "Zebra-Stripe-9"
    if exchange.method == "PUT" and "/publicIPAddresses/" in exchange.uri:
        body["sku"] = {"name": "Standard"}
        body["properties"]["publicIPAllocationMethod"] = "Static"
    return body


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with its path; entries of a list share one; empty lists and objects are leaves."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list) and value:
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    else:
        yield path, value


def differences(theirs: Any, ours: Any) -> list[str]:
    """What Azure answered and we do not; what we answer beyond it is newer than the recordings."""
    found: dict[str, list[Any]] = {}
    for path, value in leaves(ours):
        found.setdefault(path, []).append(value)
    missing = []
    for path, value in leaves(theirs):
        if path not in found:
            if path not in OLD:
                missing.append(f"{path} = {value!r} is missing")
        elif not DECIDED_BY_AZURE.search(path) and path not in CHANGED and value not in found[path]:
            missing.append(f"{path} is {found[path]!r}, in Azure {value!r}")
    return missing


def _json(text: str | None) -> Any:
    """A body; nothing where there is none, or where it is no JSON."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None
