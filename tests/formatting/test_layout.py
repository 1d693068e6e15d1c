"""The layout of specs: one for each meaning, and nothing that was said is lost."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings

from provisioner.base.diagnostics import SpecError
from provisioner.formatting.layout import CannotFormatError, formatted
from provisioner.spec.yaml import document

from .messy import documents

ROOT = Path(__file__).parents[2]


def layout(text: str) -> str:
    return formatted(text.encode(), "x.yaml")


@settings(max_examples=150)
@given(documents())
def test_a_second_time_changes_nothing_and_the_data_stays(raw: bytes) -> None:
    try:
        before = document.parse(raw, "x.yaml")
    except SpecError:
        return
    once = formatted(raw, "x.yaml")
    assert formatted(once.encode(), "x.yaml") == once
    after = document.parse(once.encode(), "x.yaml").data
    assert json.dumps(after, sort_keys=True) == json.dumps(before.data, sort_keys=True)
    assert once.endswith("\n") and "\r" not in once
    assert Counter(once)["#"] == Counter(raw.decode())["#"]


@pytest.mark.parametrize("file", sorted(ROOT.glob("specs/*.yaml")), ids=lambda file: str(file.name))
def test_the_examples_are_laid_out(file: Path) -> None:
    assert formatted(file.read_bytes(), str(file)) == file.read_text("utf-8")


def test_sections_stand_in_the_order_of_the_schema_with_their_comments() -> None:
    before = "# modeline\n\n# about outputs\noutputs: {}\n# where\nlocation: westus2\nversion: 1\nown: 1\n# end\n"
    after = "# modeline\n\nversion: 1\n# where\nlocation: westus2\n\n# about outputs\noutputs: {}\nown: 1\n# end\n"
    assert layout(before) == after


def test_a_blank_line_stands_around_sections_of_several_lines() -> None:
    assert layout("version: 1\ndeployment: x\nvms:\n  a: {}\noutputs: {}\n") == (
        "version: 1\ndeployment: x\n\nvms:\n  a: {}\n\noutputs: {}\n"
    )


def test_indents_are_two_spaces() -> None:
    before = "vms:\n    a:\n      list:\n      - 1\n      -   b: 1\n          c:\n            - 2\n"
    assert layout(before) == "vms:\n  a:\n    list:\n      - 1\n      - b: 1\n        c:\n          - 2\n"


def test_blank_lines_and_trailing_spaces_go_where_they_say_nothing() -> None:
    assert layout("\n\nvms:   \n\n  a: {}  \n\n\n  b: {}\t\n\n\n") == "vms:\n  a: {}\n\n  b: {}\n"


def test_line_ends_and_the_end_of_the_file() -> None:
    assert layout("\ufeffversion: 1\r\nvms: {}") == "version: 1\nvms: {}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'Standard_B1s'", "Standard_B1s"),
        ('"${parameters.x}"', "${parameters.x}"),
        ('{a: "${x}"}', '{a: "${x}"}'),
        ("'1.0'", '"1.0"'),
        ('"true"', '"true"'),
        ('"007"', '"007"'),
        ('"no"', '"no"'),
        ("'22:30'", '"22:30"'),
        ("2.10", "2.10"),
        ("0o17", "0o17"),
        ('"a: b"', '"a: b"'),
        ("'say: \"x\"'", "'say: \"x\"'"),
        ('"it\'s"', "it's"),
        ("{a: 'b,c',d:   [ 1,2 ]}", '{a: "b,c", d: [1, 2]}'),
        ('{"a":"b"}', "{a: b}"),
        ("~", "~"),
    ],
)
def test_quotes_stay_where_they_say_something(before: str, after: str) -> None:
    assert layout(f"x: {before}\n") == f"x: {after}\n"


def test_blocks_of_text_keep_their_lines() -> None:
    before = "a:\n      b: |   # note\n          one  \n            two\n\n      c: >2-\n         x\n"
    assert layout(before) == "a:\n  b: |  # note\n    one  \n      two\n\n  c: >2-\n     x\n"


def test_flow_values_of_several_lines_keep_their_breaks() -> None:
    before = "a: [\n      one,   # first\n      {b: 1},\n   two]\n"
    assert layout(before) == "a: [\n  one,   # first\n  {b: 1},\n  two]\n"


def test_keys_without_values_stay_in_flow() -> None:
    assert layout("a: { x, y: , z: 1 }\nb: {c}\n") == "a: {x: , y: , z: 1}\nb: {c: }\n"


def test_comments_stay_with_what_they_speak_of() -> None:
    before = "vms:\n  # about a\n  a: {}  # tail\n    # also a\n  # about b\n  b:\n    # value\n    1\n"
    after = "vms:\n  # about a\n  a: {}  # tail\n  # also a\n  # about b\n  # value\n  b: 1\n"
    assert layout(before) == after


def test_anchors_stay_before_their_aliases() -> None:
    text = "vms:\n  a: &one {size: x}\n  b: *one\n"
    assert layout(text) == text
    crossing = "outputs: &o {a: b}\n\ntags: *o\n"
    assert layout(crossing) == crossing


def test_tags_of_overlays_stay() -> None:
    text = "vms:\n  a: !remove\n  b: {interfaces: !append [x], size: !remove }\n  c: !replace\n    size: x\n"
    assert layout(text) == text


def test_what_cannot_be_laid_out_is_refused() -> None:
    with pytest.raises(CannotFormatError, match="line 1: a key in several lines"):
        layout("? |\n  a\n: 1\n")
