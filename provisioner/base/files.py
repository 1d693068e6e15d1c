"""Files that a user names: read whole or not at all, and never waited for.

In: a path and how many bytes are bearable. Out: bytes, or an ``OSError`` whose ``strerror`` says why not. A device, a
socket or a named pipe is refused: it may have no end, or nobody who writes. Pipes that the caller opened
(``/dev/stdin``, ``<(…)`` of a shell) are read.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

MAX_BYTES = 32 * 1024 * 1024
"""Of a spec, a saved plan, a journal."""
MAX_TEXT_BYTES = 1024 * 1024
"""Of a text that a spec takes in: many times what Azure takes for custom data or settings."""
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""A named pipe would be waited for until somebody writes; on Windows opening one waits for nobody."""
_OPENED = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
_WHAT = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read(path: str | Path, at_most: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file.

    Raises:
        OSError: it cannot be read, is no regular file, or holds more than ``at_most`` bytes (``EFBIG``).
        ValueError: the path has a NUL in it.
    """
    is_opened = str(path).startswith(_OPENED)
    descriptor = os.open(path, os.O_RDONLY | (0 if is_opened else _AT_ONCE))
    with os.fdopen(descriptor, "rb") as stream:
        kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
        if kind == stat.S_IFDIR:
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        if kind != stat.S_IFREG and not (is_opened and kind == stat.S_IFIFO):
            raise OSError(errno.EINVAL, f"it is {_WHAT.get(kind, 'something else')}, not a file")
        found = stream.read(at_most + 1)
    if len(found) > at_most:
        raise OSError(errno.EFBIG, f"it is larger than {size(at_most)}")
    return found


def text(path: str | Path, at_most: int = MAX_BYTES) -> str:
    """The text of a regular file in UTF-8, its lines ended by ``\\n``, without a byte order mark.

    Raises:
        OSError: as for ``read``.
        ValueError: it is not UTF-8, or the path has a NUL in it.
    """
    return read(path, at_most).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def at_home(path: str) -> Path:
    """A path whose ``~`` is the user's home folder; as it stands where there is none, or no such user."""
    return Path(os.path.expanduser(path))


def path_hint(name: str, usual: str) -> str:
    """What to say where a file is not found: on POSIX a backslash stands in its name, and leads to no folder."""
    return "write / between folders, which Windows accepts too" if "\\" in name and os.sep == "/" else usual


def relative(path: Path) -> str:
    """A path as seen from the working folder; on another drive of Windows as it is."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)


def state_folder() -> Path:
    """Where the program keeps what it may lose: in XDG_STATE_HOME, else below the home folder.

    On Windows that is the folder of local application data; on macOS it is the same as on Linux.

    Raises:
        OSError: there is no home folder (as in a container, for a user whom it does not know).
    """
    chosen = os.environ.get("XDG_STATE_HOME")
    if sys.platform == "win32" and not chosen:
        import platformdirs

        return platformdirs.user_state_path("provisioner", appauthor=False)
    base = at_home(chosen or "~/.local/state")
    if base.parts[:1] == ("~",):
        raise OSError(errno.ENOENT, "no home folder found; set HOME, or XDG_STATE_HOME", str(base))
    return base / "provisioner"


def size(count: int) -> str:
    """Bytes for people."""
    return f"{count // 2**20} MiB" if count >= 2**20 else f"{count // 2**10} KiB"
