"""The functions of expressions: pure but for ``file``, which is handed a reader.

In: a function's name and its arguments. Out: a value, or ``FunctionError``. Results are bounded: a spec cannot make a
text of a gigabyte out of three lines.
"""

from __future__ import annotations

import base64
import hashlib
import inspect
import ipaddress
import re
from collections.abc import Callable, Mapping

from ...base import files
from ...base.diagnostics import counted, did_you_mean

MAX_LENGTH = 1024 * 1024
_BEYOND = 10**18
_PLACE = re.compile(r"%(?:%|0?\d{0,2}d|s)")
_UNIQUE_LENGTHS = range(1, 33)


class FunctionError(Exception):
    """A function that has no value for its arguments."""

    def __init__(self, summary: str, hint: str) -> None:
        super().__init__(summary)
        self.summary = summary
        self.hint = hint


def _lower(text: str) -> str:
    return text.lower()


def _upper(text: str) -> str:
    return text.upper()


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        raise FunctionError("replace: the text to look for is empty", "pass the text to replace as the second argument")
    _bounded(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _join(separator: str, values: list[object]) -> str:
    texts = [_text(value) for value in values]
    _bounded(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def _format(pattern: str, *values: object) -> str:
    """``%s``, ``%d``, ``%02d`` and ``%%``."""
    if "%" in _PLACE.sub("", pattern):
        raise FunctionError("format: only %s, %d, %03d and %% are supported", hint="write %% for a percent sign")
    waiting = list(values)
    wanted = sum(match != "%%" for match in _PLACE.findall(pattern))
    if wanted != len(waiting):
        raise FunctionError(
            f"format: needs {counted(wanted, 'value')}, but has {len(waiting)}", "pass one value for each placeholder"
        )

    def fill(match: re.Match[str]) -> str:
        if match.group() == "%%":
            return "%"
        value = waiting.pop(0)
        if match.group() == "%s":
            return _text(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise FunctionError(f"format: {match.group()} needs a whole number", "use %s for other values")
        return match.group() % value

    return _PLACE.sub(fill, pattern)


def _cidr_subnet(prefix: str, new_bits: int, number: int) -> str:
    """Subnet ``number`` of those that have ``new_bits`` more bits: (10.0.0.0/16, 8, 2) is 10.0.2.0/24."""
    network = _network("cidr_subnet", prefix)
    bits = network.prefixlen + new_bits
    if new_bits < 0 or bits > network.max_prefixlen:
        raise FunctionError(f"cidr_subnet: {network} has no subnets of /{bits}", "pass fewer new bits")
    if not 0 <= number < 2**new_bits:
        raise FunctionError(
            f"cidr_subnet: {network} has {2**new_bits} subnets of /{bits}, counted from 0; not {number}",
            "pass a smaller number",
        )
    first = int(network.network_address) + (number << (network.max_prefixlen - bits))
    return f"{type(network.network_address)(first)}/{bits}"


def _cidr_host(prefix: str, number: int) -> str:
    """Address ``number`` of a range; a negative one counts from its end."""
    network = _network("cidr_host", prefix)
    if not -network.num_addresses <= number < network.num_addresses:
        raise FunctionError(
            f"cidr_host: {network} has {network.num_addresses} addresses; number {number} does not exist",
            "pass a smaller number",
        )
    return str(network[number])


def _element(values: list[object], number: int) -> object:
    """In turn: behind the last comes the first."""
    if not values:
        raise FunctionError("element: the list is empty", "pass a list with at least one item")
    return values[number % len(values)]


def _lookup(values: dict[str, object], key: str) -> object:
    """One value of a map, by a key that is computed."""
    if key not in values:
        raise FunctionError(f'lookup: the map has no "{key}"', did_you_mean(key, values) or "use a key of the map")
    return values[key]


def _add(number: int, other: int) -> int:
    return number + other


def _multiply(number: int, other: int) -> int:
    return number * other


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _base64_decode(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError as error:
        raise FunctionError(
            "base64_decode: the text is not UTF-8 in base64", "pass text that base64_encode made"
        ) from error


_PURE: dict[str, Callable[..., object]] = {
    "add": _add,
    "base64": _base64,
    "base64_decode": _base64_decode,
    "cidr_host": _cidr_host,
    "cidr_subnet": _cidr_subnet,
    "element": _element,
    "format": _format,
    "join": _join,
    "lookup": _lookup,
    "lower": _lower,
    "multiply": _multiply,
    "replace": _replace,
    "upper": _upper,
}
_TYPES: dict[object, tuple[type, str]] = {
    "str": (str, "text"),
    "int": (int, "a whole number"),
    "list[object]": (list, "a list"),
    "dict[str, object]": (dict, "a map"),
}


class Functions:
    """The functions of one spec. ``seed`` makes ``unique`` differ between deployments, and stay the same in one."""

    def __init__(self, read_file: Callable[[str], str], seed: str) -> None:
        self._read_file = read_file
        self._seed = seed
        self._known: Mapping[str, Callable[..., object]] = {**_PURE, "file": self._file, "unique": self._unique}

    def __call__(self, name: str, values: list[object]) -> object:
        function = self._known.get(name)
        if function is None:
            hint = did_you_mean(name, self._known) or f"use one of: {', '.join(sorted(self._known))}"
            raise FunctionError(f'unknown function "{name}"', hint)
        wanted = inspect.signature(function).parameters
        usage = (
            f"{name}({', '.join(('…' if item.kind is item.VAR_POSITIONAL else key) for key, item in wanted.items())})"
        )
        try:
            inspect.signature(function).bind(*values)
        except TypeError as error:
            raise FunctionError(f"{name} has the wrong arguments", f"write {usage}") from error
        for (key, item), value in zip(wanted.items(), values, strict=False):
            kind, what = _TYPES.get(item.annotation, (object, ""))
            if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
                raise FunctionError(f"{name}: {key} must be {what}", f"write {usage}")
        result = function(*values)
        _bounded(len(result) if isinstance(result, str) else 0)
        if isinstance(result, int) and abs(result) >= _BEYOND:
            raise FunctionError(f"{name}: the number is too large", "use smaller numbers")
        return result

    def _file(self, path: str) -> str:
        try:
            return self._read_file(path)
        except OSError as error:
            raise FunctionError(
                f"the file {path} cannot be read: {error.strerror}",
                files.path_hint(path, "write paths relative to the spec"),
            ) from error
        except UnicodeDecodeError as error:
            raise FunctionError(f"the file {path} is not UTF-8 text", "save the file as UTF-8") from error
        except (ValueError, RuntimeError) as error:
            raise FunctionError(
                f"the file {path} cannot be read: that is not a file name", "write the path of a file"
            ) from error

    def _unique(self, length: int) -> str:
        """Letters and digits that belong to this deployment in this resource group: for names that the world shares."""
        if length not in _UNIQUE_LENGTHS:
            raise FunctionError(
                f"unique: from {_UNIQUE_LENGTHS[0]} to {_UNIQUE_LENGTHS[-1]} characters", "pass a length in this range"
            )
        digest = hashlib.sha256(self._seed.encode()).digest()
        return base64.b32encode(digest).decode().lower()[:length]


def _network(name: str, prefix: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(prefix)
    except ValueError as error:
        raise FunctionError(
            f'{name}: "{prefix}" is not an address range', "write a range such as 10.0.0.0/16"
        ) from error


def _bounded(length: int) -> None:
    if length > MAX_LENGTH:
        raise FunctionError(f"the string would be longer than {MAX_LENGTH:,} characters", "make it shorter")


def _text(value: object) -> str:
    if value is None or isinstance(value, (list, dict)):
        raise FunctionError(
            f"{'null' if value is None else 'a list or a map'} is not a string",
            "pass a string, a number or a boolean",
        )
    return str(value).lower() if isinstance(value, bool) else str(value)
