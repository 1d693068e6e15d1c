"""From a faults file to `Faults`.

In: YAML text. Out: the frozen description, or `FaultsError` with every problem and its place. It applies nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from ..arm.throttle import LIMITS, Limit
from .model import Expiry, Faults, Lag, Spread, Throttling
from .reading_rules import read_rules
from .yaml_node import Part, Problem

__all__ = ["FaultsError", "Problem", "parse_faults"]

RECORDED_LAG = Spread(median=40.0, p90=150.0, most=269.0)
"""Until a role assignment for a fresh identity succeeded: 66 recorded series."""


class FaultsError(Exception):
    """A faults file with mistakes: all of them, in the order of the file."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(f"{file}:{one.line}:{one.column}: {one.message}" for one in self.problems))


def parse_faults(text: str | bytes, file: str = "<faults>") -> Faults:
    """Read what a faults file holds.

    Raises:
        FaultsError: it has mistakes.
    """
    try:
        text = text if isinstance(text, str) else text.decode()
    except UnicodeDecodeError as error:
        raise FaultsError(file, [Problem(1, 1, "the file is not UTF-8 text")]) from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        raise FaultsError(file, [Problem(*place, f"the file is not YAML: {error.problem or error.context}")]) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise FaultsError(file, [Problem(1, 1, f"the file is not YAML: {error}")]) from error
    if node is None:
        return Faults()
    problems: list[Problem] = []
    faults = _faults(Part(node, "", problems))
    if problems:
        raise FaultsError(file, problems)
    return faults


def _faults(top: Part) -> Faults:
    if not top.require_map():
        return Faults()
    quota, rules = top.take("quota"), top.take("rules")
    throttling, durations = top.take("throttling"), top.take("durations")
    directory, credentials = top.take("directory"), top.take("credentials")
    restricted, lists = top.take("restricted_sizes"), top.take("lists")
    spread, overrides = _durations(durations) if durations is not None else (False, {})
    faults = Faults(
        seed=top.scalar("seed", Part.whole, 0),
        throttling=_throttling(throttling) if throttling is not None else Throttling(),
        spread_durations=spread,
        durations=overrides,
        lag=_lag(directory) if directory is not None else None,
        index_lag_s=_lists(lists) if lists is not None else 0.0,
        expiry=_expiry(credentials) if credentials is not None else None,
        core_quota=_quota(quota) if quota is not None else None,
        restricted_sizes=frozenset(restricted.texts()) if restricted is not None else frozenset(),
        rules=read_rules(rules) if rules is not None else (),
    )
    top.done()
    return faults


def _throttling(part: Part) -> Throttling:
    if part.is_scalar:
        everything = bool(part.flag())
        return Throttling(arm=everything, compute=everything, network=everything)
    if not part.require_map():
        return Throttling()
    limits: dict[str, Limit] = {}
    listed = part.take("limits")
    for name, entry in listed.members() if listed is not None and listed.require_map() else ():
        if name not in LIMITS:
            entry.problem(f"unknown bucket '{name}'", f"use one of: {', '.join(LIMITS)}")
        elif entry.require_map():
            usual = LIMITS[name]
            capacity = entry.scalar("capacity", lambda one: one.number(1), usual.capacity)
            limits[name] = Limit(
                capacity, entry.scalar("per_second", lambda one: one.number(1e-6), usual.per_second)
            )  # fmt: skip
            entry.done()
    found = Throttling(
        arm=part.scalar("arm", Part.flag, False),
        compute=part.scalar("compute", Part.flag, False),
        network=part.scalar("network", Part.flag, False),
        limits=limits,
    )
    part.done()
    return found


def _durations(part: Part) -> tuple[bool, dict[tuple[str, str], Spread]]:
    if not part.require_map():
        return False, {}
    how = part.scalar("distribution", lambda one: one.word(("median", "lognormal")), "median")
    overrides: dict[tuple[str, str], Spread] = {}
    types = part.take("types")
    for type_, operations in types.members() if types is not None and types.require_map() else ():
        for operation, value in operations.members() if operations.require_map() else ():
            spread = _spread(value)
            if spread is not None:
                overrides[type_.lower(), operation.lower()] = spread
    part.done()
    return how == "lognormal", overrides


def _lag(part: Part) -> Lag | None:
    if not part.require_map():
        return None
    lag = part.take("lag_s")
    spread: Spread | None = Spread(median=0.0)
    if lag is not None:
        recorded = lag.is_scalar and lag.node.value == "recorded"
        spread = RECORDED_LAG if recorded else _spread(lag)
    despite = part.scalar("despite_principal_type", Part.flag, False)
    part.done()
    return Lag(spread=spread, despite_principal_type=despite) if spread is not None else None


def _spread(part: Part) -> Spread | None:
    """A number, or a map of median, p90 and most."""
    if not part.is_map:
        value = part.number()
        return None if value is None else Spread(median=value)
    median_part = part.take("median")
    median = median_part.number() if median_part is not None else None
    if median_part is None:
        part.problem("the median is missing")
    p90 = part.scalar("p90", Part.number, None)
    most = part.scalar("most", Part.number, None)
    part.done()
    if median is None:
        return None
    if p90 is not None and p90 < median:
        part.problem("p90 is less than the median")
        return None
    return Spread(median=median, p90=p90, most=most)


def _expiry(part: Part) -> Expiry | None:
    if not part.require_map():
        return None
    after = part.take("expire_after_s")
    seconds = after.number() if after is not None else None
    if after is None:
        part.problem("expire_after_s is missing")
    announced = part.scalar("announced", Part.flag, False)
    part.done()
    return Expiry(after_s=seconds, announced=announced) if seconds is not None else None


def _lists(part: Part) -> float:
    if not part.require_map():
        return 0.0
    lag_s: float = part.scalar("lag_s", Part.number, 0.0)
    part.done()
    return lag_s


def _quota(part: Part) -> int | None:
    if not part.require_map():
        return None
    cores = part.scalar("cores", Part.whole, None)
    part.done()
    return cores
