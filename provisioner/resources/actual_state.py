"""What is in Azure now, as it was read before planning.

In: nothing. Out: ``ActualState``, a frozen value that planning starts from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..base.arm_id import key
from ..base.values import Body


@dataclass(frozen=True)
class OwnedObject:
    """A thing in Azure that carries a deployment's tag; ``body`` is whole when its kind was listed."""

    id: str
    type: str
    body: Body


@dataclass(frozen=True)
class GroupMember:
    """Something in a resource group: ``is_listed`` says that Azure Resource Manager's list of the group shows it,
    ``was_read`` that its provider does.
    """

    id: str
    is_listed: bool = False
    was_read: bool = False


@dataclass(frozen=True)
class ActualState:
    """What refresh read.

    bodies: ARM bodies by ID key, of everything listed or read.
    owned: what carries this deployment's tag, by ID key.
    assignments: role assignments at the scopes of interest.
    locks: management locks of the subscription, everybody's.
    role_definitions: role definition IDs by (scope key or "", lower-case role name); several when ambiguous.
    role_names: of roles in the deployment's own grants that the spec does not name, by GUID.
    vouched: ID keys of objects that were not read because their marks say that they are as the spec wants them.
    moved: by ID key of what the spec declares and does not exist, the ID of an object that has its tags.
    power_states: of machines for which it matters whether they run: ``running``, ``deallocated``, … by ID key.
    inhabitants: for each resource group's ID key everything in it, whoever owns it.
    unseen: addresses of role assignments and locks of the spec at scopes whose lists Azure refuses.
    narrowed_to: the scopes whose role assignments were listed, where Azure refuses the list of the subscription.
    """

    bodies: Mapping[str, Body] = field(default_factory=dict)
    owned: Mapping[str, OwnedObject] = field(default_factory=dict)
    assignments: tuple[Body, ...] = ()
    role_definitions: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    role_names: Mapping[str, str] = field(default_factory=dict)
    locks: tuple[Body, ...] = ()
    deployer: str = ""
    unread_but_unchanged: frozenset[str] = frozenset()
    power_states: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    group_members: Mapping[str, tuple[GroupMember, ...]] = field(default_factory=dict)
    unseen: frozenset[str] = frozenset()
    narrowed_to: tuple[str, ...] | None = None

    def body(self, arm_id: str) -> Body | None:
        return self.bodies.get(key(arm_id))
