"""What is installed from a wheel has what it reads at run time. Building one is opt-in: `pytest -m slow`."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_PATIENCE_S = 120


def test_every_schema_and_starter_is_data_of_a_package() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    for package, folder in (("schema", "schema"), ("starters", "provisioner/starters")):
        patterns = [item.strip() for item in config["options.package_data"][f"provisioner.{package}"].split(",")]
        taken = {file for pattern in patterns for file in (ROOT / folder).glob(pattern)}
        assert taken == {file for file in (ROOT / folder).rglob("*.*") if file.suffix in (".json", ".yaml")}


@pytest.mark.slow
def test_a_wheel_prints_the_schema_and_begins_a_spec(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in ("provisioner", "schema"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--wheel-dir", str(tmp_path), str(source)], check=True, timeout=_PATIENCE_S)
    installed = tmp_path / "installed"
    zipfile.ZipFile(next(tmp_path.glob("*.whl"))).extractall(installed)

    def run(*argv: str) -> str:
        program = "import sys; from provisioner import cli; sys.exit(cli.main())"
        done = subprocess.run(
            [sys.executable, "-P", "-c", program, *argv],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=True,
            timeout=_PATIENCE_S,
        )
        return done.stdout

    schema = json.loads(run("schema"))
    files = {path.name.removesuffix(".schema.json") for path in (ROOT / "schema" / "kinds").glob("*.json")}
    assert files <= set(schema["$defs"])
    assert "version: 1" in run("init", "-")
    assert run("--version") == "provisioner 0.1.0\n"
    assert (installed / "provisioner" / "py.typed").is_file()
    (metadata,) = installed.glob("azure_vm_provisioner-*.dist-info")
    assert (metadata / "licenses" / "LICENSE").read_text().startswith("MIT License")
