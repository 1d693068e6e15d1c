"""What a running `local serve` says about itself, beside the state file and in the ready file.

In: a state file. Out: the `Server` that runs on it, if one does. It reads, writes and removes small JSON files.
"""

from __future__ import annotations

import contextlib
import json
import os
import ssl
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

CLIENT_ID = "00000000-0000-0000-0000-00000000c11e"
"""Any client may log in with any secret; this one stands in the examples."""
_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class Server:
    """A running server: `ca` is the path of what clients must trust, empty over plain HTTP."""

    url: str
    ca: str
    subscription: str
    tenant: str
    pid: int

    @property
    def metadata_url(self) -> str:
        return f"{self.url}/metadata/endpoints?api-version=2022-09-01"


def record_path(state: Path) -> Path:
    return Path(f"{state}.server.json")


def tls_folder(state: Path) -> Path:
    return Path(f"{state}.tls")


def write(path: Path, server: Server) -> None:
    """Write a record, whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(json.dumps(asdict(server)) + "\n", encoding="utf-8", newline="\n")
    part.replace(path)


def remove(path: Path, server: Server) -> None:
    """Remove a record, unless another server has written its own there since."""
    with contextlib.suppress(OSError):
        if read(path) == server:
            path.unlink()


def read(path: Path) -> Server | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Server(**found)
    except (OSError, ValueError, TypeError):
        return None


def running(state: Path) -> Server | None:
    """The server that answers for a state file; a record that a killed one left behind does not count."""
    server = read(record_path(state))
    return server if server is not None and _answers(server) else None


def _answers(server: Server) -> bool:
    """Whether the process that wrote the record answers; its port may belong to another server by now."""
    try:
        context = ssl.create_default_context(cafile=server.ca) if server.ca else None
        with urllib.request.urlopen(server.metadata_url, timeout=_TIMEOUT_S, context=context) as response:
            return bool(json.load(response)["simulator"]["processId"] == server.pid)
    except (OSError, ValueError, KeyError, TypeError):
        return False
