"""ARM's front door: who may come in, where a request goes, and what every answer carries.

In: a `Request`. Out: an `Response`, always: a refusal becomes ARM's error body, a bug becomes ARM's
InternalServerError with the traceback in the Python logger only, a full disk one that says so. A request that may
write runs inside one transaction.

Sources: "Azure Resource Manager RPC" (common API details: headers, api-version, error shape) and the recordings.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import uuid
from dataclasses import replace
from email.utils import formatdate

from ..access.authorize import RoleAuthorizer
from ..arm import providers
from ..arm.cloud import Cloud
from ..arm.dispatch import dispatch
from ..arm.key_vault import answer_vault
from ..arm.operation_completion import complete_due
from ..arm.request_target import target_of
from ..arm.tokens import caller_of
from ..errors import ArmError, gateway_error
from ..faults.fault_injection import ages, fault_for, kill, refusal
from ..faults.fault_injector import FaultInjector
from ..faults.injected_fault import NO_FAULT, InjectedFault
from ..protocol.wire import NO_BODY, Caller, Request, Response
from ..timing import iso
from .cloud_metadata import answer_open
from .rate_limits import RateLimits

logger = logging.getLogger(__name__)
API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[A-Za-z0-9-]+)?")
READ_ONLY = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 4 * 1024 * 1024
"""ARM takes no more than 4 MB ("Azure subscription and service limits", resource manager)."""
METHODS = READ_ONLY | {"PUT", "PATCH", "POST", "DELETE"}


class Gateway:
    """Answers the requests to one simulated cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        faults = cloud.settings.faults
        self._fault_injector = FaultInjector(faults) if faults is not None else None
        if self._fault_injector is not None:
            cloud.interfere(self._fault_injector)
        if cloud.settings.enforce_rbac:
            cloud.authorizer = RoleAuthorizer(cloud)
        self._limits = RateLimits(cloud)
        self._ages = ages(cloud)

    def answer(self, request: Request) -> tuple[Response, Caller | None]:
        """The answer, and who asked as far as is known."""
        caller: Caller | None = None
        request_id = str(uuid.uuid4())
        remaining: dict[str, str] = {}
        try:
            # Another process may have the same file open, `local show` or a second server.
            self.cloud.store.refresh()
            open_answer = answer_open(self.cloud, request) or answer_vault(self.cloud, request)
            if open_answer is not None:
                return self._finish(request, open_answer, request_id, {}), None
            caller = caller_of(self.cloud, request)
            request = replace(request, caller=caller)
            if self._ages is not None:
                self._ages.check(request)
            remaining = self._limits.arm(request, caller)
            remaining.update(self._limits.provider(request, target_of(self.cloud, request)))
            response = self._admitted(request)
        except ArmError as error:
            response = self._refused(error)
        except sqlite3.OperationalError as error:
            response = self._refused(
                gateway_error(500, "InternalServerError", f"The state of the simulator cannot be used: {error}. "
                              f"Check the free space for {self.cloud.settings.state_path}.")
            )  # fmt: skip
        except Exception:
            logger.exception("%s %s failed", request.method, request.path)
            response = self._refused(
                gateway_error(500, "InternalServerError", "Encountered internal server error. Diagnostic information: "
                              f"timestamp '{iso(self.cloud.timing.now())}', tracking id '{request_id}'.")
            )  # fmt: skip
        return self._finish(request, response, request_id, remaining), caller

    def _admitted(self, request: Request) -> Response:
        if request.method not in METHODS:
            raise gateway_error(405, "MethodNotAllowed", f"The http method '{request.method}' is not supported.")
        if len(request.body) > LARGEST_BODY:
            raise gateway_error(
                413, "RequestContentTooLarge", f"The request content exceeds the maximum of {LARGEST_BODY} bytes."
            )
        _check_api_version(request)
        providers.check_api_version(self.cloud, request)
        complete_due(self.cloud)
        for interceptor in self.cloud.settings.interceptors:
            response = interceptor(request)
            if response is not None:
                return response
        return self._met(request)

    def _met(self, request: Request) -> Response:
        """Dispatch, with whatever is to go wrong."""
        fault_injector = self._fault_injector
        fault = fault_for(self.cloud, fault_injector, request) if fault_injector is not None else NO_FAULT
        if fault.kill == "before":
            kill()
        if fault.drop == "before":
            return Response(0, drop_connection=True, note=fault.note)
        if fault.refused is not None:
            return refusal(self.cloud, fault)
        try:
            response = self._dispatched(request, fault)
        except ArmError as error:
            response = self._refused(error)
        if fault.kill:
            # The transaction is committed: the request took effect, and its client never learns of it.
            kill()
        response.note = fault.note or response.note
        response.drop_connection = response.drop_connection or fault.drop == "after"
        response.truncated = fault.truncate
        return response

    def _dispatched(self, request: Request, fault: InjectedFault) -> Response:
        if request.method in READ_ONLY:
            return dispatch(self.cloud, request)
        with self.cloud.store.transaction():
            response = dispatch(self.cloud, request)
            if fault.kill == "during":
                kill()
        return response

    def _refused(self, error: ArmError) -> Response:
        headers = dict(error.headers)
        if error.gateway:
            headers["x-ms-failure-cause"] = "gateway"
        return Response(error.status, {"error": error.as_json()}, headers)

    def _finish(self, request: Request, response: Response, request_id: str, remaining: dict[str, str]) -> Response:
        correlation = request.headers.get("x-ms-correlation-request-id") or request_id
        moment = iso(self.cloud.timing.now(), 6).replace("-", "").replace(":", "")[:15] + "Z"
        common = {
            "x-ms-request-id": request_id,
            "x-ms-correlation-request-id": correlation,
            "x-ms-routing-request-id": f"SIMULATOR:{moment}:{request_id}",
            "Date": formatdate(self.cloud.timing.now(), usegmt=True),
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            "Expires": "-1",
            "X-Content-Type-Options": "nosniff",
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
            **remaining,
        }
        wanted = request.headers.get("x-ms-return-client-request-id", "").lower() == "true"
        if wanted and "x-ms-client-request-id" in request.headers:
            common["x-ms-client-request-id"] = request.headers["x-ms-client-request-id"]
        response.headers = {**common, **response.headers}
        if request.method == "HEAD":
            response.body = NO_BODY
        return response


def error_code(response: Response) -> str:
    """The ARM error code in an answer, or nothing."""
    body = response.body
    if response.status < 400 or not isinstance(body, dict):
        return ""
    error = body.get("error") or body.get("Error") or {}
    return str(error.get("code") or error.get("Code") or "")


def _check_api_version(request: Request) -> None:
    if not request.api_version:
        raise gateway_error(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if not API_VERSION.fullmatch(request.api_version):
        raise gateway_error(400, "InvalidApiVersionParameter", f"The api-version '{request.api_version}' is invalid.")
