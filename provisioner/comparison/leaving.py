"""What this deployment wrote on an object, and its spec no longer has.

In: a desired and an actual body, and the places that the object's tags hold. Out: the desired body with ``Unset`` at
what goes; what stays, and why. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..base.values import Body, Detached, Unset
from ..resources.body_paths import item_key, join
from ..resources.kind import Kind
from ..resources.reserved_tags import is_reserved
from ..resources.written_paths import Place, WrittenPaths, labelled, labels, of_tag
from .context import map_key
from .ownership_tags import Parts


def with_unset(desired: Body, actual: Body, kind: Kind, written: WrittenPaths) -> Body:
    """``desired`` with ``Unset`` at each property that the deployment wrote, and ``desired`` does not speak of."""
    if not written:
        return desired
    walk = _Walk(kind, written, Parts(actual.get("tags")))
    result: Mapping[str, object] = desired
    for pattern, leaving in kind.rules.optional.items():
        if not leaving.stays:
            result = walk.unset(result, actual, pattern.split("."), "", "")
    return _without_tags(dict(result), actual, written)


def kept(desired: Body, kind: Kind, written: WrittenPaths) -> list[tuple[str, str]]:
    """What the spec no longer has and Azure keeps: (path, why)."""
    return [
        (pattern, leaving.stays)
        for pattern, leaving in kind.rules.optional.items()
        if leaving.stays and not _says(desired, pattern.split(".")) and Place(pattern) in written
    ]


def _says(body: object, steps: list[str]) -> bool:
    for step in steps:
        body = body.get(step) if isinstance(body, Mapping) else None
    return body is not None


def _without_tags(desired: Body, actual: Body, written: WrittenPaths) -> Body:
    said = {map_key(name, "tags") for name in desired.get("tags", {})}
    gone = [
        name
        for name in actual.get("tags") or {}
        if map_key(name, "tags") not in said and not is_reserved(name) and of_tag(name) in written
    ]
    return {**desired, "tags": {**desired.get("tags", {}), **dict.fromkeys(gone, Unset())}} if gone else desired


class _Walk:
    """Two bodies side by side, to one property of an object or of each of its parts."""

    def __init__(self, kind: Kind, written: WrittenPaths, parts: Parts) -> None:
        self._kind = kind
        self._written = written
        self._parts = parts

    def unset(
        self, desired: Mapping[str, object], actual: object, steps: list[str], pattern: str, part: str
    ) -> Mapping[str, object]:
        """``desired``, or a copy of it that takes the property at ``steps`` away."""
        step, *rest = steps
        name = step.removesuffix("[]")
        path, present = join(pattern, name), actual.get(name) if isinstance(actual, Mapping) else None
        wanted = desired.get(name)
        found: object = wanted
        if step.endswith("[]"):
            found = self._in_items(wanted, present, rest, path, part) if isinstance(wanted, list) else wanted
        elif not rest:
            found = self._leaf(wanted, present, path, part, name in desired)
        elif wanted is None or isinstance(wanted, Mapping):
            inner = self.unset(wanted or {}, present, rest, path, part)
            found = inner if inner else wanted
        return desired if found is wanted else {**desired, name: found}

    def _in_items(self, wanted: list[object], present: object, steps: list[str], path: str, part: str) -> list[object]:
        key = self._kind.rules.list_keys[path]
        items = {item_key(item, key): item for item in present} if isinstance(present, list) else {}
        result = [
            self.unset(item, items[name], steps, f"{path}[]", own)
            if isinstance(item, Mapping) and name in items and own is not None
            else item
            for item, name, own in self._known(wanted, key, path, part)
        ]
        return result if any(new is not old for new, old in zip(result, wanted, strict=True)) else wanted

    def _known(self, wanted: list[object], key: str, path: str, part: str) -> Iterator[tuple[object, str, str | None]]:
        """Each item with its key, and the part that it is or lies in; None for a part that another user made."""
        for item in wanted:
            name = item_key(item, key)
            own = part if path not in self._kind.ownership.parts else name if name in self._parts else None
            yield item, name, own

    def _leaf(self, wanted: object, present: object, path: str, part: str, is_said: bool) -> object:
        key = self._kind.rules.list_keys.get(path)
        if key is not None and (wanted is None or isinstance(wanted, list)) and isinstance(present, list):
            said = {item_key(item, key) for item in wanted or ()}
            gone = [label for label in labels(present, path, self._kind) if label not in said]
            keys = [label for label in gone if labelled(path, label, part) in self._written]
            return [*(wanted or ()), *(Unset(key=label) for label in keys)] if keys else wanted
        if is_said and not isinstance(wanted, Detached):
            return wanted
        hidden = path in self._kind.rules.write_only
        if present is None and not hidden:
            return wanted
        is_ours = any(labelled(path, label, part) in self._written for label in labels(present, path, self._kind))
        return Unset(self._kind.rules.optional[path].default) if is_ours else wanted
