"""ARM IDs as a spec names things: a key, an address, or an entry of ``existing:`` for what the spec does not declare.

In: a ``Draft`` and IDs. Out: text; ``existing`` gathers the entries that the texts need. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..base import arm_id
from ..base.values import Body, Link, Path, Secret
from ..resources.group_survey import Survey
from ..spec.expressions import interpolation
from .draft import Draft, Placed, unused, valid_key

_TYPE = re.compile(r"[A-Za-z.]+(/[A-Za-z]+)+")


class References:
    """Grows: ``existing`` and ``secrets`` hold what has been referred to so far."""

    def __init__(self, draft: Draft, survey: Survey) -> None:
        self._draft = draft
        self._survey = survey
        self._existing: dict[str, str] = {}
        self.existing: dict[str, Body] = {}
        self.secrets: dict[str, Body] = {}

    def entry(self, values: Mapping[str, object]) -> Body:
        """An entry as it stands in the file: links and secrets as text, literal text escaped."""
        return {str(interpolation.escape(key)): self._plain(item) for key, item in values.items()}

    def _plain(self, value: object) -> object:
        if isinstance(value, Link):
            return self._link(value)
        if isinstance(value, Secret):
            self.secrets[value.name] = {"from_env": f"{value.name.upper()}_PASSWORD"}
            return f"${{secrets.{value.name}}}"
        if isinstance(value, Mapping):
            return self.entry(value)
        if isinstance(value, list):
            return [self._plain(item) for item in value]
        return interpolation.escape(value)

    def address(self, identity: str) -> str:
        """The full address of a thing, as in ``scope:``; its ID where it has none."""
        found = self._placed(identity)
        if found is None:
            return self._outside(identity)
        placed, rest = found
        if not rest:
            return placed.address
        part = _part(placed, rest)
        return f"{placed.address}/{part[0]}/{part[1]}" if part else identity

    def _link(self, link: Link) -> str:
        found = self._placed(link.id)
        if found is None:
            return self._outside(link.id)
        placed, rest = found
        if "/".join(map(str, placed.path[:-1])) != link.section:
            return link.id
        if not rest:
            return str(placed.path[-1])
        part = _part(placed, rest)
        return f"{placed.path[-1]}/{part[1]}" if part else link.id

    def _placed(self, identity: str) -> tuple[Placed, list[str]] | None:
        """The thing of the spec that an ID names or lies in, and the steps from there."""
        steps = identity.rstrip("/").split("/")
        for length in range(len(steps), 8, -2):
            found = self._draft.placed.get(arm_id.key("/".join(steps[:length])))
            if found is not None:
                return found, steps[length:]
        return None

    def _outside(self, identity: str) -> str:
        """``existing/vault``, or ``existing/hub/subnets/servers``; the ID itself where it is none of a resource."""
        root = _root(identity)
        if not root:
            return identity
        key = self._existing.get(arm_id.key(root))
        if key is None:
            path: Path = (valid_key(arm_id.parse(root).name),)
            key = str(unused(path, {(name,) for name in self.existing})[0])
            self._existing[arm_id.key(root)] = key
            self.existing[key] = self._outsider(root)
        return f"existing/{key}{identity.rstrip('/')[len(root) :]}"

    def _outsider(self, root: str) -> Body:
        parsed = arm_id.parse(root)
        if not _TYPE.fullmatch(parsed.type):
            return {"id": root}
        entry: Body = {"type": parsed.type, "name": parsed.name}
        if not arm_id.same(parsed.scope, self._survey.group_id):
            entry["resource_group"] = arm_id.group_of(root)
        if arm_id.subscription_of(root).lower() != self._survey.subscription.lower():
            entry["subscription"] = arm_id.subscription_of(root)
        return entry


def _part(placed: Placed, rest: list[str]) -> tuple[str, str] | None:
    """Section and key of a part of an object (a subnet), where its entry has it."""
    for section, segment in placed.kind.schema.children.items():
        if len(rest) == 2 and rest[0].lower() == segment.lower():
            for name in placed.entry.get(section, {}):
                if str(name).lower() == rest[1].lower():
                    return section, str(name)
    return None


def _root(identity: str) -> str:
    """The ID of the resource in a group that an ID names or lies in; nothing where there is none such."""
    found = re.match(r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/[^/]+/[^/]+/[^/]+", identity, re.IGNORECASE)
    return found.group(0) if found else ""
