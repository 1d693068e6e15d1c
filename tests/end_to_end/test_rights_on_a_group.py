"""A run by somebody who owns one resource group, and may not read the subscription as a whole."""

from __future__ import annotations

import uuid
from pathlib import Path

from provisioner.simulator.directory import NAMESPACE

from .lock_runs import CLIENT, GROUP, run
from .test_lock_refused import EXISTING, OWNER, cloud, file, token

OWNER_ROLE = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
HUB = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/hub"
SPEC = f"""{EXISTING}
existing: {{hub: {{type: Microsoft.Network/virtualNetworks, name: hub, resource_group: payroll}}}}
role_grants: {{read: {{role: Reader, scope: existing/hub, to: [identities/worker]}}}}
"""


def test_who_owns_a_group_alone_deploys_into_it(tmp_path: Path) -> None:
    with cloud(tmp_path, "--enforce-rbac", "--owner", OWNER) as served:
        subscription = f"/subscriptions/{served.subscription}"
        assert served.request("PUT", GROUP, {"location": "westus2"}, token())[0] == 201
        hub = {"location": "westus2", "properties": {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}}
        assert served.request("PUT", HUB, hub, token())[0] == 201
        definition = f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{OWNER_ROLE}"
        principal = {"principalId": str(uuid.uuid5(NAMESPACE, CLIENT)), "principalType": "ServicePrincipal"}
        grant = f"{subscription}{GROUP}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        body = {"properties": {"roleDefinitionId": definition, **principal}}
        assert served.request("PUT", grant, body, token())[0] == 201
        for arguments in (("apply", "--yes"), ("plan", "--detailed-exitcode"), ("destroy", "--yes")):
            code, text = run(served, arguments[0], file(tmp_path, SPEC), *arguments[1:])
            assert code == 0, text
        status, left = served.request("GET", f"{GROUP}/resources", None, token())
        assert (status, [item["name"] for item in left["value"]]) == (200, ["hub"])
