"""What is built has everything: the source distribution for who builds and tests, the wheel for who uses.

Building, and installing with all dependencies, is opt-in, because both need a package index: `pytest -m package`.
"""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_PATIENCE_S = 600
_GIT = (".gitattributes", ".gitignore", ".git-blame-ignore-revs")


def config() -> configparser.ConfigParser:
    found = configparser.ConfigParser()
    found.read(ROOT / "setup.cfg")
    return found


def test_every_folder_of_modules_is_a_package() -> None:
    listed = set(config()["options"]["packages"].split())
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "provisioner").rglob("__init__.py")}
    assert listed == {".".join(folder.parts) for folder in folders} | {"provisioner.schema"}


def test_every_file_that_is_no_module_is_data_of_a_package() -> None:
    listed = config()["options.package_data"]
    taken = set()
    for package in config()["options"]["packages"].split():
        folder = ROOT / ("schema" if package == "provisioner.schema" else package.replace(".", "/"))
        for pattern in listed.get(package, "").split(","):
            taken |= set(folder.glob(pattern.strip())) if pattern else set()
    folders = (ROOT / "provisioner", ROOT / "schema")
    files = {file for folder in folders for file in folder.rglob("*") if file.is_file()}
    assert {str(file) for file in files - taken if file.suffix not in (".py", ".pyc")} == set()


@dataclass(frozen=True)
class Built:
    wheel: Path
    source: Path
    files: frozenset[str]
    """The files of the repository, with slashes."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The wheel is built from the source distribution, and that from a copy of the repository's files alone."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("only a git checkout knows which files are the repository's")
    files = frozenset(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
    copy, out = tmp_path_factory.mktemp("repository"), tmp_path_factory.mktemp("dist")
    for name in files:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    _run(sys.executable, "-m", "build", "--outdir", str(out), str(copy), folder=out)
    return Built(next(out.glob("*.whl")), next(out.glob("*.tar.gz")), files)


def _run(*command: str, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_S,
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.package
@pytest.mark.timeout(_PATIENCE_S)
def test_the_source_distribution_has_every_file_of_the_repository(built: Built) -> None:
    with tarfile.open(built.source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert sorted(built.files - names - set(_GIT)) == []
    assert {name for name in names if "__pycache__" in name or name.endswith(".pyc")} == set()


@pytest.mark.package
@pytest.mark.timeout(_PATIENCE_S)
def test_the_wheel_has_the_package_the_schema_and_the_license_and_nothing_else(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        names = set(archive.namelist())
        about = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(about).decode())
    information = f"{about.partition('/')[0]}/"
    package = {name for name in built.files if name.startswith("provisioner/")}
    schema = {f"provisioner/{name}" for name in built.files if name.startswith("schema/")}
    assert {name for name in names if not name.startswith(information)} == package | schema
    assert "provisioner/py.typed" in names
    assert f"{information}licenses/LICENSE" in names
    assert (metadata["Name"], metadata["License-Expression"]) == ("azure-vm-provisioner", "MIT")
    assert metadata["Author"] == "the provisioner maintainers"


@pytest.mark.package
@pytest.mark.timeout(_PATIENCE_S)
def test_an_index_accepts_the_metadata_and_renders_the_readme(built: Built, tmp_path: Path) -> None:
    _run(sys.executable, "-m", "twine", "check", "--strict", str(built.wheel), str(built.source), folder=tmp_path)


@pytest.mark.package
@pytest.mark.timeout(_PATIENCE_S)
def test_the_wheel_is_used_in_an_environment_that_has_nothing_else(built: Built, tmp_path: Path) -> None:
    _run(sys.executable, "-m", "venv", "venv", folder=tmp_path)
    programs = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    _run(str(programs / "python"), "-m", "pip", "install", "--quiet", str(built.wheel), folder=tmp_path)
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "id_ed25519.pub").write_text("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0 ops@example\n")

    def provisioner(*words: str) -> str:
        own = {"HOME": str(home), "USERPROFILE": str(home), "XDG_STATE_HOME": str(tmp_path / "state"), "PYTHONPATH": ""}
        return _run(str(programs / "provisioner"), *words, folder=work, **own)

    assert provisioner("--version") == f"provisioner {config()['metadata']['version']}\n"
    kinds = {path.name.removesuffix(".schema.json") for path in (ROOT / "schema" / "kinds").glob("*.json")}
    assert kinds <= set(json.loads(provisioner("schema"))["$defs"])
    assert "PV2402" in provisioner("explain", "PV2402")
    assert "rules:" in provisioner("local", "faults")
    provisioner("init", "--template", "msi-vm", "web.yaml")
    provisioner("validate", "web.yaml")
    provisioner("apply", "web.yaml", "--cloud", "local", "--yes")
    provisioner("plan", "web.yaml", "--cloud", "local", "--detailed-exitcode")  # exits with 2 if anything would change
    provisioner("destroy", "web.yaml", "--cloud", "local", "--yes")
