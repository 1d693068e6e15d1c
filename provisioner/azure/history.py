"""How long operations took in earlier runs, smoothed, for priorities and first looks. Nothing depends on it.

In: seconds of Azure, as operations end. Out: typical seconds; a small JSON file in the user's state folder, where there
is to be one. A file that is missing, broken or of another version is empty; one that cannot be written is let be.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from ..base import files, json_text
from ..resources.kind import Kind

Verb = Literal["create", "update", "delete"]
FORMAT_VERSION = 1
_WEIGHT = 0.2
"""Of the newest."""
_OUTLIER = 5.0
"""So many times what is usual count as no more."""
_PART: Mapping[Verb, float] = {"create": 1.0, "update": 1 / 3, "delete": 2 / 3}
"""Of a kind's typical seconds; the recorded medians of a machine are 96, 30 and 61 s."""


class History:
    """Seconds by kind and verb."""

    def __init__(self, seconds: Mapping[str, float] | None = None) -> None:
        self._seconds = dict(seconds or {})
        self._is_changed = False

    def typical_s(self, kind: Kind, verb: Verb) -> float:
        """As learnt, else as measured once and for all."""
        return self._seconds.get(_key(kind, verb), kind.timing.typical_s * _PART[verb])

    def learn(self, kind: Kind, verb: Verb, seconds: float) -> None:
        """One operation came to a good end."""
        usual = self.typical_s(kind, verb)
        # One second more than the limit of outliers, so that what usually takes no time can grow.
        self._seconds[_key(kind, verb)] = usual + _WEIGHT * (min(max(seconds, 0.0), _OUTLIER * usual + 1) - usual)
        self._is_changed = True

    def save(self, path: Path) -> None:
        """Write it, if there is something new; another run's file is replaced whole."""
        if not self._is_changed:
            return
        seconds = {key: round(value, 2) for key, value in sorted(self._seconds.items())}
        text = json.dumps({"format_version": FORMAT_VERSION, "seconds": seconds}, indent=1)
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                beside.write_text(text + "\n", "utf-8", newline="\n")
                beside.replace(path)
            except OSError:
                # Windows does not replace a file that another run reads just now.
                beside.unlink(missing_ok=True)


def load(path: Path) -> History:
    """What a file says, as far as it can be read."""
    try:
        found = json_text.loads(files.text(path))
        if found["format_version"] != FORMAT_VERSION:
            return History()
        seconds = {str(key): float(value) for key, value in found["seconds"].items() if 0 <= float(value) < 1e6}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return History()
    return History(seconds)


def _key(kind: Kind, verb: Verb) -> str:
    return f"{kind.name} {verb}"
