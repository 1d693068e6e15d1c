"""Commands without what only POSIX has, on a console that cannot encode everything. Not on Windows itself."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .as_on_windows import CTRL_BREAK
from .test_interruption import SPEC, wait_for

ROOT = Path(__file__).parent.parent.parent
WINDOWS = [sys.executable, "-X", "warn_default_encoding", str(Path(__file__).parent / "as_on_windows.py")]
CODE_PAGE = "cp1252"
LOCAL = ("--cloud", "local")
WEB = """version: 1
deployment: web
location: westus2
resource_group: web
parameters: {stage: {type: string, default: test}}
tags: {stage: "${parameters.stage}"}
identities: {app: {}}
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment as on Windows: local application data, and a console in a code page of old."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AZURE_", "PROVISIONER_", "XDG_", "ADMIN_PASSWORD"))
    }
    return {**kept, "LOCALAPPDATA": str(tmp_path / "AppData"), "PYTHONIOENCODING": CODE_PAGE}


def start(environment: dict[str, str], *arguments: str, cwd: Path = ROOT) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*WINDOWS, *arguments], cwd=cwd, env=environment, stdout=pipe, stderr=pipe, text=True, encoding=CODE_PAGE
    )


def run(environment: dict[str, str], *arguments: str, cwd: Path = ROOT) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    with start(environment, *arguments, cwd=cwd) as process:
        out, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    return process.returncode, out, err


def test_the_six_commands_need_nothing_of_posix(environment: dict[str, str], tmp_path: Path) -> None:
    assert run(environment, "validate", SPEC)[:2] == (0, f"{SPEC}: valid; 10 resources\n")
    code, out, err = run(environment, "plan", SPEC, *LOCAL)
    assert (code, "Plan: 10 to create." in out) == (0, True), err
    code, out, err = run(environment, "apply", SPEC, *LOCAL, "--yes")
    assert (code, "10 created" in out, "Connect:\n  vms/azuretestmsi: ssh foo12@" in out) == (0, True, True), err
    code, out, err = run(environment, "apply", SPEC, *LOCAL, "--yes")
    assert (code, "Nothing to do" in out) == (0, True), err
    code, out, err = run(environment, "show", SPEC, *LOCAL, "--output", "json")
    assert {row["state"] for row in json.loads(out)["resources"]} == {"present"}, err
    code, out, err = run(environment, "destroy", SPEC, *LOCAL, "--yes")
    assert (code, "10 deleted" in out) == (0, True), err
    code, out, err = run(environment, "runs")
    assert [line.split()[1] for line in out.splitlines()] == ["destroy", "apply"], err
    state = tmp_path / "AppData" / "provisioner"
    assert (state / "local-cloud.sqlite").is_file()
    journals = list((state / "runs").iterdir())
    assert len(journals) == 2
    assert all(json.loads(line) for path in journals for line in path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("number", [signal.SIGINT, CTRL_BREAK], ids=["Ctrl-C", "Ctrl-Break"])
def test_ctrl_c_lets_what_runs_finish(environment: dict[str, str], number: signal.Signals) -> None:
    with start(environment, "apply", SPEC, *LOCAL, "--yes") as process:
        wait_for(process, "vms/azuretestmsi: creating")
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, "Waiting for running operations" in err) == (130, True), out + err
    assert "vms/azuretestmsi: created" in out
    assert run(environment, "apply", SPEC, *LOCAL, "--yes")[0] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, CTRL_BREAK], ids=["Ctrl-C", "Ctrl-Break"])
def test_the_served_cloud_ends_in_order(environment: dict[str, str], tmp_path: Path, number: signal.Signals) -> None:
    with start(environment, "local", "serve", "--port", "0") as process:
        wait_for(process, "$env:SSL_CERT_FILE = '")
        wait_for(process, "Press Ctrl-C to stop it.")
        code, out, _ = run(environment, "local", "env")
        assert (code, "$env:AZURE_TENANT_ID = '" in out) == (0, True)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "Ended.\n", "")
    assert not (tmp_path / "AppData" / "provisioner" / "local-cloud.sqlite.server.json").exists()


