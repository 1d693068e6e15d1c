"""Names to references: what a kind's functions may ask for while they make a body.

In: the entries of a spec. Out: ``Binding``, the ``Context`` of one entry: it turns keys, addresses and ``${…}`` into
``Ref``, ``Secret`` and ``Text`` leaves, and collects diagnostics that point into the spec.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from . import arm_id, borrowed, kinds
from .addresses import Addresses, which_one
from .diagnostics import Diagnostic, Severity, SourceLocation, did_you_mean
from .leaves import Path, Ref, Secret, Text, value_at
from .resource import Entry, Kind
from .spec import expressions, language, templates
from .spec.language import UNKNOWN
from .spec.model import Spec

SECRET = frozenset({"protected_settings", "admin", "custom_data", "user_data"})
"""Keys of an entry below which a secret may stand."""
LATE = frozenset({*SECRET, "settings", "tags", "description", "outputs"})
"""Keys of an entry below which a value may be known only after apply."""
_LISTS = frozenset({"outputs", "settings", "protected_settings"})
"""Keys of an entry below which a value may be a list."""
_INNER = frozenset({"extensions", "data_disks", "interfaces", "public_ip", "federated_credentials"})
"""Keys of an entry below which stand entries of their own."""

_TYPES = {"network/virtual_networks": "Microsoft.Network/virtualNetworks/subnets", "existing": ""}
"""What is referred to in a section, where it is not the section's own kind; nothing for anything."""
_NEEDED: dict[tuple[str, str], tuple[str, ...]] = {
    ("virtual_machine", "principal_id"): ("identity", "system_assigned"),
    ("public_ip", "fqdn"): ("dns_label",),
}
"""Outputs that are there only when an entry has a certain key."""

_SECTIONS = frozenset({"vms", "network", "identities", "availability_sets", "roles", "existing"})
"""What addresses of things with values begin with."""
_OF_MEMBER = re.compile(r"(?<![\w./'\"-])(index|key|value|parent)(?![\w/(-])")
_NESTED = (
    "expressions inside of one put addresses together, nothing else; lookup(parameters.sizes, key) looks into a map"
)
_FOR_MEMBERS = "${index}, ${key} and ${value} are for members of a fleet: entries with `count` or `for_each`"


