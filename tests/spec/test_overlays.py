"""Files that are laid over others: short forms beneath them, and overlays that say nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.spec import load, parameters

BASE = """
version: 1
deployment: demo
location: westeurope
resource_group: demo
include: {team: piece.yaml}
"""
PIECE = """
parameters: {stage: {default: test}}
identities: {team: {tags: {stage: "${parameters.stage}"}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A spec with an included piece, both in their short forms."""
    (tmp_path / "base.yaml").write_text(BASE, "utf-8")
    (tmp_path / "piece.yaml").write_text(PIECE, "utf-8")
    return tmp_path


def under(folder: Path, overlay: str) -> dict[str, Any]:
    """The data of the spec under an overlay."""
    (folder / "over.yaml").write_text(overlay, "utf-8")
    spec = load.load([str(folder / "base.yaml"), str(folder / "over.yaml")], parameters.Given())
    assert spec.diagnostics == ()
    return dict(spec.data)


def test_a_mapping_over_a_short_form_adds_to_what_that_stands_for(folder: Path) -> None:
    data = under(folder, "resource_group: {tags: {a: b}}\ninclude: {team: {parameters: {stage: prod}}}\n")
    assert data["resource_group"] == {"name": "demo", "tags": {"a": "b"}}
    assert data["identities"] == {"team": {"tags": {"stage": "prod"}}}


def test_an_overlay_of_comments_changes_nothing(folder: Path) -> None:
    alone = load.load([str(folder / "base.yaml")], parameters.Given())
    assert under(folder, "# nothing differs in this stage\n") == alone.data


def test_a_file_of_parameters_may_hold_comments_alone(folder: Path) -> None:
    (folder / "given.yaml").write_text("# size: Standard_B1s\n", "utf-8")
    assert load.read_parameter_file(str(folder / "given.yaml")) == {}


def test_a_file_without_anything_is_taken_for_a_mistake(folder: Path) -> None:
    with pytest.raises(SpecError, match="the file is empty"):
        under(folder, "\n")
