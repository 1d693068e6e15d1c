"""Whether a region offers the machines that a plan makes: their sizes, in their zones, for this subscription, by quota.

In: a plan, and per region the SKUs and usages as Azure lists them. Out: problems. Pure. Sources: REST "Resource Skus -
List" (restrictions, ``locationInfo``, capabilities), "Usage - List"; quotas count cores per family, per region, and of
spot machines apart: https://learn.microsoft.com/azure/virtual-machines/quotas. What is free now may be gone a minute
later, and a quota is no promise of hardware.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..base.diagnostics import Diagnostic
from ..base.reporting import error
from ..base.values import Body
from ..resources.facts import Hardware
from .plan import Change, Plan

_SHOWN = 3
_ALL = "cores"
_SPOT = "lowPriorityCores"
_INCREASE = (
    "request more quota (https://learn.microsoft.com/azure/quotas/per-vm-quota-requests), or create "
    "fewer or smaller VMs"
)


@dataclass(frozen=True)
class Offer:
    """What Azure says of a region; sizes by name and usages by quota, in small letters."""

    sizes: Mapping[str, Body]
    usages: Mapping[str, Body]


@dataclass(frozen=True)
class _Machine:
    """A machine as it will be, or as it was."""

    change: Change
    location: str
    hardware: Hardware

    @property
    def size(self) -> str:
        return self.hardware.size

    def is_as_large_as(self, other: _Machine) -> bool:
        return self.size.lower() == other.size.lower()


def offer(sizes: Iterable[Body], usages: Iterable[Body]) -> Offer:
    return Offer(
        {str(row["name"]).lower(): row for row in sizes},
        {str(row["name"]["value"]).lower(): row for row in usages},
    )


def regions(plan: Plan) -> dict[str, set[str]]:
    """Which sizes are to be looked up where, in small letters; nothing where the plan makes no machine."""
    found: dict[str, set[str]] = defaultdict(set)
    for machine in _made(plan):
        found[machine.location].add(machine.size.lower())
    for machine in _gone(plan):
        if machine.location in found:
            found[machine.location].add(machine.size.lower())
    return dict(found)


def problems(plan: Plan, offers: Mapping[str, Offer]) -> list[Diagnostic]:
    """What will be refused, per machine and then per quota."""
    found = [problem for machine in _made(plan) for problem in _refusals(machine, offers[machine.location])]
    for location, each in offers.items():
        found += _quotas(plan, location, each)
    return found


def _refusals(machine: _Machine, there: Offer) -> Iterator[Diagnostic]:
    size, location, path = machine.size, machine.location, machine.change.path
    at = (*path, "size")
    row = there.sizes.get(size.lower())
    if row is None:
        hint = f"run `az vm list-skus --location {location} --resource-type virtualMachines` to list the sizes"
        yield error("PV3601", f"{size} is not offered in {location}", *at, hint=hint)
        return
    refused = _restrictions(row, "Location")
    if refused:
        reason = f"Azure returns {', '.join(sorted(set(refused.values())))}."
        hint = "choose another size or region, or request access: https://aka.ms/azureskunotavailable"
        summary = f"{size} is not available for your subscription in {location}"
        yield error("PV3602", summary, *at, reason=reason, hint=hint)
    else:
        yield from _zones(machine, row)
    yield from _attached(machine, row)


def _zones(machine: _Machine, row: Body) -> Iterator[Diagnostic]:
    offered = {str(zone) for info in row.get("locationInfo") or () for zone in info.get("zones") or ()}
    closed = _restrictions(row, "Zone")
    usable = sorted(offered - set(closed))
    hint = (
        "use one of those zones, or another size" if usable else ("remove the zone, or choose another size or region")
    )
    for zone in machine.hardware.zones:
        where = f"zone {zone} of {machine.location}"
        at = (*machine.change.path, "zone")
        if zone in closed:
            reason = f"Azure returns {closed[zone]}; {_listed(usable)}"
            summary = f"{machine.size} is not available for your subscription in {where}"
            yield error("PV3603", summary, *at, reason=reason, hint=hint)
        elif zone not in offered:
            summary, reason = f"{machine.size} is not offered in {where}", _listed(usable).capitalize()
            yield error("PV3603", summary, *at, reason=reason, hint=hint)


def _listed(zones: Sequence[str]) -> str:
    return f"it is in {', '.join(zones)}." if zones else "it is in no zone of this region."


def _restrictions(row: Body, kind: str) -> dict[str, str]:
    """What is closed to the subscription, and the reason's code: regions, or zones."""
    word = "zones" if kind == "Zone" else "locations"
    return {
        str(place): str(item.get("reasonCode") or "NotAvailableForSubscription")
        for item in row.get("restrictions") or ()
        if item.get("type") == kind
        for place in (item.get("restrictionInfo") or {}).get(word) or item.get("values") or ()
    }


