"""The SDK's exceptions to ours, once, at the border; and what an error code means for the next try.

Sources of the codes: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors,
https://learn.microsoft.com/azure/role-based-access-control/troubleshooting and recorded answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from ..diagnostics import AccessError, AzureFailure, ExecutionError
from . import retry_after

Verdict = Literal["transient", "new principal", "permanent"]

CONNECTION_LOST = "ConnectionLost"
_NO_SUBSCRIPTION = "SubscriptionNotFound"
_UNREADABLE = "UnreadableAnswer"
EXPIRED = "ExpiredAuthenticationToken"
"""A token that ended in the middle of a run; the SDK asks for a new one with the next request."""
_TRANSIENT = frozenset(
    {
        "AnotherOperationInProgress", "RetryableError", "RetryableErrorDueToAnotherOperation", "TooManyRequests",
        "ServerTimeout", "InternalServerError", "ServiceUnavailable", "GatewayTimeout", "OperationPreempted",
        "ResourceGroupBeingDeleted", "CanceledAndSupersededDueToAnotherOperation", "ReferencedResourceNotProvisioned",
        "NetworkingInternalOperationError", "InternalExecutionError", "NicReservedForAnotherVm", CONNECTION_LOST,
        EXPIRED,
    }
)  # fmt: skip
_CONCURRENT = "conflict with a concurrent request"
"""The compute provider's words for another operation on the same machine; its ``Conflict`` alone means many things."""
_TRANSIENT_STATUS = frozenset({408, 429, 500, 502, 503, 504})


def verdict(failure: AzureFailure) -> Verdict:
    """Whether trying again can help; ``PrincipalNotFound`` helps only when the principal is new."""
    if failure.code == "PrincipalNotFound":
        return "new principal"
    if failure.code in _TRANSIENT or failure.status in _TRANSIENT_STATUS:
        return "transient"
    if failure.code == "Conflict" and _CONCURRENT in failure.message:
        return "transient"
    return "permanent"


@contextmanager
def translated(target: str = "") -> Iterator[None]:
    """Raises ``ExecutionError`` or ``AccessError`` for whatever the SDK raises inside."""
    from azure.core import exceptions

    try:
        yield
    except exceptions.ClientAuthenticationError as error:
        failure = _failure(error, target)
        if failure.code == EXPIRED:
            raise ExecutionError(failure) from error
        raise AccessError(f"Azure refused the credentials: {failure}; sign in again (`az login`)") from error
    except exceptions.HttpResponseError as error:
        raise ExecutionError(_failure(error, target)) from error
    except (json.JSONDecodeError, exceptions.DeserializationError) as error:
        message = (
            "The answer cannot be read, it is not Azure's: is a proxy or a page to sign in to a network in between?"
        )
        raise ExecutionError(AzureFailure(_UNREADABLE, message, target=target)) from error
    except (exceptions.AzureError, TimeoutError, OSError) as error:
        text = " ".join(str(error).split()) or type(error).__name__
        raise ExecutionError(AzureFailure(CONNECTION_LOST, text, target=target)) from error


def is_missing(error: ExecutionError) -> bool:
    """Whether the answer says that the thing, or what it lies in, is not there; in a subscription that is."""
    return error.failure.status == 404 and error.failure.code != _NO_SUBSCRIPTION


def _failure(error: Any, target: str) -> AzureFailure:
    response = error.response
    code, message = _code_and_message(error, response)
    headers = response.headers if response is not None else {}
    request_id = headers.get("x-ms-request-id") or headers.get("x-ms-correlation-request-id") or ""
    return AzureFailure(code, message, error.status_code or 0, request_id, target, retry_after.seconds(headers))


def _code_and_message(error: Any, response: Any) -> tuple[str, str]:
    body = _body(response)
    # A group's failed delete answers with capitalised keys.
    found = body.get("error") or body.get("Error") or body
    if isinstance(found, dict):
        lowered = {str(key).lower(): value for key, value in found.items()}
        if lowered.get("code"):
            message = str(lowered.get("message") or error.reason or "")
            details = lowered.get("details")
            if isinstance(details, list):
                message = " ".join([message, *(_detail(item) for item in details if isinstance(item, dict))]).strip()
            return str(lowered["code"]), message
    return f"HTTP{error.status_code or ''}", " ".join(str(error.message).split())


def _detail(item: dict[str, Any]) -> str:
    lowered = {str(key).lower(): value for key, value in item.items()}
    return f"[{lowered.get('code') or lowered.get('target') or 'detail'}: {lowered.get('message', '')}]"


def _body(response: Any) -> dict[str, Any]:
    try:
        found = json.loads(response.text())
    except (AttributeError, ValueError, RuntimeError):
        return {}
    return found if isinstance(found, dict) else {}
