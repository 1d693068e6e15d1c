"""What only the tags of an object reveal: values that Azure never returns, copied tags, who made a change.

In: an object's tags and the fingerprint that the spec would write now. Out: differences, and their cause. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from ..base.values import Body, Unset, value_at
from ..resources.facts import Rules
from ..resources.reserved_tags import PARTS_TAG, PATHS_TAG, PROTECT_TAG, SPEC_TAG
from ..resources.written_paths import WrittenPaths
from . import ownership_tags
from .differences import Difference

Tags = Mapping[str, object] | None
Cause = Literal["spec", "drift", ""]
_SECRET = "(not shown)"


def of_hidden_values(
    desired: Body, tags: Tags, fingerprint: str, rules: Rules, will_change: Callable[[object], bool]
) -> list[Difference]:
    """The write-only values that may differ; none for an object without a fingerprint, of which nothing is known.

    Args:
        fingerprint: of the desired body, as in ``ownership_tags.fingerprint``.
        will_change: whether a value comes from an object that the plan creates or replaces.
    """
    _, written = ownership_tags.split_fingerprint(tags)
    if not written:
        return []
    _, wanted = fingerprint.split("-")
    values = {path: value_at(desired, tuple(path.split("."))) for path in rules.write_only}
    # The hash holds the names of values that Azure decides, not the values: those of a replaced object will differ.
    left = [path for path, value in values.items() if isinstance(value, Unset)]
    return [
        Difference(path, _SECRET, None if path in left else _SECRET, left=path in left)
        for path, value in values.items()
        if value is not None and (path in left or written != wanted or will_change(value))
    ]


def of_copied_tags(tags: Tags, resource_id: str) -> list[Difference]:
    """A difference where the object with this ARM ID was moved, or has the tags of another: it gets its own."""
    if not ownership_tags.belong_to_another_resource(tags, resource_id):
        return []
    return [Difference(f"tags.{SPEC_TAG}", "that of another resource", "its own")]


def is_of_another_spec(tags: Tags, fingerprint: str) -> bool:
    """Whether an object was written for another definition of the resource; False without a fingerprint.

    Args:
        fingerprint: of the desired body, as in ``ownership_tags.fingerprint``.
    """
    found = ownership_tags.split_fingerprint(tags)
    return bool(found[0]) and "-".join(found) != fingerprint


def of_left_paths(tags: Tags, marked: Tags) -> list[Difference]:
    """A difference where an object's tags still list what has left the spec, so that it is nobody's from then on.

    Args:
        marked: the tags that the spec would write now.
    """
    gone = WrittenPaths(tags).hashes - WrittenPaths(marked).hashes
    return [Difference(f"tags.{PATHS_TAG}", "with what left the spec", "without it")] if gone else []


def cause(found: Iterable[Difference], tags: Tags, fingerprint: str) -> Cause:
    """Whether the spec or the object has changed; empty for an object without a fingerprint.

    Args:
        found: the differences between the bodies, without those of this module: no drift explains these.
        fingerprint: of the desired body, as in ``ownership_tags.fingerprint``.
    """
    written, _ = ownership_tags.split_fingerprint(tags)
    if not written:
        return ""
    wanted, _ = fingerprint.split("-")
    # The fingerprint leaves out what these tags hold, so it stays the same when the spec changes one of them.
    are_of_tags = all(
        item.path.startswith((f"tags.{PARTS_TAG}", f"tags.{PATHS_TAG}", f"tags.{PROTECT_TAG}")) for item in found
    )
    return "drift" if written == wanted and not are_of_tags else "spec"
