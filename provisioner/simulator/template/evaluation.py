"""Values in templates: JSON in which strings may be expressions, evaluated in a scope.

In: JSON, a `Scope`. Out: JSON. What only the deployment's course can tell (`reference`) is asked of `Surroundings`;
before the deployment runs it is `LATER`, and so is whatever depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..json_values import Json
from .expressions import Access, Invocation, Literal, Node, TemplateError, expression_of, parse
from .functions import invoke
from .resource_ids import extension_id, group_scoped, scoped, subscription_scoped


class Later:
    """A value that nobody can know yet."""


LATER = Later()


@dataclass(frozen=True)
class Loop:
    """A variable that is a list made by a loop: `{name, count, input}`."""

    loop: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a template may ask: who it is deployed for, and what is there.

    `values` are the results of functions without arguments (`subscription`, `resourceGroup`, `deployment`, ...) in
    lower case; `reference` gets a resource's ID or name, and whether the whole resource is wanted.
    """

    subscription: str
    group: str | None
    values: Mapping[str, object]
    reference: Callable[[str, bool], object]


@dataclass(frozen=True)
class Scope:
    """Names that expressions may use; `indexes` are those of the loops around, "" for the innermost."""

    surroundings: Surroundings
    parameters: Mapping[str, object] = field(default_factory=dict)
    variables: Mapping[str, object] = field(default_factory=dict)
    indexes: Mapping[str, int] = field(default_factory=dict)
    known: dict[str, object] = field(default_factory=dict)
    """Variables that were evaluated already."""
    once: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    """Functions of parameter defaults alone: `newGuid`, `utcNow`."""

    def inside(self, loop: str, index: int) -> Scope:
        """The scope of one turn of a loop."""
        return replace(self, indexes={**self.indexes, "": index, loop.lower(): index})


def evaluate(value: object, scope: Scope) -> object:
    """A JSON value with its expressions replaced by what they stand for."""
    if isinstance(value, str):
        expression = expression_of(value)
        if expression is None:
            return value[1:] if value.startswith("[[") else value
        return _node(parse(expression), scope)
    if isinstance(value, list):
        return [evaluate(entry, scope) for entry in value]
    return evaluate_object(value, scope) if isinstance(value, dict) else value


def evaluate_object(value: Mapping[str, object], scope: Scope) -> Json:
    """An object with its expressions replaced, those in its names too, and its loops turned."""
    evaluated = {_name(name, scope): evaluate(entry, scope) for name, entry in value.items() if name != "copy"}
    loops = value.get("copy")
    if isinstance(loops, list):
        evaluated.update(_looped(loops, scope))
    elif loops is not None:
        evaluated["copy"] = evaluate(loops, scope)
    return evaluated


def _name(name: str, scope: Scope) -> str:
    return str(evaluate(name, scope)) if name.startswith("[") else name


def _looped(loops: Sequence[object], scope: Scope) -> Json:
    """Properties that are loops: `copy: [{name, count, input}]`."""
    made: Json = {}
    for loop in loops:
        if not isinstance(loop, Mapping) or "name" not in loop or "input" not in loop:
            raise TemplateError("A property copy needs 'name', 'count' and 'input'.")
        name = str(loop["name"])
        made[name] = [
            evaluate(loop["input"], scope.inside(name, index)) for index in range(count_of(loop.get("count"), scope))
        ]
    return made


def count_of(value: object, scope: Scope) -> int:
    """How often a loop turns."""
    count = evaluate(value, scope)
    # "Resource iteration in ARM templates", Copy limits: at most 800 iterations.
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= 800:
        raise TemplateError("The 'copy' count must be a whole number from 0 to 800.")
    return count


def _node(node: Node, scope: Scope) -> object:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Access):
        return _accessed(_node(node.target, scope), _node(node.key, scope))
    return _invoked(node, scope)


def _accessed(target: object, key: object) -> object:
    if target is LATER or key is LATER:
        return LATER
    if isinstance(target, dict) and isinstance(key, str):
        for name, value in target.items():
            if name.lower() == key.lower():
                return value
        available = ", ".join(target)
        raise TemplateError(
            f"The language expression property '{key}' doesn't exist, available properties are '{available}'."
        )
    if isinstance(target, list) and isinstance(key, int):
        if -len(target) <= key < len(target):
            return target[key]
        raise TemplateError(f"The language expression property array index '{key}' is out of bounds.")
    raise TemplateError(f"The language expression property '{key}' can't be evaluated.")


def _invoked(node: Invocation, scope: Scope) -> object:
    if node.name == "if":
        return _if(node, scope)
    arguments = [_node(argument, scope) for argument in node.arguments]
    if any(argument is LATER for argument in arguments):
        return LATER
    own = _OWN.get(node.name)
    if own is not None:
        return own(scope, *arguments)
    values = scope.surroundings.values
    if node.name in values and not arguments:
        return values[node.name]
    if node.name in scope.once:
        return scope.once[node.name](*arguments)
    return invoke(node.name, arguments)


def _if(node: Invocation, scope: Scope) -> object:
    if len(node.arguments) != 3:
        raise TemplateError("The template function 'if' takes three arguments.")
    condition = _node(node.arguments[0], scope)
    if condition is LATER:
        return LATER
    return _node(node.arguments[1 if condition else 2], scope)


def _parameters(scope: Scope, name: str) -> object:
    for known, value in scope.parameters.items():
        if known.lower() == name.lower():
            return value
    raise TemplateError(
        f"The template parameter '{name}' is not found. Please see https://aka.ms/arm-syntax-parameters for usage "
        "details."
    )


def _variables(scope: Scope, name: str) -> object:
    key = name.lower()
    if key not in scope.known:
        raw = next((entry for known, entry in scope.variables.items() if known.lower() == key), LATER)
        if raw is LATER:
            raise TemplateError(
                f"The template variable '{name}' is not found. Please see https://aka.ms/arm-syntax-variables for "
                "usage details."
            )
        scope.known[key] = LATER  # a variable that needs itself is never known
        outside = replace(scope, indexes={})
        if isinstance(raw, Loop):
            scope.known[key] = next(iter(_looped([raw.loop], outside).values()))
        else:
            scope.known[key] = evaluate(raw, outside)
    return scope.known[key]


def _copy_index(scope: Scope, *arguments: object) -> int:
    loop = next((argument for argument in arguments if isinstance(argument, str)), "")
    offset = next((argument for argument in arguments if isinstance(argument, int)), 0)
    index = scope.indexes.get(loop.lower())
    if index is None:
        raise TemplateError("The template function 'copyIndex' is not expected at this location.")
    return index + offset


def _reference(scope: Scope, target: str, *rest: object) -> object:
    full = len(rest) > 1 and str(rest[1]).lower() == "full"
    return scope.surroundings.reference(target, full)


_OWN: Mapping[str, Callable[..., object]] = {
    "parameters": _parameters,
    "variables": _variables,
    "copyindex": _copy_index,
    "reference": _reference,
    "resourceid": lambda scope, *words: group_scoped(scope.surroundings.subscription, scope.surroundings.group, words),
    "subscriptionresourceid": lambda scope, *words: subscription_scoped(scope.surroundings.subscription, words),
    "tenantresourceid": lambda scope, *words: scoped("", words),
    "extensionresourceid": lambda scope, *words: extension_id(words),
}