def _attached(machine: _Machine, row: Body) -> Iterator[Diagnostic]:
    """More disks or interfaces than the size has places for."""
    for name, what, word, count in (
        ("MaxDataDiskCount", "data disks", "data_disks", machine.hardware.data_disks),
        ("MaxNetworkInterfaces", "interfaces", "interfaces", machine.hardware.interfaces),
    ):
        most = _capability(row, name)
        if most is not None and count > most:
            summary = f"{machine.change.address} has {count} {what}, and {machine.size} supports {most}"
            yield error("PV3605", summary, *machine.change.path, word, hint="choose a larger size")


def _quotas(plan: Plan, location: str, there: Offer) -> Iterator[Diagnostic]:
    needed: dict[str, int] = defaultdict(int)
    who: dict[str, list[Change]] = defaultdict(list)
    for machine in _made(plan):
        if machine.location == location:
            for quota, cores in _counted(machine, there):
                needed[quota] += cores
                who[quota].append(machine.change)
    for machine in _gone(plan):
        if machine.location == location:
            for quota, cores in _counted(machine, there):
                needed[quota] -= cores
    for quota, cores in needed.items():
        row = there.usages.get(quota.lower())
        if row is None or row["limit"] < 0 or not who[quota]:
            continue
        left = row["limit"] - row["currentValue"]
        if cores > left:
            of = "" if quota in (_ALL, _SPOT) else f" of {quota}"
            kind = "spot vCPUs" if quota == _SPOT else "vCPUs"
            summary = f"the plan needs {cores} {kind}{of} in {location}; {max(0, left)} are left of {row['limit']}"
            names = [change.address for change in who[quota]]
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            reason = f"They are for {', '.join(names[:_SHOWN])}{more}."
            yield error("PV3604", summary, *who[quota][0].path, "size", reason=reason, hint=_INCREASE)


def _counted(machine: _Machine, there: Offer) -> list[tuple[str, int]]:
    """The quotas that a machine draws on."""
    row = there.sizes.get(machine.size.lower())
    cores = (_capability(row, "vCPUsAvailable") or _capability(row, "vCPUs")) if row is not None else None
    if row is None or not cores:
        return []
    if machine.hardware.is_spot:
        return [(_SPOT, cores)]
    return [(_ALL, cores), (str(row.get("family", "")), cores)]


def _capability(row: Body, name: str) -> int | None:
    value = next((item.get("value") for item in row.get("capabilities") or () if item.get("name") == name), None)
    return int(value) if value is not None and str(value).isdecimal() else None


def _made(plan: Plan) -> list[_Machine]:
    """Machines that are created, made anew or get another size."""
    found = []
    for change in plan.pending:
        machine = _machine(change, change.desired) if change.action != "delete" else None
        before = _machine(change, change.actual)
        if machine is not None and (change.action != "update" or before is None or not machine.is_as_large_as(before)):
            found.append(machine)
    return found


def _gone(plan: Plan) -> list[_Machine]:
    """What machines were that are deleted, made anew or get another size."""
    resized = {machine.change.address for machine in _made(plan)}
    gone = [change for change in plan.pending if change.action == "delete" or change.address in resized]
    return [machine for change in gone if (machine := _machine(change, change.actual)) is not None]


def _machine(change: Change, body: Body | None) -> _Machine | None:
    if change.kind.hardware is None or body is None:
        return None
    place = str(body.get("location") or (change.actual or {}).get("location", "")).replace(" ", "").lower()
    return _Machine(change, place, change.kind.hardware(body))
