"""What a spec does not say of an object: properties that survive every update, but that no create would set.

In: the desired body that an entry stands for, the actual one, and the kind. Out: dotted paths. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..base import arm_id
from ..base.values import DETACHED, Body
from ..resources.kind import Kind

_SAID_ELSEWHERE = frozenset({"tags", "location"})
_NOTHING: tuple[object, ...] = (None, False, "", [], {})


def leftovers(desired: Body, actual: Body, kind: Kind) -> list[str]:
    """The paths of ``actual`` that ``desired`` is silent about, without what the service sets by itself."""
    return list(_unsaid(desired, actual, "", "", kind))


def _unsaid(desired: object, actual: object, pattern: str, shown: str, kind: Kind) -> Iterator[str]:
    if _is_nothing(actual, pattern, kind):
        return
    if desired is None or desired is DETACHED:
        yield shown
    elif isinstance(desired, Mapping) and isinstance(actual, Mapping):
        said = {_step(str(key)): value for key, value in desired.items()}
        for key, value in actual.items():
            step = _step(key)
            path = f"{pattern}.{'*' if step != key else key}" if pattern else key
            label = f"{shown}.{key}" if shown else key
            yield from _unsaid(said.get(step), value, path, label, kind)
    elif isinstance(desired, list) and isinstance(actual, list):
        key = kind.rules.list_keys.get(pattern)
        if key is not None:
            named = {str(item.get(key)).lower(): item for item in desired if isinstance(item, Mapping)}
            for item in actual:
                name = str(item.get(key))
                yield from _unsaid(named.get(name.lower()), item, f"{pattern}[]", f"{shown}[{_last(name)}]", kind)
        else:
            for index, (left, right) in enumerate(zip(desired, actual, strict=False)):
                yield from _unsaid(left, right, f"{pattern}[]", f"{shown}[{index}]", kind)


def _is_nothing(actual: object, pattern: str, kind: Kind) -> bool:
    """Whether a value says nothing: empty, set by the service, or made of such."""
    rules = kind.rules
    if actual in _NOTHING or pattern in _SAID_ELSEWHERE or pattern in rules.read_only or pattern in rules.write_only:
        return True
    defaults = kind.importing.defaults.get(pattern)
    if defaults is not None and (not defaults or _plain(actual) in map(_plain, defaults)):
        return True
    if isinstance(actual, Mapping):
        return all(
            _is_nothing(value, f"{pattern}.{'*' if _step(key) != key else key}" if pattern else key, kind)
            for key, value in actual.items()
        )
    return False


def _step(key: str) -> str:
    return arm_id.key(key) if arm_id.looks_like_id(key) else key


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _plain(value: object) -> object:
    return value.lower() if isinstance(value, str) else value
