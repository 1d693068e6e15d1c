"""Runs by a caller whose roles are held at one resource group, and who may not read the subscription as a whole."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.simulator import read_log
from provisioner.simulator.state.directory import NAMESPACE
from tests.simulator.serving import Served
from tests.simulator.test_rbac import ROLES

from .lock_runs import CLIENT, GROUP, run
from .test_lock_refused import EXISTING, OWNER, cloud, file, token

AUTHORIZATION = "providers/Microsoft.Authorization"
CALLER = str(uuid.uuid5(NAMESPACE, CLIENT))
HUB = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/hub"
OTHER = "/resourceGroups/other"
GRANTING = "Role Based Access Control Administrator"
NARROWED = "you have no permission to list the role assignments of the subscription"
DONE = "Nothing to do"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A cloud with enforced permissions, the group of the spec, and another one; the caller has no role yet."""
    with cloud(tmp_path, "--enforce-rbac", "--owner", OWNER, "--time-scale", "0.001") as found:
        for group in (GROUP, OTHER):
            assert found.request("PUT", group, {"location": "westus2"}, token())[0] == 201
        yield found


def role_id(served: Served, role: str) -> str:
    return f"/subscriptions/{served.subscription}/{AUTHORIZATION}/roleDefinitions/{ROLES[role]}"


def grant(served: Served, role: str, scope: str = GROUP, principal: str = CALLER, description: str = "") -> str:
    """The owner gives a role at a group, or at the subscription for an empty scope; the assignment's path."""
    path = f"/subscriptions/{served.subscription}{scope}/{AUTHORIZATION}/roleAssignments/{uuid.uuid4()}"
    properties = {"roleDefinitionId": role_id(served, role), "principalId": principal, "description": description}
    body = {"properties": {**properties, "principalType": "ServicePrincipal"}}
    status, answer = served.request("PUT", path, body, token())
    assert status == 201, answer
    return path


def succeed(served: Served, *arguments: str) -> str:
    code, text = run(served, *arguments)
    assert code == 0, text
    return text


def exists(served: Served, path: str) -> bool:
    return served.request("GET", path, None, token())[0] == 200


FLEET = """
version: 1
deployment: payroll
location: westus2
resource_group: {name: payroll, existing: true}
secrets: {admin: {from_env: ADMIN_PASSWORD}}
network: {virtual_networks: {main: {address_space: [10.0.0.0/16], subnets: {one: {address_prefix: 10.0.0.0/24}}}}}
vms:
  web:
    count: COUNT
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: main/one
    admin: {username: azureuser, password: "${secrets.admin}"}
    extensions: {setup: {publisher: Contoso.Agents, type: Agent, version: "1.0", settings: {tries: 1}}}
outputs: {first: "${vms/web/0.id}"}
"""


@pytest.mark.parametrize("count", [2, 27])
def test_contributor_on_a_group_is_enough_without_grants(served: Served, tmp_path: Path, count: int) -> None:
    grant(served, "Contributor")
    spec = file(tmp_path, FLEET.replace("COUNT", str(count)))
    succeed(served, "validate", spec)
    assert NARROWED in succeed(served, "plan", spec)
    succeed(served, "apply", spec, "--yes")
    assert DONE in succeed(served, "apply", spec, "--yes")
    machine = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/web-1"
    assert served.request("POST", f"{machine}/deallocate", None, token())[0] == 202
    while "deallocated" not in json.dumps(served.request("GET", f"{machine}/instanceView", None, token())[1]):
        pass
    changed = file(tmp_path, FLEET.replace("COUNT", str(count)).replace("tries: 1", "tries: 2"))
    text = succeed(served, "apply", changed, "--yes", "--allow-start")
    assert "vms/web/1  (it is deallocated, and extensions change only on a running VM)" in text
    shown = json.loads(succeed(served, "show", changed, "--output", "json"))
    assert {row["state"] for row in shown["resources"]} == {"present"}
    assert succeed(served, "outputs", changed, "first").strip().endswith("/virtualMachines/web-0")
    imported = succeed(served, "import", "--resource-group", "payroll")
    assert f"\n  web-{count - 1}:\n" in imported
    succeed(served, "destroy", changed, "--yes")
    assert served.request("GET", f"{GROUP}/resources", None, token())[1]["value"] == []
    refused = {entry.path.rpartition("/")[2] for entry in read_log(served.state) if entry.status == 403}
    assert ("virtualMachines" in refused) == (count > 25)


