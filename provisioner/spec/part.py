"""An entry of the spec, or a part of one, with typed access to what the schema accepts in it.

In: a path and the mapping there. Out: texts, numbers and parts with their paths. A value of another form than the one
that is asked for reads as if it were absent: the schema reports it, or an expression decides it later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..base.values import Path


class Part:
    """``path`` is where it is in the spec; ``data`` is what it says there."""

    __slots__ = ("data", "path")

    def __init__(self, path: Path, data: Mapping[str, object]) -> None:
        self.path = path
        self.data = data

    @property
    def key(self) -> str:
        return str(self.path[-1])

    @property
    def address(self) -> str:
        """The address of an entry, such as ``vms/web``; a part of it has its path there."""
        return "/".join(map(str, self.path))

    def at(self, *steps: str | int) -> Path:
        return (*self.path, *steps)

    def __contains__(self, word: str) -> bool:
        return word in self.data

    def get(self, word: str) -> object:
        return self.data.get(word)

    def text(self, word: str, default: str = "") -> str:
        value = self.data.get(word)
        return value if isinstance(value, str) else default

    def number(self, word: str) -> float | None:
        value = self.data.get(word)
        # In Python `True` is the number 1.
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def part(self, word: str) -> Part | None:
        """The mapping under a key."""
        value = self.data.get(word)
        return Part((*self.path, word), value) if isinstance(value, Mapping) else None

    def parts(self, word: str) -> Iterator[Part]:
        """The mappings in the mapping under a key, such as the rules of a security group."""
        value = self.data.get(word)
        if isinstance(value, Mapping):
            for key, item in value.items():
                if isinstance(item, Mapping):
                    yield Part((*self.path, word, key), item)

    def texts(self, word: str) -> Iterator[tuple[Path, str]]:
        """The texts in the list under a key, each with its path."""
        value = self.data.get(word)
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, str):
                    yield (*self.path, word, index), item
