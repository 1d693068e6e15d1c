"""Role assignments to entries of ``role_grants``: one for each role and scope, with everybody who receives it.

In: a ``Survey``, a ``Draft`` and the references. Out: entries by key, and remarks on what cannot be said. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ..base import arm_id
from ..base.values import Body, Path, value_at
from ..resources.group_survey import Survey
from .draft import Draft, expressed, unused
from .references import References


def grants(survey: Survey, draft: Draft, references: References) -> tuple[dict[str, Body], list[str]]:
    """The entries, sorted by key, and the assignments that a spec does not state."""
    addresses = _principals(draft)
    merged: dict[str, Body] = {}
    remarks = []
    for item in sorted(survey.assignments, key=lambda body: str(body["id"]).lower()):
        properties = item["properties"]
        address = addresses.get(str(properties["principalId"]).lower())
        if address is None:
            continue
        role = survey.role_names.get(properties["roleDefinitionId"].rpartition("/")[2].lower(), "")
        scope = _scope(str(properties.get("scope", "")), survey, references)
        said = expressed(item, survey)
        if scope is None or not role:
            remarks.append(f"{role or 'a role'} at {properties.get('scope')} for {address}")
            continue
        entry = references.entry({"role": role, **scope, **said})
        found = merged.setdefault(json.dumps(entry, sort_keys=True), {**entry, "to": []})
        if address not in found["to"]:
            found["to"].append(address)
    taken: dict[Path, Body] = {}
    for entry in merged.values():
        entry["to"].sort()
        taken[unused((_key(entry),), taken)] = entry
    return {str(path[0]): taken[path] for path in sorted(taken)}, remarks


def _principals(draft: Draft) -> dict[str, str]:
    """Addresses by the object ID of the identity that the thing is or has."""
    found = {}
    for item in draft.placed.values():
        output = item.kind.schema.outputs.get("principal_id")
        principal = value_at(item.body, output.path) if output else None
        if principal:
            found[str(principal).lower()] = item.address
    return found


def _scope(scope: str, survey: Survey, references: References) -> Body | None:
    """The scope as a spec says it; nothing said is the group, None a scope above the subscription."""
    if arm_id.same(scope, survey.group_id):
        return {}
    if arm_id.same(scope, arm_id.subscription(survey.subscription)):
        return {"scope": "subscription"}
    if not scope.lower().startswith("/subscriptions/"):
        return None
    return {"scope": references.address(scope)}


def _key(entry: Body) -> str:
    return "-".join(_words(entry["role"])) + (
        "-" + "-".join(_words(entry["scope"].rpartition("/")[2])) if "scope" in entry else ""
    )


def _words(text: str) -> Iterator[str]:
    yield from re.findall(r"[a-z0-9]+", text.lower()) or ["x"]
