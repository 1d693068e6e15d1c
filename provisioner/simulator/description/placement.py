"""Where a resource stands: at which scopes, under which ID, and how it belongs to its parent.

In: nothing. Out: frozen values; `arm.cloud`, `arm.checks` and `arm.write_set` read them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..arm.cloud import Cloud
    from ..protocol.arm_path import ResourceId

ANYWHERE = frozenset({"group", "subscription", "tenant", "resource"})


def _as_asked(asked: ResourceId, cloud: Cloud) -> ResourceId:
    return asked


def _as_is(scope: str) -> str:
    return scope


def _never(api_version: str) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a type's resources stand.

    Attributes:
        scopes: "group", "subscription", "tenant", "resource" (as an extension of any resource).
        tracked: has location and tags, and shows up in `/resources`.
        survives_scope: stays when what it hangs on goes.
        address: the ID it stands under, where that is not the one asked for.
        spelled: how its scope is spelled in its ID.
    """

    scopes: frozenset[str] = frozenset({"group"})
    tracked: bool = True
    survives_scope: bool = False
    address: Callable[[ResourceId, Cloud], ResourceId] = _as_asked
    spelled: Callable[[str], str] = _as_is


@dataclass(frozen=True, kw_only=True)
class Containment:
    """How a child type belongs to its parent.

    Attributes:
        embedded_in: for a child that lives in its parent's body: where (`properties.subnets`). It is stored apart,
            shown inside the parent, and written through either. A missing one is reported by the provider.
        keep_if_parent_omits: asked with the API version of a parent's PUT that leaves the list out altogether.
        shares_operations: an operation on it excludes others on its parent; embedded ones always do.
    """

    embedded_in: str | None = None
    keep_if_parent_omits: Callable[[str], bool] = _never
    shares_operations: bool = False

    @property
    def locks_parent(self) -> bool:
        return self.shares_operations or self.embedded_in is not None
