"""The distribution's name differs from the package's, and one place in the code holds it."""

from __future__ import annotations

import configparser
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from provisioner.base import distribution

PRINT_VERSION = (
    "import sys; sys.path.insert(0, '.'); from provisioner.base import distribution as d; print(d.version())"
)


def test_the_name_is_the_one_that_is_built(root: Path) -> None:
    config = configparser.ConfigParser()
    config.read(root / "setup.cfg")
    assert config["metadata"]["name"] == distribution.NAME


def test_the_version_is_that_of_the_installed_distribution() -> None:
    assert distribution.version() == metadata.version("azure-vm-provisioner")


def test_a_source_tree_that_is_not_installed_has_no_version(root: Path, tmp_path: Path) -> None:
    (tmp_path / "provisioner").symlink_to(root / "provisioner")
    without_packages = [sys.executable, "-I", "-S", "-c", PRINT_VERSION]
    done = subprocess.run(without_packages, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "unknown\n"), done.stderr


def test_no_other_module_asks_for_the_metadata(root: Path) -> None:
    asking = {
        str(path.relative_to(root))
        for path in (root / "provisioner").rglob("*.py")
        if "importlib import metadata" in path.read_text("utf-8") or "importlib.metadata" in path.read_text("utf-8")
    }
    assert asking == {"provisioner/base/distribution.py"}
