"""What the body of a resource may hold: its schema, defaults, what stays, what is hidden, what it refers to.

In: nothing. Out: frozen values; `arm.write_set`, `arm.reference_checks` and `arm.links` read them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..json_values import JsonValue

if TYPE_CHECKING:
    from ..arm.resource_write import ResourceWrite
    from ..errors import ArmError


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
    same_region: bool = False
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
class Body:
    """A type's body.

    Attributes:
        model: the SDK model that serves as property schema, `azure.mgmt.network.models:Subnet`; None takes any body.
        defaults: values set when a PUT leaves them out, by path.
        immutable, references: see there.
        write_only: paths that are kept hidden and never answered.
        secret: write-only paths whose values are not kept at all: only that there was one, as True.
        parts: lists whose entries Azure gives an ID, a type and an etag but that cannot be addressed by PUT
            (`{"properties.ipConfigurations": "ipConfigurations"}`: path to the type's last word).
    """

    model: str | None = None
    defaults: Mapping[str, JsonValue] = field(default_factory=dict)
    immutable: Sequence[Immutable] = ()
    references: Sequence[Reference] = ()
    write_only: Sequence[str] = ()
    secret: Sequence[str] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