def test_what_a_console_cannot_encode_is_shown_in_ascii(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(WEB, "utf-8")
    assert run(environment, "apply", "web.yaml", *LOCAL, "--yes", cwd=tmp_path)[0] == 0
    code, out, err = run(environment, "plan", "web.yaml", *LOCAL, "-p", "stage=łive", cwd=tmp_path)
    assert (code, 'tags.stage: "test" -> "\\u0142ive"' in out) == (0, True), out + err


def test_a_caret_is_under_its_place_where_signs_before_it_are_longer(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "web.yaml").write_text(f'{WEB}outputs: {{arrow: "→→→", wrong: "${{deploymnt}}"}}\n', "utf-8")
    code, _, err = run(environment, "validate", "web.yaml", cwd=tmp_path)
    shown, caret = err.splitlines()[1:3]
    assert (code, "->->->" in shown) == (65, True), err
    assert shown.index('"${deploymnt}"') <= caret.index("^") <= shown.index("deploymnt")


def test_hints_are_in_the_words_of_powershell(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(WEB.replace("${parameters.stage}", "${env.STAGE}"), "utf-8")
    _, _, err = run(environment, "validate", "web.yaml", cwd=tmp_path)
    assert "hint: set it: $env:STAGE = '…'" in err


def test_a_spec_as_editors_of_windows_write_it_says_the_same(environment: dict[str, str], tmp_path: Path) -> None:
    text = WEB.replace("tags: {", "tags: {setup: \"${file('setup.txt')}\", ")
    plans = []
    for folder, mark, ends in ((tmp_path / "a", b"", b"\n"), (tmp_path / "b", b"\xef\xbb\xbf", b"\r\n")):
        folder.mkdir()
        for file, content in (("web.yaml", text), ("setup.txt", "one\ntwo\n")):
            (folder / file).write_bytes(mark + content.encode().replace(b"\n", ends))
        code, out, err = run(environment, "plan", "web.yaml", *LOCAL, "--details", "--output", "json", cwd=folder)
        assert code == 0, out + err
        plans.append(json.loads(out))
    assert plans[0]["changes"] == plans[1]["changes"]


def test_an_included_file_on_another_drive_is_refused_in_order(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    (tmp_path / "shared.yaml").write_text("tags: {a: b}\n", "utf-8")
    (folder / "web.yaml").write_text(f"{WEB}include: {{shared: ../shared.yaml}}\n", "utf-8")
    code, _, err = run(environment, "validate", "web.yaml", cwd=folder)
    assert (code, f"hint: move it under {folder}" in err) == (65, True), err


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The two ends of a terminal: what is shown is read from the first."""
    master, slave = os.openpty()
    yield master, slave
    os.close(master)


def on_terminal(terminal: tuple[int, int], command: list[str], environment: dict[str, str]) -> bytes:
    """What a command shows on a terminal."""
    master, slave = terminal
    shown = b""
    with subprocess.Popen(command, cwd=ROOT, env={**environment, "TERM": "xterm"}, stdout=slave, stderr=slave):
        os.close(slave)
        while True:
            try:
                more = os.read(master, 4096)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not more:
                break
            shown += more
    return shown


def test_a_console_that_does_not_take_escape_sequences_gets_none(
    environment: dict[str, str], terminal: tuple[int, int]
) -> None:
    environment = {name: value for name, value in environment.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    shown = on_terminal(terminal, [*WINDOWS, "plan", SPEC, *LOCAL], environment)
    assert b"Plan: 10 to create." in shown
    assert b"\x1b" not in shown


@pytest.mark.parametrize("code_page", ["cp437", "ascii"])
def test_the_live_view_has_marks_for_every_terminal(
    environment: dict[str, str], terminal: tuple[int, int], tmp_path: Path, code_page: str
) -> None:
    environment |= {"PYTHONIOENCODING": code_page, "XDG_STATE_HOME": str(tmp_path), "COLUMNS": "120"}
    command = [sys.executable, "-m", "provisioner", "apply", SPEC, *LOCAL, "--yes"]
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", on_terminal(terminal, command, environment).decode(code_page))
    assert "Traceback" not in shown
    assert re.search(r"^v +vms/azuretestmsi +created", shown, re.MULTILINE), shown
    assert "\\u" not in shown
