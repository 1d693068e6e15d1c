"""Steps: the operations that carry out a change, and what each of them waits for.

In: nothing. Out: ``Step`` and its parts, as values. An operation is an intent and not a finished request:
``comparison.rendering`` makes its body of it, in view of the object as it is then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from ..base.values import Body

if TYPE_CHECKING:
    from .kind import Kind

Wait = Literal["done", "accepted", "value"]
RunIf = Literal["success", "started"]
Strength = Literal["required", "preferred", "optional"]
Verb = Literal["create", "update", "delete"]
NOT_VISIBLE_YET, NEW_PRINCIPAL, LOCK_REMOVED = "not visible yet", "new principal", "lock removed"


@dataclass(frozen=True)
class GroupContents:
    """What may be in a resource group when it is deleted.

    owned: ID keys of what the deployment owns in it, and of what Azure deletes together with that.
    witnesses: those of them that Resource Manager's list showed: once it no longer does, the list is recent.
    kinds: the kinds whose providers are asked what is in the group.
    is_emptied: the run deletes all of ``owned`` first; otherwise the group is deleted in one request.
    """

    owned: frozenset[str]
    witnesses: frozenset[str]
    kinds: tuple[Kind, ...]
    is_emptied: bool


@dataclass(frozen=True)
class Put:
    """Write the whole object. What ``desired`` does not speak of survives, but for the parts named in ``drops``."""

    desired: Body
    drops: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Patch:
    """Write the groups of properties (``tags``, ``properties.storageProfile``) in which ``paths`` lie."""

    desired: Body
    paths: tuple[str, ...]
    drops: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MergeTags:
    """Set and drop some tags, in view of those that the object has by then."""

    set: Mapping[str, str] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Detach:
    """Write the object without its references to these objects, so that Azure lets them be deleted."""

    resource_ids: tuple[str, ...]


@dataclass(frozen=True)
class Keep:
    """Write the object so that Azure does not delete these objects together with it (``deleteOption: Detach``)."""

    resource_ids: tuple[str, ...]


@dataclass(frozen=True)
class Delete:
    """Delete the object; of a resource group only if it contains nothing but ``contents``."""

    contents: GroupContents | None = None


@dataclass(frozen=True)
class DeletedWith:
    """No request: Azure deletes the object together with that of another change, its parent or resource group."""

    address: str


@dataclass(frozen=True)
class PostAction:
    """A POST on the object that changes its state."""

    name: Literal["deallocate", "start"]


Operation = Put | Patch | MergeTags | Detach | Keep | Delete | DeletedWith | PostAction


@dataclass(frozen=True)
class Dependency:
    """What a step waits for at another step.

    wait: ``done`` for its end, ``accepted`` for Azure's first answer, ``value`` for an output in that answer.
    strength: one that is not ``required`` is dropped where it would close a cycle, an ``optional`` one first.
    why: for people.
    """

    wait: Wait = "done"
    strength: Strength = "required"
    why: str = ""


@dataclass(frozen=True)
class Tolerated:
    """Errors that are a delay in Azure for this step, and are tried again.

    names: the ARM IDs of which the message has to name one; none stand for any message.
    """

    error: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One operation of a change.

    id: the change's address and a verb (``vms/web:deallocate``).
    change: the address of the change.
    depends_on: step IDs of this change and of others.
    run_if: ``started`` also after a failure, if what it undoes was started, or succeeded, as it waits for that: a
        machine that was deallocated for a change is started again even if the change failed.
    verb: whose typical duration and time limit count; None for a short one beside the change's write.
    left_behind: for people, what its failure leaves behind and how to mend that: if the steps of its change that it
        depends on had succeeded, and if they had only been started.
    """

    id: str
    change: str
    operation: Operation
    kind: Kind
    resource_id: str
    depends_on: Mapping[str, Dependency] = field(default_factory=dict)
    run_if: RunIf = "success"
    tolerates: tuple[Tolerated, ...] = ()
    verb: Verb | None = None
    left_behind: tuple[str, str] = ("", "")

    @property
    def sends(self) -> bool:
        """Whether it makes a request."""
        return not isinstance(self.operation, DeletedWith)


class SteppedChange(Protocol):
    """What the hook of a kind may know of the change whose steps it completes; see ``planning.plan.Change``."""

    @property
    def address(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def id(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def actual(self) -> Body | None: ...
    @property
    def desired(self) -> Body | None: ...
    @property
    def differences(self) -> Sequence[SeenDifference]: ...


class SeenDifference(Protocol):
    """See ``comparison.differences.Difference``."""

    @property
    def path(self) -> str: ...
    @property
    def before(self) -> object: ...
    @property
    def after(self) -> object: ...
