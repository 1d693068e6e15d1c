"""How a saved plan is told from a spec: by its beginning. Apart from what reads it, since every command asks.

In: a file's name. Out: whether it is one.
"""

from __future__ import annotations

import re
from pathlib import Path

FORMAT = "provisioner-plan"
_HEAD = re.compile(rf'\s*{{\s*"format"\s*:\s*"{FORMAT}"')
_HEAD_BYTES = 200


def is_plan_file(file: str) -> bool:
    """Whether a file is a saved plan rather than a spec."""
    return Path(file).is_file() and _HEAD.match(_head(file)) is not None


def _head(file: str) -> str:
    try:
        with open(file, "rb") as stream:
            return stream.read(_HEAD_BYTES).decode(errors="replace")
    except OSError:
        return ""
