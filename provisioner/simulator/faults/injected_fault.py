"""What happens to one request.

In: nothing. Out: `InjectedFault`; `NO_FAULT` when nothing does.
"""

from __future__ import annotations

from dataclasses import dataclass

from .model import Refused


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """What happens to one request; `note` goes to the request log. Empty words are for what does not happen."""

    refused: Refused | None = None
    drop: str = ""
    kill: str = ""
    truncate: bool = False
    missing: bool = False
    note: str = ""


NO_FAULT = InjectedFault()
