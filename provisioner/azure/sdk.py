"""The parts of the Azure SDK's objects that this package uses, as types: mypy doesn't read the SDK.

In: nothing. Out: protocols. No code of the SDK is imported here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken


class Credential(Protocol):
    """A credential that gets tokens, and gets a new one where Azure refused the old one."""

    async def get_token(self, *scopes: str, **options: object) -> AccessToken: ...
    async def renew(self, refused: str) -> None:
        """Forget a token that Azure refused."""

    async def close(self) -> None: ...


class SdkCredential(Protocol):
    """A credential as the SDK makes it."""

    async def get_token(self, *scopes: str, **options: object) -> AccessToken: ...
    async def close(self) -> None: ...


class HttpRequest(Protocol):
    """A request before the transport sends it; ``body`` is bytes, text, or an open file."""

    method: str
    url: str
    body: object
    headers: MutableMapping[str, str]


class HttpResponse(Protocol):
    """An answer whose body was read."""

    status_code: int
    headers: MutableMapping[str, str]
    request: HttpRequest

    def text(self) -> str: ...


class ReadableResponse(HttpResponse, Protocol):
    """An answer whose body may still be on its way."""

    async def read(self) -> bytes: ...


class LoadableResponse(HttpResponse, Protocol):
    """The same, of an older transport of the SDK."""

    async def load_body(self) -> None: ...


UnreadResponse = ReadableResponse | LoadableResponse


class PipelineContext(Protocol):
    """What policies tell each other about one request."""

    options: dict[str, object]


class PipelineRequest(Protocol):
    """A request in the SDK's pipeline."""

    http_request: HttpRequest
    context: PipelineContext


class PipelineResponse(Protocol):
    """An answer in the SDK's pipeline."""

    http_response: UnreadResponse


class HttpError(Protocol):
    """What the SDK raises for an answer that is an error; ``response`` is None where none arrived."""

    response: HttpResponse | None
    status_code: int | None
    reason: str | None
    message: str


class NewModel(Protocol):
    """An item of a list as newer SDK packages give it."""

    def as_dict(self) -> dict[str, object]: ...


class OldModel(Protocol):
    """An item of a list as older SDK packages give it; ``as_dict`` of those has Python's names, not ARM's."""

    def serialize(self, *, keep_readonly: bool) -> dict[str, object]: ...


class WholeList(Protocol):
    """A list that comes in one answer."""

    value: Sequence[NewModel | OldModel] | None


class ProviderType(Protocol):
    """A resource type of a provider, and the API versions that it answers to."""

    resource_type: str
    api_versions: Sequence[str]


Pages = AsyncIterator[NewModel | OldModel] | Awaitable[WholeList]
"""A list of the SDK: pages, or one answer."""
Operation = Callable[..., Awaitable[dict[str, object]]]
"""A method of the SDK that sends one request and, with ``cls=wire``, gives the body of the answer."""
Headers = Mapping[str, str]
