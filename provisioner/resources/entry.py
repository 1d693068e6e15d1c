"""What a kind's pure functions are given: an entry of a spec, and what they may ask for beyond it.

In: nothing. Out: types. No I/O, no Azure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..base.values import Body, Path, Ref

Find = Callable[[str], Body | None]
"""The body of another object of the same resource group, by its ARM ID."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One thing that a spec declares: ``data`` is its validated mapping, ``path`` its place in the document."""

    address: str
    key: str
    data: Mapping[str, Any]
    path: Path
    parent: Entry | None = None

    @property
    def key_for_names(self) -> str:
        """The key as a part of names: that of a fleet's member (``web/0``) has a slash."""
        return self.key.replace("/", "-")


class Context(Protocol):
    """What a kind's pure functions may ask for beyond the entry: references, texts, files and the deployment."""

    @property
    def deployment(self) -> str: ...
    @property
    def location(self) -> str: ...
    @property
    def group(self) -> Ref: ...
    @property
    def subscription(self) -> str:
        """The ARM ID of the subscription."""

    def ref(self, section: str, value: str, *at: str | int) -> Ref | str:
        """A reference by bare key (``nic``, ``vnet/subnet``), address (``existing/x``) or ARM ID."""

    def address(self, value: str, *at: str | int) -> Ref:
        """A reference by full address, as in ``scope:`` and ``to:``."""

    def arm_id(self, reference: Ref) -> str:
        """The ARM ID that a reference stands for."""

    def declares(self, section: str, key: str) -> bool:
        """Whether a section has an entry of that key."""

    def read_text(self, value: Any, *at: str | int) -> str:
        """The text of a value that is a string or ``{file: path}``, not interpolated yet (``$${`` escapes)."""

    def interpolate(self, value: Any, *at: str | int) -> Any:
        """The value with its remaining ``${…}`` turned into leaves."""

    def error(self, code: str, summary: str, *at: str | int, hint: str, reason: str = "") -> None: ...
    def warning(self, code: str, summary: str, *at: str | int, hint: str, reason: str = "") -> None: ...
