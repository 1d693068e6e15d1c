"""Which Azure: the endpoints of the public and sovereign clouds, of any other by its metadata, and of the local one.

Source: https://learn.microsoft.com/azure/azure-government/documentation-government-developer-guide and
https://learn.microsoft.com/azure/china/resources-developer-guide; vaults:
https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates (DNS suffixes);
metadata: ``GET /metadata/endpoints`` (2022-09-01).
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.client import HTTPMessage
from typing import IO

from ..base.diagnostics import AccessError, UsageError
from . import hosts

METADATA_API_VERSION = "2022-09-01"
_TIMEOUT_S = 30


@dataclass(frozen=True)
class Cloud:
    """Endpoints without a trailing slash; key vaults' hosts end in ``vault_suffix``.

    ``is_local`` marks the embedded cloud: plain HTTP on loopback, any token.

    ``time_scale``: our seconds in one of its own; an embedded cloud that is served says it in its metadata.
    """

    name: str
    resource_manager: str
    authority: str
    audience: str
    is_local: bool = False
    is_known: bool = True
    vault_suffix: str = "vault.azure.net"
    time_scale: float = 1.0

    @property
    def scope(self) -> str:
        return f"{self.audience.rstrip('/')}/.default"


PUBLIC = Cloud(
    "azure", "https://management.azure.com", "https://login.microsoftonline.com", "https://management.azure.com"
)
CHINA = Cloud(
    "azure-china",
    "https://management.chinacloudapi.cn",
    "https://login.chinacloudapi.cn",
    "https://management.chinacloudapi.cn",
    vault_suffix="vault.azure.cn",
)
GOVERNMENT = Cloud(
    "azure-government",
    "https://management.usgovcloudapi.net",
    "https://login.microsoftonline.us",
    "https://management.usgovcloudapi.net",
    vault_suffix="vault.usgovcloudapi.net",
)
KNOWN = {cloud.name: cloud for cloud in (PUBLIC, CHINA, GOVERNMENT)}


def local(url: str) -> Cloud:
    """The embedded cloud at a loopback URL."""
    return Cloud("local", url.rstrip("/"), url.rstrip("/"), url.rstrip("/"), is_local=True)


def find(name: str) -> Cloud:
    """A cloud by name, or by the URL of its resource manager or of its metadata.

    Raises:
        UsageError: no such cloud.
        AccessError: its metadata cannot be read.
    """
    if name in KNOWN:
        return KNOWN[name]
    if not name.startswith("https://"):
        names = ", ".join([*KNOWN, "local"])
        raise UsageError(f"--cloud {name}: unknown cloud; one of {names}, or an https:// metadata URL")
    return _from_metadata(name)


def _from_metadata(url: str) -> Cloud:
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError as error:
        raise UsageError(f"--cloud {url}: {error}") from error
    base = f"{parts.scheme}://{parts.netloc}"
    where = f"{base}/metadata/endpoints?api-version={METADATA_API_VERSION}"
    try:
        with urllib.request.build_opener(_OwnHosts(base)).open(where, timeout=_TIMEOUT_S) as response:
            found = json.load(response)
        # Older API versions answer with a list (2019-05-01); the first item is the cloud that was asked.
        if isinstance(found, list):
            found = found[0]
        login = found["authentication"]
        manager = str(found.get("resourceManager") or base)
        audience = str(login["audiences"][0]) if login.get("audiences") else manager
        authority = str(login["loginEndpoint"]).rstrip("/")
        vaults = str((found.get("suffixes") or {}).get("keyVaultDns") or PUBLIC.vault_suffix).lstrip(".")
        time_scale = max(0.0, float(found.get("timeScale", 1.0)))
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise AccessError(f"--cloud {url}: cannot read the cloud's metadata from {where}: {reason}") from error
    for key, endpoint in (("resourceManager", manager), ("loginEndpoint", authority)):
        if (hosts.origin(endpoint) or ("",))[0] != "https":
            raise AccessError(
                f"--cloud {url}: the cloud's metadata sets {key} to {hosts.shown(endpoint)}, which is "
                "not an https:// URL. A token would not be safe there. Ask the operator of the cloud "
                "to fix its metadata."
            )
    name = str(found.get("name") or parts.netloc)
    return Cloud(name, manager.rstrip("/"), authority, audience, False, False, vaults, time_scale)


class _OwnHosts(urllib.request.HTTPRedirectHandler):
    """Follows redirects on the host that was asked for the metadata, and no others: what it answers is believed."""

    def __init__(self, home: str) -> None:
        self._home = home

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if not hosts.is_of(newurl, self._home):
            raise OSError(hosts.refusal(newurl, self._home, "the cloud"))
        return super().redirect_request(req, fp, code, msg, headers, newurl)
