"""Included files: where they may lie, and how many there may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.spec import load, parameters

HEAD = "version: 1\ndeployment: demo\nlocation: westeurope\nresource_group: demo\n"


def told(folder: Path, include: str, *allowed: Path) -> list[str]:
    (folder / "spec.yaml").write_text(f"{HEAD}include:\n{include}", "utf-8")
    try:
        spec = load.load([str(folder / "spec.yaml")], parameters.Given(), allowed)
    except SpecError as error:
        return [item.code for item in error.diagnostics]
    return [item.code for item in spec.diagnostics]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with a piece, beside that of the spec."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "piece.yaml").write_text("identities: {web: {}}\n")
    (tmp_path / "inside").mkdir()
    return tmp_path / "outside"


def test_only_the_folder_of_the_spec_and_what_is_allowed(outside: Path) -> None:
    inside = outside.parent / "inside"
    assert told(inside, "  one: ../outside/piece.yaml\n") == ["PV1015"]
    assert told(inside, f"  one: {outside}/piece.yaml\n") == ["PV1015"]
    assert told(inside, "  one: ../outside/piece.yaml\n", outside) == []


def test_the_repository_is_the_border(outside: Path) -> None:
    (outside.parent / ".git").mkdir()
    assert told(outside.parent / "inside", "  one: ../outside/piece.yaml\n") == []


def test_links_are_followed_before_they_are_judged(outside: Path) -> None:
    inside = outside.parent / "inside"
    (inside / "link.yaml").symlink_to(outside / "piece.yaml")
    (inside / "folder").symlink_to(outside)
    assert told(inside, "  one: link.yaml\n  two: folder/piece.yaml\n") == ["PV1015", "PV1015"]


def test_links_in_a_circle_end(outside: Path) -> None:
    inside = outside.parent / "inside"
    (inside / "a.yaml").symlink_to(inside / "b.yaml")
    (inside / "b.yaml").symlink_to(inside / "a.yaml")
    assert told(inside, "  one: a.yaml\n") == ["PV1014"]


def test_a_file_cannot_include_itself_by_another_name(tmp_path: Path) -> None:
    (tmp_path / "piece.yaml").write_text("include: {again: ./link.yaml}\n")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "piece.yaml")
    assert told(tmp_path, "  one: piece.yaml\n") == ["PV1014"]


def test_files_that_double_with_every_level_end(tmp_path: Path) -> None:
    for level in range(30):
        text = f"include: {{a: {level + 1}.yaml, b: {level + 1}.yaml}}\n"
        (tmp_path / f"{level}.yaml").write_text(text)
    (tmp_path / "30.yaml").write_text("identities: {}\n")
    assert set(told(tmp_path, "  one: 0.yaml\n")) == {"PV1014"}


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin", "~nobody-there/x.yaml", "a\\0b.yaml", "x" * 5000])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    assert told(tmp_path, f'  one: "{name}"\n', Path("/dev")) in (["PV1014"], ["PV1002"], ["PV1015"], ["PV1001"])
