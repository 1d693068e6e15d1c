"""The page about environment variables has every variable that the program reads."""

from __future__ import annotations

import re
from pathlib import Path

READ = re.compile(r"""environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']|["'](PROVISIONER_[A-Z_]+)["']""")


def read(root: Path) -> set[str]:
    """The names of variables in the program. The simulator and what is printed for other clients read none."""
    sources = [path for path in (root / "provisioner").rglob("*.py") if "simulator" not in path.parts]
    found = [match for path in sources for match in READ.findall(path.read_text("utf-8"))]
    return {first or second for first, second in found}


def test_every_variable_is_on_the_page(root: Path) -> None:
    names = read(root)
    assert {"PROVISIONER_CLOUD", "PROVISIONER_LOCAL_STATE", "AZURE_SUBSCRIPTION_ID", "NO_COLOR"} <= names
    page = (root / "docs" / "reference" / "environment.md").read_text("utf-8")
    assert [name for name in sorted(names) if f"`{name}" not in page] == []


def test_the_state_folder_has_what_the_page_lists(root: Path) -> None:
    page = (root / "docs" / "reference" / "environment.md").read_text("utf-8")
    files = re.findall(r"^\| `([\w./-]+)`", page.partition("| Path in the state folder |")[2], re.MULTILINE)
    program = "".join(path.read_text("utf-8") for path in (root / "provisioner").rglob("*.py"))
    assert files == ["runs/", "durations.json", "local-cloud.sqlite"]
    assert [name for name in files if f'"{name.rstrip("/")}"' not in program] == []
