"""Tenants, subscriptions, and the regions of a subscription.

In: a request. Out: what `Subscriptions - List/Get/List Locations` and `Tenants - List` (REST, 2022-12-01) answer.
"""

from __future__ import annotations

from ..json_values import JsonObject
from ..protocol.wire import Request, Response
from .body_checks import regions
from .cloud import Cloud

SUBSCRIPTION_NAME = "Simulated subscription"


def list_tenants(cloud: Cloud, request: Request) -> Response:
    tenant = {
        "id": f"/tenants/{cloud.tenant_id}",
        "tenantId": cloud.tenant_id,
        "countryCode": "US",
        "displayName": "Simulated directory",
        "domains": ["simulated.onmicrosoft.com"],
        "tenantCategory": "Home",
        "defaultDomain": "simulated.onmicrosoft.com",
        "tenantType": "AAD",
    }
    return Response(200, {"value": [tenant]})


def list_subscriptions(cloud: Cloud, request: Request) -> Response:
    return Response(200, {"value": [_subscription(cloud)], "count": {"type": "Total", "value": 1}})


def get_subscription(cloud: Cloud, request: Request, subscription: str) -> Response:
    cloud.require_subscription(subscription)
    return Response(200, _subscription(cloud))


def list_locations(cloud: Cloud, request: Request, subscription: str) -> Response:
    cloud.require_subscription(subscription)
    value = [
        {
            "id": f"/subscriptions/{cloud.subscription_id}/locations/{name}",
            "name": name,
            "type": "Region",
            "displayName": display,
            "regionalDisplayName": display,
            "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
        }
        for name, display in regions().items()
    ]
    return Response(200, {"value": value})


def _subscription(cloud: Cloud) -> JsonObject:
    body: JsonObject = {
        "id": f"/subscriptions/{cloud.subscription_id}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": cloud.subscription_id,
        "tenantId": cloud.tenant_id,
        "displayName": SUBSCRIPTION_NAME,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }
    tags = cloud.store.get("subscription_tags", cloud.subscription_id)
    if tags:
        body["tags"] = tags
    return body
