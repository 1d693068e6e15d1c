"""Azure's error codes: what each means for the next try, where that is written, and what to do about it.

In: a code. Out: a row of ``CODES``. A code that has none is judged by its status; see ``errors.verdict``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["transient", "new principal", "late", "conflict", "granted", "permanent"]
"""``transient``: trying again can help. ``new principal`` and ``late``: it helps where the principal, or what Azure
misses, has just been made. ``conflict``: somebody else wrote meanwhile: read and plan again. ``granted``: it is so
already."""

CONNECTION_LOST = "ConnectionLost"
"""Ours: there was no answer at all."""
EXPIRED = "ExpiredAuthenticationToken"
"""A token that ended in the middle of a run; the SDK asks for a new one with the next request."""
FOREIGN_HOST = "ForeignHost"
"""Ours: an answer leads to a host that is not the cloud's; nothing was sent there."""

GROUP_NOT_EMPTY = "ResourceGroupNotEmpty"
"""Ours: a resource group that was about to be deleted contains resources of others."""
GROUP_LIST_LAGS = "ResourceGroupListLags"
"""Ours: whether a resource group is empty is not known yet."""

_DEPLOYMENT = "Troubleshoot common Azure deployment errors"
_MACHINES = "Understand common error messages when you manage virtual machines in Azure"
_ACCESS = "Troubleshoot Azure RBAC"
_THROTTLING = "Understand how Azure Resource Manager throttles requests"
_HTTP = "Status codes of Azure Resource Manager"
_RECORDED = "a recorded answer"

_QUOTA = (
    "request more quota (Portal > Quotas; `az vm list-usage --location …` shows usage), or choose "
    "another size or location"
)
_SIZE = (
    "choose another `size:`, `zones:` or `location:`; `az vm list-skus --location …` shows which you "
    "can use, and `plan --check-sizes` reports it in advance"
)
_FULL = f"try later, or {_SIZE}"
_TERMS = "accept the image's terms: `az vm image terms accept --urn …`"
_HANDLER = "read the log of the handler on the VM: /var/log/azure or C:\\WindowsAzure\\Logs"
_IMAGE = "check whether the image is generalized and has an agent; boot diagnostics show its console"
_REGISTER = "run `az provider register --namespace …` with an account that can register providers"


@dataclass(frozen=True)
class Code:
    """``source`` is a page of Microsoft's documentation or an issue; ``hint`` a sentence without a capital.

    It is empty where Azure's own message says it.
    """

    verdict: Verdict
    source: str
    hint: str = ""


def _transient(source: str) -> Code:
    return Code("transient", source)


def _permanent(source: str, hint: str = "") -> Code:
    return Code("permanent", source, hint)


