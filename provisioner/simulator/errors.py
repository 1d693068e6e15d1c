"""ARM's errors as values: one exception that carries what goes on the wire, and constructors for the common ones.

In: the facts of a refusal. Out: `ArmError`, rendered by the gateway as `{"error": {...}}`. It never logs.

Wordings: recorded answers of real Azure (error_bodies of the recordings) and the public "Troubleshoot common Azure
deployment errors" pages; where neither shows a wording, the code is right and the sentence is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict


class ErrorBody(TypedDict):
    """What stands under `error` in an answer, and is kept with an operation that failed."""

    code: str
    message: str
    target: NotRequired[str]
    details: NotRequired[list[Mapping[str, object]]]


class ArmError(Exception):
    """A refusal: HTTP status, ARM code and message, and whether ARM's gateway or the resource provider says it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: str | None = None,
        details: Sequence[Mapping[str, object]] | None = None,
        gateway: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        self.details = details
        self.gateway = gateway
        self.headers = dict(headers or {})

    def as_json(self) -> ErrorBody:
        """The object that stands under `error`."""
        error: ErrorBody = {"code": self.code, "message": self.message}
        if self.target is not None:
            error["target"] = self.target
        if self.details is not None:
            error["details"] = list(self.details)
        return error

    @classmethod
    def from_json(cls, status: int, error: ErrorBody) -> ArmError:
        """The error that `as_json` wrote, for one that was stored with an operation."""
        return cls(status, error["code"], error["message"], target=error.get("target"), details=error.get("details"))


def gateway_error(status: int, code: str, message: str) -> ArmError:
    """An error that ARM's front door gives without asking the provider (`x-ms-failure-cause: gateway`)."""
    return ArmError(status, code, message, gateway=True)


def resource_not_found(type_: str, names: str, group: str) -> ArmError:
    return gateway_error(
        404,
        "ResourceNotFound",
        f"The Resource '{type_}/{names}' under resource group '{group}' was not found. "
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def provider_not_found(resource_id: str) -> ArmError:
    return ArmError(404, "NotFound", f"Resource {resource_id} not found.", details=[])


def group_not_found(name: str) -> ArmError:
    return gateway_error(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")


def group_being_deleted(name: str) -> ArmError:
    return gateway_error(
        409,
        "ResourceGroupBeingDeleted",
        f"The resource group '{name}' is in deprovisioning state and cannot perform this operation.",
    )


def parent_not_found(parent_name: str) -> ArmError:
    return gateway_error(
        404,
        "ParentResourceNotFound",
        "Failed to perform 'write' on resource(s) of nested type, because the parent resource "
        f"'{parent_name}' could not be found.",
    )


def subscription_not_found(subscription_id: str) -> ArmError:
    return gateway_error(404, "SubscriptionNotFound", f"The subscription '{subscription_id}' could not be found.")


def invalid_namespace(namespace: str) -> ArmError:
    return gateway_error(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")


def invalid_type(namespace: str, type_: str, api_version: str) -> ArmError:
    return gateway_error(
        404,
        "InvalidResourceType",
        f"The resource type '{type_}' could not be found in the namespace '{namespace}' for api version "
        f"'{api_version}'.",
    )


def method_not_allowed(method: str) -> ArmError:
    return gateway_error(405, "MethodNotAllowed", f"The requested resource does not support http method '{method}'.")


def invalid_content(reason: str) -> ArmError:
    return gateway_error(
        400,
        "InvalidRequestContent",
        f"The request content was invalid and could not be deserialized: '{reason}'.",
    )


def precondition_failed(given: str, resource_id: str, current: str) -> ArmError:
    return ArmError(
        412,
        "PreconditionFailed",
        f"Etag provided in if-match header {given} does not match etag {current} of resource {resource_id}.",
        details=[],
    )


def already_exists_precondition(resource_id: str) -> ArmError:
    return ArmError(
        412,
        "PreconditionFailed",
        f"Resource {resource_id} exists already and cannot be created again.",
        details=[],
    )
