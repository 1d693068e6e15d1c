"""The `local` commands on the state of the embedded cloud, with a server running and without."""

from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import main
from provisioner.commands.local import environment, server_record
from provisioner.simulator import Settings, run_in_thread
from tests import warm

from .serving import ENVIRONMENT, Served, local, serve

NETWORK = {
    "location": "westus2",
    "properties": {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "front", "properties": {"addressPrefix": "10.0.0.0/24"}}],
    },
}
PROVIDERS = "/resourceGroups/rg/providers"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that holds a group with a network, and something unmodelled."""
    with serve(tmp_path_factory.mktemp("served"), "--time-scale", "1000") as server:
        assert server.request("PUT", "/resourceGroups/rg", {"location": "westus2"})[0] == 201
        assert server.request("PUT", f"{PROVIDERS}/Microsoft.Network/virtualNetworks/net", NETWORK)[0] == 201
        assert server.request("PUT", f"{PROVIDERS}/Microsoft.Sql/servers/db", {"location": "westus2"})[0] == 201
        yield server


def loaded(*arguments: str, state: Path) -> Any:
    done = local(*arguments, state=state)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_status_says_what_runs_and_what_there_is(served: Served) -> None:
    found = loaded("status", "--output", "json", state=served.state)
    assert found["server"]["url"] == served.url
    assert found["resource_groups"] == 1
    assert found["resources"]["Microsoft.Network/virtualNetworks/subnets"] == 1
    assert [(one["verb"], one["type"]) for one in found["running_operations"]] == [
        ("create", "Microsoft.Network/virtualNetworks")
    ]
    assert found["unmodelled_types"] == {"Microsoft.Sql/servers": 1}
    text = local("status", state=served.state).stdout
    assert served.url in text
    assert "     1  Microsoft.Network/virtualNetworks\n" in text


def test_status_of_nothing_is_no_error(tmp_path: Path) -> None:
    state = tmp_path / "none.sqlite"
    found = loaded("status", "--output", "json", state=state)
    assert (found["server"], found["exists"], found["resources"]) == (None, False, {})
    assert "none is running" in local("status", state=state).stdout
    assert not state.exists()


def test_show_draws_the_tree(served: Served) -> None:
    lines = local("show", state=served.state).stdout.splitlines()
    assert lines[1:] == [
        "└── rg  (westus2)  Succeeded",
        "    ├── Microsoft.Network/virtualNetworks/net  Updating",
        "    │   └── subnets/front  Updating",
        "    └── Microsoft.Sql/servers/db  Succeeded",
    ]
    found = loaded("show", "--output", "json", state=served.state)
    (group,) = found["groups"]
    assert group["resources"][0]["children"][0]["id"].endswith("/virtualNetworks/net/subnets/front")


def test_show_of_nothing_is_no_error(tmp_path: Path) -> None:
    state = tmp_path / "none.sqlite"
    assert local("show", state=state).stdout == "The simulator is empty.\n"
    assert loaded("show", "--output", "json", state=state)["groups"] == []


def test_an_operation_that_is_due_has_ended_when_it_is_shown(tmp_path: Path) -> None:
    state = tmp_path / "cloud.sqlite"
    with serve(tmp_path, "--time-scale", "0.001", state=state) as server:
        server.request("PUT", "/resourceGroups/rg", {"location": "westus2"})
        server.request("PUT", f"{PROVIDERS}/Microsoft.Network/virtualNetworks/net", NETWORK)
    found = loaded("show", "--output", "json", state=state)
    assert found["groups"][0]["resources"][0]["state"] == "Succeeded"


def test_env_is_a_script_that_the_shell_understands(served: Served) -> None:
    script = local("env", state=served.state).stdout
    shown = subprocess.run(
        ["sh", "-c", f'{script}\necho "$AZURE_AUTHORITY_HOST|$SSL_CERT_FILE|$ARM_SUBSCRIPTION_ID"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == f"{served.url}|{served.ca}|{served.subscription}"
    powershell = local("env", "--shell", "powershell", state=served.state).stdout
    assert f"$env:AZURE_TENANT_ID = '{served.tenant}'\n" in powershell
    assert loaded("env", "--shell", "json", state=served.state)["REQUESTS_CA_BUNDLE"] == served.ca


def test_env_without_a_server_says_how_to_start_one(tmp_path: Path) -> None:
    done = local("env", state=tmp_path / "none.sqlite")
    assert (done.returncode, done.stdout) == (1, "")
    assert "run `provisioner local serve` to start one" in done.stderr


def test_a_killed_server_is_not_taken_for_a_running_one(tmp_path: Path) -> None:
    with serve(tmp_path) as server:
        server.process.kill()
        server.process.wait(60)
    assert loaded("status", "--output", "json", state=server.state)["server"] is None


def test_another_server_on_the_port_is_not_taken_for_the_one_that_wrote_the_record(
    served: Served, tmp_path: Path
) -> None:
    state = tmp_path / "other.sqlite"
    record = server_record.read(server_record.record_path(served.state))
    assert record is not None
    server_record.write(server_record.record_path(state), dataclasses.replace(record, pid=record.pid + 1))
    assert loaded("status", "--output", "json", state=state)["server"] is None


def test_reset_leaves_a_state_alone_that_a_server_runs_on(served: Served) -> None:
    done = local("reset", "--yes", state=served.state)
    assert (done.returncode, served.state.exists()) == (1, True)
    assert served.url in done.stderr


def test_reset_forgets_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = tmp_path / "cloud.sqlite"
    with run_in_thread(Settings(state_path=state)):
        pass
    assert main(["local", "reset", "--yes", "--local-state", str(state)]) == 0
    assert list(tmp_path.iterdir()) == []


def test_follow_prints_requests_as_they_come(served: Served) -> None:
    command = [sys.executable, "-m", "provisioner", "local", "log", "--follow", "--output", "json", "--last", "0"]
    process = warm.start(
        [*command, "--state", str(served.state)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    seen = threading.Event()

    def ask_until_seen() -> None:
        while not seen.wait(0.05):
            served.request("GET", "/resourceGroups/follow")

    asking = threading.Thread(target=ask_until_seen)
    asking.start()
    try:
        assert process.stdout is not None
        entry = next(entry for entry in map(json.loads, process.stdout) if "follow" in entry["path"])
        assert (entry["status"], entry["error_code"]) == (404, "ResourceGroupNotFound")
        seen.set()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
    finally:
        seen.set()
        asking.join(60)
        process.kill()
        process.communicate()


def test_a_state_that_is_none_is_told(tmp_path: Path) -> None:
    state = tmp_path / "text.sqlite"
    state.write_text("no database" * 1000)
    for command in ("status", "show"):
        done = local(command, state=state)
        assert done.returncode == 66, done.stderr
        assert "Traceback" not in done.stderr


def test_the_guide_names_a_state_that_is_not_the_usual_one() -> None:
    server = server_record.Server("https://127.0.0.1:1", "/ca.pem", "sub", "tenant", 1)
    assert 'eval "$(provisioner local env)"' in environment.guide(server)
    shown = environment.guide(server, Path("/my state/cloud.sqlite"))
    assert """eval "$(provisioner local env --state '/my state/cloud.sqlite')\"""" in shown
