"""What to do about an error of Azure."""

from __future__ import annotations

import pytest

from provisioner.azure.advice import advice
from provisioner.base.diagnostics import AzureFailure

WHO = "The client 'app' with object id '606e082c' "
GROUP = "/subscriptions/s/resourceGroups/rg"


@pytest.mark.parametrize(
    ("action", "role"),
    [
        ("Microsoft.Resources/subscriptions/resourceGroups/read", "Reader"),
        ("Microsoft.Compute/virtualMachines/write", "Contributor"),
        ("Microsoft.Authorization/roleAssignments/write", "Role Based Access Control Administrator"),
        ("Microsoft.Authorization/locks/write", "Owner"),
    ],
)
def test_a_missing_right_names_the_role_to_ask_for(action: str, role: str) -> None:
    message = (
        f"{WHO}does not have authorization to perform action '{action}' over scope '{GROUP}' or the scope is invalid."
    )
    hint = advice(AzureFailure("AuthorizationFailed", message, 403))
    assert f'--assignee-object-id 606e082c --role "{role}" --scope {GROUP}`' in hint


def test_a_missing_right_on_a_linked_scope_names_that_scope() -> None:
    one = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"
    message = (
        f"{WHO}has permission to perform action 'Microsoft.Compute/virtualMachines/write' on scope '{GROUP}/vm'; "
        "however, it does not have permission to perform action "
        "'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) "
        f"'{one},/another' or the linked scope(s) are invalid."
    )
    hint = advice(AzureFailure("LinkedAuthorizationFailed", message, 403))
    assert f'--role "Managed Identity Operator" --scope {one}`' in hint


def test_what_azure_says_better_itself_has_no_hint() -> None:
    assert advice(AzureFailure("NetcfgInvalidSubnet", "Subnet 'a' is not valid in virtual network 'b'.")) == ""
    assert advice(AzureFailure("AuthorizationFailed", "No.", 403)) == ""


@pytest.mark.parametrize(
    ("scopes", "commands"),
    [
        (GROUP, "`az lock list --resource-group rg`"),
        (f"{GROUP},{GROUP}/providers/Microsoft.Compute/virtualMachines/web", "`az lock list --resource-group rg`"),
        (f"/subscriptions/s,{GROUP}", "`az lock list` and `az lock list --resource-group rg`"),
    ],
)
def test_what_is_locked_tells_where_to_look_for_the_lock(scopes: str, commands: str) -> None:
    message = (
        f"The scope '{GROUP}/x' cannot perform delete operation because following scope(s) are locked: '{scopes}'. "
        "Please remove the lock and try again."
    )
    hint = advice(AzureFailure("ScopeLocked", message, 409))
    assert hint.startswith(f"run {commands} to see the management lock")


def test_a_lock_whose_scope_is_not_told_is_looked_for_everywhere() -> None:
    assert "`az lock list` to see the management lock" in advice(AzureFailure("ScopeLocked", "Locked.", 409))


@pytest.mark.parametrize(("code", "status"), [("ServerBusy", 503), ("InternalServerError", 500), ("ConnectionLost", 0)])
def test_trouble_in_azure_or_on_the_way_says_where_to_look(code: str, status: int) -> None:
    assert "https://azure.status.microsoft" in advice(AzureFailure(code, "", status))
    assert advice(AzureFailure("Conflict", "", 409)) == ""


def test_a_size_of_another_sort_of_local_disk_is_told_which_to_choose() -> None:
    message = (
        "Unable to resize the VM 'web' since changing from resource disk to non-resource disk VM size is not allowed."
    )
    assert "local disk" in advice(AzureFailure("OperationNotAllowed", message, 409))
