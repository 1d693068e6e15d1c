"""Property schemas read off the Azure SDK's model classes, which are generated from Azure's REST specifications.

In: `"azure.mgmt.network.models:PublicIPAddress"`. Out: a `schema.Model`, built once. The SDK is imported when a
model is first asked for, never before. Two generations of SDK models are read: the newer one declares
`rest_field`s with a visibility, the older one an `_attribute_map` and a `_validation`.
"""

from __future__ import annotations

import datetime
import enum
import importlib
import re
import types
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from .schema import Kind, Model, Property, Shape

ENVELOPE = ("id", "name", "type")
"""Always the server's; a client may send them and they are ignored (recorded: PUT bodies that carry `name`)."""

SCALARS: Mapping[type, Kind] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    dict: "object",
}
OLD_SCALARS: Mapping[str, Kind] = {
    "str": "string",
    "bool": "boolean",
    "int": "integer",
    "long": "integer",
    "float": "number",
    "object": "any",
    "iso-8601": "string",
    "duration": "string",
}

OPEN_ENUMS = frozenset({"VirtualMachineSizeTypes"})
"""Enums of the specification that the service does not hold anyone to: the list is older than the sizes there are."""

UNSPECIFIED: Mapping[str, tuple[str, ...]] = {"NatGatewaySku": ("tier",)}
"""What a service answers although its specification does not name it, so that clients send it back: recorded."""


@cache
def model_of(reference: str) -> Model:
    """The schema of an SDK model, named `module:Class`."""
    module_name, _, class_name = reference.partition(":")
    module = importlib.import_module(module_name)
    model = _model_of_class(getattr(module, class_name))
    envelope = {name: Property(name, Shape("string"), read_only=True) for name in ENVELOPE}
    return Model(model.name, {**model.properties, **envelope}, model.open)


@cache
def _model_of_class(cls: Any) -> Model:
    return _old_generation(cls) if hasattr(cls, "_attribute_map") else _new_generation(cls)


def _new_generation(cls: type) -> Model:
    models = importlib.import_module(cls.__module__.rpartition(".")[0])
    hints = typing.get_type_hints(cls, localns={"_models": models})
    model = Model(cls.__name__)
    for owner in (*_subclasses(cls), *cls.__mro__):
        owner_hints = hints if owner in cls.__mro__ else typing.get_type_hints(owner, localns={"_models": models})
        for attribute, declared in vars(owner).items():
            if not hasattr(declared, "_rest_name_input"):
                continue
            name = declared._rest_name_input or attribute
            visibility = declared._visibility
            hint = owner_hints.get(attribute, object)
            is_required = type(None) not in typing.get_args(hint)
            # A property that is `["read", "create"]` can be sent.
            known = Property(name, _shape_of_hint(hint), read_only=visibility == ["read"], required=is_required)
            model.properties.setdefault(name.lower(), known)
    if not model.properties:
        model.open = True
    for name in UNSPECIFIED.get(cls.__name__, ()):
        model.properties.setdefault(name.lower(), Property(name, Shape("string"), read_only=True))
    return model


def _subclasses(cls: type) -> Iterator[type]:
    """The variants of a discriminated model: their properties are allowed too."""
    for variant in set(getattr(cls, "__mapping__", {}).values()):
        if isinstance(variant, type) and issubclass(variant, cls) and variant is not cls:
            yield variant


def _shape_of_hint(hint: object) -> Shape:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        present = [argument for argument in arguments if argument is not type(None)]
        # The SDK writes an enum as a union with `str`, since Azure may add values.
        enums = [argument for argument in present if isinstance(argument, type) and issubclass(argument, enum.Enum)]
        if enums:
            return _enum_shape(enums[0])
        return _shape_of_hint(present[0]) if len(present) == 1 else Shape("any")
    if origin is list:
        return Shape("array", item=_shape_of_hint(arguments[0]), type_name="Array")
    if origin in (dict, Mapping):
        return Shape("map", item=_shape_of_hint(arguments[1]), type_name="Dictionary")
    if origin is typing.Literal:
        return Shape("string")
    if not isinstance(hint, type) or hint is object:
        return Shape("any")
    return _shape_of_class(hint)


def _shape_of_class(cls: Any) -> Shape:
    if issubclass(cls, enum.Enum):
        return _enum_shape(cls)
    if hasattr(cls, "_attribute_map") or any(hasattr(owner, "_is_model") for owner in cls.__mro__):
        return Shape("model", model=lambda: _model_of_class(cls), type_name=cls.__name__)
    if issubclass(cls, datetime.datetime | datetime.date | datetime.time | datetime.timedelta | bytes):
        return Shape("string")
    kind = SCALARS.get(cls)
    if kind is None:
        has_fields = any(hasattr(value, "_rest_name_input") for owner in cls.__mro__ for value in vars(owner).values())
        kind = "model" if has_fields else "any"
    if kind == "model":
        return Shape("model", model=lambda: _model_of_class(cls), type_name=cls.__name__)
    return Shape(kind, type_name={"boolean": "Boolean", "integer": "Int32"}.get(kind, cls.__name__))


def _enum_shape(cls: type[enum.Enum]) -> Shape:
    if cls.__name__ in OPEN_ENUMS:
        return Shape("string")
    values = {str(member.value).lower(): str(member.value) for member in cls}
    return Shape("string", values=values, type_name=cls.__name__)


def _old_generation(cls: Any) -> Model:
    models = importlib.import_module(cls.__module__.rpartition(".")[0])
    model = Model(cls.__name__)
    for attribute, declared in cls._attribute_map.items():
        path = [part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", declared["key"])]
        rules = cls._validation.get(attribute, {})
        shape = _shape_of_old(declared["type"], models, _documented_enum(cls, attribute, models))
        target = model
        for step in path[:-1]:
            target = _nested(target, step)
        target.properties[path[-1].lower()] = Property(
            path[-1], shape, bool(rules.get("readonly")), bool(rules.get("required"))
        )
    return model


def _nested(model: Model, name: str) -> Model:
    """The object that a flattened attribute really lives in, such as `properties`."""
    known = model.find(name)
    if known is not None and known.shape.model is not None:
        return known.shape.model()
    inner = Model("Properties")
    model.properties[name.lower()] = Property(name, Shape("model", model=lambda: inner, type_name=inner.name))
    return inner


def _documented_enum(cls: type, attribute: str, models: types.ModuleType) -> type[enum.Enum] | None:
    """Older models type an enum as `str`; its class is named in the docstring only."""
    found = re.search(rf":vartype {attribute}: str or ~[\w.]+\.(\w+)", cls.__doc__ or "")
    candidate = getattr(models, found.group(1), None) if found else None
    return candidate if isinstance(candidate, type) and issubclass(candidate, enum.Enum) else None


def _shape_of_old(declared: str, models: types.ModuleType, documented: type[enum.Enum] | None) -> Shape:
    if declared.startswith("["):
        return Shape("array", item=_shape_of_old(declared[1:-1], models, None), type_name="Array")
    if declared.startswith("{"):
        return Shape("map", item=_shape_of_old(declared[1:-1], models, None), type_name="Dictionary")
    if declared in OLD_SCALARS:
        return _enum_shape(documented) if documented is not None else Shape(OLD_SCALARS[declared])
    cls = getattr(models, declared, None)
    return Shape("any") if cls is None else _shape_of_class(cls)
