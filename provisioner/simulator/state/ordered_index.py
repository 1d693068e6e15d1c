"""Keys in the order of their sequence numbers, and a view of what they name that costs nothing to make.

In: keys as they come and go. Out: a `Sequence` whose length and single entries cost the same at any size; whoever
iterates over it sees what was there when he began.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar, overload


class Numbered(Protocol):
    @property
    def sequence(self) -> int: ...


Entry = TypeVar("Entry", bound=Numbered)


class View(Sequence[Entry]):
    """Entries by key, oldest first."""

    __slots__ = ("_by_key", "_keys")

    def __init__(self, keys: Sequence[str], by_key: Mapping[str, Entry]) -> None:
        self._keys = keys
        self._by_key = by_key

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self._by_key[key] for key in self._keys[index]]
        return self._by_key[self._keys[index]]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self[:])

    def __reversed__(self) -> Iterator[Entry]:
        return reversed(self[:])


class Bucket:
    """A set of keys; sorted again only when it is asked for after a change."""

    __slots__ = ("_keys", "_sorted")

    def __init__(self) -> None:
        self._keys: dict[str, None] = {}
        self._sorted: list[str] | None = []

    def add(self, key: str) -> None:
        self._keys[key] = None
        self._sorted = None

    def discard(self, key: str) -> None:
        self._keys.pop(key, None)
        self._sorted = None

    def view(self, by_key: Mapping[str, Entry]) -> View[Entry]:
        """What the keys name, oldest first."""
        if self._sorted is None:
            self._sorted = sorted(self._keys, key=lambda key: by_key[key].sequence)
        return View(self._sorted, by_key)
