"""Short names for requests and digests of bodies that are the same in every run.

In: paths and bodies on the wire, and answers to learn names from (whose principal, which role). Out: text. What
Azure draws at random is replaced by what it belongs to.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OS_DISK = re.compile(r"(_OsDisk_1_)[0-9a-f]{32}")
"""What Azure calls an OS disk that the spec gives no name."""
_GROUP = re.compile(r"^/subscriptions/[^/]+/resourceGroups/([^/]+)", re.IGNORECASE)
_PATHS_TAGS = re.compile(r"provisioner-paths(-\d+)?$")
_PATHS_IN_TEXT = re.compile(r"\[provisioner-paths: [^\]]*\] ")
"""Both list what a body says anyway."""
_VOLATILE_TAGS = re.compile(r"provisioner-(spec|lock.*)$")
_PRINCIPAL_OF = "principal of "
_USUAL = ("provisioner-deployment", "provisioner-spec")
_SHORT = 200
_ASSIGNMENTS, _DEFINITIONS = "/roleassignments/", "/roledefinitions/"


class Names:
    """What is known of one cloud's objects; it learns from every answer."""

    def __init__(self, subscription: str, group: str) -> None:
        self._subscription = subscription
        self._group = group
        self._principals: dict[str, str] = {}
        self._roles: dict[str, str] = {}
        self._grants: dict[str, tuple[str, str]] = {}

    def learn(self, body: Any) -> None:
        """From an answer's body, a list or one object."""
        if not isinstance(body, dict):
            return
        for item in body.get("value") if isinstance(body.get("value"), list) else [body]:
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                self._learn(item["id"], item)

    def _learn(self, resource_id: str, body: dict[str, Any]) -> None:
        properties = body.get("properties") if isinstance(body.get("properties"), dict) else {}
        path, guid = resource_id.lower(), resource_id.rpartition("/")[2].lower()
        if _DEFINITIONS in path:
            self._roles[guid] = str(properties.get("roleName", ""))
        elif _ASSIGNMENTS in path and "principalId" in properties:
            role = str(properties.get("roleDefinitionId", "")).rpartition("/")[2].lower()
            self._grants[guid] = (role, str(properties["principalId"]).lower())
        for holder in (body.get("identity"), properties):
            if isinstance(holder, dict) and holder.get("principalId") and _ASSIGNMENTS not in path:
                self._principals[str(holder["principalId"]).lower()] = self.path(resource_id)

    def write(self, method: str, path: str, body: Any) -> str:
        """``PUT virtualMachines/web``."""
        if body is not None and (_ASSIGNMENTS in path.lower() or _DEFINITIONS in path.lower()):
            self._learn(path, body)
        return f"{method} {self.path(path)}"

    def path(self, path: str) -> str:
        """Types and names, with the group where it isn't the deployment's; a grant by its role and principal."""
        found = _GROUP.match(path)
        group = found[1] if found else ""
        prefix = "" if group.lower() == self._group.lower() else f"{group or 'subscription'}: "
        rest = path[found.end() :] if found else re.sub(r"^/subscriptions/[^/]+", "", path)
        if not rest and group:
            return f"resourceGroups/{group}"
        return prefix + "/".join(self._segments(rest))

    def _segments(self, rest: str) -> list[str]:
        words = [word for word in rest.split("/") if word]
        found: list[str] = []
        while words:
            word = words.pop(0)
            if word.lower() == "providers" and words:
                words.pop(0)
            elif found and found[-1].lower() == "roleassignments":
                found.append(self._grant(word.lower()))
            elif found and found[-1].lower() == "roledefinitions":
                found.append(self._roles.get(word.lower()) or word)
            else:
                found.append(word)
        return found

    def _grant(self, guid: str) -> str:
        if guid not in self._grants:
            return guid
        role, principal = self._grants[guid]
        return f"[{self._roles.get(role) or role} to {self._principals.get(principal, principal)}]"

    def resolved(self, value: Any) -> Any:
        """A body with principal IDs in place of ``principal of userAssignedIdentities/app``."""
        if isinstance(value, dict):
            return {name: self.resolved(item) for name, item in value.items()}
        if isinstance(value, str) and value.startswith(_PRINCIPAL_OF):
            wanted = value.removeprefix(_PRINCIPAL_OF)
            return next(guid for guid, path in self._principals.items() if path == wanted)
        return value

    def steady(self, value: Any, key: str = "") -> Any:
        """A body without what differs from run to run."""
        if isinstance(value, dict):
            return {name: self.steady(item, name) for name, item in value.items() if not _PATHS_TAGS.match(name)}
        if isinstance(value, list):
            return [self.steady(item) for item in value]
        if not isinstance(value, str):
            return value
        if _VOLATILE_TAGS.match(key):
            return "*"
        value = _PATHS_IN_TEXT.sub("", value)
        value = _OS_DISK.sub(r"\1*", value)
        return _GUID.sub(lambda found: self._guid(found[0]), value)

    def _guid(self, text: str) -> str:
        if text.lower() == self._subscription.lower():
            return "SUBSCRIPTION"
        return self._principals.get(text.lower(), text)

    def body(self, body: Any) -> tuple[str, str]:
        """What a body says in short, and the whole of it: short ones as they are, others by digest and paths."""
        text = json.dumps(self.steady(body), sort_keys=True, ensure_ascii=False)
        if len(text) <= _SHORT:
            return text, text
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        return f"{digest} {', '.join(_paths(body))}", text


def _paths(body: Any) -> list[str]:
    found = []
    for name, value in sorted(body.items()):
        if isinstance(value, dict) and name in ("properties", "tags", "identity"):
            said = sorted(inner for inner in value if inner not in _USUAL and not _PATHS_TAGS.match(inner))
            found += [f"{name}.{inner}{_listed(value[inner])}" for inner in said]
        else:
            found.append(f"{name}{_listed(value)}")
    return found


def _listed(value: Any) -> str:
    if not isinstance(value, list):
        return ""
    names = [str(item["name"]) for item in value if isinstance(item, dict) and "name" in item]
    return f"[{' '.join(names)}]" if len(names) == len(value) else f"[{len(value)}]"
