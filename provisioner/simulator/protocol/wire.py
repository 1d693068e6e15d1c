"""A request and an answer, free of any HTTP library.

In: what the server read off the socket. Out: `Request` and `Response`. Bodies are bytes on the way in and JSON values
on the way out; headers are plain mappings with lower-case keys on the way in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from ..json_values import Json
from .arm_path import ArmPath, parse_path
from .json_body import parse_object


class NoBody:
    """Says that an answer has no body, which `null` would be."""


NO_BODY = NoBody()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request, as far as its token says."""

    object_id: str
    app_id: str
    tenant_id: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `base_url` is how the client reached us, so that links lead back the same way."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base_url: str
    caller: Caller | None = None

    @property
    def api_version(self) -> str:
        return self.query.get("api-version", "")

    @property
    def arm(self) -> ArmPath:
        return parse_path(self.path)

    def json(self) -> Json:
        """The body as an object; raises ArmError as ARM refuses anything else."""
        return parse_object(self.body)

    def url(self, path: str, **query: str) -> str:
        """An absolute link to ourselves."""
        return f"{self.base_url}{path}?{urlencode(query, safe='/:')}" if query else f"{self.base_url}{path}"


@dataclass(slots=True)
class Response:
    """One answer; `body` is a JSON value, or NO_BODY. `note` goes to the request log only.

    With `drop_connection` nothing of it is sent, `truncated` sends half of the body, and the connection is closed.
    """

    status: int = 200
    body: object = NO_BODY
    headers: dict[str, str] = field(default_factory=dict)
    note: str = ""
    drop_connection: bool = False
    truncated: bool = False
