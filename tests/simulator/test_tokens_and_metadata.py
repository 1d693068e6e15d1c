"""Logging in, and learning what a cloud offers."""

from __future__ import annotations

import base64
import json
from typing import Any

import aiohttp

from .conftest import Arm


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return content


async def token_of(arm: Arm, client: str, path: str = "/oauth2/v2.0/token") -> dict[str, Any]:
    form = {
        "grant_type": "client_credentials",
        "client_id": client,
        "client_secret": "s",
        "scope": "https://a/.default",
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{arm.simulator.url}/{arm.simulator.tenant_id}{path}", data=form) as response,
    ):
        assert response.status == 200
        answer: dict[str, Any] = await response.json()
        return answer


async def test_a_client_always_gets_the_same_object_id(arm: Arm) -> None:
    one = claims((await token_of(arm, "client-a"))["access_token"])
    same = claims((await token_of(arm, "client-a"))["access_token"])
    other = claims((await token_of(arm, "client-b"))["access_token"])
    assert one["oid"] == same["oid"] != other["oid"]
    assert (one["tid"], one["appid"], one["aud"]) == (arm.simulator.tenant_id, "client-a", "https://a")
    assert one["exp"] > arm.clock()


async def test_the_older_token_endpoint_answers_numbers_as_text(arm: Arm) -> None:
    answer = await token_of(arm, "client-a", "/oauth2/token")
    assert answer["expires_in"].isdigit()
    assert answer["expires_on"].isdigit()


async def test_a_token_that_was_handed_out_names_the_caller_in_the_log(arm: Arm) -> None:
    token = (await token_of(arm, "client-a"))["access_token"]
    await arm.get(arm.group, headers={"Authorization": f"Bearer {token}"})
    assert arm.simulator.log.entries()[-1].principal == claims(token)["oid"]


async def test_cloud_metadata_is_an_object_in_newer_versions_and_an_array_in_older_ones(arm: Arm) -> None:
    newer = await arm.get("/metadata/endpoints", api_version="2022-09-01", headers={"Authorization": ""})
    older = await arm.get("/metadata/endpoints", api_version="2019-05-01", headers={"Authorization": ""})
    assert newer.body["resourceManager"] == f"{arm.simulator.url}/"
    assert newer.body["authentication"]["loginEndpoint"] == arm.simulator.url
    assert newer.body["timeScale"] == arm.simulator.world.settings.time_scale
    assert older.body == [newer.body]


async def test_openid_configuration_leads_to_the_token_endpoint(arm: Arm) -> None:
    reply = await arm.get(
        f"/{arm.simulator.tenant_id}/v2.0/.well-known/openid-configuration", headers={"Authorization": ""}
    )
    assert reply.body["token_endpoint"] == f"{arm.simulator.url}/{arm.simulator.tenant_id}/oauth2/v2.0/token"


async def test_subscriptions_tenants_and_locations_are_listed(arm: Arm) -> None:
    subscriptions = (await arm.get("/subscriptions")).body["value"]
    assert [entry["subscriptionId"] for entry in subscriptions] == [arm.simulator.subscription_id]
    assert (await arm.get(arm.subscription)).body["tenantId"] == arm.simulator.tenant_id
    assert (await arm.get("/tenants")).body["value"][0]["tenantId"] == arm.simulator.tenant_id
    assert {"westus2", "westeurope"} <= set((await arm.get(f"{arm.subscription}/locations")).names)


async def test_a_provider_can_be_unregistered_and_then_refuses_writes(arm: Arm) -> None:
    path = f"{arm.subscription}/providers/microsoft.network"
    assert (await arm.get(path)).body["registrationState"] == "Registered"
    assert (await arm("POST", f"{path}/unregister")).status == 200
    refused = await arm.put(f"{arm.network}/publicIPAddresses/pip", {"location": "westus2"})
    assert (refused.status, refused.code) == (409, "MissingSubscriptionRegistration")
    assert (await arm("POST", f"{path}/register")).body["registrationState"] == "Registering"
    assert (await arm.get(path)).body["registrationState"] == "Registered"


async def test_providers_list_names_types_and_states(arm: Arm) -> None:
    listed = (await arm.get(f"{arm.subscription}/providers")).body["value"]
    found = {entry["namespace"]: entry for entry in listed}
    assert found["Microsoft.Network"]["registrationState"] == "Registered"
    assert found["Microsoft.Sql"]["registrationState"] == "NotRegistered"
    assert "virtualNetworks" in {entry["resourceType"] for entry in found["Microsoft.Network"]["resourceTypes"]}
