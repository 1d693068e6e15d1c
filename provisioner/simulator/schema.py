"""What a resource type's body may hold, and a body held against it.

In: a `Model` and a JSON value. Out: the cleaned value (canonical property names and enum values, without nulls and
without what only the server may set) and the problems found. It knows no SDK: `schema_sdk` builds the models.

Azure's services read names without regard to case (Json.NET), refuse members they do not know ("Could not find member
'x' on object of type 'Y'. Path 'properties.x'", recorded in Azure/azure-cli#16205 and elsewhere), and ignore what is
read-only. An empty string for an optional enum counts as null: Json.NET's `StringEnumConverter.ReadJson` returns null
for it if the type is nullable. terraform-provider-azurerm sends one for an enum that its user left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .json_values import Json

Kind = Literal["string", "integer", "number", "boolean", "object", "array", "map", "model", "any"]
PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of one value. `values` maps lower-case enum values to their canonical spelling; empty is free text."""

    kind: Kind
    model: Callable[[], Model] | None = None
    item: Shape | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    type_name: str = "String"


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its wire name, its shape, whether only the server sets it, and whether a client has to."""

    name: str
    shape: Shape
    read_only: bool = False
    required: bool = False


@dataclass(slots=True)
class Model:
    """A JSON object with known properties; an `open` one takes any."""

    name: str
    properties: dict[str, Property] = field(default_factory=dict)
    open: bool = False

    def find(self, name: str) -> Property | None:
        """The property by its name, case ignored."""
        return self.properties.get(name.lower())

    def sub_model(self, path: str) -> Model | None:
        """The model at a dotted path of plain properties."""
        model: Model | None = self
        for name in path.split("."):
            found = model.find(name) if model is not None else None
            if found is None or found.shape.model is None:
                return None
            model = found.shape.model()
        return model


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a body; `kind` is what went wrong, `path` where (`properties.rules[0].name`)."""

    kind: Literal["unknown", "mistyped", "enum"]
    path: str
    message: str
    top_level: bool = False


def clean(model: Model, value: Mapping[str, object], *, keep_null: bool = False) -> tuple[Json, list[Problem]]:
    """The body as the service would keep it, and what it refuses.

    Args:
        keep_null: keep explicit nulls, which in a PATCH remove a property; a PUT takes them for absent.
    """
    problems: list[Problem] = []
    return _clean_model(model, value, "", keep_null, problems), problems


def _clean_model(
    model: Model, value: Mapping[str, object], path: str, keep_null: bool, problems: list[Problem]
) -> Json:
    cleaned: Json = {}
    for name, content in value.items():
        where = f"{path}.{name}" if path else name
        known = model.find(name)
        if known is None:
            if model.open:
                cleaned[name] = content
            else:
                message = f"Could not find member '{name}' on object of type '{model.name}'. Path '{where}'"
                problems.append(Problem("unknown", where, message, top_level=not path))
        elif known.read_only or (content == "" and known.shape.values and not known.required):
            continue
        elif content is None:
            if keep_null:
                cleaned[known.name] = None
        else:
            cleaned[known.name] = _clean_value(known.shape, content, where, keep_null, problems)
    return cleaned


def _clean_value(shape: Shape, value: object, path: str, keep_null: bool, problems: list[Problem]) -> object:
    if shape.kind == "any":
        return value
    if shape.kind == "model" and shape.model is not None and isinstance(value, dict):
        return _clean_model(shape.model(), value, path, keep_null, problems)
    if shape.kind == "array" and isinstance(value, list):
        item = shape.item or Shape("any")
        return [
            _clean_value(item, entry, f"{path}[{index}]", False, problems)
            for index, entry in enumerate(value)
            if entry is not None
        ]
    if shape.kind == "map" and isinstance(value, dict):
        item = shape.item or Shape("any")
        return {
            name: None if entry is None else _clean_value(item, entry, f"{path}.{name}", keep_null, problems)
            for name, entry in value.items()
            if entry is not None or keep_null
        }
    return _clean_scalar(shape, value, path, problems)


def _clean_scalar(shape: Shape, value: object, path: str, problems: list[Problem]) -> object:
    expected = PYTHON_TYPES.get(shape.kind, ())
    fits = isinstance(value, expected) and (shape.kind == "boolean" or not isinstance(value, bool))
    if not fits:
        lenient = _lenient(shape, value)
        if lenient is not None:
            return _clean_scalar(shape, lenient, path, problems)
        problems.append(Problem("mistyped", path, f"{_printed(value)} to type '{shape.type_name}'. Path '{path}'"))
        return value
    if shape.values and isinstance(value, str):
        # Values that are flags take any spacing: `SystemAssigned,UserAssigned` (what the Azure CLI sends).
        canonical = shape.values.get(value.lower()) or shape.values.get(", ".join(_words(value.lower())))
        if canonical is None:
            problems.append(Problem("enum", path, f"{_printed(value)} to type '{shape.type_name}'. Path '{path}'"))
            return value
        return canonical
    return value


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]


def _lenient(shape: Shape, value: object) -> str | int | float | None:
    """What Json.NET converts by itself: text that reads as a number or a truth value, numbers to text."""
    if shape.kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if shape.kind == "boolean" and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if shape.kind in ("integer", "number") and isinstance(value, str):
        try:
            return int(value) if shape.kind == "integer" else float(value)
        except ValueError:
            return None
    if shape.kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return None


def _printed(value: object) -> str:
    if isinstance(value, dict | list):
        return f"Cannot deserialize the current JSON {'object' if isinstance(value, dict) else 'array'}"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return f"Error converting value {text}"


def carry_read_only(model: Model, before: Json, after: Json) -> None:
    """Put what only the server sets back from `before` into `after`; list entries are matched by their name."""
    for known in model.properties.values():
        name = known.name
        if name not in before:
            continue
        if known.read_only:
            after.setdefault(name, before[name])
        elif known.shape.kind == "model" and known.shape.model is not None and isinstance(after.get(name), dict):
            if isinstance(before[name], dict):
                carry_read_only(known.shape.model(), before[name], after[name])
        elif known.shape.kind == "array" and isinstance(after.get(name), list):
            _carry_into_list(known.shape.item, before[name], after[name])


def drop_empty(model: Model, body: Json) -> None:
    """Remove the objects that hold nothing, from the inside out.

    Azure does not return an object that a client sent as `{}`: azurerm sends `additionalCapabilities: {}` with each VM
    and shows a difference in every plan if the object comes back (compute/virtual_machine.go). Kept are `properties`,
    which is ARM's envelope, and the values of a map, because their keys have a meaning (`userAssignedIdentities`).
    """
    for known in model.properties.values():
        content = body.get(known.name)
        _drop_inside(known.shape, content)
        if content == {} and known.shape.kind == "model" and known.name != "properties":
            del body[known.name]


def _drop_inside(shape: Shape, content: object) -> None:
    if shape.kind == "model" and shape.model is not None and isinstance(content, dict):
        drop_empty(shape.model(), content)
    elif shape.item is not None and isinstance(content, list | dict):
        for entry in content if isinstance(content, list) else content.values():
            _drop_inside(shape.item, entry)


def _carry_into_list(item: Shape | None, before: object, after: list[object]) -> None:
    if item is None or item.kind != "model" or item.model is None or not isinstance(before, list):
        return
    model = item.model()
    by_name = {entry.get("name"): entry for entry in before if isinstance(entry, dict) and entry.get("name")}
    for entry in after:
        if isinstance(entry, dict) and entry.get("name") in by_name:
            carry_read_only(model, by_name[entry["name"]], entry)
