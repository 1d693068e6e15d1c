"""Bodies as JSON."""

from __future__ import annotations

import pytest

from provisioner.simulator.errors import ArmError
from provisioner.simulator.json_body import parse_object


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
