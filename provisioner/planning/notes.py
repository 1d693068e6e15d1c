"""What a plan says of an object beside its differences.

In: a resource, the object's body, and what happens to it. Out: sentences. Pure.
"""

from __future__ import annotations

from ..base.values import Body, value_at
from ..comparison import differences, leaving
from ..resources.resource import Resource
from ..resources.written_paths import WrittenPaths
from .plan import Action


def of(resource: Resource, desired: Body, actual: Body, action: Action, written: WrittenPaths) -> tuple[str, ...]:
    """What is kept: what other users put inside, what counts only at the creation, and what left the spec."""
    foreign: list[str] = []
    if resource.unlisted == "warn":
        foreign = differences.unlisted(desired, actual, resource.kind.rules, resource.kind.ownership.parts)
    # A new object is made without it.
    kept = leaving.kept(desired, resource.kind, written) if action != "replace" else []
    ignored = resource.lifecycle.get("ignore_changes", ())
    return (
        *_fixed(resource, desired, actual),
        *(f"kept, not in the spec: {path}" for path in foreign),
        *(f"{path} has left the spec, and stays: {why}" for path, why in kept if path not in ignored),
    )


def _fixed(resource: Resource, desired: Body, actual: Body) -> list[str]:
    """Values that differ from the spec, and that only the creation of an object sets."""
    paths = [(path, tuple(path.split("."))) for path in resource.kind.rules.create_only]
    values = [(path, value_at(desired, steps), value_at(actual, steps)) for path, steps in paths]
    return [
        f"kept, since it counts only at the creation: {path} is {has}, not {wanted}"
        for path, wanted, has in values
        if isinstance(has, str) and isinstance(wanted, str) and has.lower() != wanted.lower()
    ]
