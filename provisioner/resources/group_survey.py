"""What was found in a resource group. In: nothing. Out: ``Survey``, a frozen value that the importing starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..base import arm_id
from ..base.values import Body


@dataclass(frozen=True)
class Survey:
    """A group and all in it.

    group: the body of the resource group itself.
    bodies: by ID key, of every object of a kind that a spec has.
    others: the IDs of everything else that ARM lists in the group.
    assignments: role assignments in the subscription.
    locks: management locks of the group and of what is in it.
    role_names: the name of each role that they grant, by the GUID of its definition; a GUID where no name is unique.
    """

    group: Body
    bodies: Mapping[str, Body] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    assignments: tuple[Body, ...] = ()
    locks: tuple[Body, ...] = ()
    role_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def group_id(self) -> str:
        return str(self.group["id"])

    @property
    def subscription(self) -> str:
        """The GUID of the subscription."""
        return arm_id.subscription_of(self.group_id)

    def find(self, identity: str) -> Body | None:
        """The body of an object by its ID in any case."""
        return self.bodies.get(arm_id.key(identity))
