"""What only the tags of an object reveal."""

from __future__ import annotations

from typing import Any

from provisioner.base.values import Ref
from provisioner.comparison import ownership_tags, tag_differences
from provisioner.comparison.differences import Difference
from provisioner.resources.facts import Rules

RULES = Rules(write_only=("properties.password", "properties.settings"))
ID = "/subscriptions/s/resourceGroups/g/providers/A.B/things/web"
OTHER = "/subscriptions/s/resourceGroups/g/providers/A.B/things/other"
SIZE = Difference("properties.size", 1, 2)
PARTS = Difference("tags.provisioner-parts", "a", "a,b")


def body(**values: Any) -> dict[str, Any]:
    return {"properties": {"size": 1, "password": "x", **values}}


def written(desired: dict[str, Any], of: str = ID) -> dict[str, str]:
    return {"provisioner-spec": ownership_tags.spec_tag_value(desired, RULES, of)}


def hidden(desired: dict[str, Any], tags: dict[str, str] | None, new: tuple[Any, ...] = ()) -> list[str]:
    mark = ownership_tags.fingerprint(desired, RULES)
    found = tag_differences.of_hidden_values(desired, tags, mark, RULES, lambda value: value in new)
    assert all((item.before, item.after) == ("(not shown)", "(not shown)") for item in found)
    return [item.path for item in found]


def cause(found: list[Difference], desired: dict[str, Any], tags: dict[str, str] | None) -> str:
    return tag_differences.cause(found, tags, ownership_tags.fingerprint(desired, RULES))


def test_a_changed_hidden_value_is_a_difference_without_its_value() -> None:
    assert hidden(body(), written(body())) == []
    assert hidden(body(password="y"), written(body())) == ["properties.password"]


def test_an_object_without_a_fingerprint_has_no_hidden_difference() -> None:
    assert hidden(body(password="y"), None) == hidden(body(password="y"), {}) == []


def test_a_hidden_value_of_a_replaced_object_is_a_difference() -> None:
    principal = Ref("identities/app", "principal_id")
    desired = body(settings=principal)
    assert hidden(desired, written(desired)) == []
    assert hidden(desired, written(desired), new=(principal,)) == ["properties.settings"]


def test_the_tags_of_another_object_are_a_difference() -> None:
    assert tag_differences.of_copied_tags(written(body()), ID) == []
    assert tag_differences.of_copied_tags(None, ID) == []
    (found,) = tag_differences.of_copied_tags(written(body(), of=OTHER), ID)
    assert found == Difference("tags.provisioner-spec", "that of another resource", "its own")


def test_the_fingerprint_tells_a_changed_spec_from_a_changed_object() -> None:
    assert cause([SIZE], body(), written(body())) == "drift"
    assert cause([SIZE], body(size=2), written(body())) == "spec"
    assert cause([SIZE], body(), None) == ""


def test_tags_that_the_fingerprint_leaves_out_are_no_drift() -> None:
    assert cause([PARTS], body(), written(body())) == "spec"
    assert cause([PARTS, SIZE], body(), written(body())) == "drift"
