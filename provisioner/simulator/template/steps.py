"""A template's resources: loops turned, children laid flat, names evaluated, and what each waits for.

In: a template, a scope with its parameters. Out: `Step`s in the order of the template; or TemplateError. Bodies are
not evaluated here: `body_of` does that, when it is their turn.

Source: "Resource declaration in ARM templates", "Resource iteration", "Define the order for deploying resources".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..json_values import Json
from .evaluation import LATER, Scope, count_of, evaluate, evaluate_object
from .expressions import TemplateError
from .resource_ids import joined

DEPLOYMENTS = "microsoft.resources/deployments"
GROUPS = "microsoft.resources/resourcegroups"
NOT_SENT = frozenset(
    {"apiversion", "type", "name", "dependson", "condition", "copy", "comments", "scope", "resources", "existing",
     "metadata", "resourcegroup", "subscriptionid"}
)  # fmt: skip
AT_MOST = 800
"""Resources in a template: "Azure subscription and service limits"."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One resource to be written.

    Attributes:
        words: other names under which `dependsOn` and `reference` may call it, in lower case.
        wanted: what its condition says; one that is not wanted counts as done.
        existing: only named, so that others can refer to it.
        source: the resource as the template has it.
    """

    id: str
    type: str
    name: str
    api_version: str
    words: frozenset[str]
    wanted: bool
    existing: bool
    source: Json
    scope: Scope


def steps_of(template: Json, scope: Scope) -> list[Step]:
    """The resources of a template."""
    resources = template.get("resources")
    if isinstance(resources, dict):
        listed = [(symbol, resource) for symbol, resource in resources.items()]
    elif isinstance(resources, list):
        listed = [("", resource) for resource in resources]
    else:
        raise TemplateError("The template has no 'resources'.")
    steps = [step for symbol, resource in listed for step in _turned(resource, symbol, scope, None)]
    if len(steps) > AT_MOST:
        raise TemplateError(f"The number of template resources '{len(steps)}' exceeds the limit of '{AT_MOST}'.")
    seen: set[str] = set()
    for step in steps:
        if step.id.lower() in seen and step.wanted:
            raise TemplateError(f"The resource '{step.id}' is defined multiple times in a template.")
        if step.wanted:
            seen.add(step.id.lower())
    return steps


def _turned(resource: object, symbol: str, scope: Scope, parent: Step | None) -> Iterator[Step]:
    if not isinstance(resource, dict):
        raise TemplateError("A template resource must be an object.")
    loop = resource.get("copy")
    if loop is None:
        yield from _one(resource, symbol, scope, parent)
        return
    if not isinstance(loop, dict) or not loop.get("name"):
        raise TemplateError("The 'copy' of a template resource needs 'name' and 'count'.")
    for index in range(count_of(loop.get("count"), scope)):
        yield from _one(resource, symbol or str(loop["name"]), scope.inside(str(loop["name"]), index), parent)


def _one(resource: Json, symbol: str, scope: Scope, parent: Step | None) -> Iterator[Step]:
    type_, name = (_early(resource, key, scope) for key in ("type", "name"))
    if parent is not None and not type_.lower().startswith(f"{parent.type.lower()}/"):
        type_ = f"{parent.type}/{type_}"
        name = f"{parent.name}/{name}"
    condition = evaluate(resource.get("condition", True), scope)
    wanted = str(condition).lower() == "true"
    existing = resource.get("existing") is True
    step = Step(
        id=_id(resource, type_, name, scope),
        type=type_,
        name=name,
        api_version="" if existing else _early(resource, "apiVersion", scope),
        words=frozenset(word.lower() for word in (symbol, name, joined(type_, name), f"{type_}/{name}") if word),
        wanted=wanted,
        existing=existing,
        source=resource,
        scope=scope,
    )
    yield step
    for child in resource.get("resources") or () if wanted else ():
        yield from _turned(child, "", scope, step)


def _early(resource: Json, key: str, scope: Scope) -> str:
    """A value that must be known before anything is deployed."""
    value = evaluate(resource.get(key), scope)
    if not isinstance(value, str) or not value:
        raise TemplateError(f"The template resource property '{key}' is missing, or cannot be known beforehand.")
    return value


def _id(resource: Json, type_: str, name: str, scope: Scope) -> str:
    at = scope.surroundings
    base = f"/subscriptions/{at.subscription}"
    if type_.lower() == GROUPS:
        return f"{base}/resourceGroups/{name}"
    wanted = resource.get("scope")
    if wanted is not None:
        target = _early(resource, "scope", scope).rstrip("/")
        if not target.startswith("/"):
            words = target.split("/")
            target = _in_group(base, at.group, "/".join([words[0], *words[1::2]]), "/".join(words[2::2]))
        return f"{target}/providers/{joined(type_, name)}"
    group = at.group
    if type_.lower() == DEPLOYMENTS and "resourceGroup" in resource:
        group = _early(resource, "resourceGroup", scope)
    return _in_group(base, group, type_, name)


def _in_group(base: str, group: str | None, type_: str, name: str) -> str:
    scope = base if group is None else f"{base}/resourceGroups/{group}"
    return f"{scope}/providers/{joined(type_, name)}"


def find(steps: Sequence[Step], word: str) -> list[Step]:
    """The steps that a `dependsOn` or a `reference` means: by ID, by type and name, by name, by loop or symbol."""
    key = word.strip("/").lower()
    by_id = [step for step in steps if step.id.strip("/").lower() == key]
    return by_id or [step for step in steps if key in step.words]


def waits_of(steps: Sequence[Step]) -> Mapping[str, list[str]]:
    """For each step (by ID) the IDs it waits for: those it names, and those it refers to; loops are refused."""
    waits: dict[str, list[str]] = {}
    for step in steps:
        needed: dict[str, None] = {}
        words = evaluate(step.source.get("dependsOn") or [], step.scope)
        if not isinstance(words, list):
            raise TemplateError(f"The 'dependsOn' of the template resource '{step.name}' must be an array.")
        for word in words:
            found = find(steps, str(word))
            if not found:
                raise TemplateError(
                    f"The resource '{word}' is not defined in the template. Please see https://aka.ms/arm-syntax for "
                    "usage details."
                )
            needed.update((other.id, None) for other in found)
        if step.wanted:
            needed.update((other, None) for other in _referred(step, steps))
        waits[step.id] = [other for other in needed if other != step.id]
    _check_loops(waits)
    return waits


def _referred(step: Step, steps: Sequence[Step]) -> list[str]:
    """The steps whose values a body needs; this also shows whether its expressions can be evaluated at all."""
    met: list[str] = []

    def reference(target: str, full: bool) -> object:
        met.extend(other.id for other in find(steps, target))
        return LATER

    body_of(step, reference)
    return met


def body_of(step: Step, reference: Callable[[str, bool], object]) -> Json:
    """The body to be written; an inner template is left as it is when its own deployment is to evaluate it."""
    scope = replace(step.scope, surroundings=replace(step.scope.surroundings, reference=reference))
    source = {key: value for key, value in step.source.items() if key.lower() not in NOT_SENT}
    properties = source.get("properties")
    if step.type.lower() == DEPLOYMENTS and isinstance(properties, dict):
        options = properties.get("expressionEvaluationOptions") or {}
        if str(options.get("scope", "")).lower() == "inner":
            rest = {key: value for key, value in properties.items() if key != "template"}
            evaluated = evaluate_object({**source, "properties": rest}, scope)
            evaluated["properties"]["template"] = properties.get("template")
            return evaluated
    return evaluate_object(source, scope)


def _check_loops(waits: Mapping[str, Sequence[str]]) -> None:
    left = {step: set(needed) for step, needed in waits.items()}
    while ready := [step for step, needed in left.items() if not needed & left.keys()]:
        for step in ready:
            del left[step]
    if left:
        raise TemplateError(
            f"Circular dependency detected on resource: '{next(iter(left))}'. Please see "
            "https://aka.ms/arm-syntax-resources for usage details."
        )
