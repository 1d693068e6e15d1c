"""The `rules` of a faults file.

In: the list. Out: `Rule` records; problems are noted where they stand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from .model import OPERATIONS, Capacity, Dropped, Effect, Ended, Hung, Killed, Missing, Refused, Rule, Truncated
from .yaml_node import Part

STATUSES: dict[int, tuple[str, str]] = {
    400: ("BadRequest", "The request is invalid."),
    401: ("AuthenticationFailed", "Authentication failed."),
    403: ("AuthorizationFailed", "The client does not have authorization to perform the action."),
    404: ("ResourceNotFound", "The resource was not found."),
    408: ("RequestTimeout", "The request timed out."),
    409: ("Conflict", "The request failed due to conflict with a concurrent request."),
    412: ("PreconditionFailed", "A precondition failed."),
    429: ("TooManyRequests", "The request is being throttled."),
    500: ("InternalServerError", "Encountered internal server error."),
    502: ("BadGateway", "The gateway received an invalid answer."),
    503: ("ServerBusy", "The server is busy. Please retry."),
    504: ("GatewayTimeout", "The gateway did not receive a response from the provider within the time."),
}
"""What stands in an answer when the rule says no more than the status."""

RETRY_AFTER_S = 10.0
CAPACITY = ("AllocationFailed", "ZonalAllocationFailed", "OverconstrainedAllocationRequest", "SkuNotAvailable")


def read_rules(part: Part) -> tuple[Rule, ...]:
    rules = [_rule(entry, number) for number, entry in enumerate(part.entries(), 1)]
    return tuple(rule for rule in rules if rule is not None)


def _rule(part: Part, number: int) -> Rule | None:
    if not part.require_map():
        return None
    effects = [(name, read) for name, read in EFFECTS.items() if name in part]
    effect: Effect | None = None
    for name, read in effects:
        found = part.take(name)
        effect = read(found) if found is not None else None
    if len(effects) != 1:
        part.problem(f"a rule has exactly one of {', '.join(EFFECTS)}, this one {len(effects)}")
        effect = None
    nth = part.take("nth")
    operations = part.take("operation")
    rule = Rule(
        name=part.scalar("name", Part.text, f"rule {number}"),
        type=part.scalar("type", Part.text, "*"),
        operations=_operations(operations) if operations is not None else frozenset({"any"}),
        resource=part.scalar("resource", Part.text, "*"),
        sizes=tuple(part.scalar("size", Part.texts, [])),
        zones=tuple(part.scalar("zone", Part.texts, [])),
        locations=tuple(part.scalar("location", Part.texts, [])),
        rate=part.scalar("rate", lambda one: one.number(0, 1), 1.0),
        nth=_nth(nth) if nth is not None else frozenset(),
        times=part.scalar("times", Part.whole, None),
        per_resource=part.scalar("per", lambda one: one.word(("rule", "resource")), "rule") == "resource",
        effect=effect or Truncated(),
    )
    part.done(EFFECTS)
    return rule if effect is not None else None


def _operations(part: Part) -> frozenset[str]:
    words = [word.lower() for word in part.texts()]
    for word in words:
        if word in ("put", "get", "patch", "post", "head"):
            part.problem(
                f"'{word}' is a method, not an operation", f"use one of: {', '.join(OPERATIONS)}, or an action's name"
            )
    return frozenset(words) or frozenset({"any"})


def _nth(part: Part) -> frozenset[int]:
    parts = [part] if part.is_scalar else part.entries()
    return frozenset(number for one in parts if (number := one.whole(1)) is not None)


def _answer(part: Part) -> Effect | None:
    status_part = part if part.is_scalar else part.take("status") if part.require_map() else None
    if status_part is None:
        if part.is_map:
            part.problem("the status is missing")
        return None
    status = status_part.whole(400, 599)
    if status is None:
        return None
    code, message = STATUSES.get(status, ("Error", "The request failed."))
    if part.is_scalar:
        return Refused(
            status=status, code=code, message=message, retry_after_s=RETRY_AFTER_S if status == 429 else None
        )
    default = RETRY_AFTER_S if status == 429 else None
    found = Refused(
        status=status,
        code=part.scalar("code", Part.text, code),
        message=part.scalar("message", Part.text, message),
        retry_after_s=part.scalar("retry_after_s", Part.number, default),
    )
    part.done()
    return found


def _drop(part: Part) -> Effect | None:
    when = part.word(("before", "after"))
    return Dropped(when=cast(Literal["before", "after"], when)) if when is not None else None


def _kill(part: Part) -> Effect | None:
    when = part.word(("before", "during", "after"))
    return Killed(when=cast(Literal["before", "during", "after"], when)) if when is not None else None


def _missing(part: Part) -> Effect | None:
    seconds = part.number()
    return Missing(seconds=seconds) if seconds is not None else None


def _only_true(effect: Effect) -> Callable[[Part], Effect | None]:
    def read(part: Part) -> Effect | None:
        if part.flag():
            return effect
        part.problem("only true makes sense here")
        return None

    return read


def _ended(status: Literal["Failed", "Canceled"], code: str, message: str) -> Callable[[Part], Effect | None]:
    def read(part: Part) -> Effect | None:
        if part.is_scalar and part.node.value == "true":
            return Ended(status=status, code=code, message=message)
        if part.is_scalar:
            own = part.text()
            return Ended(status=status, code=own, message=message) if own is not None else None
        if not part.require_map():
            return None
        found = Ended(
            status=status,
            code=part.scalar("code", Part.text, code),
            message=part.scalar("message", Part.text, message),
        )
        part.done()
        return found

    return read


def _capacity(part: Part) -> Effect | None:
    code = part.word(CAPACITY)
    return Capacity(code=code) if code is not None else None


EFFECTS: dict[str, Callable[[Part], Effect | None]] = {
    "answer": _answer,
    "drop": _drop,
    "truncate": _only_true(Truncated()),
    "kill": _kill,
    "missing_s": _missing,
    "fail": _ended("Failed", "InternalExecutionError", "An internal execution error occurred. Please retry later."),
    "cancel": _ended("Canceled", "Canceled", "The operation was canceled."),
    "hang": _only_true(Hung()),
    "capacity": _capacity,
}
