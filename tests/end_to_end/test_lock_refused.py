"""A lock that Azure does not let a run make, renew or delete: what the run does then, and what it leaves."""

from __future__ import annotations

import base64
import contextlib
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioner.simulator.state.directory import NAMESPACE
from tests.simulator.serving import Served, serve

from .lock_runs import CLIENT, GROUP, SPEC, put_lock, read_lock, run, wait_until_unlocked

OWNER = "22222222-2222-3333-4444-555555555555"
EXISTING = SPEC.replace("resource_group: payroll", "resource_group: {name: payroll, existing: true}")
TAGGED = f"{SPEC}tags: {{cost: '42'}}\n"
ALLOWED = (
    "*/read",
    "Microsoft.Resources/subscriptions/resourceGroups/*",
    "Microsoft.Network/virtualNetworks/*",
    "Microsoft.Network/networkSecurityGroups/*",
    "Microsoft.ManagedIdentity/*",
)
PEN = f"{GROUP}/providers/Microsoft.Authorization/locks/pen"
APPLY = ("--yes", "--adopt")


@contextlib.contextmanager
def cloud(folder: Path, *options: str, faults: str = "") -> Iterator[Served]:
    if faults:
        (folder / "faults.yaml").write_text(faults)
        options = (*options, "--faults", str(folder / "faults.yaml"))
    with serve(folder, "--time-scale", "0.1", *options) as found:
        yield found


def file(folder: Path, text: str = SPEC) -> str:
    (folder / "payroll.yaml").write_text(text)
    return str(folder / "payroll.yaml")


def token() -> str:
    """The owner's; a token is not verified here, as documented of the simulator."""
    parts: tuple[dict[str, Any], ...] = ({"alg": "none"}, {"oid": OWNER, "appid": OWNER})
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return f"{'.'.join(coded)}."


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Served]:
    """A cloud where the runs may write everything of the spec, and no application security group."""
    with cloud(tmp_path, "--enforce-rbac", "--owner", OWNER) as served:
        scope, name = f"/subscriptions/{served.subscription}", str(uuid.uuid4())
        definition = f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{name}"
        permissions = [{"actions": ALLOWED}]
        role = {"roleName": "Narrow", "type": "CustomRole", "permissions": permissions, "assignableScopes": [scope]}
        assert served.request("PUT", definition, {"properties": role}, token())[0] == 201
        grant = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        principal = {"principalId": str(uuid.uuid5(NAMESPACE, CLIENT)), "principalType": "ServicePrincipal"}
        body = {"properties": {"roleDefinitionId": definition, **principal}}
        assert served.request("PUT", grant, body, token())[0] == 201
        yield served


def test_without_the_right_to_make_a_lock_a_run_says_so_and_goes_on(narrow: Served, tmp_path: Path) -> None:
    code, text = run(narrow, "apply", file(tmp_path), "--yes")
    assert code == 0, text
    assert (
        "note: continuing without a lock, because Azure does not let this run create provisioner-lock-payroll" in text
    )
    assert "AuthorizationFailed" in text and "Microsoft.Network/applicationSecurityGroups/write" in text
    assert "--no-lock" in text and "Traceback" not in text
    code, text = run(narrow, "destroy", file(tmp_path), "--yes", "--no-lock")
    assert code == 0, text
    assert "note: continuing without" not in text


def test_who_may_not_make_a_lock_regards_the_one_of_somebody_else(narrow: Served, tmp_path: Path) -> None:
    put_lock(narrow, token=token())
    code, text = run(narrow, "apply", file(tmp_path), *APPLY)
    assert code == 1
    assert "another run works on the deployment payroll: apply by alice on laptop (process 7)" in text
    path = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/main"
    assert narrow.request("GET", path, token=token())[0] == 404


POLICY = """
rules:
  - type: Microsoft.Network/applicationSecurityGroups
    operation: write
    answer:
      status: 403
      code: RequestDisallowedByPolicy
      message: "Resource 'provisioner-lock-payroll' was disallowed by policy."
"""


