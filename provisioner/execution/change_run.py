"""A change while it is carried out, and the values that others take from it.

In: changes with their steps, and the first and last bodies that Azure answers for them. Out: ``ChangeRun``, whose
events others wait for; ``ValueResolver``, which puts known values in the place of leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..base.diagnostics import AzureFailure, ExecutionError
from ..base.values import Body, Leaf, Lookup, Ref, Secret, Text, substitute
from ..planning.plan import Change
from ..resources.encoding import encoded
from ..resources.steps import Step
from .events import Result


@dataclass
class StepRun:
    """One step while it runs: ``ended`` is set in any case once the step, or its whole change, is over."""

    step: Step
    is_started: bool = False
    has_succeeded: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class ChangeRun:
    """One change while it runs.

    current: the object as the next body is made for it; None while it does not exist.
    body: the last answer, from which others take values.
    values: set as soon as the first answer to the change's write has arrived.
    is_stale: another writer was first, so the object has to be read again.
    was_busy: another operation ran on the object, so a refusal may have been for that alone.
    is_committed: a change that has been started needs this one, so it is started even after a stop.
    """

    change: Change
    steps: tuple[StepRun, ...]
    current: Body | None = None
    body: Body | None = None
    values: asyncio.Event = field(default_factory=asyncio.Event)
    is_stale: bool = False
    was_busy: bool = False
    is_committed: bool = False
    is_started: bool = False
    result: Result | None = None

    @property
    def sends(self) -> bool:
        return any(item.step.sends for item in self.steps)

    @property
    def waits_while_running(self) -> bool:
        """Whether a later step waits for another change for which the first one does not wait."""
        before = set(self.steps[0].step.depends_on)
        later = (on for item in self.steps[1:] for on in item.step.depends_on)
        own = {item.step.id for item in self.steps}
        return any(on not in before and on not in own for on in later)

    def own(self, step_id: str) -> StepRun | None:
        return next((item for item in self.steps if item.step.id == step_id), None)


class ValueResolver:
    """What is known of each change so far; ``reveal`` gives the value of a secret by its name."""

    def __init__(self, runs: Mapping[str, ChangeRun], reveal: Callable[[str], str]) -> None:
        self._runs = runs
        self._reveal = reveal

    def resolve(self, body: Body) -> Body:
        """A body without leaves.

        Raises:
            ExecutionError: a value that it needs is not known.
        """
        result: Body = substitute(body, self._value)
        return result

    def resolve_known(self, body: Body) -> Body:
        """A body in which only those leaves are left whose value is not known."""
        result: Body = substitute(body, self._known)
        return result

    def _known(self, leaf: Leaf) -> Any:
        try:
            return self._value(leaf)
        except ExecutionError:
            return leaf

    def _value(self, leaf: Leaf) -> Any:
        if isinstance(leaf, Secret):
            return self._reveal(leaf.name)
        if isinstance(leaf, Text):
            return encoded(leaf, self._value)
        if isinstance(leaf, Ref):
            other = self._runs[leaf.address]
            if leaf.attribute == "id":
                return f"{other.change.id}{leaf.child}"
            value = other.change.kind.value(leaf.attribute, other.body)
            if value is None:
                message = f"{leaf.address} has no {leaf.attribute} yet"
                raise ExecutionError(AzureFailure("ValueMissing", message, target=other.change.id))
            return value
        raise TypeError(f"unbound {leaf if not isinstance(leaf, Lookup) else leaf.name}")
