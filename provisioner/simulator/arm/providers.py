"""Resource providers: which there are, and which the subscription has registered.

In: a request. Out: what `Providers - List/Get/Register/Unregister` (REST, 2021-04-01) answer; and the refusal of
a write in a namespace that is not registered.
"""

from __future__ import annotations

from ..errors import ArmError, gateway_error, invalid_namespace, method_not_allowed
from ..protocol.wire import Request, Response
from .body_checks import regions
from .cloud import Cloud

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


def check_api_version(cloud: Cloud, request: Request) -> None:
    """Refuse a version that is newer than the newest here; wordings: "Resolve errors for NoRegisteredProviderFound",
    as pasted of the resource manager."""
    newest, version = cloud.settings.newest_api_version, request.api_version
    if not newest or version <= newest:
        return
    known = [item for item in API_VERSIONS if item <= newest]
    block = request.arm.blocks[-1] if request.arm.blocks else None
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


def list_providers(cloud: Cloud, request: Request, subscription: str | None) -> Response:
    if subscription is not None:
        cloud.require_subscription(subscription)
    names = cloud.registry.namespaces()
    return Response(200, {"value": [_provider(cloud, name, subscription is not None) for name in names]})


def one_provider(cloud: Cloud, request: Request, namespace: str, action: str | None) -> Response:
    """GET of a provider; POST of `register` or `unregister`."""
    canonical = cloud.registry.namespace(namespace)
    if canonical is None:
        raise invalid_namespace(namespace)
    if action is None:
        if request.method != "GET":
            raise method_not_allowed(request.method)
        return Response(200, _provider(cloud, canonical, request.arm.subscription is not None))
    if request.method != "POST" or action.lower() not in ("register", "unregister"):
        raise method_not_allowed(request.method)
    registered = action.lower() == "register"
    cloud.store.put(KIND, canonical.lower(), {"registered": registered})
    body = _provider(cloud, canonical)
    body["registrationState"] = "Registering" if registered else "Unregistering"
    return Response(200, body)


def is_registered(cloud: Cloud, namespace: str) -> bool:
    if namespace.lower() in ALWAYS:
        return True
    stored = cloud.store.get(KIND, namespace.lower())
    if stored is not None:
        return bool(stored["registered"])
    fresh = cloud.settings.registered
    if fresh is None:
        fresh = cloud.registry.modelled_namespaces()
    return namespace.lower() in {name.lower() for name in fresh}


def not_registered(namespace: str) -> ArmError:
    return gateway_error(
        409,
        "MissingSubscriptionRegistration",
        f"The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for how "
        "to register subscriptions.",
    )


def _provider(cloud: Cloud, namespace: str, is_of_subscription: bool = True) -> dict[str, object]:
    """Of a tenant nothing is said of registration (REST "Providers - Get At Tenant Scope")."""
    state = "Registered" if is_registered(cloud, namespace) else "NotRegistered"
    types = [
        {
            "resourceType": name,
            "locations": list(regions().values()),
            "apiVersions": API_VERSIONS,
            "defaultApiVersion": API_VERSIONS[0],
            "capabilities": "CrossResourceGroupResourceMove, SupportsTags, SupportsLocation",
        }
        for name in cloud.registry.types_of(namespace)
    ]
    if not is_of_subscription:
        return {"namespace": namespace, "resourceTypes": types}
    return {
        "id": f"/subscriptions/{cloud.subscription_id}/providers/{namespace}",
        "namespace": namespace,
        "resourceTypes": types,
        "registrationState": state,
        "registrationPolicy": "RegistrationRequired",
    }
