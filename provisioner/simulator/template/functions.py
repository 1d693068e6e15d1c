"""The functions of the template language whose result depends on their arguments alone.

In: evaluated arguments. Out: JSON values, or TemplateError. `if`, `parameters`, `reference` and what else looks at its
surroundings is in `evaluation`.

Source: "ARM template functions": array, comparison, logical, numeric, object and string functions.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from urllib.parse import quote, unquote, urljoin

from ..json_values import JsonObject
from .expressions import TemplateError
from .hashes import guid, unique_string

Function = Callable[..., object]
PLACE = re.compile(r"\{\{|\}\}|\{(\d+)(?:,(-?\d+))?(?::([^}]*))?\}")


def text_of(value: object) -> str:
    """A value as `string()` and `concat()` print it."""
    if isinstance(value, str):
        return value
    # .NET prints True and False; a bool is an int in Python, so it comes first.
    if isinstance(value, bool):
        return str(value)
    return json.dumps(value, separators=(",", ":"))


def _concat(*values: object) -> object:
    lists = [value for value in values if isinstance(value, list)]
    if values and len(lists) == len(values):
        return list(chain.from_iterable(lists))
    return "".join(text_of(value) for value in values)


def _format(pattern: str, *values: object) -> str:
    def placed(match: re.Match[str]) -> str:
        if match.group(1) is None:
            return match.group()[0]
        value, shape = values[int(match.group(1))], match.group(3)
        text = text_of(value)
        if shape and isinstance(value, int) and shape[0] in "dD0":
            text = str(value).zfill(int(shape[1:] or 0) if shape[0] in "dD" else len(shape))
        width = int(match.group(2) or 0)
        return text.rjust(width) if width >= 0 else text.ljust(-width)

    return PLACE.sub(placed, pattern)


def _contains(container: JsonObject | str | Sequence[object], wanted: object) -> bool:
    if isinstance(container, dict):
        return str(wanted).lower() in {name.lower() for name in container}
    if isinstance(container, str):
        return text_of(wanted) in container
    return wanted in container


def _equals(left: object, right: object) -> bool:
    return type(left) is type(right) and bool(left == right)


def _objects(values: Sequence[object]) -> list[JsonObject]:
    objects = [value for value in values if isinstance(value, dict)]
    if len(objects) != len(values):
        raise TypeError("all arguments must be objects, or all arrays")
    return objects


def _arrays(values: Sequence[object]) -> list[list[object]]:
    arrays = [value for value in values if isinstance(value, list)]
    if len(arrays) != len(values):
        raise TypeError("all arguments must be objects, or all arrays")
    return arrays


def _union(*values: object) -> object:
    if isinstance(values[0], dict):
        return _merged(_objects(values))
    found: list[object] = []
    for entry in chain.from_iterable(_arrays(values)):
        if entry not in found:
            found.append(entry)
    return found


def _merged(objects: Sequence[JsonObject]) -> JsonObject:
    merged: JsonObject = {}
    for each in objects:
        for name, content in each.items():
            known = merged.get(name)
            both = isinstance(content, dict) and isinstance(known, dict)
            merged[name] = _merged(_objects((known, content))) if both else content
    return merged


def _intersection(*values: object) -> object:
    if isinstance(values[0], dict):
        first, *others = _objects(values)
        return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}
    entries, *rest = _arrays(values)
    return [entry for entry in entries if all(entry in other for other in rest)]


def _create_object(*values: object) -> dict[object, object]:
    return dict(zip(values[::2], values[1::2], strict=True))


def _substring(text: str, start: int, length: int | None = None) -> str:
    if start > len(text) or (length is not None and start + length > len(text)):
        raise TemplateError(
            "Unable to evaluate template function 'substring': the index and length parameters must refer to a "
            "location within the string."
        )
    return text[start:] if length is None else text[start : start + length]


def _split(text: str, marks: str | Sequence[str]) -> list[str]:
    wanted = [marks] if isinstance(marks, str) else list(marks)
    return re.split("|".join(re.escape(mark) for mark in wanted), text)


def _skip(value: str | list[object], count: int) -> object:
    return value[max(count, 0) :]


def _take(value: str | list[object], count: int) -> object:
    return value[: max(count, 0)]


def _numbers(values: Sequence[int | list[int]]) -> list[int]:
    """The arguments, or, of a single array, its entries."""
    return [number for value in values for number in (value if isinstance(value, list) else [value])]


def _range(start: int, count: int) -> list[int]:
    if not 0 <= count <= 10_000:
        raise TemplateError("The template function 'range' takes a count from 0 to 10000.")
    return list(range(start, start + count))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _text_of_base64(text: str) -> str:
    return base64.b64decode(text).decode("utf-8", "replace")


def _items(value: JsonObject) -> list[JsonObject]:
    return [{"key": key, "value": value[key]} for key in sorted(value)]


def _flatten(value: Sequence[object]) -> list[object]:
    return [inner for entry in value for inner in (entry if isinstance(entry, list) else [entry])]


FUNCTIONS: Mapping[str, Function] = {
    "add": lambda left, right: left + right,
    "and": lambda *values: all(values),
    "array": lambda value: value if isinstance(value, list) else [value],
    "base64": _base64,
    "base64tojson": lambda text: json.loads(_text_of_base64(text)),
    "base64tostring": _text_of_base64,
    "bool": lambda value: str(value).lower() in ("true", "1"),
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "concat": _concat,
    "contains": _contains,
    "createarray": lambda *values: list(values),
    "createobject": _create_object,
    # ARM rounds towards zero, where Python's `//` rounds down.
    "div": lambda left, right: int(left / right),
    "empty": lambda value: value is None or len(value) == 0,
    # "String functions": the comparison ignores case, as that of startsWith and indexOf.
    "endswith": lambda text, end: text.lower().endswith(end.lower()),
    "equals": _equals,
    "false": lambda: False,
    "first": lambda value: value[0] if value else ("" if isinstance(value, str) else None),
    "flatten": _flatten,
    "float": float,
    "format": _format,
    "greater": lambda left, right: left > right,
    "greaterorequals": lambda left, right: left >= right,
    "guid": lambda *values: guid(values),
    "indexof": lambda value, wanted: (
        value.lower().find(wanted.lower())
        if isinstance(value, str)
        else (value.index(wanted) if wanted in value else -1)
    ),
    "int": int,
    "intersection": _intersection,
    "items": _items,
    "join": lambda values, mark: mark.join(text_of(value) for value in values),
    "json": json.loads,
    "last": lambda value: value[-1] if value else ("" if isinstance(value, str) else None),
    "lastindexof": lambda text, wanted: text.lower().rfind(wanted.lower()),
    "length": len,
    "less": lambda left, right: left < right,
    "lessorequals": lambda left, right: left <= right,
    "max": lambda *values: max(_numbers(values)),
    "min": lambda *values: min(_numbers(values)),
    "mod": lambda left, right: left - right * int(left / right),
    "mul": lambda left, right: left * right,
    "not": lambda value: not value,
    "null": lambda: None,
    "or": lambda *values: any(values),
    "padleft": lambda value, width, sign=" ": text_of(value).rjust(width, sign),
    "range": _range,
    "replace": lambda text, old, new: text.replace(old, new),
    "skip": _skip,
    "split": _split,
    "startswith": lambda text, start: text.lower().startswith(start.lower()),
    "string": text_of,
    "sub": lambda left, right: left - right,
    "substring": _substring,
    "take": _take,
    "tolower": lambda text: text.lower(),
    "toupper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "true": lambda: True,
    "union": _union,
    "uniquestring": lambda *values: unique_string(values),
    "uri": urljoin,
    "uricomponent": lambda text: quote(text, safe=""),
    "uricomponenttostring": unquote,
}


def invoke(name: str, arguments: Sequence[object]) -> object:
    """The result of a function."""
    function = FUNCTIONS.get(name)
    if function is None:
        raise TemplateError(f"The template function '{name}' is not valid.")
    try:
        return function(*arguments)
    except TemplateError:
        raise
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError, OverflowError) as problem:
        raise TemplateError(f"Unable to evaluate template function '{name}': {problem}.") from problem
