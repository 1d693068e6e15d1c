"""What is in Azure now: reads by list, as many at once as there are lists.

In: the resources of a spec and the operations of a subscription. Out: ``Actual``. Never writes.
Reads grow with the kinds and groups in play, not with the number of resources.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Set

from ..azure.operations import Operations
from ..azure.rights import Seen
from ..base import arm_id
from ..base.diagnostics import ExecutionError
from ..base.values import Body
from ..comparison import ownership_tags
from ..comparison.group_contents import foreign, group_members, is_group, with_companions
from ..resources import kinds, power_state
from ..resources.actual_state import ActualState, GroupMember, OwnedObject
from ..resources.kind import Kind
from ..resources.provisioning_state import has_failed
from ..resources.resource import OWNER_TAG, Resource
from . import skip_unchanged_extensions
from .existence import still_there
from .role_assignments import Access


async def refresh(
    resources: Iterable[Resource],
    operations: Operations,
    deployment: str,
    deployer: str,
    destroys: bool = False,
) -> ActualState:
    """Read everything that a plan for these resources needs.

    Args:
        deployer: the caller's object ID.
        destroys: everything that is owned will be deleted, not only what is not declared. Of an owned resource group
            that will be deleted, everything in it is listed, whoever owns it.

    Raises:
        ExecutionError, AccessError: a read failed.
    """
    declared = list(resources)
    reader, access = _Reader(operations, declared, deployment), Access(operations, declared)
    tagged, granted, definitions, roles, locks, _ = await asyncio.gather(
        operations.list_tagged(OWNER_TAG, deployment),
        access.assignments(),
        access.role_definitions(),
        access.custom_roles(),
        reader.locks(),
        reader.declared(),
    )
    own_roles = [body for body in roles if _owner(body) == deployment]
    own_locks = [body for body in locks.bodies if _owner(body) == deployment]
    own = [*tagged, *own_roles, *own_locks]
    owned = {arm_id.key(body["id"]): OwnedObject(body["id"], body["type"], body) for body in own}
    # In this order: each step reads only what the steps before it did not.
    await reader.roles(roles, own_roles)
    await reader.owned(owned.values())
    unread_but_unchanged = await reader.extensions(owned)
    await reader.views()
    await reader.details()
    owned |= await reader.listed(owned)
    known = reader.settled(owned)
    reader.bodies |= {arm_id.key(body["id"]): body for body in granted.bodies}
    names = access.role_names(granted.bodies, definitions, deployment)
    wanted = set() if destroys else {arm_id.key(item.id) for item in declared}
    groups = [item for key, item in known.items() if is_group(item) and key not in wanted]
    return ActualState(
        bodies=reader.bodies,
        owned=known,
        assignments=granted.bodies,
        role_definitions=definitions,
        role_names=await names,
        locks=locks.bodies,
        deployer=deployer,
        unread_but_unchanged=frozenset(unread_but_unchanged),
        power_states=reader.power_states,
        moved=reader.moved(),
        group_members=await reader.group_members(
            groups, with_companions(known) - {arm_id.key(item.id) for item in groups}
        ),
        unseen=frozenset(access.unseen(granted) | reader.unseen_locks(locks)),
        narrowed_to=access.narrowed_to(granted),
    )


async def power_states(operations: Operations, machines: list[str]) -> dict[str, str]:
    """``running``, ``deallocated``, … by ID key, of machines by their IDs.

    Raises:
        ExecutionError, AccessError: a read failed.
    """
    known: dict[str, tuple[Kind, list[str]]] = {}
    for machine in machines:
        kind = kinds.of_id(machine)
        if kind is not None and kind.has_power_state:
            known.setdefault(kind.name, (kind, []))[1].append(machine)
    read = await asyncio.gather(*(operations.with_views(kind, own) for kind, own in known.values()))
    return {arm_id.key(body["id"]): power_state.state(body) for bodies in read for body in bodies}


def _owner(body: Body) -> str:
    """The deployment that the text of an object without tags names."""
    kind = kinds.of(body)
    return kind.ownership.owner(body) if kind is not None and kind.ownership.owner is not None else ""


class _Reader:
    """Reads each list once and gathers the bodies."""

    def __init__(self, operations: Operations, declared: list[Resource], deployment: str) -> None:
        self._operations = operations
        self._declared = declared
        self._deployment = deployment
        self._listed: set[tuple[str, str]] = set()
        self.bodies: dict[str, Body] = {}
        self.power_states: dict[str, str] = {}

    async def declared(self) -> None:
        """What the spec names: lists per kind and group, and a read for each thing that lies elsewhere."""
        listed = {item.address for item in self._declared if self._is_listed_lock(item)}
        listed |= {item.address for item in self._declared if item.kind.rights.defines_role}
        await self._read([(item.kind, item.id) for item in self._declared if item.id and item.address not in listed])

    async def roles(self, listed: Iterable[Body], own: Iterable[Body]) -> None:
        """Custom roles, ours and those of the spec; one that no list holds is read: it may be assignable elsewhere."""
        by_key = {arm_id.key(body["id"]): body for body in listed}
        declared = [item for item in self._declared if item.kind.rights.defines_role and item.id]
        for body in (*own, *(by_key[key] for item in declared if (key := arm_id.key(item.id)) in by_key)):
            self.keep(body)
        await self._read([(item.kind, item.id) for item in declared if arm_id.key(item.id) not in by_key])

    async def owned(self, owned: Iterable[OwnedObject]) -> None:
        """What the deployment owns beyond that; extensions come later."""
        table = kinds.by_type()
        unread = [item for item in owned if arm_id.key(item.id) not in self.bodies]
        known = [(table[item.type.lower()], item.id) for item in unread if item.type.lower() in table]
        unknown = [item for item in unread if item.type.lower() not in table]
        await asyncio.gather(self._read(known), *map(self._unknown, unknown))

    async def _unknown(self, item: OwnedObject) -> None:
        """Something of a type that the program does not write; what cannot be read is taken as it was listed."""
        try:
            self.keep(await self._operations.get(kinds.external(), item.id), item.id)
        except ExecutionError:
            self.keep(item.body, item.id)

    async def _read(self, wanted: list[tuple[Kind, str]]) -> None:
        single = [(kind, resource_id) for kind, resource_id in wanted if kind.scope != "group"]
        lists = {
            (kind.name, arm_id.group_of(resource_id).lower()): (kind, arm_id.group_of(resource_id))
            for kind, resource_id in wanted
            if kind.scope == "group" and not kind.nested
        }
        todo = [pair for key, pair in lists.items() if key not in self._listed]
        # Before the first await: two calls that run at once must not list the same.
        self._listed |= set(lists)
        await asyncio.gather(*(self._one(*pair) for pair in single), *(self._list(*pair) for pair in todo))

    async def extensions(self, owned: Mapping[str, OwnedObject]) -> set[str]:
        """Extensions: there is a list per machine only, so those whose marks say that all is well are not read.

        A tag survives only its own writer: whoever changes an extension by a PUT drops our marks, and then it is read.
        Of their machines it is read whether they run, and of those that have extensions which left the spec.
        Returns the ID keys of those that were not read.
        """
        declared = [
            item
            for item in self._declared
            if skip_unchanged_extensions.is_skippable(item.kind) and self._has_machine(item.id)
        ]
        generic_listings = await skip_unchanged_extensions.generic_listings(
            self._operations, (item.id for item in declared)
        )
        by_key = {arm_id.key(item.id): item for item in declared}
        unread_but_unchanged = {
            key
            for key, item in by_key.items()
            if skip_unchanged_extensions.matches_fingerprint(item, generic_listings.get(key), self._deployment)
        }
        self.bodies |= {key: generic_listings[key] for key in unread_but_unchanged}
        unread = [item.id for key, item in by_key.items() if key not in unread_but_unchanged]
        table = kinds.by_type()
        left = [
            item.id
            for key, item in owned.items()
            if key not in by_key
            and (kind := table.get(item.type.lower())) is not None
            and skip_unchanged_extensions.is_skippable(kind)
        ]
        machines = {
            arm_id.key(machine): machine
            for machine in map(skip_unchanged_extensions.machine, (*unread, *left))
            if arm_id.key(machine) in self.bodies
        }
        await asyncio.gather(self._power(list(machines.values())), *map(self._extensions, machines.values()))
        return {key for key in unread_but_unchanged if skip_unchanged_extensions.machine(key) not in machines}

    def _has_machine(self, extension: str) -> bool:
        return arm_id.key(skip_unchanged_extensions.machine(extension)) in self.bodies

    async def details(self) -> None:
        """What an object's body doesn't say, and another object does (the OS disk of a deallocated machine)."""
        present = [(item.kind, key) for item in self._declared if (key := arm_id.key(item.id)) in self.bodies]
        hidden = [
            (kind, key, other) for kind, key in present if (other := kind.operations.details_in(self.bodies[key]))
        ]
        unread = [other for _, _, other in hidden if arm_id.key(other) not in self.bodies]
        await self._read([(kind, other) for other in unread if (kind := kinds.of_id(other)) is not None])
        for kind, key, other in hidden:
            if arm_id.key(other) in self.bodies:
                self.bodies[key] = kind.operations.with_details(self.bodies[key], self.bodies[arm_id.key(other)])

    async def _power(self, machines: list[str]) -> None:
        self.power_states |= await power_states(self._operations, machines)

    async def views(self) -> None:
        """Why those that failed did; of all others nothing is asked."""

        async def read(kind: Kind, body: Body) -> None:
            found = await self._operations.get(kind, body["id"], expand="instanceView")
            self.keep(found, body["id"])

        table = kinds.by_type()
        failed = [body for body in self.bodies.values() if has_failed(body)]
        known = [(table.get(str(body.get("type", "")).lower()), body) for body in failed]
        await asyncio.gather(
            *(read(kind, body) for kind, body in known if kind is not None and kind.operations.has_instance_view)
        )

    async def listed(self, owned: Mapping[str, OwnedObject]) -> dict[str, OwnedObject]:
        """What takes no tags and lies in what the spec says or the deployment owns: listed by the tags of that."""
        holders = {
            arm_id.key(item.id).rsplit("/", 2)[0] for item in self._declared if item.kind.ownership.in_parent_tag
        }
        holders |= {key for key in owned if ownership_tags.Parts(self.bodies.get(key, {}).get("tags"))}
        found = {}

        async def read(holder: Body, kind: Kind) -> None:
            group, name = arm_id.group_of(holder["id"]), arm_id.parse(holder["id"]).name
            parts = ownership_tags.Parts(holder.get("tags")) if arm_id.key(holder["id"]) in owned else ()
            for body in await self._operations.list_kind(kind, group, name):
                self.keep(body)
                if arm_id.parse(body["id"]).name in parts:
                    found[arm_id.key(body["id"])] = OwnedObject(body["id"], kind.type, body)

        bodies = [self.bodies[holder] for holder in sorted(holders & set(self.bodies))]
        known = [(body, kind) for body in bodies for kind in kinds.children_of(str(body.get("type", "")))]
        await asyncio.gather(*(read(body, kind) for body, kind in known if kind.ownership.in_parent_tag))
        return found

    async def _one(self, kind: Kind, resource_id: str) -> None:
        self.keep(await self._operations.get(kind, resource_id), resource_id)

    async def _list(self, kind: Kind, group: str) -> None:
        for body in await self._operations.list_kind(kind, group):
            self.keep(body)

    async def _extensions(self, machine: str) -> None:
        parsed = arm_id.parse(machine)
        for kind in kinds.children_of(parsed.type):
            for body in await self._operations.list_kind(kind, arm_id.group_of(machine), parsed.name):
                self.keep(body)

    def settled(self, owned: Mapping[str, OwnedObject]) -> dict[str, OwnedObject]:
        """What is owned by what was read, since the list of tags is behind.

        What it says and is gone is left out; what it does not say yet is there. What carries the tags of something else
        is not owned.
        """
        home = self._operations.subscription_id.lower()
        declared = {arm_id.key(item.id) for item in self._declared}
        found = {
            key: OwnedObject(item.id, item.type, self.bodies[key]) for key, item in owned.items() if key in self.bodies
        }
        for key, body in self.bodies.items():
            is_ours = (body.get("tags") or {}).get(OWNER_TAG) == self._deployment
            # Another subscription can have a deployment of the same name.
            if is_ours and key not in found and arm_id.subscription_of(key) == home:
                found[key] = OwnedObject(body["id"], body["type"], body)
        return {
            key: item
            for key, item in found.items()
            if key in declared or not ownership_tags.belong_to_another_resource(item.body.get("tags"), item.id)
        }

    def moved(self) -> dict[str, str]:
        """By ID key of what the spec declares and does not exist: an object of its type that has its tags."""
        tagged = {
            (arm_id.parse(body["id"]).type.lower(), ownership_tags.written_for(body["tags"])): str(body["id"])
            for body in self.bodies.values()
            if (body.get("tags") or {}).get(OWNER_TAG) == self._deployment
        }
        missing = [item for item in self._declared if item.id and arm_id.key(item.id) not in self.bodies]
        found = {arm_id.key(item.id): (item.kind.type.lower(), arm_id.short(item.id)) for item in missing}
        return {key: tagged[mark] for key, mark in found.items() if mark in tagged}

    def keep(self, body: Body | None, resource_id: str = "") -> None:
        if body is not None:
            self.bodies[arm_id.key(resource_id or body["id"])] = body

    async def locks(self) -> Seen:
        """Everybody's, in the whole subscription; of the groups in play where that is not allowed."""
        home = self._operations.subscription_id.lower()
        ids = [item.id for item in self._declared if arm_id.subscription_of(item.id).lower() == home]
        groups = {group.lower(): group for resource_id in ids if (group := arm_id.group_of(resource_id))}
        found = await self._operations.rights.management_locks(groups.values())
        for body in found.bodies:
            self.keep(body)
        return found

    def unseen_locks(self, seen: Seen) -> set[str]:
        """The addresses of the spec's locks at scopes that no list shows."""
        locks = {item.address: arm_id.parse(item.id).scope for item in self._declared if self._is_listed_lock(item)}
        return {address for address, scope in locks.items() if not seen.shows(scope)}

    def _is_listed_lock(self, item: Resource) -> bool:
        home = self._operations.subscription_id.lower()
        return item.kind.rights.lock is not None and arm_id.subscription_of(item.id).lower() == home

    async def group_members(self, groups: list[OwnedObject], owned: Set[str]) -> dict[str, tuple[GroupMember, ...]]:
        names = [arm_id.parse(item.id).name for item in groups]
        lists = await asyncio.gather(*map(self._operations.list_group, names))
        found = {}
        for item, name, listed in zip(groups, names, lists, strict=True):
            were_read = {kind for kind, group in self._listed if group == name.lower()}
            present = group_members(item.id, listed, self.bodies, were_read, self._deployment)
            others = foreign(present, owned)
            there = await still_there(self._operations, others)
            found[arm_id.key(item.id)] = tuple(each for each in present if each in there or each not in others)
        return found
