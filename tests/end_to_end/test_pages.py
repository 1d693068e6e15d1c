"""The examples on the pages: a whole spec is applied, a piece of one is laid over a spec that has what it speaks of.

Pages with tests of their own (the tutorial, several files, faults, the spec reference) are left out.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import warm

ROOT = Path(__file__).parent.parent.parent
PAGES = ("README.md", "docs/execution.md", "docs/fleets.md", "docs/ownership.md", "docs/plans.md", "docs/secrets.md")
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0 ops@example\n"
AROUND = """\
version: 1
deployment: around
location: westus2
resource_group: around
parameters:
  bastion: {type: boolean, default: true}
network:
  virtual_networks:
    net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
vms:
  web:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, ssh_keys: [{file: keys/ops.pub}]}
    extensions: {setup: {publisher: Microsoft.Azure.Extensions, type: CustomScript, version: "2.1"}}
  database:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, ssh_keys: [{file: keys/ops.pub}]}
  bastion:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    public_ip: true
    admin: {username: ops, ssh_keys: [{file: keys/ops.pub}]}
"""


def _examples() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for number, text in enumerate(BLOCK.findall((ROOT / page).read_text("utf-8")), 1):
            found.append((f"{page}:{number}", text))
    return found


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "keys").mkdir(exist_ok=True)
    (folder / "keys" / "ops.pub").write_text(KEY, "utf-8")
    (folder / ".app-token").write_text("token\n", "utf-8")
    settings = {
        "PROVISIONER_LOCAL_STATE": str(folder / "cloud.sqlite"), "PROVISIONER_CLOUD": "local", "HOME": str(folder),
        "ADMIN_PASSWORD": "Correct-Horse-7", "PROVISIONER_PARAM_licence": "licence", "NO_COLOR": "1",
        "PROVISIONER_LOCAL_TIME_SCALE": "0.001",
    }  # fmt: skip
    command = [sys.executable, "-m", "provisioner", *words]
    return warm.run(
        command, cwd=folder, env={**os.environ, **settings}, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in _examples()])
def test_an_example_holds(tmp_path: Path, text: str) -> None:
    (tmp_path / "around.yaml").write_text(AROUND, "utf-8")
    (tmp_path / "example.yaml").write_text(text, "utf-8")
    specs = ["example.yaml"] if "version:" in text else ["around.yaml", "example.yaml"]
    found = _run(tmp_path, "validate", *specs)
    assert found.returncode == 0, found.stdout + found.stderr
    if "count: 2000" not in text and "from_key_vault" not in text:
        done = _run(tmp_path, "apply", *specs, "--yes")
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_help_and_the_readme_name_the_same_exit_codes(tmp_path: Path) -> None:
    told = _run(tmp_path, "--help").stdout.partition("exit codes:")[2]
    in_readme = re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert in_readme
    assert re.findall(r"\b(\d+) ", told) == in_readme


def test_the_pages_have_examples() -> None:
    assert len(_examples()) >= 7
