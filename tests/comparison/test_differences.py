"""Comparing and merging bodies."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.base.values import DETACHED, Ref
from provisioner.comparison import differences, merging
from provisioner.comparison.context import OurParts
from provisioner.resources.facts import Rules, shrinks
from provisioner.resources.kinds import virtual_machine

RULES = Rules(
    immutable=("zones", "properties.fixed"),
    read_only=("etag", "properties.state"),
    write_only=("properties.hidden",),
    create_only=("properties.password",),
    immutable_if={"properties.size": shrinks},
    list_keys={"properties.parts": "name"},
    unordered=("properties.set",),
    case_insensitive=("properties.kind",),
)
OURS = "/subscriptions/s/resourceGroups/g/providers/A.B/things/ours"
THEIRS = "/subscriptions/s/resourceGroups/g/providers/A.B/things/theirs"


def is_ours(identity: str) -> bool:
    return identity.lower() == OURS.lower()


def paths(desired: dict[str, Any], actual: dict[str, Any]) -> list[str]:
    return [item.path for item in differences.differences(desired, actual, RULES, is_ours)]


def properties(**values: Any) -> dict[str, Any]:
    return {"properties": values}


def test_only_what_the_left_side_speaks_of_is_compared() -> None:
    assert paths(properties(a=1), properties(a=1, b=2)) == []
    assert paths(properties(a=1), properties(a=2, b=2)) == ["properties.a"]


def test_read_only_and_write_only_values_are_never_a_difference() -> None:
    desired = {"etag": "1", "properties": {"state": "x", "hidden": "y", "password": "z"}}
    assert paths(desired, properties()) == []
    assert paths({"etag": None}, {"etag": "1"}) == [], "it is never written, so it could not be taken away"


def test_a_difference_says_what_happens_to_the_property() -> None:
    rules = Rules(list_keys={"properties.parts": "name"})
    desired = properties(new=1, other=2, none=None, ours=DETACHED, parts=[{"name": "a"}], names=[], ref=Ref("x", "y"))
    actual = properties(other=1, none=3, ours={"id": OURS}, parts=[{"name": "b", "id": OURS}], names=["n"])
    found = differences.differences(desired, actual, rules, is_ours)
    assert {item.path.removeprefix("properties."): item.operation for item in found} == {
        "new": "add",
        "other": "change",
        "none": "remove",
        "ours": "remove",
        "parts[a]": "add",
        "parts[b]": "remove",
        "names": "change",
        "ref": "add",
    }


def test_an_immutable_property_says_so() -> None:
    found = differences.differences(
        {"zones": ["1"], **properties(fixed={"deep": 1})}, properties(fixed={"deep": 2}), RULES, is_ours
    )
    assert [(item.path, item.immutable) for item in found] == [("zones", True), ("properties.fixed.deep", True)]


def test_one_more_in_a_list_that_is_immutable_says_so() -> None:
    rules = Rules(immutable=("properties.parts",), list_keys={"properties.parts": "name"})
    (found,) = differences.differences(properties(parts=[{"name": "a"}]), properties(parts=[]), rules, is_ours)
    assert (found.path, found.immutable) == ("properties.parts[a]", True)


def test_what_can_only_grow_is_immutable_downwards() -> None:
    (down,) = differences.differences(properties(size=1), properties(size=2), RULES, is_ours)
    (up,) = differences.differences(properties(size=3), properties(size=2), RULES, is_ours)
    assert (down.immutable, up.immutable) == (True, False)


def test_parts_are_matched_by_name_and_foreign_ones_do_not_matter() -> None:
    desired = properties(parts=[{"name": "b", "v": 1}, {"name": "A", "v": 1}])
    actual = properties(parts=[{"name": "a", "v": 1}, {"name": "x", "v": 9}, {"name": "b", "v": 2}])
    assert paths(desired, actual) == ["properties.parts[b].v"]


def test_order_casing_and_ids() -> None:
    desired = properties(set=["b", "a"], kind="tcp", ref={"id": OURS}, map={OURS: {}})
    actual = properties(set=["A", "b"], kind="TCP", ref={"id": OURS.upper()}, map={OURS.lower(): {"x": 1}})
    assert paths(desired, actual) == []


def test_location_is_compared_as_azure_spells_it() -> None:
    assert paths({"location": "West US 2"}, {"location": "westus2"}) == []


def test_none_means_absent() -> None:
    assert paths(properties(a=None, b=None), properties(a=[], b=5)) == ["properties.b"]


def test_a_reference_that_nobody_named_goes_when_it_is_ours() -> None:
    assert paths(properties(ref=DETACHED), properties(ref={"id": OURS})) == ["properties.ref"]
    assert paths(properties(ref=DETACHED), properties(ref={"id": THEIRS})) == []
    assert paths(properties(ref=DETACHED), properties()) == []


def test_a_value_that_is_not_known_yet_is_a_difference() -> None:
    (found,) = differences.differences(properties(a=Ref("x", "y")), properties(a="z"), RULES, is_ours)
    assert found.after == differences.UNKNOWN


def test_merging_keeps_what_is_foreign_and_drops_what_is_read_only() -> None:
    actual = {
        "etag": "1",
        "tags": {"t": "1"},
        **properties(state="s", other=1, parts=[{"name": "x"}], ref={"id": THEIRS}),
    }
    desired = {"tags": {"u": "2"}, **properties(parts=[{"name": "new"}], ref=DETACHED, gone=None)}
    merged = merging.merged_body(desired, actual, RULES, is_ours)
    assert merged == {
        "tags": {"t": "1", "u": "2"},
        **properties(other=1, parts=[{"name": "x"}, {"name": "new"}], ref={"id": THEIRS}),
    }


def test_what_only_a_create_takes_is_no_part_of_an_update() -> None:
    merged = merging.merged_body(properties(password="z", a=1), properties(a=2), RULES, is_ours)
    assert merged == properties(a=1)


def test_a_key_that_is_an_id_is_the_same_in_any_casing() -> None:
    desired, actual = {"identity": {OURS: {"a": 1}}}, {"identity": {OURS.lower(): {"a": 2, "b": 3}}}
    assert merging.merged_body(desired, actual, RULES, is_ours) == {"identity": {OURS.lower(): {"a": 1, "b": 3}}}


def test_a_patch_holds_the_changed_groups_only_and_null_removes() -> None:
    actual = {"identity": {"map": {OURS: {}, THEIRS: {}}}, **properties(one={"a": 1, "b": 1}, two={"c": 1})}
    desired = {"identity": {"map": {OURS: None}}, **properties(one={"a": 2})}
    found = differences.differences(desired, actual, RULES, is_ours)
    body = merging.patch_body(desired, actual, RULES, is_ours, [item.path for item in found])
    assert body == {"identity": {"map": {OURS: None, THEIRS: {}}}, **properties(one={"a": 2, "b": 1})}


def test_a_patch_replaces_the_tags_and_holds_no_null_among_them() -> None:
    actual = {"tags": {"ours": "1", "theirs": "2"}}
    body = merging.patch_body({"tags": {"ours": None, "new": "3"}}, actual, RULES, is_ours, ["tags.ours", "tags"])
    assert body == {"tags": {"theirs": "2", "new": "3"}}


leaf = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b"])
part = st.fixed_dictionaries({"name": st.sampled_from(["p", "q", "r"])}, optional={"v": st.integers(0, 2)})
bodies = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.dictionaries(st.sampled_from(["t", "u"]), st.sampled_from(["1", "2"])),
        "properties": st.fixed_dictionaries(
            {},
            optional={
                "a": leaf,
                "nested": st.dictionaries(st.sampled_from(["x", "y"]), leaf, max_size=2),
                "parts": st.lists(part, unique_by=lambda item: item["name"]),
                "set": st.lists(st.sampled_from(["k", "l"]), unique=True),
                "ref": st.sampled_from([{"id": OURS}, {"id": THEIRS}, DETACHED]),
            },
        ),
    },
)


@given(bodies, bodies)
def test_after_a_merge_there_is_no_difference(desired: dict[str, Any], actual: dict[str, Any]) -> None:
    actual = merging.new_body(actual)
    merged = merging.merged_body(desired, actual, RULES, is_ours)
    assert differences.differences(desired, merged, RULES, is_ours) == []


def test_an_item_that_is_a_link_goes_with_its_mention_and_one_that_is_more_stays() -> None:
    """Theirs is a resource to which the spec refers elsewhere."""
    rules = Rules(list_keys={"properties.links": "id", "properties.disks": "lun"})
    parts = OurParts(is_existing=lambda identity: identity == THEIRS)
    actual = properties(links=[{"id": THEIRS}], disks=[{"lun": 1, "managedDisk": {"id": THEIRS}}])
    desired = properties(links=[], disks=[])
    found = [item.path for item in differences.differences(desired, actual, rules, is_ours, parts)]
    assert found == [f"properties.links[{THEIRS}]"]
    body = merging.merged_body(desired, actual, rules, is_ours, parts)
    assert body == properties(links=[], disks=actual["properties"]["disks"])
    assert merging.patch_body(desired, actual, rules, is_ours, found, parts) == properties(links=[])


def found(desired: Any, actual: Any, rules: Rules = RULES) -> list[tuple[str, Any, Any, bool]]:
    result = differences.differences(desired, actual, rules, is_ours)
    return [(item.path, item.before, item.after, item.immutable) for item in result]


@pytest.mark.parametrize("nothing", [None, False, "", [], {}])
def test_what_is_empty_is_as_good_as_absent(nothing: Any) -> None:
    assert found(properties(a=nothing), properties()) == []
    assert found(properties(a=None), properties(a=nothing)) == []


@pytest.mark.parametrize("something", [True, "x", 1, [1], {"b": 1}])
def test_what_is_not_empty_is_a_difference_to_what_is_absent(something: Any) -> None:
    assert len(found(properties(a=something), properties())) == 1
    assert found(properties(a=None), properties(a=something)) == [("properties.a", something, None, False)]


def test_a_value_in_the_place_of_an_object_is_one_difference() -> None:
    assert found(properties(a={"b": 1, "c": 2}), properties(a=5)) == [("properties.a", 5, {"b": 1, "c": 2}, False)]
    assert found(properties(a={"b": 1}), properties(a=None)) == [("properties.a.b", None, 1, False)]
    assert found(properties(a=[1]), properties(a={"b": 1})) == [("properties.a", {"b": 1}, [1], False)]


def test_the_size_of_a_machine_is_the_same_in_another_case_and_other_texts_are_not() -> None:
    size = {"properties": {"hardwareProfile": {"vmSize": "Standard_B1s"}}}
    other = {"properties": {"hardwareProfile": {"vmSize": "STANDARD_b1S"}}}
    assert found(size, other, virtual_machine.KIND.rules) == []
    assert found(size, other) != []
    assert found(properties(a=OURS), properties(a=OURS.upper())) == [], "an ID is"
    assert found(properties(kind="tcp"), properties(kind="udp")) == [("properties.kind", "udp", "tcp", False)]


def test_a_number_is_no_text_but_in_a_list_without_order() -> None:
    assert found(properties(a=1), properties(a="1")) == [("properties.a", "1", 1, False)]
    assert found(properties(kind="6"), properties(kind=6)) == [("properties.kind", 6, "6", False)]
    assert found(properties(set=[1, 2]), properties(set=["2", "1"])) == []
    assert found(properties(set=["a"]), properties(set=["b"])) == [("properties.set", ["b"], ["a"], False)]
    assert found(properties(set=["a", "a"]), properties(set=["a"])) == [("properties.set", ["a"], ["a", "a"], False)]


def test_only_a_location_is_compared_without_blanks() -> None:
    assert found({"location": "West US"}, {"location": "eastus"}) == [("location", "eastus", "West US", False)]
    assert found({"place": "West US"}, {"place": "westus"}) == [("place", "westus", "West US", False)]


def test_a_list_is_compared_item_by_item_if_its_length_is_the_same() -> None:
    assert found(properties(a=[{"b": 1, "c": 1}, 2]), properties(a=[{"b": 2, "c": 1}, 3])) == [
        ("properties.a[0].b", 2, 1, False),
        ("properties.a[1]", 3, 2, False),
    ]
    assert found(properties(a=[1]), properties(a=[1, 2])) == [("properties.a", [1, 2], [1], False)]
    assert found(properties(a=[]), properties(a=None)) == []


def test_a_map_by_id_is_a_set_of_ids() -> None:
    held = {"identity": {OURS.upper(): {"principalId": "p"}}}
    assert found({"identity": {OURS: {}}}, held) == []
    assert found({"identity": {OURS: None}}, held) == [(f"identity.{OURS}", {"principalId": "p"}, None, False)]
    assert found({"identity": {THEIRS: {}}}, held) == [(f"identity.{THEIRS}", None, {}, False)]
    assert found({"identity": {THEIRS: None}}, held) == []


def test_an_item_that_is_new_holds_nothing_absent() -> None:
    desired = properties(parts=[{"name": "n", "a": None, "b": 1}])
    assert found(desired, properties()) == [("properties.parts[n]", None, {"name": "n", "b": 1}, False)]


def test_the_key_of_an_item_is_no_difference_and_the_rest_of_it_is() -> None:
    desired, actual = properties(parts=[{"name": "N", "v": 1}]), properties(parts=[{"name": "n", "v": 2}])
    assert found(desired, actual) == [("properties.parts[N].v", 2, 1, False)]


def test_items_that_the_desired_body_does_not_name_are_listed() -> None:
    desired, actual = properties(parts=[{"name": "A"}]), properties(parts=[{"name": "a"}, {"name": "Theirs"}])
    assert differences.unlisted(desired, actual, RULES, ("properties.parts",)) == ["properties.parts[Theirs]"]
    assert differences.unlisted({}, {}, RULES, ("properties.parts",)) == []


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("properties.parts[].v", True),
        ("properties.parts[]", True),
        ("properties.parts", True),
        ("properties", True),
        ("properties.part", False),
        ("properties.parts[].v.w", False),
        ("properties.parts[x]", False),
    ],
)
def test_a_difference_is_at_a_place_and_in_all_around_it(place: str, expected: bool) -> None:
    assert differences.Difference("properties.parts[front].v", 1, 2).is_at(place) is expected


def test_what_must_be_absent_and_is_immutable_says_so() -> None:
    assert found({"zones": None}, {"zones": ["1"]}) == [("zones", ["1"], None, True)]
    assert found(properties(fixed=DETACHED), properties(fixed={"id": OURS})) == [
        ("properties.fixed", {"id": OURS}, None, True)
    ]
    assert found(properties(fixed=Ref("x", "y")), properties(fixed="z")) == [
        ("properties.fixed", "z", differences.UNKNOWN, True)
    ]
