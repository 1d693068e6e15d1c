"""Who is asking: a credential for a cloud, and the object ID in its token.

On Azure it is ``DefaultAzureCredential`` (environment, workload identity, managed identity, CLI login and the rest, in
that order). Source: https://learn.microsoft.com/python/api/azure-identity/azure.identity.aio.defaultazurecredential
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..base.diagnostics import AccessError
from .clouds import Cloud
from .sdk import Credential, SdkCredential

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken

_LONGEST_REASON = 1500
_LIFETIME_S = 3600
LOCAL_DEPLOYER = "00000000-0000-4000-8000-00000000d0e5"


class LocalCredential:
    """The token of the embedded cloud: any will do there, and none leaves this machine."""

    def __init__(self, object_id: str = LOCAL_DEPLOYER) -> None:
        self._object_id = object_id

    async def get_token(self, *scopes: str, **options: object) -> AccessToken:
        """A new token with every call, issued now."""
        from azure.core.credentials import AccessToken

        now = time.time()
        claims = {"oid": self._object_id, "sub": self._object_id, "iat": now, "exp": now + _LIFETIME_S}
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return AccessToken(f"eyJhbGciOiJub25lIn0.{payload}.", int(now + _LIFETIME_S))

    async def renew(self, refused: str) -> None:
        """Every token is new anyway."""

    async def close(self) -> None:
        """Nothing to close."""

    async def __aenter__(self) -> LocalCredential:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()


class RenewableCredential:
    """One of the SDK's, that is made anew when Azure refuses its token.

    The SDK's own keep a token for as long as this machine's clock says that it is good, and hand it out again however
    often it is refused: a clock that was set back, or a session that was revoked, would end the run.
    """

    def __init__(self, make: Callable[[], SdkCredential]) -> None:
        self._make = make
        self._all = [make()]
        self._given: set[str] = set()

    async def get_token(self, *scopes: str, **options: object) -> AccessToken:
        found: AccessToken = await self._all[-1].get_token(*scopes, **options)
        self._given.add(found.token)
        return found

    async def renew(self, refused: str) -> None:
        """Begin anew, unless that was done since this token was given: of many refusals the first does it."""
        if refused in self._given:
            self._given.clear()
            self._all.append(self._make())

    async def close(self) -> None:
        """The former ones too: they may have been asked for a token meanwhile."""
        for credential in self._all:
            await credential.close()

    async def __aenter__(self) -> RenewableCredential:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()


def make(cloud: Cloud) -> Credential:
    """An async credential for a cloud, with a ``renew`` for tokens that are refused; no request is made yet."""
    if cloud.is_local:
        return LocalCredential()
    from azure.identity.aio import DefaultAzureCredential

    options: dict[str, object] = {"authority": cloud.authority}
    if not cloud.is_known:
        options["disable_instance_discovery"] = True
    return RenewableCredential(lambda: DefaultAzureCredential(**options))


async def claims(credential: Credential, cloud: Cloud) -> Mapping[str, object]:
    """What the token says of the caller (``oid`` is the object ID); empty where it cannot be read.

    Raises:
        AccessError: there is no credential, or it is refused; the text says what was tried and what to do.
    """
    from azure.core.exceptions import AzureError, ClientAuthenticationError

    try:
        token = await credential.get_token(cloud.scope)
    except ClientAuthenticationError as error:
        raise AccessError(_explain(str(error))) from error
    except AzureError as error:
        raise AccessError(f"the sign-in service at {cloud.authority} cannot be reached: {error}") from error
    return _claims(token.token)


def name(found: Mapping[str, object]) -> str:
    """A name for the caller: a user's, an application's ID, else the object ID.

    Claims: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
    """
    wanted = ("upn", "preferred_username", "unique_name", "appid", "azp", "oid")
    return next((str(found[claim]) for claim in wanted if found.get(claim)), "")


def _explain(reason: str) -> str:
    """The sentence for a user without a usable credential."""
    tried = reason.split("To mitigate this issue", maxsplit=1)[0].strip()
    if len(tried) > _LONGEST_REASON:
        tried = tried[:_LONGEST_REASON] + "…"
    return (
        "no working Azure credentials found.\n"
        f"Tried: {tried}\n"
        "  hint: run `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or "
        "run with a workload or managed identity; to rehearse without an account, pass --cloud local"
    )


def _claims(token: str) -> dict[str, object]:
    try:
        payload = token.split(".", 2)[1]
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
