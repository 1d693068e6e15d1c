"""`$filter` of resource and group lists.

In: the text of a filter. Out: a predicate over bodies (`name`, `type`, `location`, `tags` ...), or ArmError.

Grammar after `Resources - List` and `Resource Groups - List` (REST, 2021-04-01): `resourceType eq`, `name eq`,
`location eq`, `resourceGroup eq`, `tagName eq 'x' and tagValue eq 'y'`, `ne`, `substringof('x', name)`,
`startswith(tagName, 'x')`; joined by `and`, `or`, with parentheses. Comparisons ignore case, except those of tag
values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import ArmError, gateway_error
from ..json_values import Json
from ..protocol.arm_path import parse_path

Predicate = Callable[[Json], bool]
TOKEN = re.compile(r"\s*(?:'((?:[^']|'')*)'|([(),])|([\w./-]+))")
FIELDS = frozenset(
    {
        "resourcetype",
        "name",
        "location",
        "resourcegroup",
        "tagname",
        "tagvalue",
        "identity",
        "plan",
        "provisioningstate",
    }
)


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    quoted: bool


def matcher(text: str | None) -> Predicate:
    """The predicate of a filter; no filter lets everything pass."""
    if not text:
        return lambda body: True
    parser = _Parser(text)
    predicate = parser.either()
    parser.expect_end()
    return predicate


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split(text))
        self._at = 0

    def _split(self, text: str) -> list[Token]:
        tokens, position = [], 0
        text = text.rstrip()
        while position < len(text):
            found = TOKEN.match(text, position)
            if found is None:
                raise self._refusal()
            quoted = found.group(1)
            plain = found.group(2) or found.group(3)
            tokens.append(Token(quoted.replace("''", "'"), True) if quoted is not None else Token(plain, False))
            position = found.end()
        return tokens

    def _refusal(self) -> ArmError:
        return gateway_error(
            400,
            "InvalidFilterInQueryString",
            f"Invalid $filter '{self._text}' specified in the query string.",
        )

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            raise self._refusal()
        self._at += 1
        return self._tokens[self._at - 1]

    def _word(self, *expected: str) -> bool:
        """Step over one of the words if it comes next."""
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if not token.quoted and token.text.lower() in expected:
                self._at += 1
                return True
        return False

    def _require(self, word: str) -> None:
        if not self._word(word):
            raise self._refusal()

    def expect_end(self) -> None:
        if self._at != len(self._tokens):
            raise self._refusal()

    def either(self) -> Predicate:
        options = [self._both()]
        while self._word("or"):
            options.append(self._both())
        return options[0] if len(options) == 1 else lambda body: any(option(body) for option in options)

    def _both(self) -> Predicate:
        terms = [self._term()]
        while self._word("and"):
            terms.append(self._term())
        names = [term.tag_name for term in terms if isinstance(term, _Tag) and term.tag_name]
        for term in terms:
            if isinstance(term, _Tag) and term.tag_name is None and names:
                term.of = names[0]
        return terms[0] if len(terms) == 1 else lambda body: all(term(body) for term in terms)

    def _term(self) -> Predicate:
        if self._word("("):
            inner = self.either()
            self._require(")")
            return inner
        if self._word("substringof"):
            self._require("(")
            part = self._next().text.lower()
            self._require(",")
            name = self._field()
            self._require(")")
            return lambda body: part in _field_of(body, name).lower()
        if self._word("startswith"):
            self._require("(")
            name = self._field()
            self._require(",")
            prefix = self._next().text.lower()
            self._require(")")
            return lambda body: any(value.lower().startswith(prefix) for value in _values_of(body, name))
        return self._comparison()

    def _field(self) -> str:
        token = self._next()
        if token.quoted or token.text.lower() not in FIELDS:
            raise self._refusal()
        return token.text.lower()

    def _comparison(self) -> Predicate:
        name = self._field()
        operator = self._next()
        value = self._next()
        if operator.text.lower() not in ("eq", "ne") or not value.quoted:
            raise self._refusal()
        wanted, equal = value.text, operator.text.lower() == "eq"
        if name in ("tagname", "tagvalue") and equal:
            return _Tag(wanted, None) if name == "tagname" else _Tag(None, wanted)
        return lambda body: (_field_of(body, name).lower() == wanted.lower()) == equal


class _Tag:
    """A comparison on tags; a value that stands beside a name in one `and` speaks of that tag."""

    def __init__(self, tag_name: str | None, tag_value: str | None) -> None:
        self.tag_name = tag_name
        self.tag_value = tag_value
        self.of: str | None = None

    def __call__(self, body: Json) -> bool:
        tags = {name.lower(): value for name, value in (body.get("tags") or {}).items()}
        if self.tag_name is not None:
            return self.tag_name.lower() in tags
        if self.of is not None:
            return tags.get(self.of.lower()) == self.tag_value
        return self.tag_value in tags.values()


def _values_of(body: Json, name: str) -> list[str]:
    if name == "tagname":
        return list(body.get("tags") or {})
    if name == "tagvalue":
        return list((body.get("tags") or {}).values())
    return [_field_of(body, name)]


def _field_of(body: Json, name: str) -> str:
    if name == "resourcetype":
        return str(body.get("type") or "")
    if name == "resourcegroup":
        return parse_path(str(body.get("id") or "")).group or ""
    if name == "provisioningstate":
        return str((body.get("properties") or {}).get("provisioningState") or "")
    return str(body.get(name) or "").replace(" ", "") if name == "location" else str(body.get(name) or "")
