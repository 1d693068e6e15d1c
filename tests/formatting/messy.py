"""Random YAML, laid out badly: comments anywhere, blank lines, odd indents, every kind of scalar."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

WORDS = st.sampled_from(
    [
        "a", "Standard_B1s", "no", "22:30", "010", "1.0", "2.10", "true", "null", "~", "0x1f", "x y", "it's",
        'say "hi"',
        "a: b", "a #b", "#c", "${parameters.x}", "é", "-", "- x", "?", "key:", "[a", "{b", "*", "&x", "!t", "|", ">",
        "%",
        "@", "`", "", " ", " lead", "trail ", "10.0.0.0/8", "=", "<<", "...", "---", "a,b", "tab\there", "back\\slash",
        "1e3", ".5", "y", "2020-01-01", "\U0001f600", "::", "a:b",
    ]
)  # fmt: skip
KEYS = st.sampled_from(["vms", "location", "version", "network", "a", "b", "c-d", "1", "no", "x.y", "tags", "own key"])
NUMBERS = st.sampled_from(["1", "007", "2.10", "0o17", "true", "False", "null", "~", "", "1e3", ".5", "plain words"])


@st.composite
def scalars(draw: Any, in_flow: bool) -> str:
    """A scalar in one line: plain, single or double quotes."""
    if draw(st.booleans()):
        return str(draw(NUMBERS if not in_flow else NUMBERS.filter(bool)))
    word = draw(WORDS)
    if draw(st.booleans()) and "\t" not in word:
        return "'" + word.replace("'", "''") + "'"
    return json.dumps(word, ensure_ascii=draw(st.booleans()))


@st.composite
def flows(draw: Any, indent: int, depth: int = 0) -> str:
    """A flow collection, in one line or several."""
    if depth > 2 or draw(st.booleans()):
        return str(draw(scalars(in_flow=True)))
    count = draw(st.integers(0, 3))
    is_map = draw(st.booleans())
    keys = draw(st.lists(KEYS, min_size=count, max_size=count, unique=True))
    items = []
    for key in keys:
        value = draw(flows(indent + 1, depth + 1)) if not is_map or draw(st.integers(0, 5)) else ""
        items.append(f"{json.dumps(key) if draw(st.booleans()) else key}:{_space(draw)}{value}" if is_map else value)
    text = "{" if is_map else "["
    for index, item in enumerate(items):
        text += _break(draw, indent) + item
        text += _break(draw, indent) + "," if index < count - 1 or draw(st.booleans()) else ""
    return text + _break(draw, indent) + ("}" if is_map else "]")


def _space(draw: Any) -> str:
    return " " * int(draw(st.integers(1, 3)))


def _break(draw: Any, indent: int) -> str:
    if draw(st.integers(0, 3)):
        return " " * int(draw(st.integers(0, 2)))
    comment = draw(st.sampled_from(["", "  # in flow", " #x"]))
    blank = "\n" * draw(st.integers(0, 1))
    return f"{comment}\n{blank}{' ' * (indent + draw(st.integers(1, 4)))}"


@st.composite
def texts(draw: Any, indent: int) -> str:
    """A block of text, or a text of several lines in quotes."""
    sign = draw(st.sampled_from(["|", "|-", "|+", ">", ">-", '"', "'"]))
    pad = " " * (indent + draw(st.integers(1, 4)))
    lines = draw(st.lists(st.sampled_from(["one", "two # no comment", "", "  more", "- x", "# text"]), max_size=4))
    if sign in "\"'":
        body = "\n".join((pad + line.strip()) if line else "" for line in ["", *lines, "end"])
        return f"{sign}start{body}{sign}"
    lines = ["first", *lines]
    return sign + draw(st.sampled_from(["", "  # on text"])) + "\n" + "\n".join(pad + ln if ln else "" for ln in lines)


@st.composite
def _noise(draw: Any, indent: int) -> str:
    """Comments and blank lines between entries."""
    out = ""
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        column = max(0, indent + draw(st.sampled_from([0, 0, -2, 2, 5])))
        out += draw(st.sampled_from(["\n", "\n\n", " " * column + "# note\n", " " * column + "#x  \n"]))
    return out


@st.composite
def blocks(draw: Any, indent: int, depth: int = 0, is_map: bool | None = None) -> str:
    """A block collection, with a line end."""
    is_map = draw(st.booleans()) if is_map is None else is_map
    keys = draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
    out = ""
    for key in keys:
        out += draw(_noise(indent)) + " " * indent + (f"{key}:" if is_map else "-")
        form = draw(st.integers(0, 5))
        if form == 0 and depth < 3:
            anchor = draw(st.sampled_from(["", "", " &n"]))
            inner = indent + draw(st.integers(1, 4))
            out += anchor + draw(st.sampled_from(["", " # behind", "   "])) + "\n" + draw(blocks(inner, depth + 1))
            continue
        if form == 1 and depth < 3 and not is_map:
            inner = indent + 1 + draw(st.integers(1, 3))
            nested = draw(blocks(inner, depth + 1))
            lead = nested[: len(nested) - len(nested.lstrip())]
            if "\n" not in lead and not nested.lstrip().startswith("#"):
                out += nested[indent + 1 :] if lead == " " * inner else "\n" + nested
                continue
            out += "\n" + nested
            continue
        if form == 2:
            out += " " + draw(texts(indent)) + "\n"
            continue
        value = draw(flows(indent)) if form == 3 else draw(scalars(in_flow=False))
        out += _space(draw) + value + draw(st.sampled_from(["", "", " # tail", "    #far", "  "])) + "\n"
    return out


@st.composite
def documents(draw: Any) -> bytes:
    """The bytes of a file; not every one is YAML."""
    head = draw(st.sampled_from(["", "", "# yaml-language-server: x\n", "# head\n\n", "---\n", "# a\n--- # b\n"]))
    text = head + draw(blocks(0, is_map=True)) + draw(_noise(0))
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode()
