"""What is in Azure now: reads by list, as many at once as there are lists.

In: the resources of a spec and the operations of a subscription. Out: ``Actual``. Never writes.
Reads grow with the kinds and groups in play, not with the number of resources.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from . import arm_id, kinds, marks, power
from .access import Access
from .azure.operations import Operations
from .kinds import (
    existing,
    management_lock,
    resource_group,
    role_assignment,
    role_definition,
    virtual_machine,
    virtual_machine_extension,
)
from .leaves import Body
from .mending import has_failed
from .plan import Actual, Owned
from .resource import OWNER_TAG, Kind, Resource

_GENERIC = (existing.KIND, role_assignment.KIND, role_definition.KIND, resource_group.KIND, management_lock.KIND)


async def refresh(
    resources: Iterable[Resource], operations: Operations, deployment: str, deployer: str, inhabitants: bool = False
) -> Actual:
    """Read everything that a plan for these resources needs.

    Args:
        deployer: the caller's object ID.
        inhabitants: also list whatever else is in the owned groups (for destroy).

    Raises:
        ExecutionError, AccessError: a read failed.
    """
    declared = list(resources)
    reader, access = _Reader(operations, declared), Access(operations, declared)
    tagged, assignments, definitions, roles, locks, _ = await asyncio.gather(
        operations.list_tagged(OWNER_TAG, deployment),
        operations.rights.assignments(arm_id.subscription(operations.subscription_id)),
        access.role_definitions(),
        access.custom_roles(deployment),
        reader.locks(),
        reader.declared(),
    )
    own_locks = [body for body in locks if management_lock.owner_of(body) == deployment]
    owned = {arm_id.key(body["id"]): Owned(body["id"], body["type"], body) for body in [*tagged, *roles, *own_locks]}
    for body in roles:
        reader.keep(body)
    await reader.owned(owned.values())
    vouched = await reader.extensions(owned)
    await reader.views()
    owned |= await reader.listed(owned)
    known = reader.settled(owned)
    everyone = [*assignments, *await access.elsewhere(assignments)]
    reader.bodies |= {arm_id.key(body["id"]): body for body in everyone}
    names = access.role_names(everyone, definitions, deployment)
    groups = [item for item in known.values() if item.type.lower() == resource_group.KIND.type.lower()]
    return Actual(
        bodies=reader.bodies,
        owned=known,
        assignments=tuple(everyone),
        role_definitions=definitions,
        role_names=await names,
        locks=tuple(locks),
        deployer=deployer,
        vouched=frozenset(vouched),
        off=reader.off,
        inhabitants=await reader.inhabitants(groups, deployment) if inhabitants else {},
    )


class _Reader:
    """Reads each list once and gathers the bodies."""

    def __init__(self, operations: Operations, declared: list[Resource]) -> None:
        self._operations = operations
        self._declared = declared
        self._listed: set[tuple[str, str]] = set()
        self.bodies: dict[str, Body] = {}
        self.off: dict[str, str] = {}

    async def declared(self) -> None:
        """What the spec names: lists per kind and group, and a read for each thing that lies elsewhere."""
        wanted = [(item.kind, item.id) for item in self._declared if item.id and not self._is_listed_lock(item)]
        await self._read(wanted)

    async def owned(self, owned: Iterable[Owned]) -> None:
        """What the deployment owns beyond that."""
        table = kinds.by_type()
        wanted = [(table[item.type.lower()], item.id) for item in owned if item.type.lower() in table]
        await self._read([pair for pair in wanted if arm_id.key(pair[1]) not in self.bodies])

    async def _read(self, wanted: list[tuple[Kind, str]]) -> None:
        single = [(kind, identity) for kind, identity in wanted if kind in _GENERIC]
        lists = {
            (kind.name, arm_id.group_of(identity).lower()): (kind, arm_id.group_of(identity))
            for kind, identity in wanted
            if kind not in _GENERIC and not kind.nested
        }
        todo = [pair for key, pair in lists.items() if key not in self._listed]
        self._listed |= set(lists)
        await asyncio.gather(*(self._one(*pair) for pair in single), *(self._list(*pair) for pair in todo))

    async def extensions(self, owned: Mapping[str, Owned]) -> set[str]:
        """Extensions: there is a list per machine only, so those whose marks say that all is well are not read.

        A tag survives only its own writer: whoever changes an extension by a PUT drops our marks, and then it is read.
        Of their machines it is read whether they run, and of those that have extensions which left the spec.
        Returns the ID keys of those that were not read.
        """
        vouched: set[str] = set()
        machines: dict[str, str] = {}
        for item in self._declared:
            key = arm_id.key(item.id)
            machine = item.id.rsplit("/", 2)[0]
            if not item.kind.nested or item.kind.listed or arm_id.key(machine) not in self.bodies:
                continue
            if key in owned and _is_vouched(item, owned[key]):
                vouched.add(key)
                self.bodies[key] = owned[key].body
            else:
                machines[arm_id.key(machine)] = machine
        declared = {arm_id.key(item.id) for item in self._declared}
        left = [item.id for key, item in owned.items() if _is_extension(item) and key not in declared]
        written = {
            **machines,
            **{arm_id.key(identity).rsplit("/", 2)[0]: identity.rsplit("/", 2)[0] for identity in left},
        }
        await asyncio.gather(
            self._power([identity for key, identity in written.items() if key in self.bodies]),
            *(self._extensions(machine) for machine in machines.values()),
        )
        return vouched - {key for key in vouched if key.rsplit("/", 2)[0] in machines}

    async def _power(self, machines: list[str]) -> None:
        for body in await self._operations.with_views(virtual_machine.KIND, machines):
            if power.state(body) in power.OFF:
                self.off[arm_id.key(body["id"])] = power.state(body)

    async def views(self) -> None:
        """Why those that failed did; of all others nothing is asked."""

        async def read(kind: Kind, body: Body) -> None:
            found = await self._operations.get(kind, body["id"], expand="instanceView")
            self.keep(found, body["id"])

        table = kinds.by_type()
        failed = [body for body in self.bodies.values() if has_failed(body)]
        known = [(table.get(str(body.get("type", "")).lower()), body) for body in failed]
        await asyncio.gather(*(read(kind, body) for kind, body in known if kind is not None and kind.has_view))

    async def listed(self, owned: Mapping[str, Owned]) -> dict[str, Owned]:
        """What takes no tags and lies in what the spec says or the deployment owns: listed by the tags of that."""
        table = {kind.type.rpartition("/")[0].lower(): kind for kind in kinds.all_kinds() if kind.listed}
        holders = {arm_id.key(item.id).rsplit("/", 2)[0] for item in self._declared if item.kind.listed}
        holders |= {key for key, item in owned.items() if marks.Parts(item.body.get("tags"))}
        found = {}

        async def read(holder: Body, kind: Kind) -> None:
            group, name = arm_id.group_of(holder["id"]), arm_id.parse(holder["id"]).name
            parts = marks.Parts(holder.get("tags")) if arm_id.key(holder["id"]) in owned else ()
            for body in await self._operations.list_kind(kind, group, name):
                self.keep(body)
                if arm_id.parse(body["id"]).name in parts:
                    found[arm_id.key(body["id"])] = Owned(body["id"], kind.type, body)

        bodies = [self.bodies[holder] for holder in sorted(holders & set(self.bodies))]
        known = [(body, table.get(str(body.get("type", "")).lower())) for body in bodies]
        await asyncio.gather(*(read(body, kind) for body, kind in known if kind is not None))
        return found

    async def _one(self, kind: Kind, identity: str) -> None:
        self.keep(await self._operations.get(kind, identity), identity)

    async def _list(self, kind: Kind, group: str) -> None:
        for body in await self._operations.list_kind(kind, group):
            self.keep(body)

    async def _extensions(self, machine: str) -> None:
        kind = virtual_machine_extension.KIND
        for body in await self._operations.list_kind(kind, arm_id.group_of(machine), arm_id.parse(machine).name):
            self.keep(body)

    def settled(self, owned: Mapping[str, Owned]) -> dict[str, Owned]:
        """What is owned, with the bodies that were read; without what carries the tags of something else."""
        declared = {arm_id.key(item.id) for item in self._declared}
        bodies = {key: self.bodies.get(key, item.body) for key, item in owned.items()}
        return {
            key: Owned(item.id, item.type, bodies[key])
            for key, item in owned.items()
            if key in declared or not marks.are_copied(bodies[key].get("tags"), item.id)
        }

    def keep(self, body: Body | None, identity: str = "") -> None:
        if body is not None:
            self.bodies[arm_id.key(identity or body["id"])] = body

    async def locks(self) -> list[Body]:
        """Everybody's, in the whole subscription; of the groups in play where that is not allowed."""
        home = self._operations.subscription_id.lower()
        ids = [item.id for item in self._declared if arm_id.subscription_of(item.id).lower() == home]
        groups = {group.lower(): group for identity in ids if (group := arm_id.group_of(identity))}
        found = await self._operations.rights.management_locks(groups.values())
        for body in found:
            self.keep(body)
        return found

    def _is_listed_lock(self, item: Resource) -> bool:
        home = self._operations.subscription_id.lower()
        return item.kind is management_lock.KIND and arm_id.subscription_of(item.id).lower() == home

    async def inhabitants(self, groups: list[Owned], deployment: str) -> dict[str, tuple[tuple[str, str], ...]]:
        lists = await asyncio.gather(*(self._operations.list_group(arm_id.parse(item.id).name) for item in groups))
        return {
            arm_id.key(item.id): tuple(
                (body["id"], str(body.get("managedBy") or "")) for body in bodies if not marks.is_lock(body, deployment)
            )
            for item, bodies in zip(groups, lists, strict=True)
        }


def _is_extension(item: Owned) -> bool:
    return item.type.lower() == virtual_machine_extension.KIND.type.lower()


def _is_vouched(resource: Resource, owned: Owned) -> bool:
    tags = owned.body.get("tags") or {}
    is_well = str(owned.body.get("provisioningState", "")).lower() == "succeeded"
    return is_well and "-".join(marks.halves(tags)) == marks.fingerprint(resource.body, resource.kind.rules)
