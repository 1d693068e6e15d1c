"""The marks on resources."""

import ast
from pathlib import Path

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
