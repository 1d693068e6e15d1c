"""What making some objects must take at least: no schedule of any tool is shorter.

In: what a cloud holds afterwards, when the end of each of its operations could be seen, and the bucket of writes. Out:
seconds of Azure. Nothing here is taken from a plan: what must be there before what is read off the objects themselves,
so that an order which waits for more than Azure does is found out.

Two things force the time. The longest path: each object is begun when what it needs is there. And the writes: take all
objects that have at least so long ahead of them; none can begin before the first of them may, the n-th of them cannot
begin before the bucket lets it, and whichever comes last still has that long ahead. The larger of both, for every "so
long". Requests are taken to need no time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any, Literal

BURST, PER_S = 200, 10.0
"""Writes: "Understand how Azure Resource Manager throttles requests"."""
_EXTENSIONS = "microsoft.compute/virtualmachines/extensions"
_GRANTS = "/providers/microsoft.authorization/roleassignments/"

Wait = Literal["end", "begin"]


@dataclass(frozen=True)
class Work:
    """One object that is made by one write; ``needs`` says what of which others is waited for."""

    id: str
    duration_s: float = 0.0
    needs: Mapping[str, Wait] = field(default_factory=dict)


def works(bodies: Mapping[str, Any], written: Sequence[str], seen_s: Mapping[str, float]) -> list[Work]:
    """What was made, each behind what it needs.

    Args:
        bodies: of all that the cloud holds, by small ID, as it keeps them: without references back.
        written: small IDs that were written, in order; what is not among them came about with something else.
        seen_s: when the end of what makes an object can be seen, from its begin, by small ID; what is not there is made
            at once.

    An object needs what its body names (or what that is a part of), its group, and what it lies in. The principal of a
    machine or identity is in the first answer for it. One machine takes its extensions one after another.
    """
    own = set(written)
    named = {key: list(_named(bodies[key])) for key in written}
    for key in bodies.keys() - own:
        holder = next((step for step in _above(key) if step in own and "/providers/" in step), None)
        if holder is not None:
            named[holder] += _named(bodies[key])
    principals = {_principal(body): key for key, body in bodies.items() if _principal(body)}
    last: dict[str, str] = {}
    found = {}
    for key in written:
        ids = [*named[key], *_above(key)]
        needs: dict[str, Wait] = dict.fromkeys((need for need in _made(ids, own) if need != key), "end")
        if _GRANTS in key:
            giver = principals.get(bodies[key]["properties"]["principalId"])
            needs |= {giver: "begin"} if giver in own and giver not in needs else {}
        if _type(key) == _EXTENSIONS:
            machine = key.rpartition("/extensions/")[0]
            needs |= {last[machine]: "end"} if machine in last else {}
            last[machine] = key
        found[key] = Work(key, seen_s.get(key, 0.0), needs)
    return [
        found[key] for key in TopologicalSorter({key: list(work.needs) for key, work in found.items()}).static_order()
    ]


def heads_s(made: Iterable[Work]) -> dict[str, float]:
    """When each can begin at the earliest; what is needed comes first."""
    head: dict[str, float] = {}
    end: dict[str, float] = {}
    for work in made:
        head[work.id] = max((end[at] if wait == "end" else head[at] for at, wait in work.needs.items()), default=0.0)
        end[work.id] = head[work.id] + work.duration_s
    return head


def tails_s(made: Sequence[Work]) -> dict[str, float]:
    """From the beginning of each to the end of what hangs on it."""
    after_end: dict[str, float] = {}
    after_begin: dict[str, float] = {}
    tail: dict[str, float] = {}
    for work in reversed(made):
        own = max(work.duration_s + after_end.get(work.id, 0.0), after_begin.get(work.id, 0.0))
        tail[work.id] = own
        for need, wait in work.needs.items():
            after = after_begin if wait == "begin" else after_end
            after[need] = max(after.get(need, 0.0), own)
    return tail


def path_s(made: Sequence[Work]) -> float:
    """The longest path."""
    return max(tails_s(made).values(), default=0.0)


def bound_s(made: Sequence[Work], burst: int = BURST, per_s: float = PER_S) -> float:
    """The lower bound."""
    head, tail = heads_s(made), tails_s(made)
    found, earliest = path_s(made), float("inf")
    for count, key in enumerate(sorted(tail, key=lambda each: -tail[each]), start=1):
        earliest = min(earliest, head[key])
        found = max(found, earliest + max(0, count - burst) / per_s + tail[key])
    return found


def _named(value: Any) -> Iterator[str]:
    """Everything in a body that is an ARM ID, in small letters; the keys of maps of identities too."""
    if isinstance(value, str):
        if value.lower().startswith("/subscriptions/"):
            yield value.lower()
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _named(key)
            yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


def _above(key: str) -> Iterator[str]:
    """What an ID lies in."""
    while "/" in key[1:]:
        key = key.rpartition("/")[0]
        yield key


def _made(named: Iterable[str], own: set[str]) -> Iterator[str]:
    """The objects of ``own`` that IDs name, or name a part of."""
    for key in named:
        found = next((step for step in (key, *_above(key)) if step in own), None)
        if found is not None:
            yield found


def _principal(body: Any) -> str:
    """The principal that an object brings along; a grant only names one."""
    properties = body.get("properties") or {}
    is_grant = "roleDefinitionId" in properties
    return str(
        (body.get("identity") or {}).get("principalId") or ("" if is_grant else properties.get("principalId", ""))
    )


def _type(key: str) -> str:
    namespace, *rest = key.rpartition("/providers/")[2].split("/")
    return "/".join([namespace, *rest[::2]])
