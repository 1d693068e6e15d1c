"""The marks on resources."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner import marks
from provisioner.commands import loading
from provisioner.diagnostics import SpecError
from provisioner.leaves import Secret, Text
from provisioner.resource import OWNER_TAG, Rules
from provisioner.spec import parameters

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


def test_a_spec_cannot_have_tags_that_are_marks(tmp_path: Path) -> None:
    names = [OWNER_TAG, marks.SPEC_TAG, marks.PARTS_TAG, f"{marks.PARTS_TAG}-2", marks.PROTECT_TAG, marks.LOCK_TAG]
    tags = "".join(f"  {name}: x\n" for name in [*names, "provisioner"])
    (tmp_path / "spec.yaml").write_text(
        f"version: 1\ndeployment: demo\nlocation: westus2\nresource_group: demo\ntags:\n{tags}"
    )
    with pytest.raises(SpecError) as raised:
        loading.complete(loading.read_spec([str(tmp_path / "spec.yaml")], parameters.Given()))
    assert [item.summary for item in raised.value.diagnostics] == [
        f'the tag "{name}" is the program\'s own' for name in names
    ]
