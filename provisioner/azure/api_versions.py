"""API versions that a cloud does not know: the newest that it does takes the place of the SDK's.

In: requests of the SDK, which sends the newest version of each API. Out: the same requests. Sovereign clouds, stamps
and at times the public one are behind ("The api-version '2026-04-01' is invalid. The supported versions are …"); the
refusal lists what they know: "Resolve errors for NoRegisteredProviderFound", "… for InvalidApiVersionParameter".
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from .sdk import PipelineRequest, PipelineResponse, UnreadResponse

_CODES = frozenset({"InvalidApiVersionParameter", "NoRegisteredProviderFound", "InvalidResourceType"})
_REFUSED = (400, 404)
_KNOWN = re.compile(r"supported (?:api-)?versions are '([^']+)'")
_ASKED = re.compile(r"(?<=[?&])api-version=([^&]*)")
_TRIES = 3
"""The resource manager has a list of its own, and each provider another."""


class ApiVersions:
    """What was learnt of one cloud: by type and the version that it refused, the one to take."""

    def __init__(self) -> None:
        self._instead: dict[tuple[str, str], str] = {}

    def policy(self) -> object:
        """A pipeline policy; it goes before the one that tries again."""
        from azure.core.pipeline.policies import AsyncHTTPPolicy

        instead = self._instead

        class Negotiated(AsyncHTTPPolicy):  # type: ignore[misc]
            async def send(self, request: PipelineRequest) -> PipelineResponse:
                sent = request.http_request
                asked = version = _version(sent.url)
                for _ in range(_TRIES):
                    if instead:
                        version = instead.get((_type(sent.url), asked), version)
                        sent.url = _ASKED.sub(f"api-version={version}", sent.url)
                    response: PipelineResponse = await self.next.send(request)
                    better = await _better(response.http_response, version)
                    if not better:
                        break
                    instead[_type(sent.url), asked] = better
                    if hasattr(sent.body, "seek"):
                        sent.body.seek(0)
                return response

        return Negotiated()


async def _better(answer: UnreadResponse, version: str) -> str:
    """A version that the cloud knows, where an answer says that it does not know this one; else nothing."""
    if answer.status_code not in _REFUSED or not version:
        return ""
    await (answer.read() if hasattr(answer, "read") else answer.load_body())
    try:
        error = json.loads(answer.text())["error"]
        found = _KNOWN.search(str(error["message"])) if error["code"] in _CODES else None
    except (ValueError, KeyError, TypeError):
        return ""
    return choice(version, [item.strip() for item in found[1].split(",")]) if found else ""


def choice(version: str, known: list[str]) -> str:
    """The newest stable version before one that is refused, else the oldest after it; nothing where it is known.

    >>> choice("2026-04-01", ["2026-06-01", "2025-04-01", "2025-05-01-preview", "2024-07-01"])
    '2025-04-01'
    """
    stable = [item for item in known if "preview" not in item]
    if version in known or not stable:
        return ""
    return max((item for item in stable if item < version), default=min(stable))


def _version(url: str) -> str:
    found = _ASKED.search(url)
    return found[1] if found else ""


def _type(url: str) -> str:
    """What a path is about, without names: ``microsoft.network/virtualnetworks``, ``resourcegroups``."""
    path = urlsplit(url).path.lower()
    _, mark, provider = path.rpartition("/providers/")
    if mark:
        namespace, *steps = provider.split("/")
        return "/".join((namespace, *steps[::2]))
    return "/".join(path.strip("/").split("/")[::2])
