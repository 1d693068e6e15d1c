"""What the program writes on its resources to know them again: tags, since there is no state file.

In: a resource's desired body, or the tags of an actual one. Out: tags, and what they say. Pure.

- ``provisioner-deployment``: who owns the resource.
- ``provisioner-spec``: a fingerprint of the desired body when it was last written, in two halves: what Azure echoes,
  and what it never does. Equal halves and a different object: somebody changed Azure. Behind them one of the object's
  own ID: tags are copied, by Azure onto the disks that it makes with a machine (Azure/azure-sdk-for-js#17787), by
  restores and replications onto other machines, and a copy is nobody's.
- ``provisioner-parts``: the parts inside the resource (subnets, rules, identities) that the deployment made.
- ``provisioner-paths``: the optional properties that the deployment wrote (``resources.written_paths``).
- ``provisioner-lock``, ``provisioner-lock-…``: this is the lock of a deployment, no resource of anybody; who holds it.
- ``provisioner-prevent-destroy``: protects the resource even after its entry left the spec.
- ``provisioner-stopped``: a run has stopped this machine for a change, and is to start it again.

These names are reserved: a spec may not set them. Azure ignores the case of tag names, so a mark is one in any case;
bodies that are read get them in the spelling of this file (``respelled``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from ..base import arm_id
from ..base.values import Body
from ..resources import name_lists
from ..resources.facts import Rules
from ..resources.reserved_tags import LOCK_TAG, PARTS_TAG, SPEC_TAG, is_reserved

LOCK_TYPE = "Microsoft.Network/applicationSecurityGroups"
_DIGITS = 12
_PART_DIGITS = 8


def respelled(body: Body) -> Body:
    """A body that was read, with its marks in lower case: another tool may have changed the case of their names."""
    tags = body.get("tags")
    if not isinstance(tags, Mapping) or not any(is_reserved(name) and name != name.lower() for name in tags):
        return body
    return {**body, "tags": {name.lower() if is_reserved(name) else name: value for name, value in tags.items()}}


def is_lock(body: Body, deployment: str = "") -> bool:
    """Whether an object is the lock of a deployment, or of any; one of another type that has its tag is not."""
    if str(body.get("type", "")).lower() != LOCK_TYPE.lower():
        return False
    found = str((body.get("tags") or {}).get(LOCK_TAG, ""))
    return bool(found) and deployment.lower() in ("", found.lower())


def fingerprint(desired: Body, rules: Rules) -> str:
    """``<echoed>-<hidden>``: two hashes of a desired body. Secrets count by name, never by value."""
    hidden_paths = set(rules.write_only) | set(rules.create_only)
    hidden: dict[str, object] = {}
    echoed = _split(desired, "", hidden_paths, hidden)
    return f"{_hash(echoed)}-{_hash(hidden)}"


def spec_tag_value(desired: Body, rules: Rules, resource_id: str) -> str:
    """``<echoed>-<hidden>-<of>``: a fingerprint as the object with this ARM ID carries it."""
    return f"{fingerprint(desired, rules)}-{_short(arm_id.key(resource_id))}"


def split_fingerprint(tags: Mapping[str, object] | None) -> tuple[str, str]:
    """The two halves of the fingerprint that an object carries; empty where it carries none."""
    echoed, hidden, *_ = [*str((tags or {}).get(SPEC_TAG, "")).split("-"), ""]
    return echoed, hidden


def belong_to_another_resource(tags: Mapping[str, object] | None, resource_id: str) -> bool:
    """Whether an object's tags were written for another one."""
    of = str((tags or {}).get(SPEC_TAG, "")).split("-")[2:]
    return bool(of) and of != [_short(arm_id.key(resource_id))]


def written_for(tags: Mapping[str, object] | None) -> str:
    """The object for which an object's tags were written, as ``arm_id.short`` of its ID; empty where they don't say."""
    return "".join(str((tags or {}).get(SPEC_TAG, "")).split("-")[2:3])


def parts_tags(parts: Iterable[str]) -> dict[str, str]:
    """The tags that list parts."""
    return name_lists.tags(PARTS_TAG, parts)


def drop_outdated_tags(body: Body, marked: Body) -> Body:
    """A body to write, without marks that are no longer right (a second tag of parts that one tag now holds)."""
    if "tags" not in body or "tags" not in marked:
        return body
    tags = {name: value for name, value in body["tags"].items() if not is_reserved(name) or name in marked["tags"]}
    return {**body, "tags": tags}


class Parts(name_lists.NameList):
    """The parts that an object's tags list."""

    def __init__(self, tags: Mapping[str, object] | None) -> None:
        super().__init__(tags, PARTS_TAG)


def _short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:_PART_DIGITS]


def _hash(value: object) -> str:
    # Values that are not known yet count by their name, so that no secret gets into the hash.
    text = json.dumps(value, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _split(value: object, pattern: str, hidden_paths: set[str], hidden: dict[str, object]) -> object:
    """A copy without what is hidden, which goes into ``hidden`` by its path; keys as text."""
    if isinstance(value, Mapping):
        result = {}
        for key, item in value.items():
            path = f"{pattern}.{key}" if pattern else str(key)
            if path in hidden_paths:
                hidden[path] = _plain(item)
            elif not (pattern == "tags" and is_reserved(str(key))):
                # A key can be a reference, which is no key of a JSON object.
                result[repr(key)] = _split(item, path, hidden_paths, hidden)
        return result
    if isinstance(value, list):
        return [_split(item, f"{pattern}[]", hidden_paths, hidden) for item in value]
    return value


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {repr(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
