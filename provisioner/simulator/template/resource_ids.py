"""The functions of the template language that write resource IDs.

In: their arguments. Out: IDs, or TemplateError.

Source: "Resource functions for ARM templates": resourceId, subscriptionResourceId, tenantResourceId,
extensionResourceId.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .expressions import TemplateError

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def scoped(scope: str, words: Sequence[str]) -> str:
    """The ID of a resource at a scope: a type, then as many names as the type has words after its namespace."""
    if not words or "/" not in words[0]:
        raise TemplateError("Unable to evaluate template language function: the resource type is missing.")
    namespace, *types = words[0].strip("/").split("/")
    names = words[1:]
    if len(types) != len(names):
        raise TemplateError(
            f"Unable to evaluate template language function 'resourceId': the type '{words[0]}' requires "
            f"'{len(types)}' resource name argument(s)."
        )
    pairs = "/".join(f"{type_}/{name}" for type_, name in zip(types, names, strict=True))
    return f"{scope}/providers/{namespace}/{pairs}"


def group_scoped(subscription: str, group: str | None, words: Sequence[str]) -> str:
    """`resourceId([subscription], [group], type, names...)`; at a subscription's deployment there is no group."""
    at = next((index for index, word in enumerate(words) if "/" in str(word)), None)
    if at is None or at > 2:
        raise TemplateError("Unable to evaluate template language function 'resourceId': the resource type is missing.")
    before, rest = list(words[:at]), words[at:]
    if before and GUID.fullmatch(str(before[0])):
        subscription = before.pop(0)
    if before:
        group = before.pop(0)
    scope = f"/subscriptions/{subscription}"
    return scoped(scope if group is None else f"{scope}/resourceGroups/{group}", rest)


def subscription_scoped(subscription: str, words: Sequence[str]) -> str:
    """`subscriptionResourceId([subscription], type, names...)`."""
    if words and GUID.fullmatch(str(words[0])):
        subscription, words = words[0], words[1:]
    return scoped(f"/subscriptions/{subscription}", words)


def extension_id(words: Sequence[str]) -> str:
    """`extensionResourceId(resourceId, type, names...)`."""
    return scoped(words[0] if words else "", words[1:])


def joined(type_: str, name: str) -> str:
    """`namespace/type/name/...` of a type and a name with as many words: `Ns/a/b` and `x/y` is `Ns/a/x/b/y`.

    Words of the type that say `providers` stand without a name: extension resources, the older way.
    """
    namespace, *types = type_.split("/")
    names = name.split("/")
    path = [namespace]
    for word in types:
        path.append(word)
        if not names:
            raise TemplateError(_lengths(type_, name))
        path.append(names.pop(0))
    if names:
        raise TemplateError(_lengths(type_, name))
    return "/".join(path)


def _lengths(type_: str, name: str) -> str:
    return (
        f"The template resource '{name}' for type '{type_}' has incorrect segment lengths. A nested resource type must "
        "have identical number of segments as its resource name. A root resource type must have segment length one "
        "greater than its resource name. Please see https://aka.ms/arm-syntax-resources for usage details."
    )