def test_a_policy_against_the_lock_holds_nothing_up(tmp_path: Path) -> None:
    with cloud(tmp_path, faults=POLICY) as served:
        code, text = run(served, "apply", file(tmp_path), "--yes")
        assert code == 0, text
        assert "continuing without a lock" in text and "RequestDisallowedByPolicy" in text
        assert "exempt application security groups with the name provisioner-lock-payroll" in text


TROUBLE = """
rules:
  - {type: Microsoft.Network/applicationSecurityGroups, operation: any, answer: 503}
"""


def test_trouble_that_lasts_is_no_leave_to_go_on(tmp_path: Path) -> None:
    with cloud(tmp_path, faults=TROUBLE) as served:
        assert served.request("PUT", GROUP, {"location": "westus2"})[0] == 201
        code, text = run(served, "apply", file(tmp_path), *APPLY)
        assert code == 1
        assert "the lock could not be acquired: ServerBusy" in text
        assert "--no-lock" in text and "Traceback" not in text
        assert served.request("GET", f"{GROUP}/providers/Microsoft.Network/virtualNetworks/main")[0] == 404


PASSING = """
rules:
  - {type: Microsoft.Network/applicationSecurityGroups, operation: write, times: 5, drop: after}
  - {type: Microsoft.Network/applicationSecurityGroups, operation: read, times: 6, answer: 500}
  - {type: Microsoft.Network/applicationSecurityGroups, operation: delete, times: 5, answer: 503}
"""


def test_trouble_that_passes_is_waited_for(tmp_path: Path) -> None:
    with cloud(tmp_path, faults=PASSING) as served:
        assert served.request("PUT", GROUP, {"location": "westus2"})[0] == 201
        code, text = run(served, "apply", file(tmp_path), *APPLY)
        assert code == 0, text
        assert "lock" not in text
        wait_until_unlocked(served)


def test_a_lock_that_may_not_be_deleted_is_free_for_the_next_run(tmp_path: Path) -> None:
    with cloud(tmp_path) as served:
        assert served.request("PUT", GROUP, {"location": "westus2"})[0] == 201
        assert served.request("PUT", PEN, {"properties": {"level": "CanNotDelete"}})[0] == 201
        for text in (SPEC, TAGGED):
            code, told = run(served, "apply", file(tmp_path, text), *APPLY)
            assert code == 0, told
        left = read_lock(served)
        assert left["tags"]["provisioner-lock-until"] == "1970-01-01T00:00:00Z"
        assert left["tags"]["cost"] == "42"
        assert run(served, "unlock", file(tmp_path), "--yes") == (0, "The deployment payroll is not locked.\n")
        put_lock(served)
        code, told = run(served, "unlock", file(tmp_path), "--yes")
        assert code == 0, told
        assert run(served, "unlock", file(tmp_path), "--yes") == (0, "The deployment payroll is not locked.\n")
        assert served.request("DELETE", PEN)[0] == 200
        code, told = run(served, "destroy", file(tmp_path), "--yes")
        assert code == 0, told
        assert served.request("GET", GROUP)[0] == 404


def test_a_group_of_somebody_else_keeps_nothing_of_ours(tmp_path: Path) -> None:
    with cloud(tmp_path) as served:
        assert served.request("PUT", GROUP, {"location": "eastus", "tags": {"team": "theirs"}})[0] == 201
        before = served.request("GET", GROUP)[1]
        code, text = run(served, "apply", file(tmp_path, EXISTING), "--yes")
        assert code == 0, text
        assert "without a lock" not in text
        wait_until_unlocked(served)
        code, text = run(served, "destroy", file(tmp_path, EXISTING), "--yes")
        assert code == 0, text
        wait_until_unlocked(served)
        assert served.request("GET", f"{GROUP}/resources")[1]["value"] == []
        assert served.request("GET", GROUP)[1] == before