class Binding:
    """The ``Context`` of one entry."""

    def __init__(
        self,
        spec: Spec,
        addresses: Addresses,
        entry: Entry,
        subscription: str,
        read_file: Callable[[str, Path], str],
        diagnostics: list[Diagnostic],
    ) -> None:
        self.spec = spec
        self.entry = entry
        self.subscription = subscription
        self._addresses = addresses
        self._read_file = read_file
        self._diagnostics = diagnostics

    @property
    def deployment(self) -> str:
        return self.spec.deployment

    @property
    def location(self) -> str:
        return self.spec.location

    @property
    def group(self) -> Ref:
        return Ref("resource_group")

    def ref(self, section: str, value: str, *at: str | int) -> Ref | str:
        """A reference by bare key, by key and child (``vnet/subnet``), by address, or by ARM ID."""
        if value.startswith("/"):
            self._check_type(value, section, at, identity=value)
            return value
        if value.startswith(("existing/", f"{section}/")):
            told = len(self._diagnostics)
            reference = self.address(value, *at)
            return self._checked(reference, value, section, at) if told == len(self._diagnostics) else reference
        head = value.partition("/")[0]
        found = self._addresses.find(f"{section}/{value}")
        if found is not None and found[1].address.count("/") > section.count("/"):
            kind, entry, rest = found
            if rest and len(kind.children) == 1 and rest[0] not in kind.children:
                rest = [next(iter(kind.children)), *rest]
            told = len(self._diagnostics)
            reference = self._child(kind, entry, rest, value, at)
            return self._checked(reference, value, section, at) if told == len(self._diagnostics) else reference
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
                    self.error("PV2105", f'"{value}" is no ARM ID', *at, hint="/subscriptions/…/providers/…")
                return
        arm_type = "/".join((arm_type, *child.split("/")[1::2]))
        wanted = _wanted_type(section) or arm_type
        if arm_type.lower() != wanted.lower():
            hint = "name the subnet too: network/subnet" if wanted == f"{arm_type}/subnets" else ""
            self.error("PV2106", f'"{value}" is no {wanted}', *at, reason=f"It is a {arm_type}.", hint=hint)

    def declares(self, section: str, key: str) -> bool:
        address = f"{section}/{key}"
        is_there = self._addresses.find(address) is not None or bool(self._addresses.members(address))
        return is_there or bool(self._addresses.nothing(address))

    def address(self, value: str, *at: str | int) -> Ref:
        """A reference by full address."""
        found = self._addresses.find(value)
        if found is None:
            hint = self._addresses.similar(value)
            self.error("PV2102", f'nothing has the address "{value}"', *at, hint=hint)
            return Ref(value)
        kind, entry, rest = found
        return self._child(kind, entry, rest, value, at)

    def _child(self, kind: Kind, entry: Entry, rest: list[str], value: str, at: tuple[str | int, ...]) -> Ref:
        if not rest:
            return Ref(entry.address)
        if kind.name == "existing":
            return Ref(entry.address, child="/" + "/".join(rest))
        if len(rest) > 1 and rest[0] in kind.children:
            parts = entry.data.get(rest[0])
            parts = parts if isinstance(parts, Mapping) else {}
            key = "/".join(rest[1:])
            if key in parts:
                part = parts[key]
                name = part.get("name") if isinstance(part, Mapping) else None
                return Ref(entry.address, child=f"/{kind.children[rest[0]]}/{name or key.replace('/', '-')}")
            member = next((other for other in parts if other.startswith(f"{key}/")), "")
            hint = which_one(f"{value}{member.removeprefix(key)}") if member else did_you_mean(key, parts)
            self.error("PV2103", f'{entry.address} has no {rest[0].rstrip("s")} "{key}"', *at, hint=hint)
            return Ref(entry.address)
        self.error("PV2102", f'nothing has the address "{value}"', *at, hint=self._addresses.similar(value))
        return Ref(entry.address)

    def read_text(self, value: Any, *at: str | int) -> str:
        if not isinstance(value, Mapping):
            return str(value)
        way, file = next(iter(value.items()))
        try:
            text = self._read_file(str(file), (*self.entry.path, *at))
        except (OSError, ValueError, RuntimeError) as error:
            why = error.strerror if isinstance(error, OSError) else _why_unreadable(error)
            self.error(
                "PV2201",
                f"the file {file} cannot be read: {why}",
                *at,
                way,
                hint="paths are relative to the file that names them",
            )
            return ""
        if way != "template":
            return str(expressions.escape(text))
        name = self.spec.document.directory_of((*self.entry.path, *at)) / str(file)
        filled, wrong = templates.filled(text, str(name), lambda expression: self._in_template(expression, at))
        self._diagnostics += wrong
        return filled

    def _in_template(self, expression: str, at: tuple[str | int, ...]) -> tuple[Any, list[Diagnostic]]:
        """The value of an expression in a template; what later rooms tell stays, if there will be such a value."""
        value, wrong = self.spec.evaluate(expression, (*self.entry.path, *at))
        if value is UNKNOWN and not wrong:
            told = len(self._diagnostics)
            self._leaf(expression, at)
            wrong = self._diagnostics[told:]
            del self._diagnostics[told:]
        if any(item.code == "PV1305" or "has no meaning" in item.summary for item in wrong):
            hint = f"what the shell is to see has two dollars: $${{{expression}}}"
            wrong = [replace(item, hint=hint) for item in wrong]
        return value, wrong

    def interpolate(self, value: Any, *at: str | int) -> Any:
        """``value`` with ``${secrets.x}`` and ``${address.attribute}`` as leaves, and ``$${`` unescaped."""
        if isinstance(value, str):
            return self._text(value, at) if "${" in value else value
        if value is None or isinstance(value, (int, float)):
            return value
        if isinstance(value, (dict, Mapping)):
            return {
                self.interpolate(key, *at) if isinstance(key, str) and "${" in key else key: item
                if isinstance(item, str) and "${" not in item
                else self.interpolate(item, *at, key)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.interpolate(item, *at, index) for index, item in enumerate(value)]
        return value

    def _text(self, text: str, at: tuple[str | int, ...]) -> Any:
        parts: list[str | Ref | Secret] = []
        for is_expression, part in expressions.split(text):
            if is_expression and (fleet := self._of_fleet(part, at)) is not None:
                if len(expressions.split(text)) == 1 and at and at[0] in _LISTS:
                    return fleet
                self.error("PV2107", f"${{{part}}} is of a whole fleet", *at,
                           reason="A list or map can be a whole value of outputs and settings, nothing else.",
                           hint="say which one: vms/web/0, not vms/web")  # fmt: skip
                return ""
            parts.append(self._leaf(part, at) if is_expression else expressions.unescape(part))
        if len(parts) == 1:
            return Text((parts[0],)) if isinstance(parts[0], Secret) else parts[0]
        return Text(tuple(parts)) if any(not isinstance(part, str) for part in parts) else "".join(map(str, parts))

    def _of_fleet(self, expression: str, at: tuple[str | int, ...]) -> Any:
        """A value of every member: a list where they are counted, by their keys where they have some."""
        pieces = expression.split(".")
        for length in range(len(pieces) - 1, 0, -1):
            address, attribute = ".".join(pieces[:length]), ".".join(pieces[length:])
            if (empty := self._addresses.of_none(address)) is not None:
                return empty
            if members := self._addresses.members(address):
                told = len(self._diagnostics)
                values: dict[str, Any] = {}
                for key, one in members.items():
                    values[key] = self._output(f"{one.address}.{attribute}", at)
                    if len(self._diagnostics) > told:
                        return {}
                return list(values.values()) if all(key.isdecimal() for key in values) else values
        return None

    def _leaf(self, expression: str, at: tuple[str | int, ...]) -> Ref | Secret | str:
        names = language.secrets_in(expression)
        for name in names:
            if name not in self.spec.secret_names:
                short = name.partition(".")[2]
                hint = did_you_mean(short, self.spec.secrets) or "declare it under secrets"
                self.error("PV1403", f'unknown secret "{short}"', *at, hint=hint)
                return ""
        if names and (others := [name for name in language.names_in(expression) if name not in names]):
            hint = (
                _FOR_MEMBERS if _OF_MEMBER.search(others[0]) else "beside a secret stands what the spec itself decides"
            )
            self.error("PV1305", f"cannot understand {others[0]} in ${{{expression}}}", *at, hint=hint)
            return ""
        if names:
            return Secret(expression.removeprefix("secrets.") if names == [expression] else expression)
        return self._output(expression, at)

    def _output(self, expression: str, at: tuple[str | int, ...]) -> Ref | str:
        """``vms/web.principal_id``: keys may hold dots, so the longest address that exists wins."""
        pieces = expression.split(".")
        for length in range(len(pieces) - 1, 0, -1):
            address, attribute = ".".join(pieces[:length]), ".".join(pieces[length:])
            found = self._addresses.find(address)
            if found is None or (found[2] and attribute != "id"):
                continue
            kind, entry, rest = found
            if attribute == "id":
                return self._child(kind, entry, rest, address, at)
            if attribute in borrowed.values_of(kind):
                return self._borrowed(kind, entry, attribute, at)
            if kind.output(attribute):
                self._check_output(kind, entry, attribute, at)
                return Ref(entry.address, attribute)
            self.error("PV2104", f'{entry.address} has no value "{attribute}"', *at,
                       hint=did_you_mean(attribute, ["id", *kind.outputs, *borrowed.values_of(kind)]))  # fmt: skip
            return ""
        address = expression.rpartition(".")[0] or expression
        if expression.partition("/")[0] in _SECTIONS and "(" not in expression:
            hint = self._addresses.similar(address)
            self.error("PV2102", f'nothing has the address "{address}"', *at, hint=hint)
            return ""
        hint = "known are ${parameters.x}, ${secrets.x}, ${env.X}, ${deployment} and ${address.attribute}"
        hint = _FOR_MEMBERS if _OF_MEMBER.search(expression) else hint
        hint = _NESTED if expression.startswith(("parameters.", "env.")) else hint
        self.error("PV1305", f"cannot understand ${{{expression}}}", *at, hint=hint)
        return ""

    def _borrowed(self, kind: Kind, entry: Entry, attribute: str, at: tuple[str | int, ...]) -> Ref:
        """``vms/web.fqdn``: the value of the machine's public IP."""
        found = borrowed.lender(self._addresses, kind, entry, attribute)
        if found is None:
            what = "interface" if attribute == "private_ip" else "public IP"
            self.error("PV2104", f'{entry.address} will have no value "{attribute}"', *at,
                       reason=f"It has no {what} that this spec declares.")  # fmt: skip
            return Ref(entry.address)
        kind, lender, attribute = found
        self._check_output(kind, lender, attribute, at)
        return Ref(lender.address, attribute)

    def _check_output(self, kind: Kind, entry: Entry, attribute: str, at: tuple[str | int, ...]) -> None:
        """Report a value that Azure will never have, as the spec stands."""
        steps = _NEEDED.get((kind.name, attribute), ())
        if steps and not value_at(entry.data, steps):
            summary = f'{entry.address} will have no value "{attribute}"'
            self.error("PV2104", summary, *at, reason=f"The entry says nothing of {'.'.join(steps)}.")

    def error(self, code: str, summary: str, *at: str | int, reason: str = "", hint: str = "") -> None:
        self._report("error", code, summary, at, reason, hint)

    def warn(self, code: str, summary: str, *at: str | int, reason: str = "", hint: str = "") -> None:
        self._report("warning", code, summary, at, reason, hint)

    def _report(
        self, severity: Severity, code: str, summary: str, at: tuple[str | int, ...], reason: str, hint: str
    ) -> None:
        self._diagnostics.append(Diagnostic(code, summary, self._place(at), severity, reason, hint))

    def _place(self, at: tuple[str | int, ...]) -> SourceLocation:
        return self.spec.document.locate((*self.entry.path, *at))


