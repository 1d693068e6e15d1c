"""What stands between ``${`` and ``}``: names, texts, numbers, lists, calls of functions, ``==`` and ``!=``.

In: an expression's text, and somebody who knows names. Out: its value, or ``ExpressionError`` with the place in the
text. ``format('web-%02d', index)``; texts in single or double quotes, without escapes and without braces.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from .functions import FunctionError

MAX_DEPTH = 20
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?(?![\w./-]))"
    r"|(?P<name>[A-Za-z_][\w./-]*)|(?P<sign>==|!=|[\[\](),])|(?P<end>$))"
)
_CODE = re.compile(r"[(\['\"]|[=!]=")


class Unknown:
    """What is answered for a name that is left for later."""


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Tainted:
    """A secret, or a value that one is part of: an expression that says how to make it when it is needed."""

    expression: str


SECRET_PARAMETERS = "secret_parameters."
"""What a parameter that is a secret is called in expressions that wait for its value."""
_SECRETS = ("secrets.", SECRET_PARAMETERS)


class ExpressionError(Exception):
    """An expression that has no value; ``at`` counts characters from its beginning."""

    def __init__(self, summary: str, at: int, hint: str) -> None:
        super().__init__(summary)
        self.summary = summary
        self.at = at
        self.hint = hint


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


Name = Callable[[str], object]
Call = Callable[[str, list[object]], object]


def is_computed(expression: str) -> bool:
    """Whether an expression is more than a name."""
    return _CODE.search(expression) is not None


def is_secret(expression: str) -> bool:
    """Whether a secret has a part in an expression."""
    return bool(secrets_in(expression))


def secrets_in(expression: str) -> list[str]:
    """The names of secrets in an expression: ``secrets.x``, ``secret_parameters.y``."""
    if not any(head in expression for head in _SECRETS):
        return []
    return [name for name in names_in(expression) if name.startswith(_SECRETS)]


def names_in(expression: str) -> list[str]:
    """The names in an expression, without those of functions."""
    try:
        tokens = _tokens(expression)
    except ExpressionError:
        return []
    return [
        item.text
        for item, after in pairwise(tokens)
        if item.kind == "name" and after.text != "(" and item.text not in ("true", "false")
    ]


def evaluate(expression: str, name: Name, call: Call) -> object:
    """The value of an expression that ``is_computed``.

    Args:
        expression: what stands between ``${`` and ``}``.
        name: the value of a name; ``UNKNOWN`` for one that only Azure or a secret's source will tell.
        call: the value of a function; raises FunctionError.

    Raises:
        ExpressionError: it cannot be read, or has no value.
    """
    reader = _Reader(_tokens(expression), name, call)
    value = reader.comparison(0)
    reader.expect("end", "", "an operator or the end")
    return value


def _tokens(expression: str) -> list[_Token]:
    tokens = []
    at = 0
    while True:
        match = _TOKEN.match(expression, at)
        if match is None or match.lastgroup is None:
            start = at + len(expression[at:]) - len(expression[at:].lstrip())
            quote = expression[start : start + 1]
            if quote in ("'", '"'):
                raise ExpressionError(
                    "a string without its closing quote", start, "enclose strings in quotes: lower('Text')"
                )
            hint = "use only names, strings in quotes, numbers, lists, function calls, == and !="
            raise ExpressionError(f'"{quote}" has no meaning here', start, hint)
        kind = match.lastgroup
        tokens.append(_Token(kind, match.group(kind), match.start(kind)))
        if kind == "end":
            return tokens
        at = match.end()


class _Reader:
    """Reads and evaluates in one pass."""

    def __init__(self, tokens: list[_Token], name: Name, call: Call) -> None:
        self._tokens = tokens
        self._at = 0
        self._name = name
        self._call = call

    def take(self) -> _Token:
        token = self._tokens[self._at]
        self._at += token.kind != "end"
        return token

    def next_is(self, *signs: str) -> bool:
        token = self._tokens[self._at]
        return token.kind == "sign" and token.text in signs

    def expect(self, kind: str, text: str, what: str) -> None:
        token = self.take()
        if token.kind != kind or (text and token.text != text):
            found = f'"{token.text}"' if token.text else "the end"
            raise ExpressionError(f"expected {what}, found {found}", token.at, f"write {what} here")

    def comparison(self, depth: int) -> object:
        at = self._tokens[self._at].at
        left = self.value(depth)
        if not self.next_is("==", "!="):
            return left
        is_equal = self.take().text == "=="
        right = self.value(depth)
        if _is_tainted([left, right]):
            raise ExpressionError(
                "a secret cannot be compared", at, "remove the comparison, since the plan would reveal the secret"
            )
        return (type(left) is type(right) and left == right) == is_equal

    def value(self, depth: int) -> object:
        token = self.take()
        if depth > MAX_DEPTH:
            raise ExpressionError("calls are nested too deeply", token.at, "use fewer levels of calls")
        if token.kind == "text":
            return token.text[1:-1]
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text[:40])
        if token.kind == "sign" and token.text == "[":
            return self._values("]", depth)
        if token.kind != "name":
            found = f'"{token.text}"' if token.text else "the end"
            raise ExpressionError(f"expected a value, found {found}", token.at, "write a value here")
        if self.next_is("("):
            return self._function(token, depth)
        if token.text in ("true", "false"):
            return token.text == "true"
        value = self._name(token.text)
        if isinstance(value, Unknown):
            is_late = "/" in token.text or token.text.partition(".")[0] in ("parameters", "resource_group")
            summary = f"{token.text} is not known before an apply" if is_late else f'unknown name "{token.text}"'
            hint = "use values that the spec itself defines: ${parameters.x}, ${env.X}, ${index}, ${key}"
            hint = f"enclose a string in quotes: '{token.text}'" if token.text.isalnum() and not is_late else hint
            raise ExpressionError(summary, token.at, hint)
        return value

    def _function(self, token: _Token, depth: int) -> object:
        self.take()
        values = self._values(")", depth)
        try:
            return _later(self._call, token.text, values) if _is_tainted(values) else self._call(token.text, values)
        except FunctionError as error:
            raise ExpressionError(error.summary, token.at, error.hint) from error

    def _values(self, end: str, depth: int) -> list[object]:
        """Values with commas between them, and the sign behind them."""
        values: list[object] = []
        while not self.next_is(end):
            values.append(self.comparison(depth + 1))
            if not self.next_is(end):
                self.expect("sign", ",", f'"," or "{end}"')
        self.take()
        return values


_NUMBER = re.compile(r"-?\d{1,39}(\.\d+)?")
_CHOOSING = frozenset({"element", "lookup"})
_LATE = frozenset({"base64", "base64_decode", "format", "join", "lower", "replace", "upper"})


def _is_tainted(value: object) -> bool:
    if isinstance(value, (list, dict)):
        return any(map(_is_tainted, value if isinstance(value, list) else value.values()))
    return isinstance(value, Tainted)


def _later(call: Call, name: str, values: list[object]) -> object:
    """A call that waits for a secret; what is wrong with it whatever the secret is told at once."""
    if name in _CHOOSING:
        return call(name, values)
    if name not in _LATE:
        raise FunctionError(f"{name} does not accept a secret", f"use secrets only in {', '.join(sorted(_LATE))}")
    if name != "base64_decode":
        call(name, [_stood_in(value) for value in values])
    return Tainted(f"{name}({', '.join(map(_written, values))})")


def _stood_in(value: object) -> object:
    if isinstance(value, list):
        return [_stood_in(item) for item in value]
    if isinstance(value, dict):
        return {key: _stood_in(item) for key, item in value.items()}
    return "secret" if isinstance(value, Tainted) else value


def _written(value: object) -> str:
    """A value as an expression."""
    if isinstance(value, Tainted):
        return value.expression
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value) if _NUMBER.fullmatch(str(value)) else f"'{value}'"
    if not isinstance(value, str):
        raise FunctionError(
            "a secret can be combined only with strings, numbers and lists",
            ("read a value of a map: ${parameters.map.key}"),
        )
    if "'" in value or not value.isprintable() or re.search(r"[{}]", value):
        return f"base64_decode('{base64.b64encode(value.encode()).decode()}')"
    return f"'{value}'"
