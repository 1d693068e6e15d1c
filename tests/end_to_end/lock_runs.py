"""What tests of the lock of a deployment share: a spec, its runs in processes of their own, and the lock's object."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests import warm
from tests.harness import PASSWORD
from tests.simulator.serving import Served

ROOT = Path(__file__).parent.parent.parent
CLIENT = "11111111-2222-3333-4444-555555555555"
GROUP = "/resourceGroups/payroll"
LOCK = f"{GROUP}/providers/Microsoft.Network/applicationSecurityGroups/provisioner-lock-payroll"
FAR = "2999-01-01T00:00:00Z"
EXPIRED = "2026-01-01T00:05:00Z"
SPEC = """
version: 1
deployment: payroll
location: westus2
resource_group: payroll
network:
  virtual_networks:
    main: {address_space: [10.0.0.0/16], subnets: {one: {address_prefix: 10.0.0.0/24}}}
  security_groups:
    guard:
      rules:
        ssh:
          {priority: 100, direction: inbound, access: allow, protocol: tcp, source: 10.0.0.0/8, destination_ports: [22]}
identities: {worker: {}}
"""


def start(served: Served, *arguments: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "PROVISIONER_"))}
    environment = {
        **clean,
        "PROVISIONER_CLOUD": served.url,
        "SSL_CERT_FILE": served.ca,
        "AZURE_SUBSCRIPTION_ID": served.subscription,
        "AZURE_TENANT_ID": served.tenant,
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_CLIENT_SECRET": "anything",
        "ADMIN_PASSWORD": PASSWORD,
        "XDG_STATE_HOME": str(served.state.parent / "home"),
    }
    command = [sys.executable, "-m", "provisioner", *arguments]
    return warm.start(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(served: Served, *arguments: str) -> tuple[int, str]:
    with start(served, *arguments) as process:
        out, err = process.communicate(timeout=120)
    return process.returncode, out + err


def tags(until: str) -> dict[str, str]:
    return {
        "provisioner-lock": "payroll",
        "provisioner-lock-run": "1234",
        "provisioner-lock-who": "alice on laptop (process 7)",
        "provisioner-lock-command": "apply",
        "provisioner-lock-since": "2026-01-01T00:00:00Z",
        "provisioner-lock-until": until,
    }


def put_lock(served: Served, until: str = FAR, token: str = "x") -> None:
    if served.request("GET", GROUP, token=token)[0] == 404:
        assert served.request("PUT", GROUP, {"location": "westus2"}, token)[0] == 201
    wait_until_at_rest(served, token)
    assert served.request("PUT", LOCK, {"location": "westus2", "tags": tags(until)}, token)[0] in (200, 201)
    wait_until_at_rest(served, token)


def wait_until_at_rest(served: Served, token: str) -> None:
    """No operation runs on the lock: it is there, or gone."""
    for _ in range(600):
        status, body = served.request("GET", LOCK, token=token)
        if status == 404 or body["properties"]["provisioningState"] == "Succeeded":
            return
        time.sleep(0.05)
    raise AssertionError("the lock is still being worked on")


def wait_for(process: subprocess.Popen[str], text: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return line
    raise AssertionError(f"{text!r} was never told")


def read_lock(served: Served) -> Any:
    status, body = served.request("GET", LOCK)
    return body if status == 200 else None


def wait_until_unlocked(served: Served) -> None:
    for _ in range(600):
        if read_lock(served) is None:
            return
        time.sleep(0.05)
    raise AssertionError("the lock is still there")


def wait_until_locked(served: Served) -> None:
    for _ in range(1200):
        if read_lock(served) is not None:
            return
        time.sleep(0.02)
    raise AssertionError("nobody took the lock")
