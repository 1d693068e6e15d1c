"""Outputs that are several values, or not there: ``{value: …, count: …}``, ``for_each``, ``when``.

In: an output's entry and the values of its members. Out: one value: a list where they are counted, a mapping by their
keys where they come from ``for_each``.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...base.values import Path
from .sections import WORDS


def is_marked(entry: object) -> bool:
    """Whether an output is of this form: a ``value``, one of the words, and nothing else."""
    return isinstance(entry, Mapping) and len(entry) > 1 and "value" in entry and set(entry) <= {"value", *WORDS}


def is_fleet(entry: Mapping[str, object]) -> bool:
    return "count" in entry or "for_each" in entry


def together(key: str, entry: Mapping[str, object], values: Mapping[str, object]) -> tuple[object, dict[Path, Path]]:
    """The value of an output, and where its parts stand in the file."""
    at: Path = ("outputs", key)
    if "count" in entry:
        return list(values.values()), {(*at, index): (*at, "value") for index in range(len(values))}
    if "for_each" in entry:
        return dict(values), {(*at, member): (*at, "value") for member in values}
    return next(iter(values.values())), {at: (*at, "value")}
