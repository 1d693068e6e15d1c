"""How the requests of a type are answered: statuses, etags, and what leads to a long-running operation.

In: nothing. Out: frozen values; `arm.writing`, `arm.deleting` and `arm.operation_answers` read them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .refusals import ARM, Refusals

if TYPE_CHECKING:
    from ..arm.resource_write import ResourceWrite
    from ..state.resources import Resource


def _never(change: ResourceWrite) -> bool:
    return False


def _no_headers(resource: Resource) -> Mapping[str, str]:
    return {}


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
    update_at_once: Callable[[ResourceWrite], bool] = _never


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a type answers.

    Attributes:
        refusals: what it says when it refuses.
        long_running: how writes are answered; None is synchronous.
        create_status, update_status: status of a synchronous write.
        created_headers: headers of the answer to a synchronous create.
        delete_body: a synchronous delete answers with what is gone.
        etag: "weak" is `W/"guid"` in body and header, "integer" counts up, None has none.
        patch: "tags" replaces the tags and is synchronous, "merge" merges and runs as an update, None is 405.
    """

    refusals: Refusals = ARM
    long_running: LongRunning | None = None
    create_status: int = 201
    update_status: int = 200
    created_headers: Callable[[Resource], Mapping[str, str]] = _no_headers
    delete_body: bool = False
    etag: Literal["weak", "integer"] | None = None
    patch: Literal["tags", "merge"] | None = "tags"
