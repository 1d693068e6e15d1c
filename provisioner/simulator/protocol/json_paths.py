"""Places inside a body: found, read, filled, removed, by a small path language.

In: a JSON body and a path such as `properties.ipConfigurations[].properties.subnet`. `[]` steps into every entry of a
list, `{}` at the end stands for the keys of a map. Out: what stands there. It never copies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..json_values import Json


@dataclass(frozen=True, slots=True)
class Found:
    """One match: the object that holds it, under which key, the value, and where (with indexes).

    `holder_id` is the ID of the innermost list entry on the way that has one: an IP configuration of an
    interface, say.
    """

    holder: Json
    key: str
    value: object
    path: str
    holder_id: str | None

    @property
    def target(self) -> object:
        """What a reference names: the `id` of the object that stands there, else the value itself."""
        return self.value.get("id") if isinstance(self.value, dict) else self.value


@lru_cache(maxsize=2_000)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def find(body: Json, path: str) -> Iterator[Found]:
    """Every place that a path names and that is there."""
    yield from _find(body, _steps(path), "", None)


def _find(body: object, steps: tuple[str, ...], walked: str, holder_id: str | None) -> Iterator[Found]:
    if not isinstance(body, dict):
        return
    step, rest = steps[0], steps[1:]
    name = step.rstrip("[]{}")
    value = body.get(name)
    if value is None:
        return
    where = f"{walked}.{name}" if walked else name
    if step.endswith("{}"):
        for key in value if isinstance(value, dict) else ():
            yield Found(value, key, key, f"{where}.{key}", holder_id)
    elif step.endswith("[]"):
        for index, entry in enumerate(value if isinstance(value, list) else ()):
            if not isinstance(entry, dict):
                continue
            if rest:
                yield from _find(entry, rest, f"{where}[{index}]", entry.get("id", holder_id))
            else:
                yield Found(body, name, entry, f"{where}[{index}]", holder_id)
    elif rest:
        yield from _find(value, rest, where, holder_id)
    else:
        yield Found(body, name, value, where, holder_id)


def read(body: Json, path: str) -> object:
    """The one value at a plain path, or None."""
    value: object = body
    for step in _steps(path):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def entries_at(body: Json, path: str) -> list[Json]:
    """The objects in the list at a plain path; none when no list is there."""
    value = read(body, path)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def object_at(body: Json, path: str) -> Json:
    """The object at a plain path; a new, empty one when none is there."""
    value = read(body, path)
    return value if isinstance(value, dict) else {}


def write(body: Json, path: str, value: object) -> None:
    """Set the value at a plain path, making objects on the way."""
    *steps, last = _steps(path)
    for step in steps:
        body = body.setdefault(step, {})
    body[last] = value


def set_default(body: Json, path: str, value: object) -> None:
    """Set the value at a plain path unless there is one."""
    if read(body, path) is None:
        write(body, path, value)


def take(body: Json, path: str) -> object:
    """Remove the value at a plain path and return it, or None."""
    *steps, last = _steps(path)
    value: object = body
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value.pop(last, None) if isinstance(value, dict) else None


def merge_patch(body: Json, patch: Json) -> Json:
    """JSON Merge Patch (RFC 7396) as ARM's PATCH does it: maps merge, null removes, lists are replaced."""
    merged = dict(body)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            known = merged.get(key)
            merged[key] = merge_patch(known if isinstance(known, dict) else {}, value)
        else:
            merged[key] = value
    return merged