GRANTS = "role_grants: {read: {role: Reader, to: [identities/worker]}}\n"


def test_a_grant_at_the_group_needs_a_role_at_the_group(served: Served, tmp_path: Path) -> None:
    grant(served, "Contributor")
    grant(served, GRANTING)
    spec = file(tmp_path, EXISTING + GRANTS)
    succeed(served, "apply", spec, "--yes")
    assert DONE in succeed(served, "apply", spec, "--yes")
    text = succeed(served, "apply", file(tmp_path, EXISTING), "--yes", "--allow-delete")
    assert "Reader on resource_group for identities/worker  (it is no longer in the spec)" in text
    assert DONE in succeed(served, "plan", file(tmp_path, EXISTING))
    succeed(served, "apply", file(tmp_path, EXISTING + GRANTS), "--yes")
    succeed(served, "destroy", file(tmp_path, EXISTING + GRANTS), "--yes")
    listed = served.request("GET", f"{GROUP}/{AUTHORIZATION}/roleAssignments", None, token())[1]["value"]
    assert {entry["properties"]["principalId"] for entry in listed} == {CALLER}


def test_an_orphaned_grant_is_found_and_an_equal_one_is_respected(served: Served, tmp_path: Path) -> None:
    grant(served, "Contributor")
    grant(served, GRANTING)
    spec = file(tmp_path, EXISTING)
    succeed(served, "apply", spec, "--yes")
    identity = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/worker"
    principal = served.request("GET", identity, None, token())[1]["properties"]["principalId"]
    equal = grant(served, "Reader", principal=principal)
    assert DONE in succeed(served, "apply", file(tmp_path, EXISTING + GRANTS), "--yes")
    assert served.request("DELETE", equal, None, token())[0] == 200
    succeed(served, "apply", file(tmp_path, EXISTING + GRANTS), "--yes")
    assert served.request("DELETE", identity, None, token())[0] == 200
    text = succeed(served, "plan", file(tmp_path, EXISTING.replace("identities: {worker: {}}", "")))
    assert f"Reader on resource_group for {principal}  (it is no longer in the spec)" in text


def test_grants_and_locks_that_are_not_seen_are_not_said_to_be_absent(served: Served, tmp_path: Path) -> None:
    grant(served, "Contributor")
    other = f"/subscriptions/{served.subscription}{OTHER}"
    given = f"role_grants: {{read: {{role: Reader, scope: {other}, to: [identities/worker]}}}}\n"
    locked = f"locks: {{keep: {{scope: {other}, level: cannot_delete}}}}\n"
    unseen = {"role_grants/read/identities/worker", "locks/keep"}
    spec = file(tmp_path, EXISTING + given + locked)
    text = succeed(served, "plan", spec)
    assert text.count("(it might exist: you have no permission to list the resources at its scope)") == len(unseen)
    shown = json.loads(succeed(served, "show", spec, "--output", "json"))
    assert {row["address"] for row in shown["resources"] if row["state"] == "unknown"} == unseen
    code, text = run(served, "apply", spec, "--yes", "--output", "json")
    summary = next(json.loads(line) for line in text.splitlines() if '"summary"' in line)
    states = {row["address"]: row["state"] for row in summary["resources"]}
    assert code == 1
    assert {address for address, state in states.items() if state == "unknown"} == unseen
    grant(served, "Reader", OTHER)
    text = succeed(served, "plan", spec)
    assert "+ role_grants/read/identities/worker" in text and "it may exist" not in text


def test_what_the_deployment_granted_in_another_group_is_said_to_be_out_of_sight(
    served: Served, tmp_path: Path
) -> None:
    grant(served, "Contributor")
    left = grant(served, "Reader", OTHER, str(uuid.uuid4()), "[provisioner-deployment: payroll]")
    spec = file(tmp_path, EXISTING)
    for arguments in (("apply", spec, "--yes"), ("destroy", spec, "--yes")):
        text = succeed(served, *arguments)
        assert NARROWED in text
        assert f"only role assignments at /subscriptions/{served.subscription}{GROUP} were listed" in text
        assert "that are no longer in the spec are not found and not deleted" in text
    assert exists(served, left)
    grant(served, "Owner", "")
    text = succeed(served, "destroy", spec, "--yes")
    assert NARROWED not in text
    assert not exists(served, left)