@functools.cache
def _wanted_type(section: str) -> str:
    """The ARM type that is referred to by the keys of a section."""
    types = {pattern.removesuffix("/*"): kind.type for kind in kinds.all_kinds() for pattern in kind.sections}
    return {**types, **_TYPES}.get(section, "")


def _why_unreadable(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return "there is no such user" if isinstance(error, RuntimeError) else "that is no file name"


def unresolved(binding: Binding) -> bool:
    """Report expressions that stand where their value must be known before apply, and secrets in the open."""
    wrong = False
    for path, text in _expressions(binding.entry.data, ()):
        if path[-1:] == (text,) and any(is_expression for is_expression, _ in expressions.split(text)):
            binding.error("PV1305", f'the key "{text}" holds an expression', *path,
                          reason="Only values are replaced.", hint="write $${ for a literal ${")  # fmt: skip
            wrong = True
            continue
        place = path[0] if path else ""
        is_late = place in LATE or path[-1:] == ("description",)
        if expressions.unclosed(text):
            binding.error("PV1306", "a ${ without its }", *path, hint="write $${ for a literal ${")
            wrong = True
        for is_expression, part in expressions.split(text):
            if not is_expression:
                continue
            if language.is_secret(part) and place not in SECRET and place != "outputs":
                binding.error("PV1402", "a secret in the open", *path,
                              reason="Anyone who may read the resource in Azure would see it.",
                              hint="secrets belong into admin, protected_settings or custom_data")  # fmt: skip
                wrong = True
            elif language.is_secret(part) and place in ("custom_data", "user_data") and not wrong:
                binding.warn("PV1404", "a secret in custom data", *path,
                             reason="Every process on the machine can read it.",
                             hint="use an extension's protected_settings, or a key vault")  # fmt: skip
            elif not language.is_secret(part) and not is_late:
                hint = "${parameters.x}, ${env.X} and ${deployment} are known here"
                hint = _NESTED if part.startswith(("parameters.", "env.")) else hint
                binding.error("PV1305", f"cannot understand ${{{part}}} here", *path,
                              reason="This value must be known before anything is created.",
                              hint=_FOR_MEMBERS if _OF_MEMBER.search(part) else hint)  # fmt: skip
                wrong = True
    return wrong


def _expressions(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if "${" in value:
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            is_inner = path == () and key in _INNER and isinstance(item, Mapping)
            if not is_inner:
                if "${" in key:
                    yield (*path, key), key
                yield from _expressions(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _expressions(item, (*path, index))
