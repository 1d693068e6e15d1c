"""Commands where something is not there that is there usually: an output, an input, a home folder."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.azure.history import load
from provisioner.base import files
from provisioner.execution import journal
from provisioner.resources.kinds import virtual_machine

HEAD = "version: 1\ndeployment: demo\nlocation: westus2\nresource_group: demo\n"


def run(folder: Path, line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A line for a shell, which may close streams."""
    (folder / "web.yaml").write_text(HEAD, "utf-8")
    state = {"PROVISIONER_LOCAL_STATE": str(folder / "cloud.sqlite"), "NO_COLOR": "1", "PROVISIONER_CLOUD": "local"}
    command = f"{shlex.quote(sys.executable)} -m provisioner {line}"
    variables = {**os.environ, "XDG_STATE_HOME": str(folder), **state, **environment}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=variables, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.mark.parametrize("line", ["validate web.yaml >&-", "apply web.yaml --yes >&-", "apply web.yaml --yes 2>&- >&-"])
def test_an_output_that_is_closed_stops_nothing(tmp_path: Path, line: str) -> None:
    done = run(tmp_path, line)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "Traceback" not in done.stderr


def test_without_an_input_there_is_nobody_to_ask(tmp_path: Path) -> None:
    done = run(tmp_path, "apply web.yaml <&-")
    assert (done.returncode, "pass --yes" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_a_user_who_is_not_there_has_no_files(tmp_path: Path) -> None:
    done = run(tmp_path, "plan web.yaml --faults '~nosuchuser/none/file'")
    assert (done.returncode, done.stderr) == (66, "error: ~nosuchuser/none/file: No such file or directory\n")


def test_the_name_of_a_user_who_is_not_there_is_a_folder_as_in_a_shell(tmp_path: Path) -> None:
    done = run(tmp_path, "plan web.yaml --local-state '~nosuchuser/none/file'")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "~nosuchuser" / "none" / "file").is_file()


def test_without_a_home_folder_there_is_no_journal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "~")
    with pytest.raises(OSError, match="no home folder"):
        files.state_folder()
    assert not journal.begin({"deployment": "demo"}).is_kept
    assert "no log of this run" in capsys.readouterr().err


def test_durations_that_are_no_durations_count_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "durations.json"
    path.write_text(f'{{"format_version": 1, "seconds": {{"virtual_machine create": 1{"0" * 400}}}}}', "utf-8")
    past = load(path)
    assert past.typical_s(virtual_machine.KIND, "create") == virtual_machine.KIND.timing.typical_s
    past.learn(virtual_machine.KIND, "create", 46)
    past.save(path)
    assert load(path).typical_s(virtual_machine.KIND, "create") == pytest.approx(86)


def test_a_saved_plan_may_have_any_name(tmp_path: Path) -> None:
    assert run(tmp_path, "plan web.yaml --out saved.plan").returncode == 0
    done = run(tmp_path, "apply saved.plan --yes")
    assert done.returncode == 0, done.stderr


def test_a_revision_is_no_option_of_git(tmp_path: Path) -> None:
    done = run(tmp_path, "plan web.yaml --base=--output=x")
    assert (done.returncode, "does not begin with a dash" in done.stderr) == (64, True)
