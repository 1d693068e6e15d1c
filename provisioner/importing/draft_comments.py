"""What an imported spec says in comments: where it comes from, and what it does not express. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from ..base import arm_id
from ..base.values import Body
from ..resources import kinds, reserved_tags
from ..resources.group_survey import Survey
from .draft import TAG_NAME, Draft

_WIDTH = 100


def head(survey: Survey) -> str:
    what = "tags, notes of locks" if survey.locks else "tags"
    return (
        f"# The resource group {survey.group['name']} as it was found. Taking it over writes {what} and nothing else:\n"
        "# `provisioner plan SPEC --adopt` shows it, `provisioner apply SPEC --adopt` does it.\n"
    )


def tail(survey: Survey, found: Draft, grants: Iterable[str]) -> str:
    """Comments at the end: objects without an entry, types that are no kind, role assignments further up."""
    lines = [*_refused(survey, found), *_others(survey), *(f"role assignment: {grant}" for grant in grants)]
    if not lines:
        return ""
    return "\n# Not expressed, and not changed:\n" + "".join(f"#   {line}\n" for line in lines)


def wrapped(label: str, words: Iterable[str]) -> list[str]:
    """Comment lines of ``label: a, b, c``; nothing where there are no words."""
    text = ", ".join(words)
    return textwrap.wrap(f"{label}{text}", _WIDTH, break_long_words=False, break_on_hyphens=False) if text else []


def refused_tags(body: Body) -> list[str]:
    """Tags whose names a spec cannot have."""
    names = [
        name for name in body.get("tags") or {} if not TAG_NAME.fullmatch(name) and not reserved_tags.is_reserved(name)
    ]
    return wrapped("tags left as they are: ", sorted(names))


def _refused(survey: Survey, found: Draft) -> Iterator[str]:
    for key, reason in sorted(found.refused.items()):
        if reason:
            body = survey.bodies[key]
            kind = kinds.of(body)
            yield f"{kind.name.replace('_', ' ') if kind else body['type']}, {reason}: {body['id']}"


def _others(survey: Survey) -> Iterator[str]:
    for identity in survey.others:
        yield f"{arm_id.parse(identity).type}: {identity}"
