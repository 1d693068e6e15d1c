"""What a resource type states about itself: the interface between the simulator's core and `types/`.

In: data and a few plain functions. Out: `ResourceType`, found by a scan of `types/` (see its docstring for how to add
one). Everything but the type and its names has a default; a type states only where Azure differs from the common
case. It holds no state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .answers import Answers
from .body import Body
from .hooks import Action, DeleteHooks, ReadHooks, WriteHooks
from .names import NameRule
from .placement import Containment, Placement


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """One ARM type.

    Attributes:
        type: canonical spelling, `Microsoft.Network/virtualNetworks/subnets`; a child type is one of its parent's.
        actions: POSTs by lower-case name.
    """

    type: str
    name: NameRule
    body: Body = field(default_factory=Body)
    placement: Placement = field(default_factory=Placement)
    containment: Containment = field(default_factory=Containment)
    answers: Answers = field(default_factory=Answers)
    actions: Mapping[str, Action] = field(default_factory=dict)
    on_write: WriteHooks = field(default_factory=WriteHooks)
    on_read: ReadHooks = field(default_factory=ReadHooks)
    on_delete: DeleteHooks = field(default_factory=DeleteHooks)

    @property
    def key(self) -> str:
        return self.type.lower()

    @property
    def namespace(self) -> str:
        return self.type.partition("/")[0]

    @property
    def parent_key(self) -> str | None:
        """The parent's type in lower case, or None for a top-level type."""
        return self.key.rpartition("/")[0] if self.type.count("/") > 1 else None

    @property
    def own_word(self) -> str:
        """The last word of the type: `subnets`."""
        return self.type.rpartition("/")[2]
