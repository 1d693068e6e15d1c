"""What a resource type states about itself: the interface between the simulator's core and `types/*.py`.

In: data and a few plain functions. Out: `ResourceType`, found by a scan of `types/` (see its docstring for how to add
one). Everything has a default; a type states only where Azure differs from the common case. It holds no state.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from .errors import ArmError

if TYPE_CHECKING:
    from .arm.cloud import Cloud
    from .arm.links import Link
    from .arm.resource_write import ResourceWrite
    from .protocol.arm_path import ResourceId
    from .protocol.wire import Request, Response
from .state.resources import Resource

Json = dict[str, Any]
Style = Literal["network", "compute", "arm"]
"""Whose wording a refusal has: the network provider's, the compute provider's, or ARM's own."""


@dataclass(frozen=True, kw_only=True)
class NameRule:
    """What a name must look like; `code` is what Azure answers otherwise."""

    pattern: str
    longest: int
    shortest: int = 1
    code: str = "InvalidResourceName"
    hint: str = ""

    def check(self, name: str) -> None:
        """Raise ArmError for a name that breaks the rule."""
        if self.shortest <= len(name) <= self.longest and re.fullmatch(self.pattern, name):
            return
        hint = self.hint or (
            f"The name can be up to {self.longest} characters long. It must begin with a word character, and it must "
            "end with a word character or with '_'. The name may contain word characters or '.', '-', '_'."
        )
        raise ArmError(400, self.code, f"Resource name {name} is invalid. {hint}", details=[])


@dataclass(frozen=True, kw_only=True)
class LongRunning:
    """How long-running writes are answered; a type without one is synchronous.

    States are what `properties.provisioningState` says in the answer. A create that is answered `Succeeded` is
    done when it is answered, and still has its operation. `None` as Retry-After means: no such header.
    """

    body: Literal["network", "compute", "deployment"]
    create_status: int = 201
    creating: str = "Updating"
    updating: str = "Updating"
    location_on_put: bool = False
    create_retry_after_s: float | None = 3
    update_retry_after_s: float | None = 10
    delete_retry_after_s: float | None = 10
    poll_retry_after_s: float = 10
    operations: str = "operations"
    delete_preempts: bool = False
    update_at_once: Callable[[ResourceWrite], bool] = field(default=lambda change: False)


NETWORK = LongRunning(body="network", update_retry_after_s=3)
"""The network provider: 201/200 Updating with Azure-AsyncOperation, DELETE 202 with Location too (lro matrix)."""

COMPUTE = LongRunning(
    body="compute",
    creating="Creating",
    create_retry_after_s=10,
    update_retry_after_s=None,
    poll_retry_after_s=30,
    delete_preempts=True,
)
"""The compute provider: 201 Creating / 200 Updating, never Location on PUT, polls with Retry-After 9-70, mostly 30."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A place in the body that names another resource.

    Attributes:
        path: where the object with the `id` stands (`properties.subnet`), or `...{}` for the keys of a map.
        type: the ARM type it must name.
        blocks_delete: whether the named resource cannot be deleted while this reference stands.
        back: path in the named resource under which Azure shows who refers to it, computed on reading;
            `back_many` for a list. The ID shown is that of the innermost list entry around the reference, else of
            the resource itself.
        missing: makes the error for a resource that is not there; the provider's usual one otherwise.
        same_region: refuse a resource in another region.
        keep_siblings: keep what else the client sent beside the `id`; Azure reduces it to the ID alone.
    """

    path: str
    type: str
    blocks_delete: bool = True
    back: str | None = None
    back_many: bool = False
    missing: Callable[[ResourceWrite, str], ArmError] | None = None
    same_region: bool = True
    keep_siblings: bool = False


@dataclass(frozen=True, kw_only=True)
class Immutable:
    """A property that an update may not change; left out of a PUT, it keeps its value when `keep_if_omitted`."""

    path: str
    code: str = "PropertyChangeNotAllowed"
    status: int = 409
    message: str = "Changing property '{path}' is not allowed."
    keep_if_omitted: bool = True


