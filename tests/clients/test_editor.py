"""Specs under the YAML language server. Opt-in: `bash tests/clients/setup_editor.sh`, `pytest -m clients`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioner import cli

from .language_server import LanguageServer, serving
from .test_azure_cli import CACHE

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "specs").glob("*.yaml"))
PROGRAM = (
    Path(os.environ.get("PROVISIONER_CLIENTS", CACHE))
    / "editor/node_modules/yaml-language-server/bin/yaml-language-server"
)
HEAD = """# yaml-language-server: $schema=deployment.schema.json
version: 1
deployment: demo
location: westus2
resource_group: demo
"""
pytestmark = [
    pytest.mark.clients,
    pytest.mark.timeout(300),
    pytest.mark.skipif(shutil.which("node") is None, reason="no node"),
    pytest.mark.skipif(not PROGRAM.exists(), reason=f"no language server at {PROGRAM}: setup_editor.sh"),
]


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with the schema as `provisioner schema` prints it."""
    assert cli.main(["schema"]) == 0
    (tmp_path / "deployment.schema.json").write_text(capsys.readouterr().out)
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[LanguageServer]:
    with serving(PROGRAM, folder) as found:
        yield found


def ask(server: LanguageServer, folder: Path, text: str) -> Path:
    """Open a text; its file's name."""
    file = folder / "spec.yaml"
    server.open(file, HEAD + text)
    return file


def test_nothing_is_wrong_with_the_examples(server: LanguageServer, folder: Path) -> None:
    found = {}
    for spec in SPECS:
        text = spec.read_text("utf-8").replace("$schema=../schema/editor.schema.json", "$schema=deployment.schema.json")
        assert "$schema=deployment.schema.json" in text
        found[spec.name] = [item["message"] for item in server.open(folder / spec.name, text)]
    assert found == {spec.name: [] for spec in SPECS}


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("vmz: {}\n", 5, "vmz"),
        ("network: {public_ips: {web: {sku: Gold}}}\n", 5, "Standard"),
        ("identities: {worker: {colour: red}}\n", 5, "colour"),
    ],
)
def test_a_mistake_is_underlined(server: LanguageServer, folder: Path, text: str, line: int, word: str) -> None:
    told = server.open(folder / "spec.yaml", HEAD + text)
    assert [item["range"]["start"]["line"] for item in told] == [line]
    assert word in told[0]["message"]


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("identities: {}\n", 3, "identit"),
        ("network: {public_ips: {web: {sku: Standard}}}\n", 30, "SKU"),
        (
            "network: {public_ips: {web: {sku: Standard}}}\n",
            36,
            "blocks inbound traffic until a security group allows it",
        ),
    ],
)
def test_a_word_is_explained(server: LanguageServer, folder: Path, text: str, column: int, said: str) -> None:
    found = server.at("hover", ask(server, folder, text), 5, column)
    assert said.lower() in str(found["contents"]).lower()


@pytest.mark.parametrize(
    ("text", "line", "column", "offered"),
    [
        ("\n", 5, 0, {"vms", "network", "identities", "role_grants", "outputs"}),
        ("vms:\n  web:\n    \n", 7, 4, {"size", "image", "identity", "extensions"}),
        ("vms:\n  web:\n    identity:\n      \n", 8, 6, {"system_assigned", "user_assigned"}),
        ("vms:\n  web:\n    os: \n", 7, 8, {"linux", "windows"}),
        ("network:\n  public_ips:\n    web:\n      sku: \n", 8, 11, {"Standard", "Basic"}),
    ],
)
def test_what_fits_is_offered(
    server: LanguageServer, folder: Path, text: str, line: int, column: int, offered: set[str]
) -> None:
    found: Any = server.at("completion", ask(server, folder, text), line, column)
    assert offered <= {item["label"] for item in found["items"]}
