"""A kind of Azure resource: data and pure functions.

In: nothing. Out: ``Kind``; its facts are grouped in ``facts``, and ``kinds/`` holds the instances. No I/O, no Azure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..base.values import Body, value_at
from .entry import Entry
from .facts import Hardware, Import, Operations, Output, Ownership, Replacement, Rights, Rules, Schema, Timing
from .steps import Step, SteppedChange

StepsHook = Callable[[SteppedChange, tuple[Step, ...]], tuple[Step, ...]]
_SECTIONS = frozenset({"properties", "sku", "tags", "identity", "plan", "extendedLocation", "zones", "kind", "name"})
"""What a resource's body has at its top besides its ID, location and type."""


@dataclass(frozen=True)
class Kind:
    """One kind of Azure resource; see ``kinds/`` for the instances.

    name: ours (``virtual_network``); type: ARM's (``Microsoft.Network/virtualNetworks``).
    scope: where the ARM resource lies. What lies in a group is listed there, everything else is read by its ID.
    nested: the ARM resource is a child of the parent entry's resource (an extension of its VM).
    is_container: other resources lie in it, and Azure deletes them together with it (a resource group).
    schema, operations, rules, ownership, replacement, importing, timing, rights: its other facts, by what they are
        about.
    hardware: what an object takes of its region, by its body; None for a kind that runs on no hardware of its own.
    steps: completes the steps that a change has by default, for the few kinds that need a detour.
    The SDK sends the API version; each kind cites the documents of its version.
    """

    name: str
    type: str
    operations: Operations
    scope: Literal["subscription", "group", "any"] = "group"
    nested: bool = False
    is_container: bool = False
    schema: Schema = field(default_factory=Schema)
    rules: Rules = field(default_factory=Rules)
    ownership: Ownership = field(default_factory=Ownership)
    replacement: Replacement = field(default_factory=Replacement)
    importing: Import = field(default_factory=Import)
    timing: Timing = field(default_factory=Timing)
    rights: Rights = field(default_factory=Rights)
    hardware: Callable[[Body], Hardware] | None = None
    steps: StepsHook = lambda change, default: default

    @property
    def is_external(self) -> bool:
        """Whether it stands for objects of any type that exist outside of the deployment: read, never written."""
        return not self.type

    @property
    def has_power_state(self) -> bool:
        """Whether its objects run, and can be stopped and started."""
        return bool(self.operations.deallocate)

    def output(self, attribute: str) -> Output | None:
        """Where a value that expressions may name is; None where there is no such value."""
        found = self.schema.outputs.get(attribute)
        if found is None and self.schema.exposes_all_properties:
            steps = tuple(int(step) if step.isdecimal() else step for step in attribute.split("."))
            found = Output(steps, early=True) if steps[0] in _SECTIONS else None
        return found

    def value(self, attribute: str, body: Any) -> Any:
        """That value in an object's body; None where it is not there (yet)."""
        output = self.output(attribute)
        return value_at(body, output.path) if output is not None else None


def name_of(kind: Kind, entry: Entry) -> str:
    """The Azure name of an entry: ``name:`` when given, else the kind's default (the key)."""
    name = entry.data.get("name") if isinstance(entry.data, Mapping) else None
    return str(name) if name else kind.schema.default_name(entry)
