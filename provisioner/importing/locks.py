"""Management locks of a group, and of what is in it, to entries of ``locks``.

In: a ``Survey`` and the references. Out: entries by key. Pure.
"""

from __future__ import annotations

from ..base import arm_id
from ..base.values import Body, Path
from ..resources.group_survey import Survey
from .draft import expressed, unused, valid_key
from .references import References


def locks(survey: Survey, references: References) -> dict[str, Body]:
    """The entries, sorted by key; a level that a spec does not know is left out."""
    taken: dict[Path, Body] = {}
    for body in sorted(survey.locks, key=lambda item: str(item["id"]).lower()):
        said = expressed(body, survey)
        if "level" not in said:
            continue
        name, scope = arm_id.parse(body["id"]).name, arm_id.parse(body["id"]).scope
        key = unused((valid_key(name),), taken)
        at = {} if arm_id.same(scope, survey.group_id) else {"scope": references.address(scope)}
        called = {} if key == (name,) else {"name": name}
        taken[key] = references.entry({**called, **at, **said})
    return {str(path[0]): taken[path] for path in sorted(taken)}
