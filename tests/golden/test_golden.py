"""Bad specs and what is said about them; good specs and what they resolve to.

``pytest tests/golden --update-golden`` rewrites the expected files; look at the difference before you commit it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from provisioner import cli
from provisioner.commands import loading
from provisioner.planning.plan import plain
from provisioner.spec import parameters

HERE = Path(__file__).parent
BAD = sorted(path.stem for path in (HERE / "bad").glob("*.yaml"))
WARNED = sorted(path.stem for path in (HERE / "warned").glob("*.yaml"))
GOOD = sorted(path.stem for path in (HERE / "good").glob("*.yaml"))
SPECS = sorted(path.stem for path in (HERE.parent.parent / "specs").glob("*.yaml"))


def compare(expected: Path, text: str, update: bool) -> None:
    if update:
        expected.write_text(text, "utf-8")
    assert text == expected.read_text("utf-8")


def files_of(folder: Path, name: str) -> list[str]:
    """A spec, and the one that is to be laid over it where there is one."""
    overlay = Path("overlays") / f"{name}.yaml"
    return [f"{name}.yaml", *([str(overlay)] if (folder / overlay).exists() else [])]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_spec_is_explained(
    name: str, update_golden: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(HERE / "bad")
    assert cli.main(["validate", *files_of(HERE / "bad", name)]) == 65
    shown = capsys.readouterr()
    assert shown.out == ""
    compare(HERE / "bad" / f"{name}.txt", shown.err, update_golden)


@pytest.mark.parametrize("name", WARNED)
def test_a_doubtful_spec_is_warned_about(
    name: str, update_golden: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(HERE / "warned")
    assert cli.main(["validate", f"{name}.yaml"]) == 0
    capsys.readouterr()
    assert cli.main(["validate", f"{name}.yaml", "--strict"]) == 65
    compare(HERE / "warned" / f"{name}.txt", capsys.readouterr().err, update_golden)


LITERAL = [name for name in BAD if "hunter2" in (HERE / "bad" / f"{name}.yaml").read_text("utf-8", "replace")]


@pytest.mark.parametrize("name", [*LITERAL, "private-key", "no-public-key"])
def test_a_secret_that_stands_in_the_open_is_not_repeated(name: str) -> None:
    assert "hunter2" not in (HERE / "bad" / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", BAD)
def test_the_json_form_says_the_same(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(HERE / "bad")
    assert cli.main(["validate", *files_of(HERE / "bad", name), "--output", "json"]) == 65
    out = capsys.readouterr().out
    said = json.loads(out)
    assert said["valid"] is False
    assert "hunter2" not in out
    told = re.findall(r"^\S+:\d+:\d+: .* \[(PV\d{4})\]$", (HERE / "bad" / f"{name}.txt").read_text("utf-8"), re.M)
    assert [item["code"] for item in said["diagnostics"]] == told


@pytest.mark.parametrize("name", [*GOOD, *SPECS])
def test_a_good_spec_resolves(name: str, update_golden: bool, root: Path) -> None:
    folder = HERE / "good" if name in GOOD else root / "specs"
    files = [str(folder / file) for file in files_of(folder, name)]
    loaded = loading.complete(loading.read_spec(files, parameters.Given()))
    found: list[dict[str, Any]] = []
    for item in loaded.resolution.resources:
        needs = dict(sorted(loaded.graph.needs[item.address].items()))
        one: dict[str, Any] = {"address": item.address, "kind": item.kind.name, "id": item.id}
        one |= {"body": _shown(item.body), "after": list(item.after), "needs": needs}
        found.append(one | {"managed": False} if not item.managed else one)
    outputs = {key: plain(value) for key, value in loaded.resolution.outputs.items()}
    text = json.dumps({"resources": found, "outputs": outputs}, indent=1, ensure_ascii=False)
    compare(HERE / "good" / f"{name}.json", f"{text}\n", update_golden)


def _shown(value: Any) -> Any:
    """A body with its leaves as text."""
    if isinstance(value, dict):
        return {str(key): _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else f"<{type(value).__name__} {value}>"
