"""What every request meets at ARM's front door."""

from __future__ import annotations

import pytest

from .conftest import Arm, network, public_ip


async def test_a_request_without_a_bearer_token_is_unauthorized(arm: Arm) -> None:
    reply = await arm.get(arm.group, headers={"Authorization": ""})
    assert (reply.status, reply.code) == (401, "AuthenticationFailed")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer authorization_uri=")


async def test_a_request_without_an_api_version_is_refused(arm: Arm) -> None:
    reply = await arm.get(arm.group, api_version="")
    assert (reply.status, reply.code) == (400, "MissingApiVersionParameter")


@pytest.mark.parametrize("version", ["2019-05-01", "2099-01-01", "2024-05-01-preview"])
async def test_any_api_version_is_taken(arm: Arm, version: str) -> None:
    assert (await arm.get(arm.group, api_version=version)).status == 200


async def test_an_api_version_that_is_no_date_is_refused(arm: Arm) -> None:
    assert (await arm.get(arm.group, api_version="latest")).code == "InvalidApiVersionParameter"


async def test_every_answer_carries_arm_s_headers(arm: Arm) -> None:
    reply = await arm.get(arm.group, headers={"x-ms-correlation-request-id": "abc"})
    assert reply.headers["x-ms-request-id"]
    assert reply.headers["x-ms-correlation-request-id"] == "abc"
    assert reply.headers["x-ms-routing-request-id"].startswith("SIMULATOR:")
    assert reply.headers["x-ms-ratelimit-remaining-subscription-reads"] == "249"
    assert reply.headers["x-ms-ratelimit-remaining-subscription-global-reads"] == "3749"
    assert reply.headers["Date"]


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "", "[" * 100_000])
async def test_a_body_that_is_no_object_is_invalid_content(arm: Arm, body: str) -> None:
    reply = await arm.put(f"{arm.network}/publicIPAddresses/pip", None, data=body)
    assert (reply.status, reply.code) == (400, "InvalidRequestContent")


async def test_a_body_beyond_four_megabytes_is_refused(arm: Arm) -> None:
    reply = await arm.put(f"{arm.network}/publicIPAddresses/pip", None, data=" " * (4 * 1024 * 1024 + 1))
    assert reply.status == 413


async def test_an_unknown_namespace_and_an_unknown_type_have_their_own_404(arm: Arm) -> None:
    unknown = await arm.get(f"{arm.group}/providers/Contoso.Things/things/a")
    assert (unknown.status, unknown.code) == (404, "InvalidResourceNamespace")
    unknown = await arm.get(f"{arm.network}/things/a")
    assert (unknown.status, unknown.code) == (404, "InvalidResourceType")


async def test_a_method_that_a_resource_does_not_know_is_405(arm: Arm) -> None:
    assert (await arm("POST", f"{arm.network}/publicIPAddresses/pip")).status == 405
    assert (await arm.put(f"{arm.network}/publicIPAddresses", {})).status == 405
    assert (await arm("POST", arm.group)).status == 405


async def test_paths_are_read_whatever_their_case_and_answered_in_the_first_spelling(arm: Arm) -> None:
    made = await arm.made(f"{arm.network}/publicIPAddresses/MyPip", public_ip())
    shouted = (f"{arm.network}/publicIPAddresses/MyPip").upper()
    found = await arm.get(shouted)
    assert found.status == 200
    assert found.body["id"] == made["id"] == f"{arm.network}/publicIPAddresses/MyPip"
    again = await arm.put(shouted, public_ip())
    assert (again.status, again.body["id"]) == (200, made["id"])


async def test_a_missing_resource_is_told_by_the_gateway(arm: Arm) -> None:
    reply = await arm.get(f"{arm.network}/publicIPAddresses/none")
    assert (reply.status, reply.code) == (404, "ResourceNotFound")
    assert reply.headers["x-ms-failure-cause"] == "gateway"
    assert "'Microsoft.Network/publicIPAddresses/none' under resource group 'rg'" in reply.body["error"]["message"]


async def test_a_missing_subnet_is_told_by_the_provider_and_a_missing_network_by_the_gateway(arm: Arm) -> None:
    path = f"{arm.network}/virtualNetworks/net"
    orphan = await arm.get(f"{path}/subnets/none")
    assert (orphan.code, orphan.headers["x-ms-failure-cause"]) == ("ResourceNotFound", "gateway")
    assert "Microsoft.Network/virtualNetworks/net" in orphan.body["error"]["message"]
    await arm.made(path, network())
    missing = await arm.get(f"{path}/subnets/none")
    assert (missing.code, missing.body["error"]["details"]) == ("NotFound", [])
    assert "x-ms-failure-cause" not in missing.headers


