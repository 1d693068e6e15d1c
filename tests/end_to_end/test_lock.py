"""Two runs on one deployment at once: the second waits, or says who is at it; and what becomes of a lock."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.serving import Served, serve

ROOT = Path(__file__).parent.parent.parent
GROUP = "/resourceGroups/payroll"
LOCK = f"{GROUP}/providers/Microsoft.Network/applicationSecurityGroups/provisioner-lock-payroll"
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


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path, "--time-scale", "0.3") as found:
        yield found


@pytest.fixture
def spec(tmp_path: Path) -> str:
    file = tmp_path / "payroll.yaml"
    file.write_text(SPEC)
    return str(file)


def start(served: Served, *arguments: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "PROVISIONER_"))}
    environment = {
        **clean,
        "PROVISIONER_CLOUD": served.url,
        "SSL_CERT_FILE": served.ca,
        "AZURE_SUBSCRIPTION_ID": served.subscription,
        "AZURE_TENANT_ID": served.tenant,
        "AZURE_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
        "AZURE_CLIENT_SECRET": "anything",
        "XDG_STATE_HOME": str(served.state.parent / "home"),
    }
    command = [sys.executable, "-m", "provisioner", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


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


def put_lock(served: Served, until: str = "2999-01-01T00:00:00Z") -> None:
    if served.request("GET", GROUP)[0] == 404:
        assert served.request("PUT", GROUP, {"location": "westus2"})[0] == 201
    assert served.request("PUT", LOCK, {"location": "westus2", "tags": tags(until)})[0] in (200, 201)
    for _ in range(600):
        if served.request("GET", LOCK)[1]["properties"]["provisioningState"] == "Succeeded":
            return
        time.sleep(0.05)


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


def test_of_two_applies_that_wait_one_goes_first_and_the_other_finds_nothing_left_to_do(
    served: Served, spec: str
) -> None:
    put_lock(served)
    command = ("apply", spec, "--yes", "--adopt", "--lock-timeout", "1m")
    with start(served, *command) as one, start(served, *command) as other:
        told = [wait_for(process, "waiting for another run on payroll") for process in (one, other)]
        assert served.request("DELETE", LOCK)[0] in (200, 202, 204)
        ended = [process.communicate(timeout=120) for process in (one, other)]
    assert [one.returncode, other.returncode] == [0, 0], ended
    assert all("apply by alice on laptop (process 7)" in line for line in told)
    assert sorted("Nothing to do" in out for out, _ in ended) == [False, True]
    wait_until_unlocked(served)
    assert run(served, "plan", spec, "--detailed-exitcode")[0] == 0


def test_a_first_apply_locks_the_group_that_it_makes(served: Served, spec: str) -> None:
    code, text = run(served, "apply", spec, "--yes")
    assert code == 0, text
    assert "without a lock" not in text
    wait_until_unlocked(served)


def test_whoever_does_not_wait_is_told_who_is_at_it(served: Served, spec: str) -> None:
    put_lock(served)
    code, text = run(served, "apply", spec, "--yes", "--adopt")
    assert code == 1
    assert "another run works on the deployment payroll: apply by alice on laptop (process 7)" in text
    assert "since 2026-01-01T00:00:00Z" in text
    assert "--lock-timeout" in text and "provisioner unlock" in text
    assert "Traceback" not in text
    assert served.request("GET", f"{GROUP}/providers/Microsoft.Network/virtualNetworks/main")[0] == 404
    assert run(served, "apply", spec, "--yes", "--adopt", "--no-lock")[0] == 0
    assert read_lock(served)["tags"] == tags("2999-01-01T00:00:00Z")


def test_a_lock_that_was_not_renewed_is_taken_over(served: Served, spec: str) -> None:
    put_lock(served, until="2026-01-01T00:05:00Z")
    code, text = run(served, "apply", spec, "--yes", "--adopt")
    assert code == 0, text
    wait_until_unlocked(served)


def test_unlock_shows_the_holder_and_removes_the_lock(served: Served, spec: str) -> None:
    assert run(served, "unlock", spec, "--yes") == (0, "Nobody holds the lock of payroll.\n")
    put_lock(served)
    code, text = run(served, "unlock", spec)
    assert code == 1
    assert "alice on laptop" in text
    code, text = run(served, "unlock", spec, "--yes")
    assert code == 0, text
    assert "The lock is removed." in text
    wait_until_unlocked(served)


def test_a_forgotten_lock_is_nobodys_resource_and_goes_with_the_deployment(served: Served, spec: str) -> None:
    assert run(served, "apply", spec, "--yes")[0] == 0
    wait_until_unlocked(served)
    put_lock(served, until="2026-01-01T00:05:00Z")
    for command in (("plan", spec, "--detailed-exitcode"), ("show", spec), ("import", "--resource-group", "payroll")):
        code, text = run(served, *command)
        assert code == 0, text
        assert "provisioner-lock" not in text
    code, text = run(served, "destroy", spec, "--yes")
    assert code == 0, text
    assert "provisioner-lock" not in text
    assert served.request("GET", GROUP)[0] == 404


def test_a_destroy_that_keeps_the_group_leaves_no_lock_behind(served: Served, spec: str) -> None:
    assert run(served, "apply", spec, "--yes")[0] == 0
    foreign = f"{GROUP}/providers/Microsoft.Network/applicationSecurityGroups/theirs"
    assert served.request("PUT", foreign, {"location": "westus2"})[0] == 201
    code, text = run(served, "destroy", spec, "--yes")
    assert code == 0, text
    wait_until_unlocked(served)
    assert served.request("GET", foreign)[0] == 200


def test_ctrl_c_lets_go_of_the_lock(served: Served, spec: str) -> None:
    with start(served, "apply", spec, "--yes") as process:
        wait_until_locked(served)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert "Traceback" not in err, err
    wait_until_unlocked(served)
    code, text = run(served, "apply", spec, "--yes")
    assert code == 0, out + err + text


def test_a_plan_without_changes_takes_no_lock(served: Served, spec: str) -> None:
    assert run(served, "apply", spec, "--yes")[0] == 0
    put_lock(served)
    code, text = run(served, "apply", spec, "--yes", "--output", "json")
    assert code == 0, text
    assert json.loads(text.splitlines()[-1])["exit_code"] == 0
