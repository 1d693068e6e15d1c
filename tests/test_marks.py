"""The marks on resources."""

from hypothesis import given
from hypothesis import strategies as st

from provisioner import marks
from provisioner.leaves import Secret, Text
from provisioner.resource import Rules

RULES = Rules(write_only=("properties.hidden",))


@given(st.sets(st.text("abcdefghij-_.0123456789", min_size=1, max_size=80), max_size=400))
def test_parts_are_known_again_within_azures_limits(names: set[str]) -> None:
    tags = marks.parts_tags(names)
    assert len(tags) <= 40
    assert all(len(value) <= 256 for value in tags.values())
    listed = marks.Parts(tags)
    assert all(name in listed for name in names)
    assert "not-one-of-them!" not in listed


def test_the_two_halves_of_a_fingerprint_move_apart() -> None:
    one = marks.fingerprint({"properties": {"a": 1, "hidden": "x"}}, RULES).split("-")
    two = marks.fingerprint({"properties": {"a": 1, "hidden": "y"}}, RULES).split("-")
    three = marks.fingerprint({"properties": {"a": 2, "hidden": "x"}}, RULES).split("-")
    assert (one[0] == two[0], one[1] == two[1]) == (True, False)
    assert (one[0] == three[0], one[1] == three[1]) == (False, True)


def test_tags_that_were_written_for_another_object_are_told() -> None:
    one = "/subscriptions/s/resourceGroups/g/providers/N/t/one"
    two = one.replace("/one", "/two")
    tags = {marks.SPEC_TAG: marks.spec_mark({}, RULES, one)}
    assert not marks.are_copied(tags, one.upper())
    assert marks.are_copied(tags, two)
    assert not marks.are_copied({marks.SPEC_TAG: marks.fingerprint({}, RULES)}, two)
    assert marks.halves(tags) == tuple(marks.fingerprint({}, RULES).split("-"))


def test_a_secret_counts_by_name() -> None:
    first = marks.fingerprint({"properties": {"hidden": Text((Secret("a"),))}}, RULES)
    second = marks.fingerprint({"properties": {"hidden": Text((Secret("b"),))}}, RULES)
    assert first != second
