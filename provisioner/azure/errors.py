"""The SDK's exceptions to ours, once, at the border; and what an error means for the next try."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from ..base.diagnostics import AccessError, AzureFailure, ExecutionError
from . import retry_after
from .codes import CODES, CONNECTION_LOST, EXPIRED, WORDS, Verdict
from .sdk import HttpError, HttpResponse

_NO_SUBSCRIPTION = "SubscriptionNotFound"
_REFUSED = "AuthorizationFailed"
_UNREADABLE = "UnreadableAnswer"
_WRONG_TENANT = "InvalidAuthenticationTokenTenant"
_OTHER_TENANT = re.compile(r"must match (?:the|one of the) tenants? 'https?://[^/']+/([0-9a-fA-F-]{36})")
_TRANSIENT_STATUS = frozenset({408, 429, 500, 502, 503, 504})
_MISSING, _PRECONDITION_FAILED = 404, 412


def verdict(failure: AzureFailure) -> Verdict:
    """What an error means, by its code, else by those inside of it, else by its status.

    The innermost code is the root failure where the outer ones only say that something failed ("Understand common
    error messages when you manage virtual machines in Azure").
    """
    for code in (failure.code, *failure.inner):
        if code in CODES:
            return CODES[code].verdict
    if failure.status in _TRANSIENT_STATUS:
        return "transient"
    if any(failure.code == code and words in failure.message for code, words, _ in WORDS):
        return "transient"
    if failure.status == _MISSING:
        return "late"
    return "conflict" if failure.status == _PRECONDITION_FAILED else "permanent"


@contextmanager
def translated(target: str = "") -> Iterator[None]:
    """Raises ``ExecutionError`` or ``AccessError`` for whatever the SDK raises inside.

    A policy of ours raises an ``ExecutionError`` that does not know the target.
    """
    from azure.core import exceptions

    try:
        yield
    except ExecutionError as error:
        raise ExecutionError(error.failure.with_target(error.failure.target or target)) from error
    except exceptions.ClientAuthenticationError as error:
        failure = _failure(error, target)
        if failure.code == EXPIRED:
            raise ExecutionError(failure) from error
        raise AccessError(f"Azure refused the credentials: {failure}; {_sign_in(failure)}") from error
    except exceptions.HttpResponseError as error:
        raise ExecutionError(_failure(error, target)) from error
    except (json.JSONDecodeError, exceptions.DeserializationError) as error:
        message = "The response cannot be read, and is not Azure's. Check for a proxy or a sign-in page in between."
        raise ExecutionError(AzureFailure(_UNREADABLE, message, target=target)) from error
    except (exceptions.AzureError, TimeoutError, OSError) as error:
        text = " ".join(str(error).split()) or type(error).__name__
        raise ExecutionError(AzureFailure(CONNECTION_LOST, text, target=target)) from error


def _sign_in(failure: AzureFailure) -> str:
    """What to do about refused credentials; those of another tenant are fine, but not for this subscription."""
    tenant = _OTHER_TENANT.search(failure.message) if failure.code == _WRONG_TENANT else None
    if tenant is None:
        return "sign in again (`az login`)"
    return (
        f"sign in to the tenant {tenant[1]} of the subscription: `az login --tenant {tenant[1]}`, and "
        "`az account set --subscription …` if you are signed in to both; elsewhere set "
        f"AZURE_TENANT_ID={tenant[1]}"
    )


def is_missing(error: ExecutionError) -> bool:
    """Whether the answer says that the thing, or what it lies in, is not there; in a subscription that is."""
    return error.failure.status == _MISSING and error.failure.code != _NO_SUBSCRIPTION


def _failure(error: HttpError, target: str) -> AzureFailure:
    response = error.response
    said = _said(response)
    code = str(said.get("code") or "")
    if code:
        details = [item for item in _details(said) if item.get("message")]
        message = " ".join([str(said.get("message") or error.reason or ""), *map(_detail, details)]).strip()
    else:
        code, message = f"HTTP{error.status_code or ''}", " ".join(str(error.message).split())
    headers = response.headers if response is not None else {}
    return AzureFailure(
        code,
        message,
        error.status_code or 0,
        headers.get("x-ms-request-id") or headers.get("x-ms-correlation-request-id") or "",
        target,
        retry_after.seconds(headers),
        inner=tuple(str(item["code"]) for item in _details(said) if item.get("code")),
    )


def is_refused(error: ExecutionError) -> bool:
    """Whether the caller has no permission for this at this scope; at another scope it may have one."""
    return error.failure.code == _REFUSED


def _said(response: HttpResponse | None) -> dict[str, object]:
    """The error in an answer, with small keys: a group's failed delete answers with capitalised ones."""
    body = _body(response)
    return _lowered(body.get("error") or body.get("Error") or body)


def _details(said: dict[str, object]) -> list[dict[str, object]]:
    """The errors inside of one, from the outer to the inner."""
    found = []
    details = said.get("details")
    for item in details if isinstance(details, list) else ():
        lowered = _lowered(item)
        found += [lowered, *_details(lowered)]
    return found


def _lowered(found: object) -> dict[str, object]:
    return {str(key).lower(): value for key, value in found.items()} if isinstance(found, dict) else {}


def _detail(item: dict[str, object]) -> str:
    return f"[{item.get('code') or item.get('target') or 'detail'}: {item['message']}]"


def _body(response: HttpResponse | None) -> dict[str, object]:
    if response is None:
        return {}
    try:
        found = json.loads(response.text())
    except (AttributeError, ValueError, RuntimeError):
        return {}
    return found if isinstance(found, dict) else {}
