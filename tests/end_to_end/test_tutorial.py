"""docs/tutorial.md, as it stands: its files, its commands in order, and what they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.timeout(600)
def test_the_tutorial_does_what_it_says(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "tutorial.md").read_text("utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AZURE_", "PROVISIONER_"))}
    environment |= {"PROVISIONER_LOCAL_STATE": str(tmp_path / "cloud.sqlite"), "NO_COLOR": "1"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    exports = ""
    for head, text, name in blocks(page):
        if head.startswith("yaml"):
            before = (tmp_path / name).read_text("utf-8") + "\n" if head == "yaml more" else ""
            (tmp_path / name).write_text(before + text, "utf-8")
            continue
        if text.startswith("export "):
            exports = text
            continue
        for command, expected in steps(text):
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", exports + command],
                cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
            )  # fmt: skip
            shown = done.stdout + done.stderr
            assert done.returncode == int(head.partition("exit=")[2] or 0), f"{command}\n{shown}"
            for line in expected:
                assert line in shown, f"{command}\n{shown}"


def blocks(page: str) -> list[tuple[str, str, str]]:
    """Language with its words, text, and the file that the sentence before it names."""
    found = []
    for match in re.finditer(r"^```(\w[^\n]*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        before = page[: match.start()].rstrip().rpartition("\n\n")[2]
        named = re.findall(r"`(\w+\.yaml)`", before)
        found.append((match[1], match[2], named[-1] if named else ""))
    return found


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Each command with the lines that it prints."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("#> "):
            found[-1][1].append(line.removeprefix("#> "))
        else:
            found.append((line, []))
    return found
