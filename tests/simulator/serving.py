"""A served embedded cloud in a process of its own, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import warm

ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("AZURE_", "ARM_", "PROVISIONER_")) and name not in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
}


@dataclass
class Served:
    """A running `local serve`, and what its ready file says."""

    process: subprocess.Popen[str]
    state: Path
    url: str
    ca: str
    subscription: str
    tenant: str

    def request(self, method: str, path: str, body: Any = None, token: str = "x") -> tuple[int, Any]:
        """One request by a client that knows nothing of Azure."""
        if path.startswith("/resourceGroups"):
            path = f"/subscriptions/{self.subscription}{path}"
        mark = "&" if "?" in path else "?"
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        url = path if path.startswith("http") else f"{self.url}{path}{mark}api-version=2024-05-01"
        request = urllib.request.Request(url, data, headers, method=method)
        context = ssl.create_default_context(cafile=self.ca) if self.ca else None
        try:
            with urllib.request.urlopen(request, timeout=60, context=context) as response:
                content = response.read()
                return response.status, json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            content = error.read()
            return error.code, json.loads(content) if content else None


def local(*arguments: str, state: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `provisioner local …` on a state file."""
    command = [sys.executable, "-m", "provisioner", "local", *arguments, "--state", str(state)]
    return warm.run(
        command, env={**ENVIRONMENT, **environment}, capture_output=True, text=True, timeout=120, check=False
    )


@contextlib.contextmanager
def serve(folder: Path, *arguments: str, state: Path | None = None) -> Iterator[Served]:
    """Serve until the block ends; the process is killed if it has not ended by then."""
    state = state or folder / "cloud.sqlite"
    ready = folder / f"ready-{time.monotonic_ns()}.json"
    command = [sys.executable, "-m", "provisioner", "local", "serve", "--port", "0"]
    command += ["--state", str(state), "--ready-file", str(ready), *arguments]
    process = warm.start(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        found = _wait(process, ready)
        assert found["pid"] == process.pid
        yield Served(process, state, found["url"], found["ca"], found["subscription"], found["tenant"])
    finally:
        process.kill()
        process.communicate()


def _wait(process: subprocess.Popen[str], ready: Path) -> dict[str, Any]:
    for _ in range(1200):
        if ready.exists():
            found: dict[str, Any] = json.loads(ready.read_text())
            return found
        if process.poll() is not None:
            raise AssertionError(process.communicate())
        time.sleep(0.05)
    raise AssertionError("it does not start to listen")
