"""The functions of a type, called where Azure's provider has a say; and addresses of its own.

In: a `ResourceWrite`, or a stored `Resource` and the cloud. Out: what each says. They run in the request's
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..json_values import Json

if TYPE_CHECKING:
    from ..arm.cloud import Cloud
    from ..arm.links import Link
    from ..arm.resource_write import ResourceWrite
    from ..errors import ArmError
    from ..protocol.arm_path import ResourceId
    from ..protocol.wire import Request, Response
    from ..state.resources import Resource
    from .answers import LongRunning


@dataclass(frozen=True, kw_only=True)
class WriteHooks:
    """On writes, in this order.

    Attributes:
        validate: refuse (raise ArmError); the whole new body is in `change.body`, defaults included.
        fill: set what the server sets; runs after validate.
        finish: set what appears only when the operation ends; an ArmError makes the operation fail.
    """

    validate: Callable[[ResourceWrite], None] | None = None
    fill: Callable[[ResourceWrite], None] | None = None
    finish: Callable[[ResourceWrite], None] | None = None


@dataclass(frozen=True, kw_only=True)
class ReadHooks:
    """On reads.

    Attributes:
        render: last touches on a copy that is about to be answered (`$expand`).
        virtual: a resource that is not stored, by ID.
        list_filter: applies `$filter` and decides which resources a list at a scope shows; returns rendered bodies.
        manager: the ID that lists across types show as `managedBy`.
    """

    render: Callable[[Resource, Json, Request, Cloud], None] | None = None
    virtual: Callable[[ResourceId, Cloud], Json | None] | None = None
    list_filter: Callable[[Request, str, Sequence[Resource], Cloud], list[Json]] | None = None
    manager: Callable[[Resource, Cloud], str | None] | None = None


@dataclass(frozen=True, kw_only=True)
class DeleteHooks:
    """On deletes.

    Attributes:
        check: refuse a delete beyond what references say.
        in_use: makes the error for a delete while `links` still refer to it; None lets it be deleted.
        deleted: clean up after itself once it is gone.
    """

    check: Callable[[Resource, Cloud], None] | None = None
    in_use: Callable[[Resource, Sequence[Link]], ArmError | None] | None = None
    deleted: Callable[[Resource, Cloud], None] | None = None


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
