"""What each code stands for: its title, the rule behind it and where that rule is written.

In: the ``RULES`` of every check, and those of the modules named ``rules``. Out: a ``Rule`` by code, read once.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import ModuleType

from .. import planning, report, resources, spec
from ..base.rule import Rule
from ..spec import checker

_CANNOT_BE_SILENCED = "PV1011"
"""It is about the comments that silence."""


@cache
def rules() -> Mapping[str, Rule]:
    """Every code, sorted."""
    return by_code(rule for module in (*checker.modules(), *_modules()) for rule in module.RULES)


def by_code(found: Iterable[Rule]) -> dict[str, Rule]:
    """Rules by their codes, sorted.

    Raises:
        ValueError: two rules have one code.
    """
    result: dict[str, Rule] = {}
    for rule in found:
        if result.setdefault(rule.code, rule) is not rule:
            raise ValueError(f'{rule.code} has two rules: "{result[rule.code].title}" and "{rule.title}"')
    return dict(sorted(result.items()))


def _modules() -> Iterator[ModuleType]:
    """The modules named ``rules`` of the packages that report codes; they import nothing slow."""
    for package in (spec, resources, planning, report):
        for item in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if item.name.rpartition(".")[2].lstrip("_") == "rules":
                yield importlib.import_module(item.name)


def explained(code: str) -> str:
    """A rule in some lines."""
    rule = rules()[code]
    lines = [f"{code} ({rule.severity}): {rule.title}", f"  {rule.why}"]
    if rule.no_example:
        lines.append(f"  {rule.no_example}")
    if rule.severity == "warning" and code != _CANNOT_BE_SILENCED:
        lines.append(f"  Where it is meant, silence it at the end of the line: # provisioner: ignore {code}")
    if rule.source:
        lines.append(f"  {rule.source}")
    return "\n".join(lines)


def listed() -> str:
    """Every rule in a line."""
    return "\n".join(f"{code}  {rule.severity:<7}  {rule.title}" for code, rule in rules().items())