def test_a_grant_at_the_subscription_that_left_the_spec_is_seen_from_the_group(served: Served, tmp_path: Path) -> None:
    grant(served, "Contributor")
    left = grant(served, "Reader", "", str(uuid.uuid4()), "[provisioner-deployment: payroll]")
    code, text = run(served, "apply", file(tmp_path, EXISTING), "--yes", "--allow-delete")
    assert code == 1
    assert "(it is no longer in the spec)" in text and "Microsoft.Authorization/roleAssignments/delete" in text
    assert exists(served, left)


LOCK = "locks: {keep: {scope: resource_group, level: cannot_delete}}\n"
ROLE = "roles: {narrow: {name: Narrow, actions: ['Microsoft.Compute/*/read']}}\n"


@pytest.mark.parametrize(("section", "action"), [(LOCK, "locks/write"), (ROLE, "roleDefinitions/write")])
def test_roles_and_locks_need_more_than_the_permission_to_grant(
    served: Served, tmp_path: Path, section: str, action: str
) -> None:
    grant(served, "Contributor", "")
    grant(served, GRANTING, "")
    spec = file(tmp_path, EXISTING + section)
    code, text = run(served, "apply", spec, "--yes")
    assert code == 1
    assert f"Microsoft.Authorization/{action}" in text
    grant(served, "User Access Administrator", "")
    succeed(served, "apply", spec, "--yes")
    succeed(served, "destroy", spec, "--yes")


def test_what_was_set_up_above_the_group_is_seen_from_it(served: Served, tmp_path: Path) -> None:
    """Somebody with more rights has applied the spec first: there is nothing left to do."""
    owner = grant(served, "Owner", "")
    given = """role_grants:
  read: {role: Reader, scope: subscription, to: [identities/worker]}
  look: {role: narrow, to: [identities/worker]}
"""
    succeed(served, "apply", file(tmp_path, EXISTING + ROLE + given), "--yes")
    assert served.request("DELETE", owner, None, token())[0] == 200
    lock = f"/subscriptions/{served.subscription}/{AUTHORIZATION}/locks/keep"
    notes = {"level": "CanNotDelete", "notes": "[provisioner-deployment: payroll]"}
    assert served.request("PUT", lock, {"properties": notes}, token())[0] == 201
    grant(served, "Contributor")
    locked = "locks: {keep: {scope: subscription, level: cannot_delete}}\n"
    text = succeed(served, "apply", file(tmp_path, EXISTING + ROLE + given + locked), "--yes")
    assert DONE in text and NARROWED in text


SPEC = f"""{EXISTING}
existing: {{hub: {{type: Microsoft.Network/virtualNetworks, name: hub, resource_group: payroll}}}}
role_grants: {{read: {{role: Reader, scope: existing/hub, to: [identities/worker]}}}}
"""


def test_who_owns_a_group_alone_deploys_into_it(served: Served, tmp_path: Path) -> None:
    hub = {"location": "westus2", "properties": {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}}
    assert served.request("PUT", HUB, hub, token())[0] == 201
    grant(served, "Owner")
    for arguments in (("apply", "--yes"), ("plan", "--detailed-exitcode"), ("destroy", "--yes")):
        succeed(served, arguments[0], file(tmp_path, SPEC), *arguments[1:])
    status, left = served.request("GET", f"{GROUP}/resources", None, token())
    assert (status, [item["name"] for item in left["value"]]) == (200, ["hub"])


def test_reader_is_enough_for_the_commands_that_only_read(served: Served, tmp_path: Path) -> None:
    spec = file(tmp_path, FLEET.replace("COUNT", "2"))
    contributor = grant(served, "Contributor")
    succeed(served, "apply", spec, "--yes")
    assert served.request("DELETE", contributor, None, token())[0] == 200
    grant(served, "Reader", scope="")
    assert DONE in succeed(served, "plan", spec, "--check-sizes")
    assert "present" in succeed(served, "show", spec, "--output", "json")
    assert succeed(served, "outputs", spec, "first").strip().endswith("/virtualMachines/web-0")
    assert "web-1" in succeed(served, "import", "--resource-group", "payroll")
    code, text = run(served, "apply", file(tmp_path, FLEET.replace("COUNT", "3")), "--yes")
    assert code != 0
    assert "AuthorizationFailed" in text
