"""Which hosts may receive requests: those of the cloud in use, or of one key vault, and no other.

In: the URL of each request, which can come from an answer (``nextLink``, ``Location``, ``Azure-AsyncOperation``, a
redirect). Out: the request, or an error that names the host. A request to another host is never sent, not even without
a token: its answer would be believed.

Regional hosts of Resource Manager are subdomains of its global host, such as ``westeurope.management.azure.com``, at
times written with the port (seen in public repositories; no page of Azure lists them): every subdomain is accepted.
"""

from __future__ import annotations

import re

from ..base.diagnostics import AzureFailure, ExecutionError
from .codes import FOREIGN_HOST
from .sdk import PipelineRequest

_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?(?=[/?#]|\Z)", re.I | re.A)
"""Strict: URL parsers disagree about user information, backslashes and spaces in front of a host."""
_PORTS = {"http": 80, "https": 443}
_LONGEST = 100

Origin = tuple[str, str, int]
"""Scheme, host and port, in lower case."""


def origin(url: str) -> Origin | None:
    """Where a request for a URL goes; None for URLs that are not absolute, or that parsers can read differently.

    >>> origin("https://Management.Azure.com:443/subscriptions")
    ('https', 'management.azure.com', 443)
    """
    found = _ORIGIN.match(url)
    if found is None:
        return None
    scheme = found[1].lower()
    return scheme, found[2].lower(), int(found[3] or _PORTS[scheme])


def is_of(url: str, home: str) -> bool:
    """Whether a URL leads to the same scheme, host and port as ``home``, or to a subdomain of its host over https.

    >>> is_of("https://westeurope.management.azure.com/x", "https://management.azure.com")
    True
    >>> is_of("https://management.azure.com.example/x", "https://management.azure.com")
    False
    """
    found, own = origin(url), origin(home)
    if found is None or own is None:
        return False
    # No domain ends with a digit, so an IP address has no subdomains (RFC 1123, section 2.1).
    is_below = found[1].endswith(f".{own[1]}") and own[0] == "https" and not own[1][-1].isdigit()
    return found[0] == own[0] and found[2] == own[2] and (found[1] == own[1] or is_below)


def shown(url: str) -> str:
    """The part of a URL that names the host, for messages: a path or a query can hold what is secret."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return "a URL without a host"
    host = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]
    return f"{scheme}://{host}"[:_LONGEST]


def policy(home: str, what: str) -> object:
    """A pipeline policy that refuses requests to other hosts than that of ``home``; ``what`` names it for people.

    The SDK makes pipelines in which it can be before or after the policy that adds the token; it is before the
    transport in all of them. It raises ``ExecutionError``, which the SDK does not take for a failure to try again.
    """
    from azure.core.pipeline.policies import SansIOHTTPPolicy

    class OwnHosts(SansIOHTTPPolicy):  # type: ignore[misc]
        def on_request(self, request: PipelineRequest) -> None:
            url = request.http_request.url
            if not is_of(url, home):
                raise ExecutionError(AzureFailure(FOREIGN_HOST, refusal(url, home, what)))

    return OwnHosts()


def refusal(url: str, home: str, what: str) -> str:
    """Why a request is not sent, in two sentences."""
    return f"A response leads to {shown(url)}, which is not a host of {what} ({shown(home)}). The request was not sent."
