"""What a kind's functions may ask for while they make a body: references, texts, files and the deployment.

In: the entries of a spec. Out: ``Binding``, the ``Context`` of one entry: it turns ``${…}`` into ``Ref``, ``Secret``
and ``Text`` leaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..base import files
from ..base.diagnostics import Diagnostic, did_you_mean
from ..base.values import Body, Path, Ref, Secret, Text, value_at
from ..spec.expressions import expression_parser, interpolation, templates
from ..spec.expressions.expression_parser import UNKNOWN
from ..spec.fleets.budget import HINT, ExpansionBudget
from ..spec.model import Spec
from . import forwarded_outputs
from .addresses import RESOURCE_GROUP, Addresses, which_one
from .entry import Entry
from .kind import Kind, name_of
from .references import References

_LISTS = frozenset({"outputs", "settings", "protected_settings"})
"""Keys of an entry below which a value may be a list."""
_SECTIONS = frozenset({"vms", "network", "identities", "availability_sets", "roles", "existing"})
"""What addresses of things with values begin with."""
OF_MEMBER = re.compile(r"(?<![\w./'\"-])(index|key|value|parent)(?![\w/(-])")
NESTED = "use nested expressions only to build an address; lookup(parameters.sizes, key) reads a value of a map"
FOR_MEMBERS = "use ${index}, ${key} and ${value} only in members of a fleet: entries with `count` or `for_each`"


class Binding(References):
    """The ``Context`` of one entry."""

    def __init__(  # noqa: PLR0913 (what an entry may ask for)
        self,
        spec: Spec,
        addresses: Addresses,
        entry: Entry,
        subscription: str,
        read_file: Callable[[str, Path], str],
        diagnostics: list[Diagnostic],
        identify: Callable[[Ref], str],
        budget: ExpansionBudget,
    ) -> None:
        super().__init__(spec, addresses, entry, diagnostics)
        self.subscription = subscription
        self._read_file = read_file
        self._identify = identify
        self._budget = budget

    @property
    def deployment(self) -> str:
        return self.spec.deployment

    @property
    def location(self) -> str:
        return self.spec.location

    @property
    def group(self) -> Ref:
        return Ref(RESOURCE_GROUP)

    def arm_id(self, reference: Ref) -> str:
        return self._identify(reference)

    def read_text(self, value: object, *at: str | int) -> str:
        if not isinstance(value, Mapping):
            return str(value)
        way, file = next(iter(value.items()))
        try:
            text = self._read_file(str(file), (*self.entry.path, *at))
        except (OSError, ValueError, RuntimeError) as error:
            why = error.strerror if isinstance(error, OSError) else _why_unreadable(error)
            hint = "write paths relative to the file that names them"
            if isinstance(error, FileNotFoundError) and str(file).endswith(".pub"):
                hint = f"run `ssh-keygen -t ed25519 -f {str(file).removesuffix('.pub')}` to create a key pair"
            hint = files.path_hint(str(file), hint)
            self.error("PV2201", f"the file {file} cannot be read: {why}", *at, way, hint=hint)
            return ""
        if not self._has_room(*at, way, reason=f"The file {file} has {len(text):,} characters.", characters=len(text)):
            return ""
        if way != "template":
            return str(interpolation.escape(text))
        name = self.spec.document.directory_of((*self.entry.path, *at)) / str(file)
        filled, wrong = templates.filled(text, str(name), lambda expression: self._in_template(expression, at))
        self.reported += wrong
        if any(
            is_expression and expression_parser.is_secret(part) for is_expression, part in interpolation.split(filled)
        ):
            self.warn_of_secret(*at, way)
        return filled

    def warn_of_secret(self, *at: str | int) -> None:
        """Say that a secret stands in custom data, or user data."""
        self.warning("PV1404", f"`{at[0]}` contains a secret", *at,
                  reason="Every process on the VM can read it.",
                  hint="use protected_settings of an extension, or a key vault")  # fmt: skip

    def _in_template(self, expression: str, at: tuple[str | int, ...]) -> tuple[object, list[Diagnostic]]:
        """The value of an expression in a template; what later rooms tell stays, if there will be such a value."""
        value, wrong = self.spec.evaluate(expression, (*self.entry.path, *at))
        if value is UNKNOWN and not wrong:
            told = len(self.reported)
            self._leaf(expression, at)
            wrong = self.reported[told:]
            del self.reported[told:]
        if any(item.code == "PV1305" or "has no meaning" in item.summary for item in wrong):
            hint = f"write $${{{expression}}} to pass it to the shell"
            wrong = [replace(item, hint=hint) for item in wrong]
        return value, wrong

    def interpolate(self, value: object, *at: str | int) -> object:
        """``value`` with ``${secrets.x}`` and ``${address.attribute}`` as leaves, and ``$${`` unescaped."""
        if isinstance(value, str):
            return self._text(value, at) if "${" in value else value
        if value is None or isinstance(value, (int, float)):
            return value
        if isinstance(value, (dict, Mapping)):
            return self.interpolate_all(value, *at)
        if isinstance(value, list):
            return [self.interpolate(item, *at, index) for index, item in enumerate(value)]
        return value

    def interpolate_all(self, values: Mapping[str, object], *at: str | int) -> Body:
        """The same of every key and value of a mapping."""
        # Keys can become leaves too: a map by ARM ID is keyed by references.
        found: dict[Any, object] = {
            self.interpolate(key, *at) if isinstance(key, str) and "${" in key else key: item
            if isinstance(item, str) and "${" not in item
            else self.interpolate(item, *at, key)
            for key, item in values.items()
        }
        return found

    def _text(self, text: str, at: tuple[str | int, ...]) -> object:
        parts: list[str | Ref | Secret] = []
        for is_expression, part in interpolation.split(text):
            if is_expression and (fleet := self._fleet(part)) is not None:
                if len(interpolation.split(text)) == 1 and at and at[0] in _LISTS:
                    return self._of_fleet(*fleet, at)
                self.error("PV2107", f"${{{part}}} refers to a whole fleet", *at,
                           reason="Lists and maps are allowed only as whole values of outputs and settings.",
                           hint=which_one(self._one_of(part)))  # fmt: skip
                return ""
            parts.append(self._leaf(part, at) if is_expression else interpolation.unescape(part))
        if len(parts) == 1:
            return Text((parts[0],)) if isinstance(parts[0], Secret) else parts[0]
        return Text(tuple(parts)) if any(not isinstance(part, str) for part in parts) else "".join(map(str, parts))

    def _fleet(self, expression: str) -> tuple[str, str] | None:
        """The address and the attribute where an expression names a whole fleet."""
        pieces = expression.split(".")
        for length in range(len(pieces) - 1, 0, -1):
            address, attribute = ".".join(pieces[:length]), ".".join(pieces[length:])
            if self._addresses.of_none(address) is not None or self._addresses.members(address):
                return address, attribute
        return None

    def _of_fleet(self, address: str, attribute: str, at: tuple[str | int, ...]) -> object:
        """A value of every member: a list where they are counted, by their keys where they have some."""
        if (empty := self._addresses.of_none(address)) is not None:
            return empty
        members = self._addresses.members(address)
        reason = f"{address} refers to its {len(members):,} members."
        if not self._has_room(*at, reason=reason, references=len(members)):
            return {}
        told = len(self.reported)
        values: dict[str, object] = {}
        for key, one in members.items():
            values[key] = self._output(f"{one.address}.{attribute}", at)
            if len(self.reported) > told:
                return {}
        return list(values.values()) if address in self.spec.counted else values

    def _has_room(self, *at: str | int, reason: str, **counts: int) -> bool:
        """Whether the spec may make so much more; asked before it is made, told once."""
        refused = self._budget.take(**counts)
        if refused:
            self.error("PV1203", refused, *at, reason=reason, hint=HINT)
        return refused is None

    def _one_of(self, expression: str) -> str:
        """A member of the fleet that an expression names, for a hint."""
        pieces = expression.split(".")
        addresses = [".".join(pieces[:length]) for length in range(len(pieces) - 1, 0, -1)]
        return next(
            (one.address for known in addresses for one in self._addresses.members(known).values()), "vms/web/0"
        )

    def _leaf(self, expression: str, at: tuple[str | int, ...]) -> Ref | Secret | str:
        names = expression_parser.secrets_in(expression)
        for name in names:
            if name not in self.spec.secret_names:
                short = name.partition(".")[2]
                hint = did_you_mean(short, self.spec.secrets) or "declare it under `secrets:`"
                self.error("PV1403", f'unknown secret "{short}"', *at, hint=hint)
                return ""
        if names and (others := [name for name in expression_parser.names_in(expression) if name not in names]):
            hint = (
                FOR_MEMBERS
                if OF_MEMBER.search(others[0])
                else ("combine a secret only with values that the spec itself defines")
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
            if attribute == "name" and not kind.schema.exposes_all_properties:
                return name_of(kind, entry)
            if attribute in kind.schema.forwarded:
                return self._forwarded(kind, entry, attribute, at)
            if kind.output(attribute):
                self._check_output(kind, entry, attribute, at)
                return Ref(entry.address, attribute)
            values = ["id", "name", *kind.schema.outputs, *kind.schema.forwarded]
            hint = did_you_mean(attribute, values) or f"use one of: {', '.join(values)}"
            self.error("PV2104", f'{entry.address} has no value "{attribute}"', *at, hint=hint)
            return ""
        address = expression.partition(".properties")[0].rpartition(".")[0] or expression.partition(".")[0]
        if expression.partition("/")[0] in _SECTIONS and "(" not in expression:
            hint = self._addresses.similar(address)
            self.error("PV2102", f'unknown resource address "{address}"', *at, hint=hint)
            return ""
        hint = "use ${parameters.x}, ${secrets.x}, ${env.X}, ${deployment} or ${address.attribute}"
        hint = FOR_MEMBERS if OF_MEMBER.search(expression) else hint
        hint = NESTED if expression.startswith(("parameters.", "env.")) else hint
        self.error("PV1305", f"cannot understand ${{{expression}}}", *at, hint=hint)
        return ""

    def _forwarded(self, kind: Kind, entry: Entry, attribute: str, at: tuple[str | int, ...]) -> Ref:
        """``vms/web.fqdn``: the value of the machine's public IP."""
        found = forwarded_outputs.source(self._addresses, kind, entry, attribute)
        if found is None:
            what = kind.schema.forwarded[attribute].what
            self.error("PV2104", f'{entry.address} will have no value "{attribute}"', *at,
                       reason=f"It has no {what} that this spec declares.", hint=f"declare its {what}")  # fmt: skip
            return Ref(entry.address)
        kind, holder, attribute = found
        self._check_output(kind, holder, attribute, at)
        return Ref(holder.address, attribute)

    def _check_output(self, kind: Kind, entry: Entry, attribute: str, at: tuple[str | int, ...]) -> None:
        """Report a value that Azure will never have, as the spec stands."""
        output = kind.output(attribute)
        steps = output.needs if output else ()
        if steps and not value_at(entry.data, steps):
            summary = f'{entry.address} will have no value "{attribute}"'
            self.error(
                "PV2104",
                summary,
                *at,
                reason=f"The entry does not set {'.'.join(steps)}.",
                hint=f"set `{'.'.join(steps)}`",
            )


def _why_unreadable(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return "the user does not exist" if isinstance(error, RuntimeError) else "that is not a file name"
