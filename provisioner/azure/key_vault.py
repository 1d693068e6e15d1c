"""Secrets of key vaults, read through azure-keyvault-secrets: the extra ``keyvault``.

In: which secret of which vault, and the credential of the run. Out: its value, or a ``VaultError`` with
what to do. Values are neither logged nor kept.

Source: REST reference "Get Secret", "Azure Key Vault REST API error codes".
"""

from __future__ import annotations

import contextlib
import json
import urllib.parse
from collections.abc import AsyncIterator

from ..base.diagnostics import ExecutionError
from ..spec.secrets.vaults import VaultSecret
from . import hosts
from .clouds import Cloud
from .codes import CODES
from .sdk import Credential, HttpError, HttpRequest, HttpResponse

_PACKAGE = "run pip install -e '.[keyvault]' in the source folder"
"""By path: on PyPI, the name `provisioner` belongs to another project."""


class VaultError(Exception):
    """A secret that cannot be read: why, and what to do. ``is_missing``: it is not there."""

    def __init__(self, reason: str, hint: str = "", is_missing: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.is_missing = is_missing


async def read(wanted: VaultSecret, cloud: Cloud, credential: Credential | None, caller: str = "") -> str:
    """The value of a secret; ``caller`` is the object ID that a hint names.

    Raises:
        VaultError: there is no such secret, no way to the vault, or no right to read it; or the package is missing.
    """
    try:
        from azure.keyvault.secrets.aio import SecretClient
    except ImportError as error:
        raise VaultError("azure-keyvault-secrets is not installed", _PACKAGE) from error
    from azure.core import exceptions

    home = url(wanted.vault, cloud)
    options: dict[str, object] = {"per_retry_policies": [hosts.policy(home, "the key vault")]}
    if _is_on_loopback(cloud) and hosts.is_of(home, url("", cloud)):
        # The SDK compares the challenge's resource with the vault's domain, and an IP address has none.
        options["verify_challenge_resource"] = False
    async with contextlib.AsyncExitStack() as stack:
        if cloud.is_local:
            options["transport"] = await stack.enter_async_context(_loopback())
        client = await stack.enter_async_context(SecretClient(home, credential, **options))
        try:
            found = await client.get_secret(wanted.secret, wanted.version or None)
        except exceptions.HttpResponseError as error:
            raise _refused(error, wanted, caller) from error
        except ExecutionError as error:
            failure = error.failure
            raise VaultError(f"{wanted}: {failure.message}", CODES[failure.code].hint) from error
        except (exceptions.AzureError, ValueError, OSError) as error:
            reason = " ".join(str(error).split())
            hint = "check the vault's name, and that this computer can reach the vault (private endpoint, firewall)"
            raise VaultError(f"{home}: {reason}", hint) from error
    if not found.value:
        raise VaultError(f"{wanted} is empty", "run `az keyvault secret set`", is_missing=True)
    return str(found.value)


def url(vault: str, cloud: Cloud) -> str:
    """Where a vault answers."""
    if vault.startswith("https://"):
        return vault.rstrip("/")
    if _is_on_loopback(cloud):
        return f"{cloud.resource_manager.replace('http://', 'https://', 1)}/vaults/{vault}"
    return f"https://{vault}.{cloud.vault_suffix}"


def _is_on_loopback(cloud: Cloud) -> bool:
    """Whether it is an embedded cloud, of this process or served: there a vault has a path and no host of its own."""
    return urllib.parse.urlsplit(cloud.resource_manager).hostname in ("127.0.0.1", "localhost", "::1")


def _refused(error: HttpError, wanted: VaultSecret, caller: str) -> VaultError:
    code, inner, message = _code(error)
    who = caller or "<object ID>"
    if error.status_code == 404:
        hint = f"run `az keyvault secret list --vault-name {wanted.name} --query [].name` to list the secrets"
        return VaultError(f"{wanted} does not exist ({code})", hint, is_missing=True)
    hints = {
        "ForbiddenByRbac": (
            f"run `az role assignment create --role 'Key Vault Secrets User' --assignee-object-id {who} "
            f'--scope "$(az keyvault show --name {wanted.name} --query id --output tsv)"`'
        ),
        "ForbiddenByPolicy": (
            f"run `az keyvault set-policy --name {wanted.name} --object-id {who} --secret-permissions get`"
        ),
        "ForbiddenByFirewall": (
            "run from a network that the vault's firewall allows, or allow this computer's IP address"
        ),
        "ForbiddenByConnection": "run from a network that can reach the vault's private endpoint",
        "SecretDisabled": (
            f"run `az keyvault secret set-attributes --vault-name {wanted.name} --name {wanted.secret} --enabled true`"
        ),
    }
    first = message.replace("\r", "").partition("\n")[0]
    return VaultError(f"{wanted}: {inner or code}: {first}", hints.get(inner, ""))


def _code(error: HttpError) -> tuple[str, str, str]:
    """The code, the inner code and the message of a vault's answer."""
    unknown = f"HTTP {error.status_code}", "", str(error.reason or "")
    if error.response is None:
        return unknown
    try:
        found = json.loads(error.response.text())["error"]
        inner = (found.get("innererror") or {}).get("code") or ""
        return str(found.get("code", "")), str(inner), str(found.get("message", ""))
    except (AttributeError, KeyError, TypeError, ValueError):
        return unknown


@contextlib.asynccontextmanager
async def _loopback() -> AsyncIterator[object]:
    """A transport for the embedded cloud: the client speaks of https, as it must; on loopback it is plain HTTP."""
    from azure.core.pipeline.transport import AioHttpTransport

    class Loopback(AioHttpTransport):  # type: ignore[misc]
        async def send(self, request: HttpRequest, **options: object) -> HttpResponse:
            written = request.url
            if not written.startswith("https://127.0.0.1:"):
                raise ValueError("a token of the simulator never leaves your computer")
            request.url = written.replace("https://", "http://", 1)
            try:
                response: HttpResponse = await super().send(request, **options)
                return response
            finally:
                request.url = written

    async with Loopback() as transport:
        yield transport
