"""Security rules: the addresses and ports on each side of a rule.

In: a ``Checker``. Out: ``Side`` by ``Side``. It never reports.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from ...base.values import Path
from ..checker import Checker, once
from ..part import Part
from ._ranges import Network

ADDRESS = re.compile(r"[0-9]|.*[:/]")
"""What is meant as an address: the names of service tags begin with a letter."""


@dataclass(frozen=True)
class Side:
    """The addresses of a rule as its ``word``, ``source`` or ``destination``.

    items: every text with its path; texts with expressions are left out.
    ranges: those that are ranges of addresses.
    invalid: those that are meant as one and are none, and why.
    is_list: whether there are several.
    """

    rule: Part
    word: str
    items: list[tuple[Path, str]]
    ranges: list[tuple[Path, Network]]
    invalid: list[tuple[Path, str, ValueError]]
    is_list: bool


@once
def rules(checker: Checker) -> list[Part]:
    return [rule for group in checker.entries("network", "security_groups") for rule in group.parts("rules")]


@once
def sides(checker: Checker) -> list[Side]:
    return [_side(rule, word) for rule in rules(checker) for word in ("source", "destination")]


def _side(rule: Part, word: str) -> Side:
    side = Side(rule, word, items(rule, word), [], [], is_list(rule, word))
    for at, text in side.items:
        if ADDRESS.match(text):
            try:
                # Azure accepts host bits in the addresses of a rule, unlike in those of a subnet.
                side.ranges.append((at, ipaddress.ip_network(text, strict=False)))
            except ValueError as error:
                side.invalid.append((at, text, error))
    return side


def is_list(rule: Part, word: str) -> bool:
    """Whether a rule has several values under a key."""
    value = rule.get(word)
    return isinstance(value, list) and len(value) > 1


def items(rule: Part, word: str) -> list[tuple[Path, str]]:
    """What a rule has under a key, one text or several; without the key it is for any."""
    value = rule.get(word) if word in rule else "any"
    found = [(rule.at(word, index), str(item)) for index, item in enumerate(value)] if isinstance(value, list) else []
    return [(at, text) for at, text in found or [(rule.at(word), str(value))] if "${" not in text]