CODES = {
    # Another operation is at it.
    "AnotherOperationInProgress": _transient(_DEPLOYMENT),
    "RetryableError": _transient("hashicorp/terraform#7986"),
    "RetryableErrorDueToAnotherOperation": _transient("cloudfoundry/bosh-azure-cpi-release#179"),
    "ReferencedResourceNotProvisioned": _transient("hashicorp/terraform#7986"),
    "CanceledAndSupersededDueToAnotherOperation": _transient("microsoft/AzureTRE#3177"),
    "OperationPreempted": _transient("Azure/azure-sdk-for-python#5167"),
    "ConflictingConcurrentWriteNotAllowed": _transient("Azure-Samples/azuresandbox#553"),
    "ResourceGroupBeingDeleted": _transient(_DEPLOYMENT),
    "AttachDiskWhileBeingDetached": _transient(_MACHINES),
    "NicReservedForAnotherVm": _transient("Azure/karpenter-provider-azure#92"),
    "ResourceUpdateBlockedOnPlatformUpdate": _transient(_MACHINES),
    "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity": _transient(
        "pulumi/pulumi-azure-native#4343"
    ),
    # Azure has trouble, or more requests than it takes.
    "TooManyRequests": _transient(_THROTTLING),
    "SubscriptionRequestsThrottled": _transient(_THROTTLING),
    "InternalServerError": _transient(_DEPLOYMENT),
    "ServerTimeout": _transient(_RECORDED),
    "ServiceUnavailable": _transient(_HTTP),
    "GatewayTimeout": _transient(_HTTP),
    "InternalExecutionError": _transient("cloudfoundry/bosh-azure-cpi-release#86"),
    "InternalOperationError": _transient(_MACHINES),
    "InternalDiskManagementError": _transient("Azure/azure-rest-api-specs#1372"),
    "NetworkingInternalOperationError": _transient(_MACHINES),
    "VMArtifactRepositoryInternalError": _transient(_MACHINES),
    CONNECTION_LOST: _transient("the SDK"),
    EXPIRED: _transient("microsoft/vscode-azureappservice#2483"),
    FOREIGN_HOST: _permanent(
        "this program",
        (
            "check whether a proxy or a gateway changes Azure's responses; for your own cloud, "
            "set the host as `resourceManager` in the metadata at `--cloud https://…`"
        ),
    ),
    # It is there, and not known everywhere yet; or it is not there at all.
    "PrincipalNotFound": Code(
        "new principal",
        _ACCESS,
        "check the principal's object ID (not its client ID), and that it is in this tenant",
    ),
    "RoleDefinitionDoesNotExist": Code(
        "late", _ACCESS, "run `az role definition list --name …` to list the roles of this scope"
    ),
    "InvalidResourceReference": Code("late", "hashicorp/terraform-provider-azurerm#14344"),
    "ResourceNotFound": Code("late", _DEPLOYMENT),
    "NotFound": Code("late", _DEPLOYMENT),
    "ParentResourceNotFound": Code("late", _DEPLOYMENT),
    "ResourceGroupNotFound": Code("late", _DEPLOYMENT),
    # Somebody else was there before.
    "PreconditionFailed": Code("conflict", _RECORDED),
    "RoleAssignmentExists": Code("granted", "hashicorp/terraform-provider-azurerm#28694"),
    # Access.
    "AuthorizationFailed": _permanent(_ACCESS),
    "LinkedAuthorizationFailed": _permanent(_DEPLOYMENT),
    "RequestDisallowedByPolicy": _permanent(
        _DEPLOYMENT, "check the policy of your organization that the message names, or ask for an exemption"
    ),
    "ScopeLocked": _permanent("hashicorp/terraform-provider-azurerm#17478"),
    "RoleAssignmentUpdateNotPermitted": _permanent(
        _ACCESS, "delete the role assignment, which cannot be changed, and apply again"
    ),
    "RoleAssignmentLimitExceeded": _permanent(
        _ACCESS, "assign roles to a group or at a higher scope; a subscription allows 4,000 role assignments"
    ),
    "RoleDefinitionHasAssignments": _permanent(
        _ACCESS,
        ("delete the other assignments of this role first; `az role assignment list --all --role …` lists them"),
    ),
    "RoleDefinitionLimitExceeded": _permanent(_ACCESS, "delete some custom roles; a directory allows 5,000"),
    # The subscription.
    "SubscriptionNotFound": _permanent(_DEPLOYMENT, "check the subscription's ID, and the tenant you signed in to"),
    "InvalidSubscriptionId": _permanent(_DEPLOYMENT, "check the subscription's ID"),
    "ReadOnlyDisabledSubscription": _permanent(
        "Reactivate a disabled Azure subscription",
        "ask an owner of the subscription to enable it again",
    ),
    "DisallowedOperation": _permanent(
        "MicrosoftDocs/azure-docs#28437", "ask the subscription's owner to request this type of resource from Azure"
    ),
    "MissingSubscriptionRegistration": _permanent(_DEPLOYMENT, _REGISTER),
    "InvalidSubscriptionRegistrationState": _permanent(_DEPLOYMENT, _REGISTER),
    "NoRegisteredProviderFound": _permanent(_DEPLOYMENT),
    # Quotas and room.
    "QuotaExceeded": _permanent(_DEPLOYMENT, _QUOTA),
    "ResourceQuotaExceeded": _permanent(_DEPLOYMENT, _QUOTA),
    "PublicIPCountLimitReached": _permanent(_DEPLOYMENT, _QUOTA),
    "RegionDoesNotAllowProvisioning": _permanent(
        _DEPLOYMENT, "choose another `location:`, or request access to this region (Portal > Quotas)"
    ),
    "SkuNotAvailable": _permanent(_DEPLOYMENT, _SIZE),
    "AllocationFailed": _permanent(_MACHINES, _FULL),
    "OverconstrainedAllocationRequest": _permanent(_MACHINES, _FULL),
    "ZonalAllocationFailed": _permanent("MicrosoftDocs/azure-docs#41402", _FULL),
    "OverconstrainedZonalAllocationRequest": _permanent("gardener/gardener-extension-provider-azure#876", _FULL),
    # Still in use.
    "InUseSubnetCannotBeDeleted": _permanent(
        _RECORDED, "leave the subnet in the spec until its resources are elsewhere, then remove it"
    ),
    GROUP_NOT_EMPTY: _permanent("this program", "delete or move these resources, then run destroy again"),
    GROUP_LIST_LAGS: Code(
        "transient",
        "this program",
        "run destroy again in some minutes, or check the contents of the group and pass --delete-group",
    ),
    # Machines.
    "MarketplacePurchaseEligibilityFailed": _permanent("hashicorp/packer#6009", _TERMS),
    "ResourcePurchaseValidationFailed": _permanent("hashicorp/terraform-provider-azurerm#1145", _TERMS),
    "VMExtensionProvisioningError": _permanent(_MACHINES, _HANDLER),
    "VMExtensionProvisioningTimeout": _permanent(_MACHINES, _HANDLER),
    "VMExtensionHandlerNonTransientError": _permanent(_MACHINES, _HANDLER),
    "VMAgentStatusCommunicationError": _permanent(
        _MACHINES, "check that the VM's agent runs and can reach 168.63.129.16"
    ),
    "OSProvisioningTimedOut": _permanent(_MACHINES, _IMAGE),
    "OSProvisioningClientError": _permanent(_MACHINES, _IMAGE),
}
"""What is not in it is permanent, unless its status says otherwise."""

WORDS = (
    ("Conflict", "conflict with a concurrent request", "hashicorp/terraform-provider-azurerm#25423"),
    ("OperationNotAllowed", "another operation is in progress", _MACHINES),
    ("OperationNotAllowed", "wait for an ongoing one to complete", _MACHINES),
    ("OperationNotAllowed", "An ongoing operation is changing power state", _MACHINES),
)
"""Codes that mean many things, and the words of the message by which they are transient: (code, words, source)."""
