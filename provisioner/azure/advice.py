"""What to do about an error of Azure: a sentence per code, for people.

In: an `AzureFailure`. Out: a hint, or nothing where Azure's own message says it. Those of single codes are in
``codes.CODES``; roles: "Azure built-in roles".
"""

from __future__ import annotations

import re

from ..base.diagnostics import AzureFailure
from .codes import CODES, CONNECTION_LOST

_TROUBLE = "try again in some minutes; check https://azure.status.microsoft for Azure outages"
_SERVER_ERROR = 500
_ROLES = (
    (r".*/read$", "Reader"),
    (r"microsoft\.authorization/roleassignments/", "Role Based Access Control Administrator (or Owner)"),
    (r"microsoft\.authorization/", "Owner"),
    (r"microsoft\.managedidentity/userassignedidentities/assign/", "Managed Identity Operator (or Contributor)"),
    (r"", "Contributor"),
)
"""The narrowest built-in role that is commonly given for an action, the first that fits."""
_IN_USE = "requires the virtual machine to be deallocated"
"""What Azure says of an OS disk that is to grow while its machine runs (kubernetes/kubernetes#96706)."""
_DEALLOCATE = "run `az vm deallocate --ids …`, apply again, and run `az vm start --ids …`"
_LOCAL_DISK = "changing from resource disk to non-resource disk"
"""What Azure says of a size without a local disk for a machine that has one (MicrosoftDocs/azure-docs#76920)."""
_SAME_SORT = "choose a size with a local disk (`d` in its name) if the old size has one, otherwise a size without one"
_LOCKED = re.compile(r"following scope\(s\) are locked: '([^']*)'")
_IN_GROUP = re.compile(r"/subscriptions/[^/]+/resourcegroups/([^/]+)", re.IGNORECASE)
_WHO = re.compile(r"with object id '([^']*)'")
_ACTION = re.compile(r"perform action '([^']*)'")
_SCOPE = re.compile(r"(?:over scope|linked scope\(s\)) '([^',]*)")


def advice(failure: AzureFailure) -> str:
    """What to do about it, in a sentence without a capital; empty where nothing helps beyond Azure's message."""
    if failure.code in ("AuthorizationFailed", "LinkedAuthorizationFailed"):
        return _role_to_ask_for(failure)
    if failure.code == "ScopeLocked":
        return _locks_to_look_for(failure)
    if _IN_USE in failure.message:
        return _DEALLOCATE
    if _LOCAL_DISK in failure.message:
        return _SAME_SORT
    known = [CODES[code].hint for code in (failure.code, *failure.inner) if code in CODES]
    is_trouble = failure.code == CONNECTION_LOST or failure.status >= _SERVER_ERROR
    return next(filter(None, known), _TROUBLE if is_trouble else "")


def _locks_to_look_for(failure: AzureFailure) -> str:
    """Azure names what is locked, not the locks; the message: hashicorp/terraform-provider-azurerm#17478."""
    locked = _LOCKED.search(failure.message)
    scopes = [scope.strip() for scope in locked[1].split(",")] if locked else [""]
    shown = " and ".join(dict.fromkeys(f"`az lock list{_place(scope)}`" for scope in scopes))
    return f"run {shown} to see the management lock that blocks this, and `az lock delete --ids …` to remove it"


def _place(scope: str) -> str:
    """The options of `az lock list` for a scope; a list of a group holds the locks in it too."""
    found = _IN_GROUP.match(scope)
    return f" --resource-group {found[1]}" if found else ""


def _role_to_ask_for(failure: AzureFailure) -> str:
    who = _WHO.search(failure.message)
    actions, scopes = _ACTION.findall(failure.message), _SCOPE.findall(failure.message)
    if who is None or not actions or not scopes:
        return ""
    # Of a linked scope, the last action and scope are those that are missing.
    action, scope = actions[-1], scopes[-1]
    role = next(role for pattern, role in _ROLES if re.match(pattern, action.lower()))
    return (
        f"ask for the role {role} there: `az role assignment create --assignee-object-id {who[1]} "
        f'--role "{role.partition(" (")[0]}" --scope {scope}`; a new role assignment takes effect '
        "after some minutes"
    )
