"""Names to references: keys, addresses and ARM IDs, as an entry writes them.

In: the entries of a spec. Out: ``References`` of one entry, which gives ``Ref`` leaves and collects diagnostics that
point into the spec.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from ..base import arm_id
from ..base.diagnostics import Diagnostic, did_you_mean
from ..base.reporting import Reporter
from ..base.values import Ref
from ..spec.model import Spec
from . import kinds
from .addresses import Addresses, which_one
from .entry import Entry
from .kind import Kind


class References(Reporter):
    """What an entry may refer to."""

    def __init__(self, spec: Spec, addresses: Addresses, entry: Entry, diagnostics: list[Diagnostic]) -> None:
        self.spec = spec
        self.entry = entry
        self._addresses = addresses
        super().__init__(spec.document.locate, diagnostics, entry.path)

    def ref(self, section: str, value: str, *at: str | int) -> Ref | str:
        """A reference by bare key, by key and child (``vnet/subnet``), by address, or by ARM ID."""
        if value.startswith("/"):
            self._check_type(value, section, at, identity=value)
            return value
        if value.startswith(("existing/", f"{section}/")):
            told = len(self.reported)
            reference = self.address(value, *at)
            return self._checked(reference, value, section, at) if told == len(self.reported) else reference
        head = value.partition("/")[0]
        found = self._addresses.find(f"{section}/{value}")
        if found is not None and found[1].address.count("/") > section.count("/"):
            kind, entry, rest = found
            if rest and len(kind.schema.children) == 1 and rest[0] not in kind.schema.children:
                rest = [next(iter(kind.schema.children)), *rest]
            told = len(self.reported)
            reference = self._child(kind, entry, rest, value, at)
            return self._checked(reference, value, section, at) if told == len(self.reported) else reference
        if self._is_unreadable(f"{section}/{head}"):
            return Ref(f"{section}/{head}")
        what = section.rpartition("/")[2].rstrip("s").replace("_", " ").replace("identitie", "identity")
        if members := self._addresses.members(f"{section}/{head}"):
            hint = which_one(f"{head}/{next(iter(members))}")
        else:
            known = did_you_mean(head, self._addresses.keys(section)) or f"declare it under {section}"
            hint = self._addresses.nothing(f"{section}/{value}") or known
        self.error("PV2101", f'unknown {what} "{head}"', *at, hint=hint)
        return Ref(f"{section}/{head}")

    def _checked(self, reference: Ref, value: str, section: str, at: tuple[str | int, ...]) -> Ref:
        """A reference to something of the type that belongs there."""
        found = self._addresses.find(reference.address)
        if found is None:
            return reference
        kind, entry, _ = found
        if kind.type:
            self._check_type(value, section, at, kind.type, reference.child)
        elif "id" in entry.data:
            self._check_type(value, section, at, child=reference.child, identity=str(entry.data["id"]))
        elif isinstance(entry.data.get("type"), str):
            self._check_type(value, section, at, entry.data["type"], reference.child)
        return reference

    def _check_type(
        self, value: str, section: str, at: tuple[str | int, ...], arm_type: str = "", child: str = "",
        identity: str = "",
    ) -> None:  # fmt: skip
        """Report what is no ARM ID, and what is a thing of another type than belongs at this place."""
        if identity:
            try:
                arm_type = arm_id.parse(identity).type
            except ValueError:
                if identity == value:
                    self.error(
                        "PV2105",
                        f'"{value}" is not an ARM ID',
                        *at,
                        hint="write an ID such as /subscriptions/…/providers/…",
                    )
                return
        arm_type = "/".join((arm_type, *child.split("/")[1::2]))
        wanted = _wanted_type(section) or arm_type
        if arm_type.lower() != wanted.lower():
            hint = (
                "name the subnet too: network/subnet"
                if wanted == f"{arm_type}/subnets"
                else f"refer to a resource of the type {wanted}"
            )
            self.error("PV2106", f'"{value}" is not a {wanted}', *at, reason=f"It is a {arm_type}.", hint=hint)

    def declares(self, section: str, key: str) -> bool:
        address = f"{section}/{key}"
        is_there = self._addresses.find(address) is not None or bool(self._addresses.members(address))
        return is_there or bool(self._addresses.nothing(address))

    def address(self, value: str, *at: str | int) -> Ref:
        """A reference by full address."""
        found = self._addresses.find(value)
        if found is None and self._is_unreadable(value):
            return Ref(value)
        if found is None:
            hint = self._addresses.similar(value)
            self.error("PV2102", f'unknown resource address "{value}"', *at, hint=hint)
            return Ref(value)
        kind, entry, rest = found
        return self._child(kind, entry, rest, value, at)

    def _is_unreadable(self, address: str) -> bool:
        """Whether what an address would lie in is no mapping, which is told there."""
        value: object = self.spec.data
        for step in address.split("/"):
            if not isinstance(value, Mapping) or step not in value:
                return False
            value = value[step]
            if isinstance(value, (str, int, float, list)):
                return True
        return False

    def _child(self, kind: Kind, entry: Entry, rest: list[str], value: str, at: tuple[str | int, ...]) -> Ref:
        if not rest:
            return Ref(entry.address)
        if kind.is_external:
            return Ref(entry.address, child="/" + "/".join(rest))
        if len(rest) > 1 and rest[0] in kind.schema.children:
            parts = entry.data.get(rest[0], {})
            if not isinstance(parts, Mapping):
                return Ref(
                    entry.address, child=f"/{kind.schema.children[rest[0]]}/{rest[1]}"
                )  # told where the parts stand
            key = "/".join(rest[1:])
            if key in parts:
                part = parts[key]
                name = part.get("name") if isinstance(part, Mapping) else None
                return Ref(entry.address, child=f"/{kind.schema.children[rest[0]]}/{name or key.replace('/', '-')}")
            member = self._addresses.first_part(f"{entry.address}/{rest[0]}", parts, key)
            hint = (
                which_one(f"{value}{member.removeprefix(key)}")
                if member
                else did_you_mean(key, parts) or f"declare it under {entry.address}"
            )
            self.error("PV2103", f'{entry.address} has no {rest[0].rstrip("s")} "{key}"', *at, hint=hint)
            return Ref(entry.address)
        self.error("PV2102", f'unknown resource address "{value}"', *at, hint=self._addresses.similar(value))
        return Ref(entry.address)


@functools.cache
def _wanted_type(section: str) -> str:
    """The ARM type that the keys of a section refer to; empty where that is any type."""
    for kind in kinds.all_kinds():
        if f"{section}/*" in kind.schema.sections:
            return "/".join(filter(None, (kind.type, kind.schema.referred_part)))
    return ""
