"""What each operation writes, in view of the object as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from provisioner.base.values import DETACHED
from provisioner.comparison import rendering
from provisioner.comparison.rendering import OwnedIds, render
from provisioner.resources.facts import Operations, Ownership, Rules
from provisioner.resources.kind import Kind
from provisioner.resources.reserved_tags import PARTS_TAG, SPEC_TAG
from provisioner.resources.steps import Delete, Detach, MergeTags, Patch, PostAction, Put

THINGS = "/subscriptions/s/resourcegroups/g/providers/a.b/things/"
OURS, THEIRS = f"{THINGS}ours", f"{THINGS}theirs"
PUT_KIND = Kind(
    "thing",
    "A.B/things",
    Operations("network", "things"),
    rules=Rules(
        read_only=("etag",),
        immutable=("location", "properties.made.of", "properties.size"),
        list_keys={"properties.parts": "name", "properties.links": "id"},
        set_elsewhere=("properties.disk.size",),
    ),
    ownership=Ownership(parts=("properties.parts",)),
)
PATCH_KIND = replace(PUT_KIND, operations=Operations("network", "things", patch="begin_update"))
OWNED = OwnedIds(frozenset({OURS}), frozenset({THEIRS}))


def properties(**values: Any) -> dict[str, Any]:
    return {"properties": values}


def test_ids_are_known_in_any_case() -> None:
    assert [OWNED.is_ours(each) for each in (OURS.upper(), THEIRS)] == [True, False]
    assert [OWNED.is_existing(each) for each in (OURS, THEIRS.upper())] == [False, True]
    assert not OwnedIds().is_ours(OURS)


def test_an_object_that_does_not_exist_is_created_and_nothing_else_is_sent() -> None:
    assert render(Put({"a": 1, "b": None}), PUT_KIND, OWNED, None) == {"a": 1}
    for operation in (Patch({"a": 1}, ("a",)), Detach((OURS,)), MergeTags({"a": "1"}), Delete(), PostAction("start")):
        assert render(operation, PUT_KIND, OWNED, None) is None


def test_a_delete_and_an_action_have_no_body() -> None:
    for operation in (Delete(), PostAction("start")):
        assert render(operation, PUT_KIND, OWNED, {"a": 1}) is None


PARTS = properties(parts=[{"name": "mine"}, {"name": "theirs"}, {"name": "named"}], links=[{"id": THEIRS}])


def test_a_put_drops_the_parts_that_the_deployment_made_and_those_that_are_named() -> None:
    fresh = {"etag": "1", "tags": {PARTS_TAG: "mine", "team": "web"}, **PARTS}
    desired = {"tags": {SPEC_TAG: "f"}, **properties(parts=[], links=[])}
    body = render(Put(desired, frozenset({"named"})), PUT_KIND, OWNED, fresh)
    assert body == {"tags": {SPEC_TAG: "f", "team": "web"}, **properties(parts=[{"name": "theirs"}], links=[])}


def test_a_patch_writes_its_paths_and_never_what_is_set_elsewhere() -> None:
    fresh = {"tags": {PARTS_TAG: "mine", "team": "web"}, **PARTS}
    fresh["properties"]["disk"] = {"size": 1, "cache": "x"}
    desired = {"tags": {SPEC_TAG: "f"}, **properties(parts=[], disk={"cache": "y"}, ref=DETACHED)}
    paths = ("properties.parts[mine]", "properties.disk.cache", "tags")
    body = render(Patch(desired, paths, frozenset({"named"})), PATCH_KIND, OWNED, fresh)
    left = properties(parts=[{"name": "theirs"}], disk={"cache": "y"})
    assert body == {"tags": {SPEC_TAG: "f", "team": "web"}, **left}


def test_a_detach_writes_the_whole_object_or_its_changed_groups() -> None:
    fresh = {"etag": "1", "location": "x", **properties(ref={"id": OURS}, disk={"size": 1, "os": {"id": OURS}}, a=1)}
    whole = {"location": "x", **properties(disk={"size": 1}, a=1)}
    assert render(Detach((OURS,)), PUT_KIND, OWNED, fresh) == whole
    assert render(Detach((OURS,)), PATCH_KIND, OWNED, fresh) == properties(disk={})
    assert render(Detach((THEIRS,)), PATCH_KIND, OWNED, fresh) == {}


def test_tags_are_merged_and_sent_only_if_they_change() -> None:
    operation = MergeTags({"a": "1"}, frozenset({"b"}))
    assert render(operation, PUT_KIND, OWNED, {"tags": {"b": "2", "c": "3"}}) == {"tags": {"a": "1", "c": "3"}}
    assert render(operation, PUT_KIND, OWNED, {"tags": None}) == {"tags": {"a": "1"}}
    assert render(operation, PUT_KIND, OWNED, {"tags": {"a": "1", "c": "3"}}) is None


DESIRED = {"location": "x", **properties(made={"of": 1}, size=1, sizes=2, madeof=3, other=4)}
FRESH = {"location": "x", **properties(ref={"id": OURS}, list=[{"id": OURS}], other=4)}


def paths(changed: list[str], detach: Detach | None) -> tuple[str, ...]:
    return rendering.patch_paths(PATCH_KIND, DESIRED, changed, detach, OWNED, FRESH)


def test_a_patch_names_what_changed_what_is_detached_and_the_tags() -> None:
    assert paths(["properties.other"], None) == ("properties.other", "tags")
    assert paths(["properties.other"], Detach((OURS,))) == ("properties.other", "properties.list", "tags")
    assert paths([], Detach((OURS,))) == ("properties.list", "tags")


def test_a_patch_that_mends_names_every_group_that_can_change() -> None:
    expected = ("properties.sizes", "properties.madeof", "properties.other", "tags")
    assert paths([], None) == paths([], Detach((THEIRS,))) == expected
    assert rendering.patch_paths(PATCH_KIND, {"location": "x"}, [], None, OWNED, FRESH) == ("tags",)
