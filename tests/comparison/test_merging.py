"""Bodies that are written: what they keep, what they leave out, and what they remove."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.base.values import DETACHED
from provisioner.comparison import merging
from provisioner.comparison.context import OurParts
from provisioner.resources.facts import Rules

A = "/subscriptions/s/resourceGroups/g/providers/A.B/things/a"
B = "/subscriptions/s/resourceGroups/g/providers/A.B/things/b"
RULES = Rules(
    read_only=("etag", "properties.state", "properties.parts[].state", "identity.users.*"),
    create_only=("properties.password",),
    list_keys={"properties.parts": "name"},
)


def is_ours(resource_id: str) -> bool:
    return resource_id == A


def merged(desired: dict[str, Any], actual: dict[str, Any], parts: OurParts | None = None) -> dict[str, Any]:
    return merging.merged_body(desired, actual, RULES, is_ours, *([parts] if parts else []))


def patched(desired: dict[str, Any], actual: dict[str, Any], *changed: str) -> dict[str, Any]:
    return merging.patch_body(desired, actual, RULES, is_ours, changed)


def test_a_new_body_has_no_absent_values_at_any_depth() -> None:
    desired = {"a": None, "b": {"c": None, "d": DETACHED, "e": 0}, "f": [{"g": None, "h": False}, 1]}
    assert merging.new_body(desired) == {"b": {"e": 0}, "f": [{"h": False}, 1]}


def test_what_the_service_sets_is_not_sent_back_at_any_depth() -> None:
    actual = {
        "etag": "1",
        "identity": {"users": {A: {"principalId": "p"}}, "type": "x"},
        "properties": {"state": "s", "parts": [{"name": "n", "state": "s", "v": 1}, 5], "set": ["b"]},
    }
    assert merging.writable(actual, RULES) == {
        "identity": {"users": {A: {}}, "type": "x"},
        "properties": {"parts": [{"name": "n", "v": 1}, 5], "set": ["b"]},
    }


def test_an_object_takes_the_place_of_a_value_and_a_value_that_of_an_object() -> None:
    assert merged({"a": {"b": 1}}, {"a": 5}) == {"a": {"b": 1}}
    assert merged({"a": 5}, {"a": {"b": 1}}) == {"a": 5}
    assert merged({"a": [1]}, {"a": {"b": 1}}) == {"a": [1]}
    assert merged({"properties": {"parts": [{"name": "n"}]}}, {"properties": {"parts": None}}) == {
        "properties": {"parts": [{"name": "n"}]}
    }


def test_a_list_without_keys_is_replaced_and_holds_nothing_absent() -> None:
    assert merged({"a": [{"b": None, "c": 1}]}, {"a": [{"b": 2}, {"d": 3}]}) == {"a": [{"c": 1}]}


def test_a_tag_is_the_same_in_any_case_and_a_property_is_not() -> None:
    assert merged({"tags": {"team": "b"}}, {"tags": {"Team": "a"}}) == {"tags": {"Team": "b"}}
    assert merged({"x": {"team": "b"}}, {"x": {"Team": "a"}}) == {"x": {"Team": "a", "team": "b"}}
    assert merged({"tags": {"TEAM": None}}, {"tags": {"Team": "a", "o": "1"}}) == {"tags": {"o": "1"}}


def test_a_read_only_value_of_the_desired_body_is_not_written() -> None:
    assert merged({"etag": "2", "properties": {"state": "t", "a": 1}}, {"etag": "1"}) == {"properties": {"a": 1}}


@pytest.mark.parametrize(("held", "is_kept"), [(A, False), (B, True)])
def test_a_detached_reference_is_removed_if_it_is_ours(held: str, is_kept: bool) -> None:
    body = {"properties": {"ref": {"id": held}}}
    assert merged({"properties": {"ref": DETACHED}}, body) == (body if is_kept else {"properties": {}})
    wanted = {"ref": {"id": held}} if is_kept else {"ref": None}
    assert patched({"properties": {"ref": DETACHED}}, body, "properties.ref") == {"properties": wanted}


def test_items_keep_their_order_and_new_ones_come_last() -> None:
    actual = {"properties": {"parts": [{"name": "X", "v": 1, "o": 1}, {"name": "foreign"}, {"name": "old"}]}}
    desired = {"properties": {"parts": [{"name": "new", "a": None}, {"name": "x", "v": 2, "o": None}]}}
    parts = OurParts(frozenset({"properties.parts"}), lambda name: name == "old")
    expected = [{"name": "x", "v": 2}, {"name": "foreign"}, {"name": "new"}]
    assert merged(desired, actual, parts) == {"properties": {"parts": expected}}
    body = merging.patch_body(desired, actual, RULES, is_ours, ["properties.parts[x].v"], parts)
    assert body == {"properties": {"parts": expected}}, "a PATCH replaces a list, so it has no null in it"


def test_a_patch_names_each_group_whole_and_no_other() -> None:
    actual = {"sku": {"name": "s", "tier": "t"}, "properties": {"one": {"a": 1, "b": 2}, "two": 2, "three": [1]}}
    desired = {"sku": {"name": "n"}, "properties": {"one": {"a": None}, "two": 3, "three": [2]}}
    assert patched(desired, actual, "properties.one.a") == {"properties": {"one": {"a": None, "b": 2}}}
    assert patched(desired, actual, "properties.two", "properties.three[0]") == {"properties": {"two": 3, "three": [2]}}
    assert patched(desired, actual, "sku.name") == {"sku": {"name": "n", "tier": "t"}}
    assert patched(desired, actual, "plan.name") == {}
    assert patched(desired, actual, "properties.gone") == {"properties": {"gone": None}}


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("a", {"tags": {"Owner": "o", "b": "1"}, "list": [{"name": "x", "p": {"q": 1}}, {"name": "y"}], "m": {A: 1}}),
        (
            "tags.owner",
            {"tags": {"b": "1"}, "list": [{"name": "x", "p": {"q": 1}}, {"name": "y"}], "m": {A: 1}, "a": 1},
        ),
        ("list[x].p.q", {"list": [{"name": "x", "p": {}}, {"name": "y"}]}),
        ("list[x].p", {"list": [{"name": "x"}, {"name": "y"}]}),
        ("list[y]", {"list": [{"name": "x", "p": {"q": 1}}]}),
        ("list[z]", {"list": [{"name": "x", "p": {"q": 1}}, {"name": "y"}]}),
        ("list[z].p", {"list": [{"name": "x", "p": {"q": 1}}, {"name": "y"}]}),
        ("none.of.these", {"list": [{"name": "x", "p": {"q": 1}}, {"name": "y"}]}),
        ("a.b", {"a": 1}),
        ("", {"a": 1}),
    ],
)
def test_a_path_is_taken_out_of_a_body(path: str, left: dict[str, Any]) -> None:
    body = {
        "a": 1,
        "tags": {"Owner": "o", "b": "1"},
        "list": [{"name": "x", "p": {"q": 1}}, {"name": "y"}],
        "m": {A: 1},
    }
    found = merging.without(body, [path])
    assert {name: found.get(name) for name in left} == left
    assert len(found) == len(body) - (path == "a")
    assert body["list"] == [{"name": "x", "p": {"q": 1}}, {"name": "y"}], "the body itself is left as it was"


def test_several_paths_are_taken_out_and_none_leaves_the_body() -> None:
    body = {"tags": {"a": "1", "b": "2", "c": "3"}, "x": 1}
    assert merging.without(body, ["tags.a", "tags.b", "x"]) == {"tags": {"c": "3"}}
    assert merging.without(body, []) is body
