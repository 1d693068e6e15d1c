"""Each fact of a kind is documented: docs/architecture.md sends readers to ``resources/facts.py``."""

from __future__ import annotations

import dataclasses
import inspect
import re

import pytest

from provisioner.resources import facts, kind

GROUPS = [
    item
    for module in (facts, kind)
    for _, item in inspect.getmembers(module, inspect.isclass)
    if item.__module__ == module.__name__ and dataclasses.is_dataclass(item)
]


def test_there_are_groups() -> None:
    names = {item.name for item in dataclasses.fields(kind.Kind) if str(item.type) in {one.__name__ for one in GROUPS}}
    assert {"schema", "operations", "rules", "ownership", "replacement", "importing", "timing"} <= names


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_each_field_is_documented(group: type) -> None:
    words = set(re.findall(r"\w+", group.__doc__ or ""))
    assert [item.name for item in dataclasses.fields(group) if item.name not in words] == []
