"""From bytes to data that knows its places."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from provisioner.base.diagnostics import Diagnostic, SourceLocation, SpecError, UnreadableFileError
from provisioner.spec.yaml import document, scalars, source
from tests import warm

HEAD = b"version: 1\n"


def data(text: str) -> object:
    return document.parse(text.encode(), "x.yaml").data


def codes(raw: bytes) -> list[str]:
    with pytest.raises(SpecError) as caught:
        document.parse(raw, "x.yaml")
    return [item.code for item in caught.value.diagnostics]


def shown(text: str) -> str:
    with pytest.raises(SpecError) as caught:
        document.parse(text.encode(), "x.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("no", "no"), ("yes", "yes"), ("on", "on"), ("22:30", "22:30"), ("010", 10), ("0o17", 15), ("0x1F", 31),
     ("2.10", 2.1), ("1_000", "1_000"), ("true", True), ("False", False), ("tRUE", "tRUE"), ("~", None), ("", None),
     ("Null", None), ("-3", -3), ("+.5", 0.5), ("1e3", 1000.0), (".inf", ".inf"), ("1e999", "1e999"),
     ("2024-01-02", "2024-01-02"), ("1" * 60, "1" * 60), ("=", "="), ("-", "-"), ("0b1", "0b1")],
)  # fmt: skip
def test_a_plain_scalar_is_what_yaml_1_2_says(text: str, value: object) -> None:
    found = scalars.resolve(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", ['"010"', "'010'", "|-\n  010", ">-\n  010"])
def test_a_quoted_scalar_is_text(text: str) -> None:
    assert data(f"a: {text}\n") == {"a": "010"}


def test_an_alias_repeats_the_value() -> None:
    assert data("a: &x {b: 1}\nc: *x\n") == {"a": {"b": 1}, "c": {"b": 1}}


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    assert document.parse(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n", "x.yaml").data == {"a": 1, "b": "x\n"}


def test_a_place_is_that_of_the_value_or_of_the_key() -> None:
    found = document.parse(b"a:\n  b: [x, y]\n", "x.yaml")
    assert found.locate(("a", "b", 1)) == SourceLocation("x.yaml", 2, 10, "  b: [x, y]")
    assert found.locate(("a", "b"), key=True) == SourceLocation("x.yaml", 2, 3, "  b: [x, y]")


def test_the_place_of_what_is_not_there_is_its_nearest_ancestor() -> None:
    found = document.parse(b"a:\n  b: 1\n", "x.yaml")
    assert (found.locate(("a", "c", "d")).line, found.locate(("z",)).line) == (1, 1)


@pytest.mark.parametrize(
    ("before", "cells"), [("日本", 4), ("e\u0301", 1), ("é", 1), ("😀", 2), ("ｗ", 2), ("\u200b", len(r"\u200b"))]
)
def test_a_caret_stands_under_the_place_behind_what_is_wide_or_has_no_width(before: str, cells: int) -> None:
    diagnostic = Diagnostic("PV1", "x", SourceLocation("x.yaml", 1, len(before) + 1, f"{before}: x"))
    assert diagnostic.render().splitlines()[2] == " " * (4 + cells) + "^"


@pytest.mark.parametrize(
    ("raw", "place"),
    [(b"a: b\n\x07c", "x.yaml:2:1"), ("é: é日本\nb: é\x07".encode(), "x.yaml:2:5"), (b"a: b\r\nc: \x01", "x.yaml:2:4"),
     ("a: 😀\x07".encode(), "x.yaml:1:5"), ("é: é日本\nb: é".encode() + b"\xff", "x.yaml:2:5"),
     (b"a: b\rc: \xff", "x.yaml:2:4"), (b"\xef\xbb\xbfab: \xff", "x.yaml:1:5")],
)  # fmt: skip
def test_the_place_of_what_is_no_text_counts_characters_and_any_line_end(raw: bytes, place: str) -> None:
    with pytest.raises(SpecError) as caught:
        document.parse(raw, "x.yaml")
    assert str(caught.value.diagnostics[0].location) == place


def test_a_byte_that_is_no_text_is_named_behind_a_byte_order_mark() -> None:
    with pytest.raises(SpecError, match="The byte 0xfe is not valid UTF-8"):
        document.parse(b"\xef\xbb\xbfa: \xfe", "x.yaml")


def test_a_caret_stands_under_the_place_behind_tabs_and_wide_lines() -> None:
    head, line, caret = shown("a:\tb: c\n").splitlines()[:3]
    assert head.startswith("x.yaml:1:5")
    assert line[caret.index("^")] == ":"


@pytest.mark.parametrize(
    "raw",
    [b"[" * 100_000, b"{a: " * 100_000, b"- " * 100_000, b"? " * 100_000, b"- ? " * 50_000, b": " * 100_000,
     b"-\t" * 100_000, b"# " + b"]" * 200_000 + b"\na: " + b"[" * 200_000,
     b'a: "' + b"]" * 200_000 + b'"\nb: ' + b"[" * 200_000,
     b"a: &a [*a]\n", b"a: &a {b: *a}\n",
     b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [*a%d]\n" % (i, i, i - 1) for i in range(1, 3000)),
     b"".join(b" " * i + b"a:\n" for i in range(2000))],
    ids=lambda raw: raw[:6].decode() + str(len(raw)),
)  # fmt: skip
def test_absurd_depth_is_refused_and_never_crashes_the_parser(raw: bytes, tmp_path: Path) -> None:
    """In a process of its own: what is not refused in time overflows the C stack."""
    file = tmp_path / "deep.yaml"
    file.write_bytes(raw)
    command = [sys.executable, "-m", "provisioner", "validate", str(file)]
    result = warm.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 65
    assert "Traceback" not in result.stderr


def test_a_billion_laughs_are_refused() -> None:
    text = b"a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    text += b"".join(b"a%d: &a%d [%s]\n" % (i, i, b",".join([b"*a%d" % (i - 1)] * 10)) for i in range(1, 12))
    assert codes(text) == ["PV1005"]


def test_a_large_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(source.MAX_BYTES + 1)
    with pytest.raises(SpecError) as caught:
        document.read(str(file))
    assert [item.code for item in caught.value.diagnostics] == ["PV1002"]


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(UnreadableFileError, match="it is a device"):
        document.read("/dev/zero")


@pytest.mark.parametrize("name", ["", "nothing.yaml", "a\0b", "x" * 5000])
def test_what_cannot_be_opened_is_an_unreadable_file(name: str) -> None:
    with pytest.raises(UnreadableFileError):
        document.read(name)


def test_duplicates_are_all_told() -> None:
    assert codes(b"a: 1\na: 2\nb: {c: 1, c: 2}\n") == ["PV1008", "PV1008"]


def test_keys_that_look_the_same_as_values_are_the_same() -> None:
    assert codes(b'"1": a\n1: b\n') == ["PV1008"]


def test_a_control_character_in_a_message_is_an_escape() -> None:
    text = shown('"a\\e[31m\\nb": 1\n"a\\e[31m\\nb": 2\n')
    assert "\x1b" not in text
    assert 'duplicate key "a\\x1b[31m\\nb"' in text


@pytest.mark.parametrize(
    "text",
    ["password: hunter2: x\n", "a: {password: hunter2, b: ${x}}\n", "admin_password: [hunter2\n",
     "secrets:\n  admin: hunter2: y\n", "secrets:\n- hunter2: [\n",
     "a:\n  protected_settings:\n    x:\n      - hunter2: {\n",
     "a:\n  password: |\n     x\n   hunter2: [\n", "password: !x hunter2\n", "password: hunter2\npassword: hunter2\n",
     "token: {<<: hunter2}\n", "PASSWORD: {[a]: hunter2}\n", "db-pwd: 'hunter2\n",
     "a: {client_secret: hunter2, b: *x}\n",
     "a: {apiToken: \"hunter2\", c, ]\n", "secrets: {a: hunter2, a: hunter2}\n", "private_key: hunter2\nx: *y\nz: [",
     "password: hunter2\t\x01\n"],
)  # fmt: skip
def test_what_looks_like_a_secret_is_not_shown(text: str) -> None:
    assert "hunter2" not in shown(text)


def test_an_expression_for_a_secret_is_shown() -> None:
    assert '"${secrets.admin}"' in shown('password: "${secrets.admin}"\npassword: "${secrets.admin}"\n')
