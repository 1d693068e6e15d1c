"""Bodies as JSON."""

from __future__ import annotations

import pytest

from provisioner.simulator.errors import ArmError
from provisioner.simulator.protocol.json_body import parse_object


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def test_an_object_is_read() -> None:
    assert parse_object(b'{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"a": NaN}', b'{"a": 1e999}', b'"\xff"', nested(65), nested(9_000)]
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(ArmError, match="InvalidRequestContent"):
        parse_object(content)


def test_depth_is_counted_not_brackets() -> None:
    assert parse_object(nested(64))
    assert len(parse_object(b'{"a": [' + b"{}," * 1_000 + b"{}]}")["a"]) == 1_001


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"mode": "x", template:{"a": 1}}', {"mode": "x", "template": {"a": 1}}),
        (b'{"a": 1, // why\n "b": /* { */ 2}', {"a": 1, "b": 2}),
        (b"{'a': 'it is \"fine\"', 'b': 'it\\'s'}", {"a": 'it is "fine"', "b": "it's"}),
        (b'{a: "one\r\n two"}', {"a": "one\r\n two"}),
        (b"{a: [1, 2, ], }", {"a": [1, 2]}),
        (b'{a: "// no: comment, ]", b: "\\"c: /*\\\\"}', {"a": "// no: comment, ]", "b": '"c: /*\\'}),
    ],
    ids=["name", "comments", "single", "lines", "commas", "inside"],
)
def test_what_arm_reads_beyond_json_is_read(content: bytes, value: object) -> None:
    """As the Azure CLI sends a template."""
    assert parse_object(content) == value


@pytest.mark.parametrize("content", [b"{a: NaN}", b"{a: b}", b'{a: "x}', b"{/* a: 1}", b"{,}{", b"{'a: 1}", b"{a 1}"])
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(ArmError, match="InvalidRequestContent"):
        parse_object(content)
