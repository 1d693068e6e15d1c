"""Every block of the README and the docs: commands are run in order, specs are applied, and outputs are compared.

Each page has a folder and a simulator of its own. A piece of a spec is applied as an overlay on a spec that has what
it refers to.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import warm

from .blocks import Block, blocks, steps

ROOT = Path(__file__).parent.parent.parent
ELSEWHERE = {
    "docs/reference/cli.md": "printed by the parsers; tests/docs/test_generated_pages.py",
    "docs/reference/diagnostics.md": "tests/golden/test_diagnostics_page.py",
    "docs/guides/files.md": "tests/end_to_end/test_files.py",
}
"""Pages whose blocks another test checks."""
_ALL = (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
PAGES = sorted(str(path.relative_to(ROOT)) for path in _ALL if blocks(path.read_text("utf-8")))
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
    web: {address_space: [10.1.0.0/16], subnets: {front: {address_prefix: 10.1.1.0/24}}}
    main: {address_space: [10.2.0.0/16], subnets: {front: {address_prefix: 10.2.1.0/24}}}
  public_ips:
    egress: {}
    web: {}
vms:
  web:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, ssh_keys: [{file: keys/ops.pub}]}
    identity: {system_assigned: true}
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
NOT_APPLIED = ("existing:", "from_key_vault", "count: 2000")
"""The simulator has no vault or network that nobody created, and 2,000 VMs take a minute."""
_SHELL = re.compile(r"[|&;<>$`(){}*?\[\]]|^\w+=")


@dataclass
class Session:
    """A reader at work on one page: the folder, the environment, and what the last commands printed."""

    folder: Path
    environment: dict[str, str]
    printed: str = ""
    examples: int = 0
    log: list[str] = field(default_factory=list)

    def do(self, block: Block) -> None:
        if "instead" in block.marks:
            self._commands(Block("sh", block.marks["instead"], block.line))
        elif "output" in block.marks:
            self._compare(block)
        elif block.language == "yaml":
            self._spec(block)
        elif block.language == "json":
            assert json.loads(block.text) is not None
        else:
            self._commands(block)

    def _commands(self, block: Block) -> None:
        self.printed = ""
        commands = steps(block.text)
        for command, expected in commands:
            if command.startswith("export "):
                self.environment |= dict(word.split("=", 1) for word in shlex.split(command)[1:] if "=" in word)
                continue
            done = self._run(command)
            wanted = int(block.marks.get("exit", 0)) if command == commands[-1][0] else 0
            shown = done.stdout + done.stderr
            assert done.returncode == wanted, f"line {block.line}: {command}\n{shown}"
            assert [line for line in expected if not _matches(line, shown)] == [], (
                f"line {block.line}: {command}\n{shown}"
            )
            self.printed += shown

    def _run(self, command: str) -> subprocess.CompletedProcess[str]:
        words = shlex.split(command, comments=True)
        if words[0] == "provisioner" and not _SHELL.search(" ".join(words)):
            words = [sys.executable, "-m", *words]
        else:
            words = ["bash", "-euo", "pipefail", "-c", command]
        return warm.run(
            words, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def _compare(self, block: Block) -> None:
        lines = [line for line in block.text.splitlines() if line.strip() not in ("", "…")]
        missing = [line for line in lines if not _matches(line.strip(), self.printed)]
        assert missing == [], f"line {block.line}: not printed\n{self.printed}"

    def _spec(self, block: Block) -> None:
        if name := block.marks.get("file") or block.marks.get("append"):
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            before = file.read_text("utf-8") + "\n" if "append" in block.marks else ""
            file.write_text(before + block.text, "utf-8")
            return
        self.examples += 1
        folder = self.folder / f"example-{self.examples}"
        folder.mkdir()
        _prepare(folder)
        (folder / "around.yaml").write_text(_around(block.text), "utf-8")
        (folder / "example.yaml").write_text(block.text, "utf-8")
        specs = "example.yaml" if re.search("(?m)^version:", block.text) else "around.yaml example.yaml"
        inner = Session(folder, {**self.environment, "PROVISIONER_LOCAL_STATE": str(folder / "cloud.sqlite")})
        inner._commands(Block("sh", f"provisioner validate {specs}", block.line))
        if not any(word in block.text for word in NOT_APPLIED):
            inner._commands(Block("sh", f"provisioner apply {specs} --yes", block.line))


def _around(example: str) -> str:
    """The spec that an example is laid over, with the VMs that the example mentions."""
    head, *machines = re.split(r"(?m)^(?=  (?:web|database|bastion):\n    size)", AROUND)
    kept = [text for text in machines if re.search(rf"\b{text.split(':')[0].strip()}\b", example)]
    return head.replace("vms:\n", "" if not kept else "vms:\n") + "".join(kept)


def _matches(line: str, shown: str) -> bool:
    return re.search(".*".join(map(re.escape, line.split("…"))), shown) is not None


def _prepare(folder: Path) -> None:
    (folder / "keys").mkdir(exist_ok=True)
    (folder / "keys" / "ops.pub").write_text(KEY, "utf-8")
    (folder / ".app-token").write_text("token\n", "utf-8")
    (folder / "cloud-init.yaml").write_text("#cloud-config\n", "utf-8")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AZURE_", "PROVISIONER_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    own = {
        "PATH": path, "HOME": str(tmp_path), "NO_COLOR": "1", "XDG_STATE_HOME": str(tmp_path / "state"),
        "PYTHONPATH": str(ROOT), "PROVISIONER_CLOUD": "local", "PROVISIONER_LOCAL_TIME_SCALE": "0.001",
        "PROVISIONER_LOCAL_STATE": str(tmp_path / "cloud.sqlite"), "ADMIN_PASSWORD": "Correct-Horse-7-Battery",
        "PROVISIONER_PARAM_license": "license",
    }  # fmt: skip
    _prepare(tmp_path)
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    return Session(tmp_path, {**kept, **own})


@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", [page for page in PAGES if page not in ELSEWHERE])
def test_every_block_holds(page: str, session: Session) -> None:
    for block in blocks((ROOT / page).read_text("utf-8")):
        if block.runs:
            session.do(block)


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ELSEWHERE])
def test_a_block_that_is_not_run_says_why(page: str) -> None:
    found = blocks((ROOT / page).read_text("utf-8"))
    assert [f"{page}:{block.line}" for block in found if not block.runs and not block.marks.get("not run")] == []


def test_pages_that_are_left_to_other_tests_exist() -> None:
    assert [page for page in ELSEWHERE if page not in PAGES] == []


def test_a_wrong_command_output_and_spec_are_found(session: Session) -> None:
    for text in (
        "```sh\nprovisioner validate specs/msi-vm.yaml\n#> invalid\n```",
        "```sh\nprovisioner validate specs/none.yaml\n```",
        "```sh\nprovisioner validate specs/msi-vm.yaml\n```\n<!-- output -->\n```text\nvalid; 99 resources\n```",
        "```yaml\nvms: {web: {sizes: Standard_B1s}}\n```",
    ):
        with pytest.raises(AssertionError):
            for block in blocks(text):
                session.do(block)
