"""Words of the shell that the user most likely types into: PowerShell on Windows, a POSIX shell elsewhere.

In: names and values. Out: text for hints. It runs nothing.
"""

from __future__ import annotations

import re
import shlex
import sys
from typing import Literal

Shell = Literal["sh", "powershell"]
_PLAIN = re.compile(r"[\w./:\\=+-]+")


def usual() -> Shell:
    """The shell of this system."""
    return "powershell" if sys.platform == "win32" else "sh"


def quoted(word: str, shell: Shell | None = None) -> str:
    """A word that the shell takes as it stands.

    Source: "about_Quoting_Rules" of PowerShell: in single quotes only a single quote is doubled.
    """
    if (shell or usual()) == "sh":
        return shlex.quote(word)
    return word if _PLAIN.fullmatch(word) else "'" + word.replace("'", "''") + "'"


def to_set(variable: str, value: str | None = None, shell: Shell | None = None) -> str:
    """The line that sets an environment variable; without a value ``…`` stands for it."""
    shell = shell or usual()
    if shell == "sh":
        return f"export {variable}={'…' if value is None else quoted(value, shell)}"
    return f"$env:{variable} = '{'…' if value is None else value.replace(chr(39), chr(39) * 2)}'"
