"""Template expressions: text to a tree.

In: what stands between `[` and `]`. Out: `Literal`, `Invocation`, `Access`; or TemplateError. Nothing is evaluated.

Source: "Syntax and expressions in ARM templates".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[().,\[\]]))\s*")
DEEPEST = 100


class TemplateError(Exception):
    """What is wrong with a template, in a sentence."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Text or a whole number."""

    value: str | int


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function with its arguments; `name` is in lower case."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """A property or an entry of a value."""

    target: Node
    key: Node


Node = Literal | Invocation | Access


def expression_of(text: str) -> str | None:
    """The expression in a string; None for a plain one (`[[` is an escaped bracket)."""
    if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
        return text[1:-1]
    return None


@lru_cache(maxsize=5_000)
def parse(text: str) -> Node:
    """The tree of an expression."""
    parser = _Parser(text)
    node = parser.expression(0)
    if parser.sign or parser.kind:
        raise parser.unexpected()
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self.kind = ""
        self.sign = ""
        self._next()

    def expression(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise TemplateError(f"The template language expression '{self._text[:80]}' is nested too deeply.")
        node = self._primary(depth)
        while self.sign in (".", "["):
            if self.sign == ".":
                self._next()
                if self.kind != "name":
                    raise self.unexpected()
                key: Node = Literal(self._token)
                self._next()
            else:
                self._next()
                key = self.expression(depth + 1)
                self._expect("]")
            node = Access(node, key)
        return node

    def _primary(self, depth: int) -> Node:
        token = self._token
        if self.kind == "text":
            self._next()
            return Literal(token[1:-1].replace("''", "'"))
        if self.kind == "number":
            self._next()
            return Literal(int(token))
        if self.kind != "name":
            raise self.unexpected()
        self._next()
        while self.sign == ".":
            self._next()
            token = f"{token}.{self._token}"
            self._next()
        self._expect("(")
        arguments: list[Node] = []
        while self.sign != ")":
            if arguments:
                self._expect(",")
            arguments.append(self.expression(depth + 1))
        self._next()
        return Invocation(token.lower(), tuple(arguments))

    def _expect(self, sign: str) -> None:
        if self.sign != sign:
            raise self.unexpected()
        self._next()

    def _next(self) -> None:
        match = TOKEN.match(self._text, self._position)
        if match is None:
            if self._text[self._position :].strip():
                raise self.unexpected()
            self.kind = self.sign = self._token = ""
            return
        self._position = match.end()
        group = match.lastgroup or ""
        self._token = match.group(group)
        self.sign = self._token if group == "sign" else ""
        self.kind = "" if group == "sign" else group

    def unexpected(self) -> TemplateError:
        return TemplateError(
            f"Unable to parse language expression '{self._text}': unexpected token at position "
            f"'{min(self._position, len(self._text))}'."
        )
