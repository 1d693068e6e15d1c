"""The marks on resources."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.base.values import Secret, Text
from provisioner.comparison import ownership_tags
from provisioner.resources import reserved_tags
from provisioner.resources.facts import Rules
from provisioner.resources.resource import OWNER_TAG

PACKAGE = Path(ownership_tags.__file__).parent.parent
RULES = Rules(write_only=("properties.hidden",))


@given(st.sets(st.text("abcdefghij-_.0123456789", min_size=1, max_size=80), max_size=400))
def test_parts_are_known_again_within_azures_limits(names: set[str]) -> None:
    tags = ownership_tags.parts_tags(names)
    assert len(tags) <= 40
    assert all(len(value) <= 256 for value in tags.values())
    listed = ownership_tags.Parts(tags)
    assert all(name in listed for name in names)
    assert "not-one-of-them!" not in listed


def test_the_two_halves_of_a_fingerprint_move_apart() -> None:
    one = ownership_tags.fingerprint({"properties": {"a": 1, "hidden": "x"}}, RULES).split("-")
    two = ownership_tags.fingerprint({"properties": {"a": 1, "hidden": "y"}}, RULES).split("-")
    three = ownership_tags.fingerprint({"properties": {"a": 2, "hidden": "x"}}, RULES).split("-")
    assert (one[0] == two[0], one[1] == two[1]) == (True, False)
    assert (one[0] == three[0], one[1] == three[1]) == (False, True)


def test_tags_that_were_written_for_another_object_are_told() -> None:
    one = "/subscriptions/s/resourceGroups/g/providers/N/t/one"
    two = one.replace("/one", "/two")
    tags = {reserved_tags.SPEC_TAG: ownership_tags.spec_tag_value({}, RULES, one)}
    assert not ownership_tags.belong_to_another_resource(tags, one.upper())
    assert ownership_tags.belong_to_another_resource(tags, two)
    assert not ownership_tags.belong_to_another_resource(
        {reserved_tags.SPEC_TAG: ownership_tags.fingerprint({}, RULES)}, two
    )
    assert ownership_tags.split_fingerprint(tags) == tuple(ownership_tags.fingerprint({}, RULES).split("-"))


def test_a_secret_counts_by_name() -> None:
    first = ownership_tags.fingerprint({"properties": {"hidden": Text((Secret("a"),))}}, RULES)
    second = ownership_tags.fingerprint({"properties": {"hidden": Text((Secret("b"),))}}, RULES)
    assert first != second


@given(
    st.builds(str.__add__, st.sampled_from(["", "provisioner", *reserved_tags.RESERVED]), st.text("-x2Sſ", max_size=3))
)
def test_no_other_tag_is_a_mark(name: str) -> None:
    assert reserved_tags.is_reserved(name) == any(
        name.lower() == reserved or (reserved in reserved_tags.FAMILIES and name.lower().startswith(f"{reserved}-"))
        for reserved in reserved_tags.RESERVED
    )


@pytest.mark.parametrize("name", [*reserved_tags.RESERVED, *(f"{family}-2" for family in reserved_tags.FAMILIES)])
def test_a_mark_is_one_in_any_case_of_letters(name: str) -> None:
    plain = ownership_tags.fingerprint({"tags": {"team": "web"}}, RULES)
    for spelling in (name, name.upper(), name.title()):
        assert reserved_tags.is_reserved(spelling)
        assert ownership_tags.fingerprint({"tags": {"team": "web", spelling: "x"}}, RULES) == plain
        assert ownership_tags.respelled({"tags": {spelling: "x", "Team": "web"}}) == {
            "tags": {name: "x", "Team": "web"}
        }


@pytest.mark.parametrize("name", reserved_tags.RESERVED)
def test_a_reserved_name_is_written_in_one_place(name: str) -> None:
    found = [
        path.name
        for path in PACKAGE.rglob("*.py")
        # The texts of rules say to people what a name looks like.
        if not path.stem.endswith("rules")
        and any(
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and name in node.value
            and "\n" not in node.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
    ]
    assert found == ["resource.py" if name == OWNER_TAG else "reserved_tags.py"]


def test_only_an_application_security_group_is_a_lock() -> None:
    tags = {reserved_tags.LOCK_TAG: "demo"}
    assert ownership_tags.is_lock({"type": ownership_tags.LOCK_TYPE.lower(), "tags": tags}, "Demo")
    assert not ownership_tags.is_lock({"type": "Microsoft.Network/virtualNetworks", "tags": tags}, "demo")


def test_many_long_names_are_listed_by_hashes_in_as_few_tags_as_hold_them() -> None:
    names = [f"rule-{index:03}-{'x' * 60}" for index in range(400)]
    tags = ownership_tags.parts_tags(names)
    assert list(tags) == [reserved_tags.PARTS_TAG, *(f"{reserved_tags.PARTS_TAG}-{number}" for number in range(2, 8))]
    first, *others = tags.values()
    assert first.startswith("*")
    assert all(len(value) <= 256 for value in tags.values())
    assert sum(len(value) for value in (first[1:], *others)) == 400 * 4
    listed = ownership_tags.Parts(tags)
    assert all(name in listed and name.upper() in listed for name in names)
    assert "rule-400" not in listed
    assert first[1:5] not in listed, "a hash is no name"


def test_up_to_four_tags_hold_names_and_more_hold_hashes() -> None:
    four, five = [f"{index}{'x' * 200}" for index in range(4)], [f"{index}{'x' * 200}" for index in range(5)]
    assert list(ownership_tags.parts_tags(four).values()) == four
    assert len(ownership_tags.parts_tags(five)) == 1


@pytest.mark.parametrize(("length", "is_hashed"), [(256, False), (257, True)])
def test_a_name_longer_than_a_tag_is_listed_by_its_hash(length: int, is_hashed: bool) -> None:
    (value,) = ownership_tags.parts_tags(["x" * length]).values()
    assert value.startswith("*") == is_hashed


def test_names_are_listed_once_in_lower_case_and_in_order() -> None:
    assert ownership_tags.parts_tags(["b", "A", "a"]) == {reserved_tags.PARTS_TAG: "a,b"}
    assert ownership_tags.parts_tags([]) == {}


def test_parts_are_read_from_their_own_tags_only() -> None:
    listed = ownership_tags.Parts({"team": "web", OWNER_TAG: "demo", reserved_tags.SPEC_TAG: "a-b"})
    assert not listed
    assert [name for name in ("web", "demo", "a-b", "") if name in listed] == []
    assert not ownership_tags.Parts(None)
    both = ownership_tags.Parts({reserved_tags.PARTS_TAG: "a,b", f"{reserved_tags.PARTS_TAG}-2": "c"})
    assert both
    assert [name for name in ("a", "B", "c", "d") if name in both] == ["a", "B", "c"]


def test_a_written_body_keeps_the_tags_of_others_and_no_outdated_ones() -> None:
    second = f"{reserved_tags.PARTS_TAG}-2"
    body = {"location": "x", "tags": {reserved_tags.PARTS_TAG: "a", second: "b", "team": "web"}}
    marked = {"tags": {reserved_tags.PARTS_TAG: "a"}}
    kept = {reserved_tags.PARTS_TAG: "a", "team": "web"}
    assert ownership_tags.drop_outdated_tags(body, marked) == {"location": "x", "tags": kept}
    assert ownership_tags.drop_outdated_tags(body, {}) == body
    assert ownership_tags.drop_outdated_tags({"location": "x"}, marked) == {"location": "x"}


def test_a_fingerprint_has_two_halves_and_one_of_the_id() -> None:
    value = ownership_tags.spec_tag_value({"a": 1}, RULES, "/subscriptions/s")
    assert re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]{12}-[0-9a-f]{8}", value)
    assert ownership_tags.split_fingerprint({reserved_tags.SPEC_TAG: value}) == tuple(value.split("-")[:2])
    assert ownership_tags.split_fingerprint({reserved_tags.SPEC_TAG: "a"}) == ("a", "")
    assert ownership_tags.split_fingerprint({"team": "a-b"}) == ownership_tags.split_fingerprint(None) == ("", "")
    assert not ownership_tags.belong_to_another_resource(None, "/subscriptions/s")


def test_a_fingerprint_sees_every_value_and_no_order_of_keys() -> None:
    def of(body: dict[str, Any]) -> list[str]:
        rules = Rules(write_only=("properties.hidden",), create_only=("properties.first", "properties.list[].key"))
        return ownership_tags.fingerprint(body, rules).split("-")

    base = {"a": 1, "properties": {"first": {"x": [1, {"y": 2}]}, "list": [{"key": 1, "name": "n"}]}}
    assert of(base) == of({"properties": {"list": [{"name": "n", "key": 1}], "first": {"x": [1, {"y": 2}]}}, "a": 1})
    hidden = {**base, "properties": {**base["properties"], "first": {"x": [1, {"y": 3}]}}}
    assert [left == right for left, right in zip(of(base), of(hidden), strict=True)] == [True, False]
    in_list = {**base, "properties": {**base["properties"], "list": [{"key": 2, "name": "n"}]}}
    assert [left == right for left, right in zip(of(base), of(in_list), strict=True)] == [True, False]
    shown = {**base, "properties": {**base["properties"], "list": [{"key": 1, "name": "m"}]}}
    assert [left == right for left, right in zip(of(base), of(shown), strict=True)] == [False, True]


def test_only_the_marks_of_the_object_itself_are_left_out_of_a_fingerprint() -> None:
    inner = [{"properties": {"tags": {OWNER_TAG: value}}} for value in ("a", "b")]
    assert ownership_tags.fingerprint(inner[0], RULES) != ownership_tags.fingerprint(inner[1], RULES)


def test_a_lock_is_that_of_a_deployment_or_of_any() -> None:
    lock = {"type": ownership_tags.LOCK_TYPE, "tags": {reserved_tags.LOCK_TAG: "demo"}}
    assert ownership_tags.is_lock(lock)
    assert not ownership_tags.is_lock(lock, "other")
    for other in ({"type": ownership_tags.LOCK_TYPE}, {"type": ownership_tags.LOCK_TYPE, "tags": None}, {}):
        assert not ownership_tags.is_lock(other)


def test_a_body_without_marks_in_another_case_is_returned_as_it_is() -> None:
    for body in ({"a": 1}, {"tags": None}, {"tags": {"Team": "x", OWNER_TAG: "demo"}}):
        assert ownership_tags.respelled(body) is body
