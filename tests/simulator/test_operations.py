"""Long-running operations: how they begin, how they are polled, how they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.simulator.errors import ArmError
from provisioner.simulator.state.operations import Operation

from .conftest import LOCATION, Arm, Starter, network, public_ip

PIP = "publicIPAddresses/pip"


async def test_a_network_resource_is_updating_until_its_operation_ends(arm: Arm) -> None:
    path = f"{arm.network}/{PIP}"
    begun = await arm.put(path, public_ip())
    assert (begun.status, begun.headers["Retry-After"]) == (201, "1")
    assert "Location" not in begun.headers
    assert begun.body["properties"]["provisioningState"] == "Updating"
    assert "ipAddress" not in begun.body["properties"]
    url = begun.headers["Azure-AsyncOperation"]
    assert f"/providers/Microsoft.Network/locations/{LOCATION}/operations/" in url
    running = await arm.get(url)
    assert (running.body, running.headers["Retry-After"]) == ({"status": "InProgress"}, "10")
    assert (await arm.get(path)).body["properties"]["provisioningState"] == "Updating"
    arm.clock.advance(1)
    assert (await arm.get(url)).body == {"status": "Succeeded"}
    done = (await arm.get(path)).body
    assert done["properties"]["provisioningState"] == "Succeeded"
    assert done["properties"]["ipAddress"]
    assert done["etag"] != begun.body["etag"]


async def test_an_update_is_answered_200_and_a_delete_202_with_both_headers(arm: Arm) -> None:
    path = f"{arm.network}/{PIP}"
    await arm.made(path, public_ip())
    updated = await arm.put(path, public_ip(idleTimeoutInMinutes=10))
    assert (updated.status, updated.body["properties"]["provisioningState"]) == (200, "Updating")
    arm.clock.advance(1)
    deleted = await arm.delete(path)
    assert (deleted.status, deleted.body) == (202, None)
    assert "/operationResults/" in deleted.headers["Location"]
    assert (await arm.get(path)).body["properties"]["provisioningState"] == "Deleting"
    assert (await arm.get(deleted.headers["Location"])).status == 202
    arm.clock.advance(10)
    assert (await arm.get(deleted.headers["Location"])).status == 204
    assert (await arm.get(deleted.headers["Azure-AsyncOperation"])).body == {"status": "Succeeded"}
    assert (await arm.get(path)).status == 404
    assert (await arm.delete(path)).status == 204


async def test_a_second_write_while_one_runs_is_a_conflict_that_names_the_first(arm: Arm) -> None:
    path = f"{arm.network}/{PIP}"
    begun = await arm.put(path, public_ip())
    second = await arm.put(path, public_ip(idleTimeoutInMinutes=10))
    assert (second.status, second.code) == (409, "AnotherOperationInProgress")
    assert begun.headers["Azure-AsyncOperation"] in second.body["error"]["message"]


async def test_subnets_of_one_network_are_written_one_at_a_time(arm: Arm) -> None:
    path = f"{arm.network}/virtualNetworks/net"
    await arm.made(path, network())
    one = await arm.put(f"{path}/subnets/one", {"properties": {"addressPrefix": "10.0.0.0/24"}})
    assert one.status == 201
    assert (await arm.get(path)).body["properties"]["provisioningState"] == "Updating"
    two = await arm.put(f"{path}/subnets/two", {"properties": {"addressPrefix": "10.0.1.0/24"}})
    assert two.code == "AnotherOperationInProgress"
    arm.clock.advance(1)
    assert (await arm.put(f"{path}/subnets/two", {"properties": {"addressPrefix": "10.0.1.0/24"}})).status == 201


async def test_an_operation_outlives_the_process_that_began_it(started: Starter, tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    async with started(state_path=state) as arm:
        await arm.make_group()
        begun = await arm.put(f"{arm.network}/{PIP}", public_ip())
        url = begun.headers["Azure-AsyncOperation"].removeprefix(arm.simulator.url)
    async with started(state_path=state) as arm:
        assert (await arm.get(f"{arm.network}/{PIP}")).body["properties"]["provisioningState"] == "Updating"
        arm.clock.advance(1)
        assert (await arm.get(url, api_version="")).body == {"status": "Succeeded"}
        assert (await arm.get(f"{arm.network}/{PIP}")).body["properties"]["provisioningState"] == "Succeeded"


async def test_an_operation_can_end_as_failed(started: Starter) -> None:
    def fail(operation: Operation) -> ArmError | None:
        return ArmError(409, "AllocationFailed", "No room.") if operation.verb == "create" else None

    async with started(operation_outcome=fail) as arm:
        await arm.make_group()
        begun = await arm.put(f"{arm.network}/{PIP}", public_ip())
        arm.clock.advance(1)
        polled = await arm.get(begun.headers["Azure-AsyncOperation"])
        assert polled.body == {"status": "Failed", "error": {"code": "AllocationFailed", "message": "No room."}}
        assert (await arm.get(f"{arm.network}/{PIP}")).body["properties"]["provisioningState"] == "Failed"
        assert (await arm.put(f"{arm.network}/{PIP}", public_ip())).status == 200


async def test_a_scaled_retry_after_is_never_zero_and_the_first_answer_has_none(started: Starter) -> None:
    async with started(time_scale=0.0) as arm:
        await arm.make_group()
        begun = await arm.put(f"{arm.network}/{PIP}", public_ip())
        assert "Retry-After" not in begun.headers
        assert (await arm.get(begun.headers["Azure-AsyncOperation"])).body == {"status": "Succeeded"}
    async with started(time_scale=0.001) as arm:
        await arm.make_group()
        begun = await arm.put(f"{arm.network}/{PIP}", public_ip())
        assert (await arm.get(begun.headers["Azure-AsyncOperation"])).headers["Retry-After"] == "0.01"


async def test_durations_can_be_set_per_type_and_operation(started: Starter) -> None:
    async with started(durations_s={("microsoft.network/publicipaddresses", "create"): 50.0}) as arm:
        await arm.make_group()
        url = (await arm.put(f"{arm.network}/{PIP}", public_ip())).headers["Azure-AsyncOperation"]
        arm.clock.advance(49)
        assert (await arm.get(url)).body["status"] == "InProgress"
        arm.clock.advance(1)
        assert (await arm.get(url)).body["status"] == "Succeeded"


async def test_an_unknown_operation_is_not_found(arm: Arm) -> None:
    url = f"{arm.subscription}/providers/Microsoft.Network/locations/{LOCATION}/operations/none"
    assert (await arm.get(url)).status == 404


@pytest.mark.parametrize("header", ['W/"other"', '"other"'])
async def test_a_write_with_another_etag_is_refused(arm: Arm, header: str) -> None:
    path = f"{arm.network}/{PIP}"
    made = await arm.made(path, public_ip())
    for method, body in (("PUT", public_ip()), ("PATCH", {"tags": {}}), ("DELETE", None)):
        reply = await arm(method, path, body, headers={"If-Match": header})
        assert (reply.status, reply.code) == (412, "PreconditionFailed")
    assert (await arm.put(path, public_ip(), headers={"If-Match": made["etag"]})).status == 200


async def test_if_match_needs_a_resource_and_if_none_match_needs_none(arm: Arm) -> None:
    path = f"{arm.network}/{PIP}"
    assert (await arm.put(path, public_ip(), headers={"If-Match": "*"})).status == 412
    assert (await arm.put(path, public_ip(), headers={"If-None-Match": "*"})).status == 201
    arm.clock.advance(1)
    assert (await arm.put(path, public_ip(), headers={"If-None-Match": "*"})).status == 412


async def test_a_get_carries_the_etag_as_a_header(arm: Arm) -> None:
    made = await arm.made(f"{arm.network}/{PIP}", public_ip())
    assert (await arm.get(f"{arm.network}/{PIP}")).headers["ETag"] == made["etag"]
