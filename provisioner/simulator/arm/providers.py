"""Resource providers: which there are, and which the subscription has registered.

In: a request. Out: what `Providers - List/Get/Register/Unregister` (REST, 2021-04-01) answer; and the refusal of
a write in a namespace that is not registered.
"""

from __future__ import annotations

from typing import Any

from ..errors import ArmError, gateway_error, invalid_namespace, method_not_allowed
from ..http.wire import Answer, Call
from ..state.cloud_state import World
from .body_checks import regions

Json = dict[str, Any]
KIND = "provider"
API_VERSIONS = [
    "2026-04-01",
    "2026-03-01",
    "2025-04-01",
    "2024-11-30",
    "2024-07-01",
    "2023-09-01",
    "2022-09-01",
]
ALWAYS = frozenset({"microsoft.resources", "microsoft.authorization", "microsoft.features"})
"""Registered in every subscription ("Azure resource providers and types", section Registration)."""


def check_api_version(world: World, call: Call) -> None:
    """Refuse a version that is newer than the newest here; wordings: "Resolve errors for NoRegisteredProviderFound",
    as pasted of the resource manager."""
    newest, version = world.settings.newest_api_version, call.api_version
    if not newest or version <= newest:
        return
    known = [item for item in API_VERSIONS if item <= newest]
    block = call.arm.blocks[-1] if call.arm.blocks else None
    if block is None or not block.types:
        message = f"The api-version '{version}' is invalid. The supported versions are '{','.join(known)}'."
        raise gateway_error(400, "InvalidApiVersionParameter", message)
    places = ", ".join(regions())
    raise gateway_error(
        400,
        "NoRegisteredProviderFound",
        f"No registered resource provider found for location '' and API version '{version}' for type "
        f"'{'/'.join(block.types)}'. The supported api-versions are '{', '.join(known)}'. The supported locations are "
        f"'{places}'.",
    )


def list_providers(world: World, call: Call, subscription: str | None) -> Answer:
    if subscription is not None:
        world.require_subscription(subscription)
    names = world.registry.namespaces()
    return Answer(200, {"value": [_provider(world, name, subscription is not None) for name in names]})


def one_provider(world: World, call: Call, namespace: str, action: str | None) -> Answer:
    """GET of a provider; POST of `register` or `unregister`."""
    canonical = world.registry.namespace(namespace)
    if canonical is None:
        raise invalid_namespace(namespace)
    if action is None:
        if call.method != "GET":
            raise method_not_allowed(call.method)
        return Answer(200, _provider(world, canonical, call.arm.subscription is not None))
    if call.method != "POST" or action.lower() not in ("register", "unregister"):
        raise method_not_allowed(call.method)
    registered = action.lower() == "register"
    world.store.put(KIND, canonical.lower(), {"registered": registered})
    body = _provider(world, canonical)
    body["registrationState"] = "Registering" if registered else "Unregistering"
    return Answer(200, body)


def is_registered(world: World, namespace: str) -> bool:
    if namespace.lower() in ALWAYS:
        return True
    stored = world.store.get(KIND, namespace.lower())
    if stored is not None:
        return bool(stored["registered"])
    fresh = world.settings.registered
    if fresh is None:
        fresh = world.registry.modelled_namespaces()
    return namespace.lower() in {name.lower() for name in fresh}


def not_registered(namespace: str) -> ArmError:
    return gateway_error(
        409,
        "MissingSubscriptionRegistration",
        f"The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for how "
        "to register subscriptions.",
    )


def _provider(world: World, namespace: str, is_of_subscription: bool = True) -> Json:
    """Of a tenant nothing is said of registration (REST "Providers - Get At Tenant Scope")."""
    state = "Registered" if is_registered(world, namespace) else "NotRegistered"
    types = [
        {
            "resourceType": name,
            "locations": list(regions().values()),
            "apiVersions": API_VERSIONS,
            "defaultApiVersion": API_VERSIONS[0],
            "capabilities": "CrossResourceGroupResourceMove, SupportsTags, SupportsLocation",
        }
        for name in world.registry.types_of(namespace)
    ]
    if not is_of_subscription:
        return {"namespace": namespace, "resourceTypes": types}
    return {
        "id": f"/subscriptions/{world.subscription_id}/providers/{namespace}",
        "namespace": namespace,
        "resourceTypes": types,
        "registrationState": state,
        "registrationPolicy": "RegistrationRequired",
    }
