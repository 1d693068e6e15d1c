"""Key vaults' data plane: secrets that are set and read, at `/vaults/{vault}/secrets/{name}`.

In: a request below `/vaults/`. Out: its answer, as a vault gives it. On Azure a vault has a host of its own; on
loopback it has a path. A vault is there once it holds a secret; the object in ARM is not modelled.

Sources: REST reference "Get Secret", "Set Secret" (7.4); "Authentication, requests and responses" (the challenge);
"Azure Key Vault REST API error codes". Bodies: Azure/azure-sdk-for-python#24557 (AKV10000),
piyushsachdeva/Terraform_AKS#2 (ForbiddenByRbac).
"""

from __future__ import annotations

import re
import uuid
from typing import Literal

from ..errors import ArmError
from ..protocol.wire import Request, Response
from .cloud import Cloud
from .tokens import caller_of

SECRETS = "key-vault-secret"
REFUSALS = "key-vault-refusal"
RESOURCE = "https://vault.azure.net"
_PATH = re.compile(r"/vaults/(?P<vault>[^/]+)/secrets/(?P<name>[^/]+)(?:/(?P<version>[^/]*))?/?")
_NAME = re.compile(r"[0-9A-Za-z-]{1,127}")
_API_VERSION = re.compile(r"7\.\d(-preview\.\d)?|2016-10-01|20\d\d-\d\d-\d\d")

Refusal = Literal["ForbiddenByRbac", "ForbiddenByPolicy", "ForbiddenByFirewall"]
_WHY: dict[str, str] = {
    "ForbiddenByRbac": "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny "
    "assignments or role definitions were changed recently, please observe propagation time.\r\n"
    "Caller: appid={app};oid={oid};iss=https://sts.windows.net/{tenant}/\r\n"
    "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nAssignment: (not found)\r\n"
    "DenyAssignmentId: null\r\nDecisionReason: null \r\nVault: {vault};location=westus2\r\n",
    "ForbiddenByPolicy": "The user, group or application 'appid={app};oid={oid};iss=https://sts.windows.net/{tenant}/' "
    "does not have secrets get permission on key vault '{vault};location=westus2'. For help resolving this issue, "
    "please see https://go.microsoft.com/fwlink/?linkid=2125287",
    "ForbiddenByFirewall": "Client address is not authorized and caller is not a trusted service.\r\nClient address: "
    "127.0.0.1\r\nCaller: appid={app};oid={oid}\r\nVault: {vault};location=westus2",
}


def put_secret(cloud: Cloud, vault: str, name: str, value: str, enabled: bool = True) -> str:
    """A new version of a secret; its ID within the vault."""
    key = f"{vault}/{name}".lower()
    version = uuid.uuid4().hex
    found = cloud.store.get(SECRETS, key) or {"versions": []}
    one = {"id": version, "value": value, "enabled": enabled, "created": int(cloud.timing.now())}
    with cloud.store.transaction():
        cloud.store.put(SECRETS, key, {"versions": [*found["versions"], one]})
    return version


def refuse(cloud: Cloud, vault: str, why: Refusal) -> None:
    """Let nobody in to a vault from now on."""
    with cloud.store.transaction():
        cloud.store.put(REFUSALS, vault.lower(), {"why": why})


def answer_vault(cloud: Cloud, request: Request) -> Response | None:
    """The answer of a vault, or None when the request is not to one."""
    if not request.path.lower().startswith("/vaults/"):
        return None
    if not request.headers.get("authorization", "").lower().startswith("bearer "):
        challenge = f'Bearer authorization="{request.base_url}/{cloud.tenant_id}", resource="{RESOURCE}"'
        response = _error(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")
        response.headers["WWW-Authenticate"] = challenge
        return response
    found = _PATH.fullmatch(request.path)
    if found is None or request.method not in ("GET", "PUT"):
        return _error(405, "BadParameter", f"Method {request.method} does not allow operation on this path.")
    if not _API_VERSION.fullmatch(request.api_version):
        return _error(400, "BadParameter", "api-version must be specified")
    if not _NAME.fullmatch(found["name"]):
        return _error(400, "BadParameter", f"The request URI contains an invalid name: {found['name']}")
    refused = _refused(cloud, request, found["vault"])
    if refused is not None:
        return refused
    if request.method == "PUT":
        return _set(cloud, request, found["vault"], found["name"])
    return _get(cloud, request, found["vault"], found["name"], found["version"] or "")


def _refused(cloud: Cloud, request: Request, vault: str) -> Response | None:
    refusal = cloud.store.get(REFUSALS, vault.lower())
    if refusal is None:
        return None
    caller = caller_of(cloud, request)
    why = refusal["why"]
    message = _WHY[why].format(app=caller.app_id, oid=caller.object_id, tenant=cloud.tenant_id, vault=vault)
    return _error(403, "Forbidden", message, why)


def _set(cloud: Cloud, request: Request, vault: str, name: str) -> Response:
    try:
        value = request.json().get("value")
    except ArmError as error:
        return _error(400, "BadParameter", error.message)
    if not isinstance(value, str):
        return _error(400, "BadParameter", "Property value is required")
    put_secret(cloud, vault, name, value)
    return _get(cloud, request, vault, name, "")


def _get(cloud: Cloud, request: Request, vault: str, name: str, version: str) -> Response:
    found = cloud.store.get(SECRETS, f"{vault}/{name}".lower())
    versions = found["versions"] if found is not None else []
    one = next((item for item in reversed(versions) if version in ("", item["id"])), None)
    if one is None:
        return _error(
            404,
            "SecretNotFound",
            f"A secret with (name/id) {name}{'/' if version else ''}{version} was not found in this key vault. If you "
            "recently deleted this secret you may be able to recover it using the correct recovery command. For help "
            "resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182",
        )
    if not one["enabled"]:
        return _error(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled")
    attributes = {
        "enabled": True,
        "created": one["created"],
        "updated": one["created"],
        "recoveryLevel": "Recoverable+Purgeable",
        "recoverableDays": 90,
    }
    identity = request.url(f"/secrets/{name}/{one['id']}")
    return Response(200, {"value": one["value"], "id": identity, "attributes": attributes})


def _error(status: int, code: str, message: str, inner: str = "") -> Response:
    error: dict[str, object] = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return Response(status, {"error": error})
