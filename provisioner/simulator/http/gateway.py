"""ARM's front door: who may come in, where a request goes, and what every answer carries.

In: a `Call`. Out: an `Answer`, always: a refusal becomes ARM's error body, a bug becomes ARM's
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
from typing import Any

from ..arm import providers
from ..arm.key_vault import answer_vault
from ..arm.operation_completion import settle
from ..errors import ArmError, gateway_error
from ..faults.fault_injection import ages, kill, meet, refusal
from ..faults.manner import CALM, Manner
from ..state.cloud_state import World
from ..timing import iso
from .cloud_metadata import answer_open
from .dispatch import dispatch
from .rate_limits import RateLimits
from .request_target import asked_of
from .tokens import caller_of
from .wire import NO_BODY, Answer, Call, Caller

logger = logging.getLogger(__name__)
API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[A-Za-z0-9-]+)?")
READ_ONLY = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 4 * 1024 * 1024
"""ARM takes no more than 4 MB ("Azure subscription and service limits", resource manager)."""
METHODS = READ_ONLY | {"PUT", "PATCH", "POST", "DELETE"}


class Gateway:
    """Answers calls on one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._limits = RateLimits(world)
        self._ages = ages(world)

    def answer(self, call: Call) -> tuple[Answer, Caller | None]:
        """The answer, and who asked as far as is known."""
        caller: Caller | None = None
        request_id = str(uuid.uuid4())
        remaining: dict[str, str] = {}
        try:
            self.world.store.refresh()
            open_answer = answer_open(self.world, call) or answer_vault(self.world, call)
            if open_answer is not None:
                return self._finish(call, open_answer, request_id, {}), None
            caller = caller_of(self.world, call)
            call = replace(call, caller=caller)
            if self._ages is not None:
                self._ages.check(call)
            remaining = self._limits.arm(call, caller)
            remaining.update(self._limits.provider(call, asked_of(self.world, call)))
            answer = self._admitted(call)
        except ArmError as error:
            answer = self._refused(error)
        except sqlite3.OperationalError as error:
            answer = self._refused(
                gateway_error(500, "InternalServerError", f"The state of the embedded cloud cannot be used: {error}. "
                              f"Is there room for {self.world.settings.state_path}?")
            )  # fmt: skip
        except Exception:
            logger.exception("%s %s failed", call.method, call.path)
            answer = self._refused(
                gateway_error(500, "InternalServerError", "Encountered internal server error. Diagnostic information: "
                              f"timestamp '{iso(self.world.timing.now())}', tracking id '{request_id}'.")
            )  # fmt: skip
        return self._finish(call, answer, request_id, remaining), caller

    def _admitted(self, call: Call) -> Answer:
        if call.method not in METHODS:
            raise gateway_error(405, "MethodNotAllowed", f"The http method '{call.method}' is not supported.")
        if len(call.body) > LARGEST_BODY:
            raise gateway_error(
                413, "RequestContentTooLarge", f"The request content exceeds the maximum of {LARGEST_BODY} bytes."
            )
        _check_api_version(call)
        providers.check_api_version(self.world, call)
        settle(self.world)
        for interceptor in self.world.settings.interceptors:
            answer = interceptor(call)
            if answer is not None:
                return answer
        return self._met(call)

    def _met(self, call: Call) -> Answer:
        """Dispatch, with whatever is to go wrong."""
        trouble = self.world.trouble
        manner = meet(self.world, trouble, call) if trouble is not None else CALM
        if manner.kill == "before":
            kill()
        if manner.drop == "before":
            return Answer(0, drop_connection=True, note=manner.note)
        if manner.refused is not None:
            return refusal(self.world, manner)
        try:
            answer = self._dispatched(call, manner)
        except ArmError as error:
            answer = self._refused(error)
        if manner.kill:
            kill()
        answer.note = manner.note or answer.note
        answer.drop_connection = answer.drop_connection or manner.drop == "after"
        answer.truncated = manner.truncate
        return answer

    def _dispatched(self, call: Call, manner: Manner) -> Answer:
        if call.method in READ_ONLY:
            return dispatch(self.world, call)
        with self.world.store.transaction():
            answer = dispatch(self.world, call)
            if manner.kill == "during":
                kill()
        return answer

    def _refused(self, error: ArmError) -> Answer:
        headers = dict(error.headers)
        if error.gateway:
            headers["x-ms-failure-cause"] = "gateway"
        return Answer(error.status, {"error": error.as_json()}, headers)

    def _finish(self, call: Call, answer: Answer, request_id: str, remaining: dict[str, str]) -> Answer:
        correlation = call.headers.get("x-ms-correlation-request-id") or request_id
        moment = iso(self.world.timing.now(), 6).replace("-", "").replace(":", "")[:15] + "Z"
        common = {
            "x-ms-request-id": request_id,
            "x-ms-correlation-request-id": correlation,
            "x-ms-routing-request-id": f"SIMULATOR:{moment}:{request_id}",
            "Date": formatdate(self.world.timing.now(), usegmt=True),
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            "Expires": "-1",
            "X-Content-Type-Options": "nosniff",
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
            **remaining,
        }
        wanted = call.headers.get("x-ms-return-client-request-id", "").lower() == "true"
        if wanted and "x-ms-client-request-id" in call.headers:
            common["x-ms-client-request-id"] = call.headers["x-ms-client-request-id"]
        answer.headers = {**common, **answer.headers}
        if call.method == "HEAD":
            answer.body = NO_BODY
        return answer


def error_code(answer: Answer) -> str:
    """The ARM error code in an answer, or nothing."""
    body: Any = answer.body
    if answer.status < 400 or not isinstance(body, dict):
        return ""
    error = body.get("error") or body.get("Error") or {}
    return str(error.get("code") or error.get("Code") or "")


def _check_api_version(call: Call) -> None:
    if not call.api_version:
        raise gateway_error(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if not API_VERSION.fullmatch(call.api_version):
        raise gateway_error(400, "InvalidApiVersionParameter", f"The api-version '{call.api_version}' is invalid.")
