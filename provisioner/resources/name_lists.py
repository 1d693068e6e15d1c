"""Sets of names in the values of tags: as they are while few tags hold them, as short hashes beyond.

In: names; tags. Out: tags; whether they hold a name. Pure. A tag's value has at most 256 characters, a resource at most
50 tags: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources. So a hash has 24 bits in
four characters, and a tag holds 64 of them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping

_LONGEST_VALUE = 256
_MOST_READABLE_TAGS = 4
_CHARACTERS = 4
_PACKED, _OLD = "*", "#"
"""What the first value begins with: four characters each, or eight and a comma, as earlier versions wrote them."""


def tags(tag: str, names: Iterable[str]) -> dict[str, str]:
    """The tags that hold names: by name while that fits, by hashes beyond."""
    ordered = sorted({name.lower() for name in names})
    chunks = _chunks(ordered)
    if len(chunks) > _MOST_READABLE_TAGS or any(len(name) > _LONGEST_VALUE for name in ordered):
        packed = _PACKED + packed_names(ordered)
        chunks = [packed[at : at + _LONGEST_VALUE] for at in range(0, len(packed), _LONGEST_VALUE)]
    return numbered(tag, chunks)


def packed_names(names: Iterable[str]) -> str:
    """Hashes one behind the other, sorted."""
    return "".join(sorted({short(name) for name in names}))


def packed_tags(tag: str, names: Iterable[str]) -> dict[str, str]:
    """The tags that hold hashes of names, however few they are."""
    packed = packed_names(names)
    return numbered(tag, [packed[at : at + _LONGEST_VALUE] for at in range(0, len(packed), _LONGEST_VALUE)])


def unpacked(text: str) -> frozenset[str]:
    """The hashes that ``packed_names`` wrote."""
    return frozenset(text[at : at + _CHARACTERS] for at in range(0, len(text), _CHARACTERS))


def numbered(tag: str, values: Iterable[str]) -> dict[str, str]:
    """One tag for each value: ``tag``, ``tag-2``, and so on."""
    return {tag if number == 1 else f"{tag}-{number}": value for number, value in enumerate(values, 1)}


def joined(present: Mapping[str, object] | None, tag: str, separator: str = "") -> str:
    """The values of a tag and those that continue it, in their order."""
    found = {name: str(value) for name, value in (present or {}).items() if name == tag or name.startswith(f"{tag}-")}
    ordered = sorted(found, key=lambda name: (len(name), name))
    return separator.join(found[name] for name in ordered)


def short(name: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()[:3]).decode()


class NameList:
    """The names that an object's tags hold."""

    def __init__(self, present: Mapping[str, object] | None, tag: str) -> None:
        text = joined(present, tag, ",")
        self._mark = text[:1] if text[:1] in (_PACKED, _OLD) else ""
        if self._mark == _PACKED:
            self._names = unpacked(joined(present, tag)[1:])
        else:
            self._names = frozenset(name for name in text.removeprefix(_OLD).split(",") if name)

    def __contains__(self, name: str) -> bool:
        return self._form(name.lower()) in self._names

    def __bool__(self) -> bool:
        return bool(self._names)

    def _form(self, name: str) -> str:
        if self._mark == _PACKED:
            return short(name)
        return hashlib.sha256(name.encode()).hexdigest()[:8] if self._mark == _OLD else name


def _chunks(names: list[str]) -> list[str]:
    chunks: list[str] = []
    for name in names:
        if chunks and len(chunks[-1]) + 1 + len(name) < _LONGEST_VALUE:
            chunks[-1] += f",{name}"
        else:
            chunks.append(name)
    return chunks