@dataclass(frozen=True, kw_only=True)
class Action:
    """A POST on a resource (`start`, `listKeys`).

    `run` changes `change.body` and may return the answer; with `long_running` it is answered 202 and `finish`
    runs when the operation ends.
    """

    run: Callable[[ResourceWrite], Response | None]
    long_running: LongRunning | None = None
    finish: Callable[[ResourceWrite], None] | None = None


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """One ARM type.

    Attributes:
        type: canonical spelling, `Microsoft.Network/virtualNetworks/subnets`; a child type is one of its parent's.
        name: the rule for names.
        model: the SDK model that serves as property schema, `azure.mgmt.network.models:Subnet`; None takes any body.
        tracked: has location and tags, and shows up in `/resources`.
        scopes: where it may stand: "group", "subscription", "tenant", "resource" (as an extension of any resource).
        style: whose wording refusals have.
        long_running: how writes are answered; None is synchronous.
        create_status, update_status: status of a synchronous write; `delete_status` and `delete_body` likewise.
        location_on_create: a synchronous create answers with a relative Location header (managed identities).
        etag: "weak" is `W/"guid"` in body and header, "integer" counts up, None has none.
        embedded_in: for a child that lives in its parent's body: where (`properties.subnets`). It is stored apart,
            shown inside the parent, and written through either.
        keep_if_parent_omits: asked with the API version of a parent's PUT that leaves the list out altogether.
        parts: lists in the body whose entries Azure gives an ID, a type and an etag but that cannot be addressed
            by PUT (`{"properties.ipConfigurations": "ipConfigurations"}`: path to the type's last word).
        kept_at_subscription: written at a group, it stands at the group's subscription (role definitions).
        lower_case_group: IDs say `resourcegroups` (managed identities).
        not_found: who says that it is missing: "gateway" or "provider".
        patch: "tags" replaces the tags and is synchronous (network), "merge" merges and runs as an update, None
        is 405.
        defaults: values set when a PUT leaves them out, by path.
        immutable, references: see there.
        write_only: paths that are kept hidden and never answered.
        secret: write-only paths whose values are not kept at all: only that there was one, as True.
        manager: the ID that lists across types show as `managedBy` (the machine of a disk).
        locks_parent: an operation on it excludes others on its parent; embedded ones always do.
        survives_scope: stays when the resource it hangs on goes (role assignments).
        actions: POSTs by lower-case name.
        validate: refuse (raise ArmError); the whole new body is in `change.body`, defaults included.
        fill: set what the server sets; runs after validate.
        finish: set what appears only when the operation ends; an ArmError makes the operation fail.
        check_delete: refuse a delete beyond what references say.
        in_use: makes the error for a delete while `links` still refer to it; None lets it be deleted.
        deleted: clean up after itself once it is gone.
        render: last touches on a copy that is about to be answered (`$expand`).
        virtual: a resource that is not stored (built-in role definitions), by ID.
        list_filter: applies `$filter` and decides which resources a list at a scope shows; returns rendered bodies.
    """

    type: str
    name: NameRule
    model: str | None = None
    tracked: bool = True
    scopes: frozenset[str] = frozenset({"group"})
    style: Style = "arm"
    long_running: LongRunning | None = None
    create_status: int = 201
    update_status: int = 200
    delete_status: int = 200
    delete_body: bool = False
    location_on_create: bool = False
    etag: Literal["weak", "integer"] | None = None
    embedded_in: str | None = None
    keep_if_parent_omits: Callable[[str], bool] = field(default=lambda api_version: False)
    parts: Mapping[str, str] = field(default_factory=dict)
    kept_at_subscription: bool = False
    lower_case_group: bool = False
    not_found: Literal["gateway", "provider"] = "gateway"
    patch: Literal["tags", "merge"] | None = "tags"
    defaults: Mapping[str, Any] = field(default_factory=dict)
    immutable: Sequence[Immutable] = ()
    references: Sequence[Reference] = ()
    write_only: Sequence[str] = ()
    secret: Sequence[str] = ()
    manager: Callable[[Resource, Cloud], str | None] | None = None
    locks_parent: bool = False
    survives_scope: bool = False
    actions: Mapping[str, Action] = field(default_factory=dict)
    validate: Callable[[ResourceWrite], None] | None = None
    fill: Callable[[ResourceWrite], None] | None = None
    finish: Callable[[ResourceWrite], None] | None = None
    check_delete: Callable[[Resource, Cloud], None] | None = None
    in_use: Callable[[Resource, Sequence[Link]], ArmError | None] | None = None
    deleted: Callable[[Resource, Cloud], None] | None = None
    render: Callable[[Resource, Json, Request, Cloud], None] | None = None
    virtual: Callable[[ResourceId, Cloud], Json | None] | None = None
    list_filter: Callable[[Request, str, Sequence[Resource], Cloud], list[Json]] | None = None
    modelled: bool = True

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


@dataclass(frozen=True, kw_only=True)
class Route:
    """An address outside of the resource scheme, such as a catalogue of VM sizes.

    `pattern` is compared segment by segment without regard to case; `{name}` matches any one segment and is
    handed over.
    """

    method: str
    pattern: str
    answer: Callable[[Request, Cloud, Mapping[str, str]], Response]


Guard = Callable[["Cloud", str, Literal["write", "delete"]], None]
"""Asked with a resource's or group's ID before every write and delete; raises ArmError to refuse (management locks)."""
