"""How operations show on the wire: their URLs, the headers that lead there, and what polling them answers.

In: an `Operation`. Out: headers and answers. Shapes: network `{"status"}`; compute `{"startTime","endTime","status",
"name"}` and `error` or `properties.output`; a group's delete empty 202s, then an empty 200, or 409 with
capitalised keys (poll shapes of the recordings); a deployment's `{"status", "error"}`. A result URL (`monitor=true`)
answers 202 until the end, then the result.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from ..description.answers import LongRunning
from ..errors import ArmError, ErrorBody
from ..protocol.wire import Request, Response
from ..state.operations import Operation
from ..timing import Timing, iso
from .cloud import Cloud


def begin_headers(
    request: Request,
    operation: Operation,
    shape: LongRunning,
    retry_after_s: float | None,
    timing: Timing,
    *,
    location: bool,
) -> dict[str, str]:
    """The headers of the answer that begins an operation."""
    headers = {"Azure-AsyncOperation": status_url(request, operation), "x-ms-async-operation-timeout": "PT1H"}
    if operation.body == "deployment" and location:
        headers = {}
    if location:
        headers["Location"] = result_url(request, operation)
    if retry_after_s is not None:
        headers.update(timing.first_retry_after(retry_after_s))
    return headers


def status_url(request: Request, operation: Operation) -> str:
    """Where Azure-AsyncOperation points."""
    if operation.body == "deployment":
        path = f"{operation.target}/{operation.segment}/{operation.id}"
        return request.url(path, **{"api-version": operation.api_version})
    query = {"p": operation.id} if operation.body == "compute" else {}
    return request.url(_path(request, operation, operation.segment), **query, **{"api-version": operation.api_version})


def result_url(request: Request, operation: Operation) -> str:
    """Where Location points."""
    if operation.body in ("group", "deployment"):
        return request.url(
            f"/subscriptions/{request.arm.subscription}/operationresults/{group_token(operation)}",
            **{"api-version": operation.api_version},
        )
    if operation.body == "compute":
        query = {"p": operation.id, "monitor": "true", "api-version": operation.api_version}
        return request.url(_path(request, operation, operation.segment), **query)
    return request.url(_path(request, operation, "operationResults"), **{"api-version": operation.api_version})


def _path(request: Request, operation: Operation, segment: str) -> str:
    namespace = operation.type.partition("/")[0]
    base = f"/subscriptions/{request.arm.subscription}/providers/{namespace}"
    return f"{base}/locations/{operation.location}/{segment}/{operation.id}"


def group_token(operation: Operation) -> str:
    """The opaque word in the URL of a group's delete: a job ID and its region, in base64 (recorded)."""
    kind = "RESOURCEGROUPDELETIONJOB" if operation.body == "group" else "DEPLOYMENTDELETIONJOB"
    job = {"jobId": f"{kind}-{operation.id}", "jobLocation": operation.location}
    return base64.urlsafe_b64encode(json.dumps(job, separators=(",", ":")).encode()).decode().rstrip("=")


def operation_of_token(token: str) -> str | None:
    """The operation ID in such a word."""
    try:
        job = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return str(job["jobId"]).partition("-")[2]
    except (ValueError, KeyError, TypeError):
        return None


def status_answer(cloud: Cloud, operation: Operation) -> Response:
    """What the status URL answers."""
    body: dict[str, object]
    if operation.body == "deployment":
        body = {"status": "Running" if operation.running else operation.status}
    elif operation.body == "network":
        body = {"status": operation.status}
    else:
        body = {"startTime": iso(operation.started_at, suffix="+00:00")}
        if operation.ended_at is not None:
            body["endTime"] = iso(operation.ended_at, suffix="+00:00")
        body["status"] = operation.status
    if operation.error is not None:
        body["error"] = operation.error
    elif operation.output is not None and operation.status == "Succeeded":
        body["properties"] = {"output": operation.output}
    if operation.body not in ("network", "deployment"):
        body["name"] = operation.id
    headers = {}
    if operation.running:
        headers["Retry-After"] = cloud.timing.retry_after(operation.poll_retry_after_s)
    return Response(200, body, headers)


def result_answer(cloud: Cloud, request: Request, operation: Operation) -> Response:
    """What the result URL answers."""
    if operation.running:
        retry_after = cloud.timing.retry_after(operation.poll_retry_after_s)
        return Response(202, headers={"Location": result_url(request, operation), "Retry-After": retry_after})
    if operation.error is not None:
        if operation.body == "group":
            return Response(operation.error_status, _capitalised(operation.error))
        raise ArmError.from_json(operation.error_status, operation.error)
    if operation.body in ("network", "deployment") and operation.verb == "delete":
        return Response(204)  # recorded for network: 40 of 42
    return Response(200) if operation.output is None else Response(200, operation.output)


def _capitalised(error: ErrorBody) -> Mapping[str, object]:
    details = [
        {"Code": detail.get("code"), "Target": detail.get("target"), "Message": detail.get("message")}
        for detail in error.get("details", ())
    ]
    content = {"Code": error["code"], "Target": None, "Message": error["message"], "Details": details}
    return {"Error": content}
