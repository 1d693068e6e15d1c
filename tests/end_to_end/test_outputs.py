"""``outputs`` before and after an apply."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests import warm

SPEC = """
version: 1
deployment: demo
location: westus2
resource_group: demo
identities:
  app: {}
  team: {for_each: [blue, green]}
outputs:
  principal: ${identities/app.principal_id}
  where: ${identities/app.id}
  teams: ${identities/team.principal_id}
  both: app is ${identities/app.client_id} at ${identities/app.id}
  fixed: it's ${deployment}
"""


def run(folder: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "provisioner", command, "spec.yaml", *arguments, "--cloud", "local"]
    state = {
        "PROVISIONER_LOCAL_STATE": str(folder / "cloud.sqlite"),
        "PROVISIONER_LOCAL_TIME_SCALE": "0.001",
        "NO_COLOR": "1",
    }
    return warm.run(
        words, cwd=folder, env={**os.environ, **state}, capture_output=True, text=True, timeout=90, check=False
    )


def test_outputs_are_known_once_they_are_applied(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    before = run(tmp_path, "outputs")
    assert before.returncode == 0
    assert "principal = (not known)" in before.stdout
    planned = json.loads(run(tmp_path, "plan", "--output", "json").stdout)["outputs"]
    assert planned["principal"] == "(known after apply: identities/app.principal_id)"
    assert planned["teams"]["green"] == "(known after apply: identities/team/green.principal_id)"
    assert planned["where"].endswith("/userAssignedIdentities/app")
    assert planned["both"] == f"(known after apply: app is identities/app.client_id at {planned['where']})"
    assert planned["fixed"] == "it's demo"
    shown = run(tmp_path, "plan").stdout
    assert "\nOutputs:\n  principal = (known after apply: identities/app.principal_id)\n" in shown
    early = run(tmp_path, "outputs", "--output", "env")
    assert (early.returncode, early.stdout) == (1, "")
    assert "not known: principal, teams" in early.stderr

    assert run(tmp_path, "apply", "--yes").returncode == 0
    values = json.loads(run(tmp_path, "outputs", "--output", "json").stdout)["outputs"]
    assert len(values["principal"]) == 36
    assert json.loads(run(tmp_path, "plan", "--output", "json").stdout)["outputs"] == values
    assert set(values["teams"]) == {"blue", "green"}
    assert run(tmp_path, "outputs", "principal").stdout == f"{values['principal']}\n"
    assert f"PRINCIPAL={values['principal']}\n" in run(tmp_path, "outputs", "--output", "env").stdout
    assert f"principal={values['principal']}\n" in run(tmp_path, "outputs", "--output", "github").stdout

    unknown = run(tmp_path, "outputs", "principals")
    assert unknown.returncode == 64
    assert "did you mean 'principal'?" in unknown.stderr
