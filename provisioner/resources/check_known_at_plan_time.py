"""Expressions that stand where their value must be known before apply, and secrets in the open.

In: the ``Binding`` of an entry. Out: diagnostics in it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace

from ..base.diagnostics import Diagnostic
from ..base.values import Path
from ..spec.expressions import expression_parser, interpolation
from . import kinds
from .binding import FOR_MEMBERS, NESTED, OF_MEMBER, Binding
from .entry import Entry

SECRET = frozenset({"protected_settings", "admin", "custom_data", "user_data"})
"""Keys of an entry below which a secret may stand."""
LATE = frozenset({*SECRET, "settings", "tags", "description", "outputs"})
"""Keys of an entry below which a value may be known only after apply."""
_SEEN = "Users with read access to the resource in Azure would see it."
_OF_NAMES = frozenset({"PV1402", "PV1403", "PV2102", "PV2103"})
"""Diagnostics that hold whatever else an entry says."""


@functools.cache
def _inner() -> frozenset[str]:
    """Keys of an entry below which stand entries of their own (``extensions``)."""
    sections = [section.removesuffix("/*") for kind in kinds.all_kinds() for section in kind.schema.sections]
    return frozenset(section.rpartition("/")[2] for section in sections if "*" in section)


def unresolved(binding: Binding) -> bool:
    """Report expressions that stand where their value must be known before apply, and secrets in the open."""
    wrong = False
    for path, text in _expressions(binding.entry.data, ()):
        if path[-1:] == (text,) and any(is_expression for is_expression, _ in interpolation.split(text)):
            binding.error("PV1305", f'the key "{text}" contains an expression', *path,
                          reason="provisioner evaluates expressions only in values.",
                          hint="write $${ for a literal ${")  # fmt: skip
            wrong = True
            continue
        place = path[0] if path else ""
        is_late = place in LATE or path[-1:] == ("description",)
        if interpolation.unclosed(text):
            binding.error("PV1306", "unclosed expression: missing }", *path, hint="write $${ for a literal ${")
            wrong = True
        for is_expression, part in interpolation.split(text):
            if not is_expression:
                continue
            if expression_parser.is_secret(part) and place not in SECRET:
                shown = part.replace(expression_parser.SECRET_PARAMETERS, "parameters.")
                seen = "provisioner prints outputs." if place == "outputs" else _SEEN
                binding.error("PV1402", f"the secret ${{{shown}}} is visible in `{place}`", *path, reason=seen,
                              hint="use secrets only in admin, protected_settings or custom_data")  # fmt: skip
                wrong = True
            elif expression_parser.is_secret(part) and place in ("custom_data", "user_data") and not wrong:
                binding.warn_of_secret(*path)
            elif not expression_parser.is_secret(part) and not is_late:
                hint = "use ${parameters.x}, ${env.X} or ${deployment} here"
                hint = NESTED if part.startswith(("parameters.", "env.")) else hint
                binding.error("PV1305", f"cannot understand ${{{part}}} here", *path,
                              reason="This value must be known before provisioner creates anything.",
                              hint=FOR_MEMBERS if OF_MEMBER.search(part) else hint)  # fmt: skip
                wrong = True
    return wrong


def misnamed(
    entry: Entry, broken: Container[Path], bind: Callable[[Entry, list[Diagnostic]], Binding]
) -> list[Diagnostic]:
    """What expressions name that is not there, and secrets in the open, in an entry whose other values make no body."""
    told: list[Diagnostic] = []
    data = {
        key: _unsuspected(value, (*entry.path, key), broken) for key, value in entry.data.items() if key not in _inner()
    }
    binding = bind(replace(entry, data=data), told)
    unresolved(binding)
    binding.interpolate(data)
    return [item for item in told if item.code in _OF_NAMES]


def _unsuspected(value: object, path: Path, broken: Container[Path]) -> object:
    """A value without the texts in it that something is told of."""
    if isinstance(value, Mapping):
        return {key: _unsuspected(item, (*path, key), broken) for key, item in value.items()}
    if isinstance(value, list):
        return [_unsuspected(item, (*path, index), broken) for index, item in enumerate(value)]
    return None if path in broken else value


def _expressions(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if "${" in value:
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            is_inner = path == () and key in _inner() and isinstance(item, Mapping)
            if not is_inner:
                if "${" in key:
                    yield (*path, key), key
                yield from _expressions(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _expressions(item, (*path, index))
