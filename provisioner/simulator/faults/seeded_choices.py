"""Which rules match, and which of those that match happen.

In: a rule and the facts of a request or an operation. Out: yes or no, the same in every run with the same seed and
the same order of requests. It counts, in memory: a new process counts anew.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ..json_values import Json
from .model import Effect, Rule


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule looks at; `body` is the resource's, where there is one."""

    type: str
    operation: str
    target: str
    body: Json | None = None
    is_action: bool = False


class SeededChoices:
    """Counts matches and draws."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._met: Counter[tuple[str, str]] = Counter()
        self._happened: Counter[tuple[str, str]] = Counter()
        self._drawn: Counter[str] = Counter()

    def first(self, rules: Iterable[Rule], facts: Facts, kinds: tuple[type[Effect], ...]) -> Rule | None:
        """The first rule with an effect of these kinds that matches and happens; every one that matches is counted."""
        found: Rule | None = None
        for rule in rules:
            if not isinstance(rule.effect, kinds) or not matches(rule, facts):
                continue
            owner = (rule.name, facts.target.lower() if rule.per_resource else "")
            self._met[owner] += 1
            if found is None and self._happens(rule, owner):
                self._happened[owner] += 1
                found = rule
        return found

    def stream(self, purpose: str) -> random.Random:
        """A stream of random numbers for a purpose, another one each time."""
        self._drawn[purpose] += 1
        return random.Random(f"{self._seed}/{purpose}/{self._drawn[purpose]}")

    def _happens(self, rule: Rule, owner: tuple[str, str]) -> bool:
        count = self._met[owner]
        if rule.nth and count not in rule.nth:
            return False
        if rule.times is not None and self._happened[owner] >= rule.times:
            return False
        # A stream of its own for each draw: adding a rule does not shift what the others draw.
        draw = random.Random(f"{self._seed}/{rule.name}/{owner[1]}/{count}").random()
        return draw < rule.rate


def matches(rule: Rule, facts: Facts) -> bool:
    """Whether a rule speaks of this at all."""
    return (
        _is_operation(rule.operations, facts)
        and _like(facts.type, rule.type)
        and _like(facts.target if rule.resource.startswith("/") else facts.target.rpartition("/")[2], rule.resource)
        and _any_like(_size(facts.body), rule.sizes)
        and _any_like(_zone(facts.body), rule.zones)
        and _any_like((facts.body or {}).get("location"), rule.locations)
    )


def _is_operation(words: frozenset[str], facts: Facts) -> bool:
    return (
        "any" in words
        or facts.operation in words
        or (facts.is_action and "action" in words)
        or (facts.operation in ("create", "update") and "write" in words)
    )


def _like(value: str, pattern: str) -> bool:
    return pattern == "*" or fnmatchcase(value.lower(), pattern.lower())


def _any_like(value: object, patterns: tuple[str, ...]) -> bool:
    return not patterns or (value is not None and any(_like(str(value), pattern) for pattern in patterns))


def _size(body: Json | None) -> object:
    return (((body or {}).get("properties") or {}).get("hardwareProfile") or {}).get("vmSize")


def _zone(body: Json | None) -> object:
    zones = (body or {}).get("zones")
    return zones[0] if isinstance(zones, list) and zones else None
