"""What the spec itself knows: ``parameters.x``, ``env.X``, ``deployment``, and functions of them.

In: an expression and the place where it stands. Out: its value, or ``UNKNOWN`` where later rooms know it; diagnostics
that point into the expression.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path as FilePath

from ...base import files, shell
from ...base.diagnostics import Diagnostic, SourceLocation, did_you_mean
from ...base.reporting import error
from ...base.values import Path, mapping
from .. import parameters
from ..yaml.document import Document
from . import expression_parser, interpolation
from .expression_parser import UNKNOWN, Tainted
from .functions import MAX_LENGTH, Functions
from .interpolation import Late

MEMBER = frozenset({"index", "key", "value", "parent"})
"""Names that a member of a fleet knows."""


_MOST_MADE = 64 * 1024 * 1024
_ITEM = 64
_TOLD = 2**60


class _ForMembersError(Exception):
    """An expression that asks for what only a member of a fleet knows."""


class _ToldError(Exception):
    """An expression with a parameter that has no value, which is told where the parameter stands."""


class Names:
    """Answers names for ``expressions.evaluate``; ``broken`` holds the paths that have an error.

    ``members`` holds what each member of a fleet knows, for what is evaluated later.
    """

    def __init__(
        self,
        document: Document,
        values: Mapping[str, object],
        data: Mapping[str, object],
        environment: Mapping[str, str],
    ) -> None:
        self._document = document
        self._values = values
        self._declared = mapping(data.get("parameters"))
        self._deployment = data.get("deployment")
        self._environment = environment
        self._seed = _seed(data)
        self.diagnostics: list[Diagnostic] = []
        self.broken: set[Path] = set()
        self.members: dict[Path, Mapping[str, object]] = {}
        self._made = [0]

    def inside(self, piece: Document, values: Mapping[str, object]) -> Names:
        """What an included file may say: its own parameters, and the same of everything else."""
        names = Names(piece, values, {"parameters": values, "deployment": self._deployment}, self._environment)
        names._seed = self._seed
        names._made = self._made
        return names

    def __call__(self, expression: str, path: Path, is_whole: bool) -> object:
        return self.evaluate(expression, path, {}, path, is_whole)

    def in_template(self, expression: str, path: Path) -> tuple[object, list[Diagnostic]]:
        """The value of an expression in a file that an entry names, and what is wrong with it."""
        told = len(self.diagnostics)
        member = next(
            (self.members[path[:length]] for length in range(len(path), 0, -1) if path[:length] in self.members), {}
        )
        value = self.evaluate(expression, path, member, path, is_whole=False)
        if value is UNKNOWN and member and len(self.diagnostics) == told:
            value = self.evaluate(expression, path, {}, path, is_whole=False)
        return value, self.diagnostics[told:]

    def evaluate(self, expression: str, path: Path, member: Mapping[str, object], at: Path, is_whole: bool) -> object:
        """The value of an expression, for a member of a fleet: with its ``index``, ``key`` and ``value``.

        Without a member, what asks for one is left for later. ``at`` is the path in the data, ``path`` in the file.
        What is not ``is_whole`` stands inside of text.
        """
        if self._made[0] == _TOLD:
            # Expressions of thousands of members would still take time.
            self.broken |= {path, at}
            return UNKNOWN
        found = self._evaluated(expression, path, member, at)
        if not is_whole and (found is None or isinstance(found, (list, Mapping))):
            self.broken.add(at)
            what, hint = interpolation.no_text(expression, found)
            return self._report(f"{expression} is {what}, but a string is required", path, hint)
        self._made[0] += _weight(found)
        if self._made[0] > _MOST_MADE:
            self._report(
                f"the expressions create more than {_MOST_MADE // 2**20} MiB of text",
                path,
                "use fewer or shorter values",
            )
            self._made[0] = _TOLD
            self.broken |= {path, at}
            return UNKNOWN
        return found

    def _evaluated(self, expression: str, path: Path, member: Mapping[str, object], at: Path) -> object:
        if not expression_parser.is_computed(expression):
            return self._member(expression, path, member, at) if member else self._name(expression, path)
        told = len(self.diagnostics)

        def name(name: str) -> object:
            if name.partition(".")[0] in MEMBER and not member:
                raise _ForMembersError
            found = self._member(name, path, member, at) if member else UNKNOWN
            found = self._name(name, path) if found is UNKNOWN else found
            if found is UNKNOWN and name.partition(".")[0] == "parameters":
                raise _ToldError
            return _tainted(name, found)

        try:
            return _late(expression_parser.evaluate(expression, name, Functions(partial(self._read, path), self._seed)))
        except _ForMembersError:
            return UNKNOWN
        except _ToldError:
            self.broken |= {path, at}
            return UNKNOWN
        except expression_parser.ExpressionError as refused:
            if told == len(self.diagnostics):
                place = self._place(path, expression, refused.at)
                self.diagnostics.append(error("PV1307", refused.summary, place, hint=refused.hint))
            self.broken |= {path, at}
            return UNKNOWN

    def _member(self, name: str, path: Path, member: Mapping[str, object], at: Path) -> object:
        head, *steps = name.split(".")
        if head == "parent" and steps and steps[0] in MEMBER:
            if "parent" not in member:
                self.broken.add(at)
                return self._report(
                    "the fleet is not part of another fleet", path, "use ${index} and ${key} of the fleet itself"
                )
            return self._member(".".join(steps), path, mapping(member["parent"]), at)
        if head not in member or (steps and head != "value"):
            return UNKNOWN
        found = self._inside(member[head], steps, f'the value of "{member["key"]}"', path)
        if found is UNKNOWN:
            self.broken.add(at)
        return found

    def _name(self, name: str, path: Path) -> object:
        head, _, rest = name.partition(".")
        if head in ("parameters", "env") and (not rest or rest != rest.strip()):
            return self._report(f"${{{name}}} does not exist", path, f"write {head}.name, without spaces")
        if head == "parameters":
            return self._parameter(rest, path)
        if head == "env":
            value = self._environment.get(rest)
            if value is not None and parameters.is_text(value):
                return value
            if value is not None:
                return self._report(f"the environment variable {rest} is not UTF-8 text", path, "set it to UTF-8 text")
            return self._report(f"the environment variable {rest} is not set", path, f"set it: {shell.to_set(rest)}")
        if name == "deployment" and isinstance(self._deployment, str):
            return self._deployment
        return UNKNOWN

    def _parameter(self, name: str, path: Path) -> object:
        """``size``, or something inside of a map or list: ``sizes.small``, ``zones.0``."""
        own = self._document.source_of(path).parameters
        values, declared = (self._values, self._declared) if own is None else (own, own)
        pieces = name.split(".")
        # Names of parameters may hold dots, so the longest name that is declared wins.
        for length in range(len(pieces), 0, -1):
            key = ".".join(pieces[:length])
            if key in values:
                return self._inside(values[key], pieces[length:], key, path)
            if key in declared:
                self.broken.add(path)
                return UNKNOWN
        return self._report(
            f'unknown parameter "{name}"', path, did_you_mean(name, declared) or "declare it under `parameters:`"
        )

    def _inside(self, value: object, steps: list[str], name: str, path: Path) -> object:
        for step in steps:
            if isinstance(value, Mapping) and step in value:
                value = value[step]
            # A position has at most six digits: `int()` of a very long text takes time, and no list is that long.
            elif isinstance(value, list) and step.isdecimal() and len(step) < len("1000000") and int(step) < len(value):
                value = value[int(step)]
            else:
                hint = did_you_mean(step, value) if isinstance(value, Mapping) else ""
                hint = hint or f"use a value that {name} has"
                return self._report(f'{name} has no "{step}"', path, hint)
            name = f"{name}.{step}"
        return value

    def _report(self, summary: str, path: Path, hint: str) -> object:
        self.diagnostics.append(error("PV1304", summary, self._document.locate(path), hint=hint))
        self.broken.add(path)
        return UNKNOWN

    def _place(self, path: Path, expression: str, at: int) -> SourceLocation:
        """The place of a character of an expression, where the expression stands in one line."""
        location = self._document.locate(path)
        source = self._document.source_of(path)
        whole = source.lines[location.line - 1] if location.line <= len(source.lines) else ""
        start = whole.find(expression, location.column - 1)
        if start < 0 or not location.text:
            return location
        found = source.at(location.line - 1, start + at)
        return found if found.text else location

    def _read(self, path: Path, name: str) -> str:
        file = self._document.directory_of(path) / FilePath(name).expanduser()
        return files.text(file, MAX_LENGTH)


def _weight(value: object) -> int:
    """Characters of a value, with a few for each item."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(map(_weight, value), _ITEM * len(value))
    return sum(map(_weight, value.values()), _ITEM * len(value)) if isinstance(value, Mapping) else 0


def _seed(data: Mapping[str, object]) -> str:
    group = data.get("resource_group")
    name = group.get("name") if isinstance(group, Mapping) else group
    return f"{data.get('deployment')}/{name}"


def _tainted(name: str, found: object) -> object:
    """Secrets, inside of lists and maps too, as what functions can wait for; what else is late they cannot take."""
    if found is UNKNOWN and expression_parser.is_secret(name):
        return Tainted(name)
    if isinstance(found, Late):
        parts = interpolation.split(found)
        is_one = len(parts) == 1 and parts[0][0] and expression_parser.is_secret(parts[0][1])
        return Tainted(parts[0][1]) if is_one else UNKNOWN
    if isinstance(found, list):
        values = [_tainted("", item) for item in found]
        return UNKNOWN if UNKNOWN in values else values
    if isinstance(found, Mapping):
        values = [_tainted("", item) for item in found.values()]
        return UNKNOWN if UNKNOWN in values else dict(zip(found, values, strict=True))
    return found


def _late(value: object) -> object:
    """What waits for a secret as text with an expression in it."""
    if isinstance(value, list):
        return [_late(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _late(item) for key, item in value.items()}
    return Late(f"${{{value.expression}}}") if isinstance(value, Tainted) else value
