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
    "ask for more (Portal > Quotas; `az vm list-usage --location …` shows usage), or choose another size or location"
)
_SIZE = (
    "choose another `size:`, `zones:` or `location:`; `az vm list-skus --location …` shows which may be used, "
    "and `plan --check-sizes` tells it beforehand"
)
_FULL = f"Azure has no room for this size here at the moment: try later, or {_SIZE}"
_TERMS = "accept the image's terms: `az vm image terms accept --urn …`"
_HANDLER = "the handler's log is on the machine: /var/log/azure or C:\\WindowsAzure\\Logs"
_IMAGE = "is the image generalised, with an agent? Boot diagnostics show its console"
_REGISTER = "`az provider register --namespace …`, by somebody who may register providers"


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
        "check whether a proxy or a gateway changes Azure's answers; if the host belongs to your own cloud, the "
        "metadata at `--cloud https://…` must name it as `resourceManager`",
    ),
    # It is there, and not known everywhere yet; or it is not there at all.
    "PrincipalNotFound": Code(
        "new principal",
        _ACCESS,
        "check the principal's object ID (not its client ID), and that it lives in this tenant",
    ),
    "RoleDefinitionDoesNotExist": Code(
        "late", _ACCESS, "`az role definition list --name …` shows the roles that this scope has"
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
        _DEPLOYMENT, "a policy of your organisation forbids it: the message names it"
    ),
    "ScopeLocked": _permanent("hashicorp/terraform-provider-azurerm#17478"),
    "RoleAssignmentUpdateNotPermitted": _permanent(
        _ACCESS, "a grant cannot be changed: delete it, and let the next apply make it again"
    ),
    "RoleAssignmentLimitExceeded": _permanent(
        _ACCESS, "a subscription holds 4,000 grants: give roles to a group or at a higher scope"
    ),
    "RoleDefinitionHasAssignments": _permanent(
        _ACCESS, "others have this role too: `az role assignment list --all --role …` shows who"
    ),
    "RoleDefinitionLimitExceeded": _permanent(_ACCESS, "a directory holds 5,000 custom roles: delete some"),
    # The subscription.
    "SubscriptionNotFound": _permanent(_DEPLOYMENT, "check the subscription's ID, and the tenant you signed in to"),
    "InvalidSubscriptionId": _permanent(_DEPLOYMENT, "check the subscription's ID"),
    "ReadOnlyDisabledSubscription": _permanent(
        "Reactivate a disabled Azure subscription",
        "the subscription is disabled: somebody who owns it has to enable it again",
    ),
    "DisallowedOperation": _permanent(
        "MicrosoftDocs/azure-docs#28437", "the subscription's owner can ask Azure to allow this kind of resource"
    ),
    "MissingSubscriptionRegistration": _permanent(_DEPLOYMENT, _REGISTER),
    "InvalidSubscriptionRegistrationState": _permanent(_DEPLOYMENT, _REGISTER),
    "NoRegisteredProviderFound": _permanent(_DEPLOYMENT),
    # Quotas and room.
    "QuotaExceeded": _permanent(_DEPLOYMENT, _QUOTA),
    "ResourceQuotaExceeded": _permanent(_DEPLOYMENT, _QUOTA),
    "PublicIPCountLimitReached": _permanent(_DEPLOYMENT, _QUOTA),
    "RegionDoesNotAllowProvisioning": _permanent(
        _DEPLOYMENT, "choose another `location:`, or ask for access to this region (Portal > Quotas)"
    ),
    "SkuNotAvailable": _permanent(_DEPLOYMENT, _SIZE),
    "AllocationFailed": _permanent(_MACHINES, _FULL),
    "OverconstrainedAllocationRequest": _permanent(_MACHINES, _FULL),
    "ZonalAllocationFailed": _permanent("MicrosoftDocs/azure-docs#41402", _FULL),
    "OverconstrainedZonalAllocationRequest": _permanent("gardener/gardener-extension-provider-azure#876", _FULL),
    # Still in use.
    "InUseSubnetCannotBeDeleted": _permanent(
        _RECORDED, "leave the subnet in the spec until what is in it lies elsewhere, then take it out"
    ),
    GROUP_NOT_EMPTY: _permanent("this program", "delete or move these, then run destroy again"),
    GROUP_LIST_LAGS: Code(
        "transient",
        "this program",
        "run destroy again in some minutes, or look into the group and pass --delete-group",
    ),
    # Machines.
    "MarketplacePurchaseEligibilityFailed": _permanent("hashicorp/packer#6009", _TERMS),
    "ResourcePurchaseValidationFailed": _permanent("hashicorp/terraform-provider-azurerm#1145", _TERMS),
    "VMExtensionProvisioningError": _permanent(_MACHINES, _HANDLER),
    "VMExtensionProvisioningTimeout": _permanent(_MACHINES, _HANDLER),
    "VMExtensionHandlerNonTransientError": _permanent(_MACHINES, _HANDLER),
    "VMAgentStatusCommunicationError": _permanent(_MACHINES, "the machine's agent must run and reach 168.63.129.16"),
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
