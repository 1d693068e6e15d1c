"""Secrets: read late, never shown."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from pathlib import Path

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.spec.parameters import Given
from provisioner.spec.secrets.secrets import Secrets
from provisioner.spec.yaml import document

TEXT = b"secrets:\n  admin: {from_env: ADMIN}\n  token: {from_file: token.txt}\n"


def secrets(folder: Path, environment: dict[str, str], generate: bool = False) -> Secrets:
    parsed = document.parse(TEXT, str(folder / "spec.yaml"))
    return Secrets(parsed, parsed.data["secrets"], Given({}, {}, environment), generate)


def test_they_come_from_the_environment_and_from_files(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("s3cret\n")
    found = secrets(tmp_path, {"ADMIN": "Pa$$w0rd"})
    assert (found.reveal("admin"), found.reveal("token")) == ("Pa$$w0rd", "s3cret")


def test_what_is_missing_is_told_with_its_place(tmp_path: Path) -> None:
    missing = secrets(tmp_path, {}).missing({"admin", "token"})
    assert [(item.code, item.location.line) for item in missing] == [("PV1401", 2), ("PV1401", 3)]
    with pytest.raises(SpecError):
        secrets(tmp_path, {}).reveal("admin")


def test_a_rehearsal_invents_what_is_missing(tmp_path: Path) -> None:
    found = secrets(tmp_path, {}, generate=True)
    assert found.missing({"admin"}) == []
    assert found.generated == {"admin"}
    assert len(found.reveal("admin")) > 12


def test_revealed_values_are_struck_out(tmp_path: Path) -> None:
    found = secrets(tmp_path, {"ADMIN": "Pa$$w0rd"})
    found.reveal("admin")
    assert found.redact("the password 'Pa$$w0rd' is weak") == "the password '(secret)' is weak"


ODD = 'p\u00e4ss"w/rd&1'


@pytest.mark.parametrize(
    "shown",
    [
        f"the password '{ODD}' is weak",
        json.dumps({"password": ODD}),
        json.dumps({"password": ODD}, ensure_ascii=False),
        f"https://example.com/?{urllib.parse.urlencode({'p': ODD})}&x",
        f"<p>{html.escape(ODD)}</p>",
        repr([ODD]),
    ],
)
def test_every_form_of_a_value_is_struck_out(tmp_path: Path, shown: str) -> None:
    found = secrets(tmp_path, {"ADMIN": ODD})
    found.reveal("admin")
    struck = found.redact(shown)
    assert "(secret)" in struck
    assert "rd" not in struck.replace("password", "")


@pytest.mark.parametrize("before", ["", "#!", "#!/", "#!/bin/sh\n", "some thing"])
def test_a_value_inside_of_base64_is_struck_out(tmp_path: Path, before: str) -> None:
    found = secrets(tmp_path, {"ADMIN": "Correct-Horse-7-Battery"})
    found.reveal("admin")
    coded = base64.b64encode(f"{before}Correct-Horse-7-Battery after".encode()).decode()
    left = found.redact(coded).split("(secret)")
    assert sum(map(len, left)) < len(coded) - 28
    assert coded.startswith(left[0]) and coded.endswith(left[-1])


def test_what_is_made_of_a_value_is_struck_out(tmp_path: Path) -> None:
    found = secrets(tmp_path, {"ADMIN": "Pa$$w0rd"})
    assert found.reveal("format('%s!', lower(secrets.admin))") == "pa$$w0rd!"
    assert found.redact("pa$$w0rd, Pa$$w0rd") == "(secret), (secret)"
