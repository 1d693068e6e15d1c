"""How people are told to install the program: from the checkout, never by its name from an index.

On PyPI, the name `provisioner` belongs to another project: who installs that runs somebody else's code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
INSTALLERS = re.compile(r"\b(?:pip3?|pipx|uvx?|poetry|pdm|conda)\b((?:[ \t]+[^\s`&;|]+)+)")
BY_NAME = re.compile(r"provisioner(?:\[[^\]]*\])?(?:[=<>~!@].*)?", re.IGNORECASE)
EXTRA = re.compile(r"\bprovisioner\[\w", re.IGNORECASE)


def texts() -> Iterator[Path]:
    yield from (ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "pyproject.toml", ROOT / "setup.cfg")
    for folder in ("docs", "provisioner", "schema", "specs", "tests", ".ci"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path != Path(__file__):
                yield path


def installed(text: str) -> Iterator[str]:
    """The packages that the commands in a text install by the name of this project."""
    for command in INSTALLERS.finditer(text):
        yield from (word for word in command[1].replace("'", " ").replace('"', " ").split() if BY_NAME.fullmatch(word))


def test_no_text_says_to_install_the_program_by_its_name() -> None:
    found = []
    for path in texts():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {name}" for name in installed(text)]
        if path.name != "CHANGELOG.md":
            found += [f"{path.relative_to(ROOT)}: {extra[0]}" for extra in EXTRA.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "pip install 'provisioner[keyvault]'",
        'run `python -m pip install --quiet "provisioner==0.1"`',
        "pipx install provisioner",
        "uvx provisioner plan",
        "uv tool install provisioner@latest",
    ],
)
def test_a_command_that_installs_by_name_is_found(text: str) -> None:
    assert list(installed(text))


@pytest.mark.parametrize(
    "text",
    [
        "pip install --quiet -e . && .venv/bin/provisioner apply",
        "pip install -e '.[keyvault]'; provisioner plan",
        "uv pip install ./provisioner",
    ],
)
def test_a_command_that_installs_from_the_checkout_is_fine(text: str) -> None:
    assert not list(installed(text))