async def test_a_resource_in_a_missing_group_is_told_by_its_group(arm: Arm) -> None:
    path = f"{arm.subscription}/resourceGroups/none/providers/Microsoft.Network/publicIPAddresses/pip"
    for reply in (await arm.get(path), await arm.put(path, public_ip()), await arm.delete(path)):
        assert (reply.status, reply.code) == (404, "ResourceGroupNotFound")


async def test_another_subscription_is_not_found(arm: Arm) -> None:
    reply = await arm.get("/subscriptions/00000000-0000-0000-0000-0000000000ff/resourceGroups/rg")
    assert (reply.status, reply.code) == (404, "SubscriptionNotFound")


async def test_head_of_a_resource_says_whether_it_is_there(arm: Arm) -> None:
    path = f"{arm.network}/publicIPAddresses/pip"
    assert (await arm("HEAD", path)).status == 404
    await arm.made(path, public_ip())
    assert (await arm("HEAD", path)).status == 204


@pytest.mark.parametrize(
    "path",
    [
        "/", "//", "/subscriptions/", "/providers", "/subscriptions/x/providers/", "/nonsense/a/b",
        "/{s}/providers/Microsoft.Network", "/{s}/providers/Microsoft.Network/locations/x/operations/y",
        "/{s}/operationresults/garbage!",
        "/{s}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/a/subnets",
        "/{s}/resourceGroups/rg/providers/Microsoft.Network//", "/{s}/resourceGroups/%00/providers/a/b/c",
        "/{s}/providers/Microsoft.Resources/tags/default", "/{s}/resourceGroups/rg/providers",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "POST", "HEAD"])
async def test_no_path_is_answered_with_a_server_error(arm: Arm, method: str, path: str) -> None:
    reply = await arm(method, path.replace("/{s}", arm.subscription), None if method in ("GET", "HEAD") else {})
    assert reply.status < 500


async def test_a_bug_is_answered_as_an_internal_server_error_without_a_traceback(
    started: object, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(request: object) -> None:
        raise ZeroDivisionError("a secret detail")

    async with started(interceptors=(broken,)) as arm:  # type: ignore[operator]
        reply = await arm.get(arm.group)
    assert (reply.status, reply.code) == (500, "InternalServerError")
    assert "secret" not in str(reply.body)
    assert "a secret detail" in caplog.text


async def test_an_interceptor_answers_before_the_resource_is_asked(started: object) -> None:
    from provisioner.simulator.protocol.wire import Request, Response

    def teapot(request: Request) -> Response | None:
        return Response(418) if request.method == "DELETE" else None

    async with started(interceptors=(teapot,)) as arm:  # type: ignore[operator]
        await arm.make_group()
        assert (await arm.delete(arm.group)).status == 418
        assert (await arm.get(arm.group)).status == 200


async def test_a_type_that_is_known_by_name_only_is_kept_as_sent(arm: Arm) -> None:
    path = f"{arm.group}/providers/microsoft.storage/storageaccounts/acc"
    body = {"location": "West US 2", "sku": {"name": "Standard_LRS"}, "properties": {"anything": [1, {"goes": None}]}}
    reply = await arm.put(path, body)
    assert reply.status == 201
    assert reply.body["type"] == "Microsoft.Storage/storageAccounts"
    assert reply.body["properties"] == {"anything": [1, {"goes": None}], "provisioningState": "Succeeded"}
    assert reply.body["location"] == "westus2"
    assert arm.simulator.log.entries()[-1].note == "unmodelled type"
    assert (await arm.delete(path)).status == 200
    assert (await arm.delete(path)).status == 204


@pytest.mark.parametrize(
    "things",
    [
        ["Microsoft.Storage/storageAccounts/acc", "queueServices/default", "queues/jobs"],
        ["Microsoft.Storage/storageAccounts/acc", "tableServices/default", "tables/jobs"],
        ["Microsoft.ServiceBus/namespaces/bus", "topics/jobs", "subscriptions/worker"],
        ["Microsoft.EventHub/namespaces/hub", "eventhubs/jobs", "consumergroups/worker"],
        ["Microsoft.AppConfiguration/configurationStores/store"],
        ["Microsoft.CognitiveServices/accounts/speech"],
    ],
)
async def test_what_roles_are_granted_at_can_be_put_there(arm: Arm, things: list[str]) -> None:
    path = f"{arm.group}/providers"
    for thing in things:
        path = f"{path}/{thing}"
        assert (await arm.put(path, {"location": "westus2", "properties": {}})).status == 201
    assert (await arm.get(path)).body["name"] == path.rpartition("/")[2]
