"""Tenants, subscriptions, and the regions of a subscription.

In: a request. Out: what `Subscriptions - List/Get/List Locations` and `Tenants - List` (REST, 2022-12-01) answer.
"""

from __future__ import annotations

from typing import Any

from ..http.wire import Answer, Call
from ..state.cloud_state import World
from .body_checks import regions

Json = dict[str, Any]
SUBSCRIPTION_NAME = "Simulated subscription"


def list_tenants(world: World, call: Call) -> Answer:
    tenant = {
        "id": f"/tenants/{world.tenant_id}",
        "tenantId": world.tenant_id,
        "countryCode": "US",
        "displayName": "Simulated directory",
        "domains": ["simulated.onmicrosoft.com"],
        "tenantCategory": "Home",
        "defaultDomain": "simulated.onmicrosoft.com",
        "tenantType": "AAD",
    }
    return Answer(200, {"value": [tenant]})


def list_subscriptions(world: World, call: Call) -> Answer:
    return Answer(200, {"value": [_subscription(world)], "count": {"type": "Total", "value": 1}})


def get_subscription(world: World, call: Call, subscription: str) -> Answer:
    world.require_subscription(subscription)
    return Answer(200, _subscription(world))


def list_locations(world: World, call: Call, subscription: str) -> Answer:
    world.require_subscription(subscription)
    value = [
        {
            "id": f"/subscriptions/{world.subscription_id}/locations/{name}",
            "name": name,
            "type": "Region",
            "displayName": display,
            "regionalDisplayName": display,
            "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
        }
        for name, display in regions().items()
    ]
    return Answer(200, {"value": value})


def _subscription(world: World) -> Json:
    body: Json = {
        "id": f"/subscriptions/{world.subscription_id}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": world.subscription_id,
        "tenantId": world.tenant_id,
        "displayName": SUBSCRIPTION_NAME,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }
    tags = world.store.get("subscription_tags", world.subscription_id)
    if tags:
        body["tags"] = tags
    return body
