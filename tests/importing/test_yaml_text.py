"""What is written is read back as the same data, in the style of the specs."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from provisioner.importing.yaml_text import render
from provisioner.spec.yaml import document

ODD = [
    "no", "On", "22:30", "010", "1.0", "*", "a: b", "a #b", "- x", "~", "", " x", "x\n", "{a}", "${a}", "é",
    "\U0001f600\t", "<<", "=", "---", "...", "? x", "!x", "&x", "%x", "@x", "`", "|", ">", "\ufeff", "\x85", "\u2028",
]  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text() | st.sampled_from(ODD)
KEYS = st.text(min_size=1) | st.sampled_from([word for word in ODD if word])
DATA = st.dictionaries(
    KEYS, st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=12), min_size=1
)


@given(DATA)
def test_what_is_written_is_read_back(data: dict[str, Any]) -> None:
    text = render(data, {})
    assert document.parse(text.encode("utf-8", "surrogatepass"), "x.yaml").data == data, text


def test_small_leaves_are_in_flow_style_and_the_rest_is_not() -> None:
    data = {
        "version": 1,
        "tags": {"project": "x"},
        "vms": {"web": {"admin": {"username": "me", "password": "${secrets.admin}"}, "zones": [1, 2]}},
        "list": [{"a": 1, "b": {"c": [1]}}, "x"],
    }
    assert render(data, {("vms", "web"): ["one", "two"]}) == (
        "version: 1\n"
        "tags: {project: x}\n"
        "\n"
        "vms:\n"
        "  # one\n"
        "  # two\n"
        "  web:\n"
        "    admin:\n"
        "      username: me\n"
        "      password: ${secrets.admin}\n"
        "    zones: [1, 2]\n"
        "\n"
        "list:\n"
        "  - a: 1\n"
        "    b: {c: [1]}\n"
        "  - x\n"
    )
