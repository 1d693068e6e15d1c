"""The configured faults at work: asked at the few places where something can go wrong.

In: requests, writes, operations that begin, tokens, new principals. Out: what becomes of each. The gateway, the
writes and the operations call it; it changes no state of its own but counters.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from ..durations import spread_of
from ..errors import ArmError
from ..json_values import JsonObject
from ..state.operations import Fate, Operation
from .injected_fault import NO_FAULT, InjectedFault
from .model import Capacity, Dropped, Ended, Faults, Hung, Killed, Missing, Refused, Rule, Spread, Truncated
from .seeded_choices import Facts, SeededChoices

if TYPE_CHECKING:
    from ..arm.request_target import RequestTarget
    from ..arm.resource_write import ResourceWrite

NEVER_S = 100 * 365 * 86_400.0
"""How far away the end of an operation is that hangs."""
AT_REQUEST = (Refused, Dropped, Truncated, Killed, Missing)
AT_BEGIN = (Ended, Hung)


class FaultInjector:
    """Decides which of the configured faults happen, and when."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._choices = SeededChoices(faults.seed)

    def fault_for(self, target: RequestTarget, age_s: float | None, body: JsonObject | None) -> InjectedFault:
        """What happens to a request.

        Args:
            age_s: how long ago the resource that it reads was made, in seconds of Azure; None for other requests.
            body: the body sent, where it is one.
        """
        facts = Facts(target.type, target.operation, target.target, body, target.is_action)
        young = [rule for rule in self._faults.rules if _is_young_enough(rule, age_s)]
        rule = self._choices.first(young, facts, AT_REQUEST)
        if rule is None:
            return NO_FAULT
        note = f"fault: {rule.name}"
        match rule.effect:
            case Refused() as refused:
                return InjectedFault(refused=refused, note=note)
            case Dropped(when=when):
                return InjectedFault(drop=when, note=note)
            case Killed(when=when):
                return InjectedFault(kill=when, note=note)
            case Truncated():
                return InjectedFault(truncate=True, note=note)
            case Missing():
                return InjectedFault(missing=True, note=note)
        return NO_FAULT

    def refuse_write(self, change: ResourceWrite) -> None:
        """Raise the refusal of a machine that finds no room; asked when everything else about it is right."""
        rules = [rule for rule in self._faults.rules if rule.effect == Capacity(code="SkuNotAvailable")]
        facts = Facts(change.type.type, change.verb, change.id, change.body)
        if self._choices.first(rules, facts, (Capacity,)) is not None:
            size = change.properties.get("hardwareProfile", {}).get("vmSize", "")
            raise ArmError(
                409,
                "SkuNotAvailable",
                f"The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: {size}' is "
                f"currently not available in location '{change.location}'. Please try another size or deploy to a "
                "different location or different zone. See https://aka.ms/azureskunotavailable for details.",
            )

    def begin(self, operation: Operation, body: JsonObject | None) -> Operation:
        """An operation as it will go: how long it takes, and how it ends."""
        operation = self._paced(operation)
        facts = Facts(
            operation.type,
            operation.verb,
            operation.target,
            body,
            operation.verb not in ("create", "update", "delete"),
        )
        later = [rule for rule in self._faults.rules if rule.effect != Capacity(code="SkuNotAvailable")]
        rule = self._choices.first(later, facts, (*AT_BEGIN, Capacity))
        match rule.effect if rule is not None else None:
            case Hung():
                return replace(operation, finish_at=operation.started_at + NEVER_S, fate={"status": "InProgress"})
            case Ended(status=status, code=code, message=message):
                return replace(operation, fate=_fate(status, code, message))
            case Capacity(code=code):
                return replace(operation, fate=_fate("Failed", code, CAPACITY_MESSAGES[code]))
        return operation

    def lag_s(self, owner: str) -> float | None:
        """How long a new principal is not visible; None leaves it to the settings."""
        lag = self._faults.lag
        return None if lag is None else lag.spread.draw(self._choices.stream(f"directory/{owner.lower()}"))

    def _paced(self, operation: Operation) -> Operation:
        key = (operation.type.lower(), operation.verb.lower())
        own = self._faults.durations.get(key)
        spread = own if own is not None and own.p90 is not None else None
        if spread is None and self._faults.spread_durations and own is None:
            median, p90 = spread_of(*key)
            spread = Spread(median=median, p90=p90)
        if spread is None or spread.median <= 0:
            return operation
        drawn = spread.draw(self._choices.stream(f"duration/{'/'.join(key)}/{operation.target.lower()}"))
        # `finish_at` is the scaled median: the draw stretches it by the same factor at any scale.
        seconds = (operation.finish_at - operation.started_at) * drawn / spread.median
        return replace(operation, finish_at=operation.started_at + seconds)


def _is_young_enough(rule: Rule, age_s: float | None) -> bool:
    return not isinstance(rule.effect, Missing) or (age_s is not None and age_s < rule.effect.seconds)


def _fate(status: Literal["Failed", "Canceled"], code: str, message: str) -> Fate:
    return {"status": status, "error": {"code": code, "message": message}}


CAPACITY_MESSAGES = {
    "AllocationFailed": "Allocation failed. We do not have sufficient capacity for the requested VM size in this "
    "region. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance",
    "ZonalAllocationFailed": "Allocation failed. We do not have sufficient capacity for the requested VM size in this "
    "zone. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance",
    "OverconstrainedAllocationRequest": "Allocation failed. VM(s) with the following constraints cannot be allocated, "
    "because the condition is too restrictive. Please remove some constraints and try again.",
}
