"""jsonschema-rs decides whether a spec is valid, and jsonschema describes what is not: both find the same errors."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.base.diagnostics import SpecError
from provisioner.spec.schema import schema
from provisioner.spec.schema.findings import Describer, described
from provisioner.spec.yaml import document

ROOT = Path(__file__).parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"
GOOD = [*sorted((ROOT / "specs").glob("*.yaml")), *sorted((GOLDEN / "good").glob("*.yaml"))]
OTHERS = [*sorted((GOLDEN / "bad").glob("*.yaml")), *sorted((GOLDEN / "warned").glob("*.yaml"))]
Errors = Counter[tuple[tuple[str, ...], str]]


def read(file: Path) -> Any:
    """The data of a spec, or nothing if it is no YAML that provisioner reads."""
    try:
        return document.read(str(file)).data
    except SpecError:
        return None


DATA = {f"{file.parent.name}/{file.stem}": read(file) for file in [*GOOD, *OTHERS]}
READABLE = [name for name, data in DATA.items() if data is not None]


def errors_of_both(data: object, members: bool = False) -> tuple[Errors, Errors]:
    """The paths and keywords of all errors, by jsonschema-rs and by jsonschema."""
    rules, validator = schema.compiled(members)
    fast, slow = validator.iter_errors(data), Describer(rules).iter_errors(data)
    return (
        Counter((tuple(map(str, error.instance_path)), str(error.schema_path[-1])) for error in fast),
        Counter((tuple(map(str, error.absolute_path)), str(error.validator)) for error in slow),
    )


def test_most_golden_specs_can_be_read() -> None:
    assert all(DATA[f"{file.parent.name}/{file.stem}"] is not None for file in GOOD)
    assert len(READABLE) > 0.8 * len(DATA)


@pytest.mark.parametrize("members", [False, True])
@pytest.mark.parametrize("name", READABLE)
def test_both_find_the_same_errors_in_a_golden_spec(name: str, members: bool) -> None:
    fast, slow = errors_of_both(DATA[name], members)
    assert fast == slow


def test_the_golden_specs_break_nearly_every_keyword() -> None:
    found = {keyword for name in READABLE for _, keyword in errors_of_both(DATA[name])[0]}
    assert found >= {
        "additionalProperties", "enum", "maxItems", "maximum", "minItems", "minProperties", "minimum",
        "pattern", "required", "type", "uniqueItems",
    }  # fmt: skip


TEXTS = ["", "x", "a\n", "1\n", "1", "é", "٣", "a" * 300, "${vms/web.id}", "any", "standard", "10.0.0.0/8", "a:b:c:d"]
LEAVES = st.none() | st.booleans() | st.sampled_from([-1, 0, 1, 1.0, 2.5, 65536, 10**20]) | st.sampled_from(TEXTS)
# jsonschema-rs leaves an empty key out of its paths, so there's none here.
KEYS = st.sampled_from(["a", "a\n", "é", "a b", "0", "web/0", "name", "tags", "count", "zones", "type", "x" * 100])
VALUES = st.recursive(
    LEAVES | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)
CHANGES = st.tuples(st.floats(0, 1), st.sampled_from(["drop", "add", "change", "double"]), KEYS, VALUES)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every mapping or list, with each of its keys or indexes."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from places(inner)


def change(data: Any, where: float, what: str, key: str, value: Any) -> None:
    """Drop, add, change or double one value of a spec."""
    found = list(places(data))
    if not found:
        return
    holder, at = found[int(where * (len(found) - 1))]
    value = copy.deepcopy(value)
    if what == "drop":
        del holder[at]
    elif what == "change":
        holder[at] = value
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(holder[at]) if what == "double" else value)
    elif what == "double":
        holder[key] = copy.deepcopy(holder[at])
    else:
        (holder[at] if isinstance(holder[at], dict) else holder)[key] = value


@settings(max_examples=600)
@given(
    st.sampled_from([f"{file.parent.name}/{file.stem}" for file in GOOD]),
    st.lists(CHANGES, min_size=1, max_size=4),
    st.booleans(),
)
def test_both_find_the_same_errors_in_a_changed_spec(
    name: str, changes: list[tuple[float, str, str, Any]], members: bool
) -> None:
    data = json.loads(json.dumps(DATA[name]))
    for one in changes:
        change(data, *one)
    fast, slow = errors_of_both(data, members)
    assert fast == slow


@pytest.mark.parametrize("name", READABLE)
def test_every_error_of_a_golden_spec_has_a_sentence_of_jsonschema(name: str) -> None:
    rules, validator = schema.compiled(False)
    sentences = {
        (tuple(map(str, error.absolute_path)), error.validator, error.message)
        for error in Describer(rules).iter_errors(DATA[name])
    }
    for error in validator.iter_errors(DATA[name]):
        found = described(rules, error)
        # It takes the square of a list's length, so jsonschema isn't asked.
        if found.keyword != "uniqueItems":
            assert (tuple(map(str, error.instance_path)), found.keyword, found.sentence) in sentences


def rejected(rules: dict[str, Any], value: object, **options: Any) -> jsonschema_rs.ValidationError:
    [error] = jsonschema_rs.validator_for(rules, **options).iter_errors(value)
    return error


def test_the_sentence_is_that_of_jsonschema() -> None:
    found = described({"minimum": 4}, rejected({"minimum": 4}, 3))
    assert (found.keyword, found.expected, found.value) == ("minimum", 4, 3)
    assert found.sentence == "3 is less than the minimum of 4"


def test_what_jsonschema_accepts_is_described_by_jsonschema_rs() -> None:
    rules = {"format": "ipv4"}
    assert Describer(rules).is_valid("x")
    error = rejected(rules, "x", validate_formats=True)
    found = described(rules, error)
    assert (found.keyword, found.expected, found.value) == ("format", "ipv4", "x")
    assert found.sentence == error.message == '"x" is not a "ipv4"'


def test_a_keyword_that_takes_long_is_described_by_jsonschema_rs() -> None:
    rules = {"uniqueItems": True}
    error = rejected(rules, ["a", "a"])
    assert described(rules, error).sentence == error.message
    assert [found.message for found in Describer(rules).iter_errors(["a", "a"])] != [error.message]


def test_one_missing_key_and_the_unknown_keys_are_described() -> None:
    rules = {"required": ["a", "b"], "properties": {"a": {}, "b": {}}, "additionalProperties": False}
    errors = list(jsonschema_rs.validator_for(rules).iter_errors({"b": 1, "d": 2, "c": 3}))
    described_ones = {found.keyword: found for found in (described(rules, error) for error in errors)}
    assert described_ones["required"].sentence == "'a' is a required property"
    assert described_ones["required"].expected == ["a"]
    assert list(described_ones["additionalProperties"].value) == ["d", "c"]
    sentence = "Additional properties are not allowed ('c', 'd' were unexpected)"
    assert described_ones["additionalProperties"].sentence == sentence


@pytest.mark.parametrize(
    ("rules", "bad", "good"),
    [
        ({"pattern": "^a$"}, "a\n", "a"),
        ({"patternProperties": {"^a$": False}}, {"a": 1}, {"a\n": 1}),
        ({"patternProperties": {"^a$": {}}, "additionalProperties": False}, {"a\n": 1}, {"a": 1}),
        # Python's engine would need years for it.
        ({"pattern": "^(a+)+$"}, "a" * 60 + "!", "a" * 60),
        ({"patternProperties": {"^(a+)+$": {}}, "additionalProperties": False}, {"a" * 60 + "!": 1}, {"a" * 60: 1}),
    ],
)
def test_no_pattern_is_left_to_the_engine_of_python(rules: dict[str, Any], bad: object, good: object) -> None:
    assert not Describer(rules).is_valid(bad)
    assert not jsonschema_rs.validator_for(rules).is_valid(bad)
    assert Describer(rules).is_valid(good)
    assert jsonschema_rs.validator_for(rules).is_valid(good)
