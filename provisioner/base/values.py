"""Bodies, and the values in them that are not known yet.

A body is ARM's wire JSON (dicts, lists, scalars) in which a leaf may also be a ``Ref`` (a value that another
resource has or will have), a ``Lookup`` (a value that is read from Azure before planning) or a ``Text`` (a string put
together from such parts and from secrets). ``leaves`` finds them, ``substitute`` replaces them. ``None`` in a body says
that the property must be absent; ``DETACHED`` that it must not refer to a thing of this deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Path = tuple[str | int, ...]
Body = dict[str, Any]


@dataclass(frozen=True)
class Ref:
    """A value of another resource: its ``id`` (plus a child path), or an output that Azure decides.

    ``Ref("network/virtual_networks/v", child="/subnets/front")`` is the ID of a subnet;
    ``Ref("vms/web", "principal_id")`` is known once the VM's first answer is there.
    """

    address: str
    attribute: str = "id"
    child: str = ""

    def __str__(self) -> str:
        return f"{self.address}{self.child}" if self.attribute == "id" else f"{self.address}.{self.attribute}"


@dataclass(frozen=True)
class Secret:
    """The value of an entry of ``secrets:``; revealed only where a request is written."""

    name: str

    def __str__(self) -> str:
        return "(secret)"


@dataclass(frozen=True)
class Lookup:
    """A value that is read before planning: a role definition's ID by name, or who is deploying."""

    what: Literal["role", "deployer"]
    name: str = ""
    scope: Ref | str = ""

    def __str__(self) -> str:
        return f"role {self.name!r}" if self.what == "role" else "the deployer"


@dataclass(frozen=True)
class Text:
    """A string whose parts are not all known yet, or not to be shown; ``base64`` encodes it when it is complete."""

    parts: tuple[str | Ref | Secret, ...]
    base64: bool = False

    @property
    def is_secret(self) -> bool:
        return any(isinstance(part, Secret) for part in self.parts)

    def __str__(self) -> str:
        return "(secret)" if self.is_secret else "".join(str(part) for part in self.parts)


@dataclass(frozen=True)
class Detached:
    """Stands where the spec names no reference: one to a thing of this deployment goes, a foreign one stays."""

    def __str__(self) -> str:
        return "(none)"


DETACHED = Detached()


@dataclass(frozen=True)
class Unset:
    """Stands where the spec no longer has what this deployment wrote: it goes, or gets the default that Azure has.

    default: the value where nobody sets the property; None where it is absent then.
    key: of an item of a keyed list, which goes.
    """

    default: object = None
    key: str = ""

    def __str__(self) -> str:
        return "(none)" if self.default is None else str(self.default)


Leaf = Ref | Secret | Lookup | Text


@dataclass(frozen=True)
class Link:
    """In an imported entry: where the thing with an ARM ID is named, by the key or address that it gets in the spec.

    ``section`` is the one whose bare keys may stand there (``network/public_ips``).
    """

    section: str
    id: str


def leaves(value: Any) -> Iterator[Leaf]:
    """Every leaf of a body that is not plain JSON, depth first."""
    found: list[Leaf] = []
    _collect(value, found)
    return iter(found)


def _collect(value: Any, found: list[Leaf]) -> None:
    """Plain values first, for they are most of a body."""
    if value is None or isinstance(value, (str, int, float)):
        return
    if isinstance(value, (dict, Mapping)):
        for key, item in value.items():
            if not isinstance(key, str):
                _collect(key, found)
            if not isinstance(item, str):
                _collect(item, found)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _collect(item, found)
    elif isinstance(value, (Ref, Secret, Lookup, Text)):
        found.append(value)
        if isinstance(value, Text):
            _collect(value.parts, found)


def has_late_value(value: Any) -> bool:
    """Whether a value that Azure decides is in a body: any but an ID, which is known beforehand."""
    return any(isinstance(leaf, Ref) and leaf.attribute != "id" for leaf in leaves(value))


def substitute(value: Any, replace: Callable[[Leaf], Any]) -> Any:
    """A copy of ``value`` with every leaf replaced, keys included (identity maps are keyed by ID)."""
    if isinstance(value, Mapping):
        return {
            (replace(key) if isinstance(key, (Ref, Text)) else key): substitute(item, replace)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [substitute(item, replace) for item in value]
    if isinstance(value, (Ref, Secret, Lookup, Text)):
        return replace(value)
    return value


def mapping(value: object) -> Mapping[str, object]:
    """A value of plain data as a mapping: itself if it is one, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def value_at(body: Any, path: Path) -> Any:
    """The value at a path of keys and list positions, or None."""
    for step in path:
        if isinstance(body, Mapping):
            body = body.get(step)
        elif isinstance(body, list) and isinstance(step, int) and step < len(body):
            body = body[step]
        else:
            return None
    return body
