"""Writes whose end was not seen: recognised, waited for, not made twice and not taken for errors."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from provisioner.base.diagnostics import ExecutionError
from provisioner.execution.recovery import at_rest
from provisioner.resources.kinds import public_ip, resource_group
from provisioner.simulator import Settings
from provisioner.simulator.errors import ArmError
from provisioner.simulator.faults.apply import applied
from provisioner.simulator.faults.reading import parse_faults
from tests import harness
from tests.harness import World, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

SPEC = HEAD + NETWORK + machine("    identity: {system_assigned: true}\n")
SPEC += "role_grants: {read: {role: Reader, to: [vms/web]}}\n"


def troubled(text: str, time_scale: float = 0.003) -> dict[str, Any]:
    chosen = applied(parse_faults(text), Settings(time_scale=time_scale))
    return {name: getattr(chosen, name) for name in chosen.__dataclass_fields__}


def writes(world: World, word: str) -> list[int]:
    return [entry.status for entry in world.simulator.log.entries() if entry.method == "PUT" and word in entry.path]


async def test_a_lost_answer_is_waited_out_and_not_an_error(tmp_path: Path) -> None:
    rule = "{type: Microsoft.Compute/virtualMachines, operation: create, times: 1, drop: after}"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        assert failures(await world.apply(SPEC)) == []
        waited = [event.detail for event in world.events if event.phase == "retrying"]
        assert "waiting for the end of Creating" in waited
        assert not (await world.plan(SPEC)).pending


@pytest.mark.parametrize(("lost", "statuses"), [("before", [0, 201]), ("after", [201, 409])])
async def test_a_lost_answer_leads_to_exactly_one_more_write(tmp_path: Path, lost: str, statuses: list[int]) -> None:
    rule = f"{{type: Microsoft.Compute/virtualMachines, operation: create, times: 1, drop: {lost}}}"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        assert failures(await world.apply(SPEC)) == []
        assert writes(world, "/virtualMachines/web") == statuses


async def test_a_429_without_headers_is_tried_again(tmp_path: Path) -> None:
    refused: list[str] = []

    def refuse(call: Any) -> None:
        if call.method == "PUT" and "/publicIPAddresses/" in call.path and len(refused) < 2:
            refused.append(call.path)
            raise ArmError(429, "TooManyRequests", "Too many.")

    async with harness.world(tmp_path, interceptors=(refuse,)) as world:
        assert failures(await world.apply(HEAD + "network: {public_ips: {out: {}}}\n")) == []
        assert writes(world, "/publicIPAddresses/out") == [429, 429, 201]


async def test_what_was_just_written_and_is_not_known_everywhere_is_waited_for(tmp_path: Path) -> None:
    async with harness.world(tmp_path, **troubled("rules: [{operation: read, missing_s: 20}]")) as world:
        assert failures(await world.apply(SPEC)) == []


async def test_what_is_not_there_at_all_fails_at_once(tmp_path: Path) -> None:
    spec = SPEC.replace("ubuntu-24_04-lts:server", "ubuntu-1_04-lts:server")
    async with harness.world(tmp_path) as world:
        (failure,) = [text for text in failures(await world.apply(spec)) if text.startswith("vms/web: ")]
        assert "PlatformImageNotFound: The platform image 'Canonical:ubuntu-1_04-lts:server:latest' is not" in failure
        assert not [event for event in world.events if event.phase == "retrying"]


async def test_credentials_that_expire_meanwhile_are_renewed(tmp_path: Path) -> None:
    async with harness.world(tmp_path, **troubled("credentials: {expire_after_s: 60}")) as world:
        assert failures(await world.apply(SPEC)) == []


async def test_reads_get_a_new_token_too(tmp_path: Path) -> None:
    async with harness.world(tmp_path, **troubled("credentials: {expire_after_s: 600}", time_scale=0.001)) as world:
        assert await world.session.operations.list_group(GROUP) == []
        await asyncio.sleep(0.7)
        assert await world.session.operations.list_group(GROUP) == []
        statuses = [entry.status for entry in world.simulator.log.entries() if f"/{GROUP}/" in entry.path]
        assert statuses == [404, 401, 404]


async def test_a_wait_for_what_runs_outlasts_lost_connections(tmp_path: Path) -> None:
    rule = "{type: Microsoft.Network/publicIPAddresses, operation: read, times: 20, drop: before}"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        operations, identity = world.session.operations, world.in_group(GROUP, public_ip.KIND.type, "out")
        group = identity.partition("/providers/")[0]
        await operations.put(resource_group.KIND, group, {"location": "westus2"}, lambda first: None)
        with pytest.raises(ExecutionError, match="ConnectionLost"):
            await operations.get(public_ip.KIND, identity)
        assert await at_rest(operations, public_ip.KIND, identity, world.session.time_scale) is None


async def test_a_change_that_others_are_quicker_than_five_times_is_got_over(tmp_path: Path) -> None:
    spec = HEAD + "network: {public_ips: {out: {}}}\n"
    refused = "{status: 412, code: PreconditionFailed}"
    rule = f"{{type: {public_ip.KIND.type}, operation: update, times: 5, answer: {refused}}}"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        assert failures(await world.apply(spec)) == []
        longer = spec.replace("out: {}", "out: {idle_timeout_minutes: 9}")
        assert failures(await world.apply(longer)) == []
        assert writes(world, "/publicIPAddresses/out").count(412) == 5
        assert not (await world.plan(longer)).pending


async def test_a_grant_that_somebody_made_meanwhile_is_no_failure(tmp_path: Path) -> None:
    spec = HEAD + "identities: {app: {}}\nrole_grants: {read: {role: Reader, to: [identities/app]}}\n"
    async with harness.world(tmp_path) as world:
        assert failures(await world.apply(spec.partition("role_grants")[0])) == []
        loaded = world.load(spec)
        plan = await world.plan(spec)
        group = f"/subscriptions/{world.session.subscription_id}/resourceGroups/demo-group"
        _, identity = await world.arm("GET", f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app")
        role = f"/subscriptions/{world.session.subscription_id}/providers/Microsoft.Authorization/roleDefinitions"
        properties = {
            "roleDefinitionId": f"{role}/acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "principalId": identity["properties"]["principalId"],
        }
        name = "99999999-2222-4333-8444-555555555555"
        path = f"{group}/providers/Microsoft.Authorization/roleAssignments/{name}"
        status, _ = await world.arm("PUT", path, {"properties": properties})
        assert status == 201
        assert failures(await world.execute(plan, loaded)) == []
        assert not (await world.plan(spec)).pending


@pytest.mark.slow
async def test_an_operation_that_never_ends_is_left_to_itself(tmp_path: Path) -> None:
    rule = "{type: Microsoft.Network/publicIPAddresses, operation: create, hang: true}"
    spec = HEAD + "network: {public_ips: {out: {}}}\n"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        (failure,) = failures(await world.apply(spec))
        assert "OperationTimedOut: It did not end within 60 minutes" in failure


async def test_a_role_that_was_just_made_and_is_not_known_everywhere_is_waited_for(tmp_path: Path) -> None:
    spec = HEAD + "identities: {app: {}}\nroles: {start: {actions: [Microsoft.Compute/*/read]}}\n"
    spec += "role_grants: {start: {role: start, to: [identities/app]}}\n"
    async with harness.world(tmp_path) as world:
        role = next(item.id for item in world.load(spec).resolution.resources if item.address == "roles/start")
    bare = role.rpartition("/")[2].replace("-", "")
    message = f"The specified role definition with ID '{bare}' does not exist."
    error = f'{{status: 400, code: RoleDefinitionDoesNotExist, message: "{message}"}}'
    rule = f"{{type: Microsoft.Authorization/roleAssignments, operation: create, times: 2, answer: {error}}}"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        assert failures(await world.apply(spec)) == []
        assert not (await world.plan(spec)).pending


REFERENCE = (
    "Resource /subscriptions/s/resourceGroups/g/providers/Microsoft.Network/publicIPAddresses/{} referenced by "
    "resource /subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/nic was not found."
)


@pytest.mark.parametrize(("missing", "gets_over"), [("out", True), ("elsewhere", False)])
async def test_a_reference_is_waited_for_where_it_names_what_was_just_made(
    tmp_path: Path, missing: str, gets_over: bool
) -> None:
    error = f'{{status: 400, code: InvalidResourceReference, message: "{REFERENCE.format(missing)}"}}'
    rule = f"{{type: Microsoft.Network/networkInterfaces, operation: create, times: 2, answer: {error}}}"
    spec = HEAD + NETWORK + "  public_ips: {out: {}}\n  interfaces: {nic: {subnet: net/front, public_ip: out}}\n"
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        failed = failures(await world.apply(spec))
        assert [text.partition(": ")[0] for text in failed] == ([] if gets_over else ["network/interfaces/nic"])


@pytest.mark.slow
async def test_a_write_behind_an_operation_that_never_ends_is_given_up(tmp_path: Path) -> None:
    rules = "rules: [{type: Microsoft.Network/publicIPAddresses, operation: update, nth: 1, hang: true}]"
    spec = HEAD + "network: {public_ips: {out: {timeouts: {update: 10s}}}}\n"
    async with harness.world(tmp_path, **troubled(rules)) as world:
        assert failures(await world.apply(spec)) == []
        longer = spec.replace("{timeouts", "{idle_timeout_minutes: 9, timeouts")
        (first,) = failures(await world.apply(longer))
        assert "OperationTimedOut" in first
        (second,) = failures(await world.apply(longer.replace("9", "10")))
        assert "AnotherOperationInProgress" in second


async def test_a_lost_answer_is_recognized_though_a_value_of_the_creation_is_gone(tmp_path: Path) -> None:
    rule = "{type: Microsoft.Compute/virtualMachines, operation: update, drop: after}"
    label = "{dns_label: abcxyz, lifecycle: {ignore_changes: [properties.dnsSettings]}}"
    spec = f"{HEAD}{NETWORK}  public_ips: {{out: {label}}}\n"
    spec += machine('    custom_data: "host ${network/public_ips/out.fqdn}"\n    tags: {tier: one}\n')
    async with harness.world(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        assert failures(await world.apply(spec)) == []
        path = world.in_group(GROUP, "Microsoft.Network/publicIPAddresses", "out")
        await world.change(path, lambda body: body["properties"].pop("dnsSettings"))
        changed = spec.replace("tier: one", "tier: two")
        assert failures(await world.apply(changed)) == []
        assert not (await world.plan(changed)).pending
