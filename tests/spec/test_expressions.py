"""Expressions and parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provisioner.base.diagnostics import SourceLocation
from provisioner.spec import load, parameters
from provisioner.spec.expressions import interpolation
from provisioner.spec.load import build
from provisioner.spec.yaml import document

HEAD = "version: 1\ndeployment: demo\nlocation: westus2\nresource_group: demo\n"


def data(text: str, **given: Any) -> dict[str, Any]:
    spec = build(document.parse((HEAD + text).encode(), "x.yaml"), parameters.Given(**given))
    assert [item.summary for item in spec.diagnostics] == []
    return dict(spec.data)


def test_a_whole_value_keeps_its_type() -> None:
    found = data(
        "parameters: {n: {type: number, default: 10}}\n"
        'network: {public_ips: {out: {idle_timeout_minutes: "${parameters.n}"}}}\n'
    )
    assert found["network"]["public_ips"]["out"]["idle_timeout_minutes"] == 10


def test_inside_text_a_value_becomes_text() -> None:
    found = data('parameters: {n: {type: number, default: 10}}\ntags: {a: "x-${parameters.n}-${deployment}"}\n')
    assert found["tags"]["a"] == "x-10-demo"


def test_a_number_where_text_is_meant_is_its_source_text() -> None:
    assert data("tags: {a: 007, b: 2.10, c: yes, d: true, e: 1e3, f: 0x1F}\n")["tags"] == {
        "a": "007", "b": "2.10", "c": "yes", "d": "true", "e": "1e3", "f": "0x1F",
    }  # fmt: skip


def test_an_escaped_expression_stays_text() -> None:
    assert interpolation.unescape(data('tags: {a: "$${parameters.n}"}\n')["tags"]["a"]) == "${parameters.n}"


def test_a_parameters_value_is_never_code() -> None:
    found = data("parameters: {x: {}}\ntags: {a: '${parameters.x}'}\n", flags={"x": "${secrets.admin} ${env.HOME}"})
    assert interpolation.split(found["tags"]["a"]) == [(False, found["tags"]["a"])]
    assert interpolation.unescape(found["tags"]["a"]) == "${secrets.admin} ${env.HOME}"


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({}, "default"),
        ({"environment": {"PROVISIONER_PARAM_x": "environment"}}, "environment"),
        ({"environment": {"PROVISIONER_PARAM_X": "upper"}}, "upper"),
        ({"environment": {"PROVISIONER_PARAM_x": "e"}, "files": {"x": (SourceLocation("f.yaml"), "file")}}, "file"),
        ({"files": {"x": (SourceLocation("f.yaml"), "file")}, "flags": {"x": "flag"}}, "flag"),
    ],
)
def test_the_nearest_value_wins(given: dict[str, Any], value: str) -> None:
    assert data("parameters: {x: {default: default}}\ntags: {a: '${parameters.x}'}\n", **given)["tags"]["a"] == value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [("number", "5", 5), ("number", "0.5", 0.5), ("boolean", "true", True), ("list", "[1, 2]", [1, 2]),
     ("map", '{"a": 1}', {"a": 1}), ("string", "5", "5")],
)  # fmt: skip
def test_a_flag_is_read_by_the_parameters_type(kind: str, text: str, value: Any) -> None:
    declared = {"x": {"type": kind}}
    parsed = document.parse(HEAD.encode(), "x.yaml")
    found, diagnostics = parameters.settle(parsed, declared, parameters.Given(flags={"x": text}))
    assert (found, diagnostics) == ({"x": value}, [])


@pytest.mark.parametrize(("kind", "text"), [("number", "many"), ("boolean", "yes"), ("list", "{}"), ("map", "[")])
def test_a_flag_of_another_type_is_refused(kind: str, text: str) -> None:
    parsed = document.parse(HEAD.encode(), "x.yaml")
    _, diagnostics = parameters.settle(parsed, {"x": {"type": kind}}, parameters.Given(flags={"x": text}))
    assert [item.code for item in diagnostics] == ["PV1302"]


def test_a_wrong_value_in_a_file_is_told_where_it_stands(tmp_path: Path) -> None:
    given = tmp_path / "given.yaml"
    given.write_text("size: large\nn:   many\nsise: 1\n", "utf-8")
    spec = load.build(
        document.parse((HEAD + "parameters: {n: {type: number}, size: {}}\n").encode(), "x.yaml"),
        parameters.Given(files=load.read_parameter_file(str(given))),
    )
    assert [(item.code, str(item.location), item.reason) for item in spec.diagnostics] == [
        ("PV1302", f"{given}:2:6", "It is declared at x.yaml:5."),
        ("PV1303", f"{given}:3:7", ""),
    ]


def test_a_parameter_that_nobody_declared_is_refused() -> None:
    spec = load.build(document.parse(HEAD.encode(), "x.yaml"), parameters.Given(flags={"sise": "x"}))
    assert [item.code for item in spec.diagnostics] == ["PV1303"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("lower('ABC')", "abc"),
        ('upper("abc")', "ABC"),
        ("replace('a.b.c', '.', '-')", "a-b-c"),
        ("format('%s has %d, %03d%%', 'x', 4, 7)", "x has 4, 007%"),
        ("base64('é')", "w6k="),
        ("cidr_subnet('10.0.0.0/16', 8, 255)", "10.0.255.0/24"),
        ("cidr_subnet('fd00::/48', 16, 1)", "fd00:0:0:1::/64"),
        ("cidr_host('10.0.0.0/24', 4)", "10.0.0.4"),
        ("lower(upper(lower('A')))", "a"),
        ("'a' == 'a'", True),
        ("1 == '1'", False),
        ("1.5", "${1.5}"),
        ("(1)", None),
    ],
)
def test_an_expression_has_a_value(expression: str, value: Any) -> None:
    text = f"parameters: {{p: {{type: map, default: {{}}}}}}\noutputs:\n  a: ${{{expression}}}\n"
    spec = build(document.parse((HEAD + text).encode(), "x.yaml"), parameters.Given())
    if value is None:
        assert [item.code for item in spec.diagnostics] == ["PV1307"]
    else:
        assert spec.data["outputs"]["a"] == value


def test_a_file_says_the_same_with_the_line_ends_of_windows(tmp_path: Path) -> None:
    (tmp_path / "setup.sh").write_bytes(b"\xef\xbb\xbfa\r\nb\r\n")
    text = f"{HEAD}outputs: {{a: \"${{file('setup.sh')}}\"}}\n"
    spec = build(document.parse(text.encode(), str(tmp_path / "x.yaml")), parameters.Given())
    assert spec.data["outputs"]["a"] == "a\nb\n"


def test_a_path_of_windows_is_told_how_to_be_written_for_all(tmp_path: Path) -> None:
    text = f"{HEAD}outputs:\n  a: ${{file('keys\\setup.sh')}}\n"
    spec = build(document.parse(text.encode(), str(tmp_path / "x.yaml")), parameters.Given())
    assert [item.hint for item in spec.diagnostics] == ["write / between folders, which Windows accepts too"]


def test_unique_is_the_same_for_a_deployment_and_differs_between_them() -> None:
    text = "tags:\n  a: ${unique(12)}\n"
    first, again = data(text), data(text)
    assert first["tags"] == again["tags"]
    moved = build(
        document.parse((HEAD.replace("resource_group: demo", "resource_group: two") + text).encode(), "x.yaml"),
        parameters.Given(),
    )
    assert moved.data["tags"]["a"] != first["tags"]["a"]
    assert len(first["tags"]["a"]) == 12


def test_an_error_points_into_the_expression() -> None:
    text = "tags:\n  a: abc-${lower(  uper('x'))}\n"
    spec = build(document.parse((HEAD + text).encode(), "x.yaml"), parameters.Given())
    (found,) = spec.diagnostics
    assert (found.location.line, found.location.column) == (6, 20)
    assert found.summary == 'unknown function "uper"'


def test_what_a_function_makes_is_never_code() -> None:
    found = data("parameters: {x: {}}\ntags:\n  a: ${lower(parameters.x)}\n", flags={"x": "${ENV.HOME}"})
    assert interpolation.unescape(found["tags"]["a"]) == "${env.home}"
    assert interpolation.split(found["tags"]["a"]) == [(False, found["tags"]["a"])]
