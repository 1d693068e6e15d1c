"""A deployment under way: what is ready is written, what runs is watched, until nothing is left.

In: the `ResourceWrite` of a deployment whose operation is due. Out: its progress in `change.hidden`, and either when
to look again or how it ended. Resources are written as any client writes them, in the name of whoever deployed.

Source: "Resource Manager template deployment": a resource starts when all it depends on has succeeded; others go on
when one fails; the deployment fails at the end, with DeploymentFailed ("Troubleshoot common Azure deployment errors").
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping

from ...arm.cloud import Cloud
from ...arm.dispatch import dispatch
from ...arm.rendering import render
from ...arm.resource_write import ResourceWrite
from ...errors import ArmError, gateway_error
from ...json_values import Json
from ...protocol.arm_path import parse_path
from ...protocol.wire import Caller, Request, Response
from ...template.evaluation import evaluate
from ...template.expressions import TemplateError
from ...template.steps import Step, body_of, find, steps_of
from ...timing import iso
from ._deployment_plan import invalid_template, scope_of
from ._secure_values import SecureValues

NUDGE_S = 0.001
"""Looked at again so much after an operation ends: never before the operation itself was settled."""
RETRIES = 10
RETRY_AFTER_S = 5.0
BAD = frozenset({"Failed", "NotRun"})


def advance(change: ResourceWrite) -> None:
    """Bring a deployment as far as it goes now."""
    cloud = change.cloud
    progress: dict[str, Json] = copy.deepcopy(change.hidden["progress"])
    change.hidden["progress"] = progress
    steps = _steps(change)
    for step in steps:
        if progress[step.id]["state"] == "Running":
            _look(cloud, progress[step.id])
    moments: list[float] = []
    while _go_on(change, steps, moments):
        pass
    for record in progress.values():
        operation = cloud.operations.get(record["operation"]) if record["state"] == "Running" else None
        if operation is not None:
            moments.append(operation.finish_at)
    if moments:
        change.properties["provisioningState"] = "Running"
        change.again_at = max(cloud.timing.now(), min(moments)) + NUDGE_S
    else:
        _conclude(change, steps)


def _steps(change: ResourceWrite) -> list[Step]:
    hidden = change.hidden
    values = {**hidden["values"], **change.cloud.companion(SecureValues).of(change.key)}
    template = hidden["template"]
    try:
        return steps_of(template, scope_of(change.cloud, change.id, template, values))
    except TemplateError as problem:
        # After a restart the values of secure parameters are gone.
        raise invalid_template(str(problem)) from problem


def _look(cloud: Cloud, record: Json) -> None:
    """Whether the operation of a running step has ended."""
    operation = cloud.operations.get(record["operation"])
    if operation is not None and operation.running:
        return
    error = operation.error if operation is not None else None
    record.update(state="Failed" if error else "Succeeded", error=error, ended_at=cloud.timing.now())


def _go_on(change: ResourceWrite, steps: list[Step], moments: list[float]) -> bool:
    """Start, or give up, what can be decided now; whether anything was."""
    progress: dict[str, Json] = change.hidden["progress"]
    moved = False
    for step in steps:
        record = progress[step.id]
        if record["state"] != "Waiting" or record.get("not_before", 0.0) > change.cloud.timing.now():
            if record["state"] == "Waiting":
                moments.append(record["not_before"])
            continue
        needed = {progress[other]["state"] for other in change.hidden["waits"].get(step.id, ())}
        if needed & BAD:
            record["state"] = "NotRun"
        elif needed <= {"Succeeded"}:
            _start(change, step, steps, record)
        else:
            continue
        moved = True
    return moved


def _start(change: ResourceWrite, step: Step, steps: list[Step], record: Json) -> None:
    cloud = change.cloud
    now = cloud.timing.now()
    record.setdefault("began_at", now)
    if not step.wanted or step.existing:
        record.update(state="Succeeded", ended_at=now)
        return
    try:
        # A refused resource leaves nothing behind, and the progress of the deployment stays.
        with cloud.store.savepoint():
            body = body_of(step, _reference(cloud, steps))
            response = _written(cloud, step, body, Caller(**change.hidden["caller"]))
    except TemplateError as problem:
        reason = f"Unable to process template language expressions for resource '{step.id}'. '{problem}'"
        record.update(state="Failed", status=400, error={"code": "InvalidTemplate", "message": reason}, ended_at=now)
        return
    except ArmError as error:
        _refused(cloud, record, error.status, error.as_json())
        return
    if response.status >= 400:
        body = response.body if isinstance(response.body, dict) else {}
        _refused(cloud, record, response.status, body.get("error") or {})
        return
    resource = cloud.get(step.id)
    operation = resource.operation if resource is not None else None
    record.update(state="Running" if operation else "Succeeded", status=response.status, operation=operation)
    if operation is None:
        record["ended_at"] = now


def _refused(cloud: Cloud, record: Json, status: int, error: Mapping[str, object]) -> None:
    """Throttling and server errors are tried again; anything else is the end of this resource."""
    record["attempts"] = record.get("attempts", 0) + 1
    if (status == 429 or status >= 500) and record["attempts"] < RETRIES:
        record["not_before"] = cloud.timing.after(RETRY_AFTER_S)
        return
    record.update(state="Failed", status=status, error=dict(error), ended_at=cloud.timing.now())


def _written(cloud: Cloud, step: Step, body: Json, caller: Caller) -> Response:
    request = Request(
        method="PUT",
        path=step.id,
        query={"api-version": step.api_version},
        headers={},
        body=json.dumps(body).encode(),
        base_url="",
        caller=caller,
    )
    # What stands in front of a client's requests stands in front of these too.
    for interceptor in cloud.settings.interceptors:
        response = interceptor(request)
        if response is not None:
            return response
    return dispatch(cloud, request)


def _reference(cloud: Cloud, steps: list[Step]) -> Callable[[str, bool], object]:
    def reference(target: str, full: bool) -> object:
        found = find(steps, target)
        target = found[0].id if found else target
        resource = cloud.get(target)
        if resource is None:
            name = target.rpartition("/")[2]
            raise gateway_error(404, "ResourceNotFound", f"The Resource '{name}' was not found ({target}).")
        body = render(cloud, resource, Request("GET", resource.id, {}, {}, b"", ""))
        return body if full else body.get("properties") or {}

    return reference


def _conclude(change: ResourceWrite, steps: list[Step]) -> None:
    """The end: outputs and what was made, or DeploymentFailed."""
    cloud, properties = change.cloud, change.properties
    progress: dict[str, Json] = change.hidden["progress"]
    failed = [(step, progress[step.id]) for step in steps if progress[step.id]["state"] == "Failed"]
    details = [{"target": step.id, **record["error"]} for step, record in failed]
    if not failed:
        try:
            properties["outputs"] = _outputs(change, steps)
        except TemplateError as problem:
            details = [{"code": "DeploymentOutputEvaluationFailed", "message": str(problem)}]
    properties["outputResources"] = [
        {"id": step.id} for step in steps if step.wanted and progress[step.id]["state"] == "Succeeded"
    ]
    properties["duration"] = f"PT{max(0.0, cloud.timing.now() - change.hidden['began_at']):.7f}S"
    properties["timestamp"] = iso(cloud.timing.now())
    cloud.companion(SecureValues).forget(change.key)
    if not details:
        return
    error = ArmError(
        409,
        "DeploymentFailed",
        "At least one resource deployment operation failed. Please list deployment operations for details. Please see "
        "https://aka.ms/arm-deployment-operations for usage details.",
        target=change.id,
        details=details,
    )
    properties["error"] = error.as_json()
    # The error ends the operation without storing the body, so store it before.
    if change.before is not None:
        cloud.update(change.before, change.body, hidden=change.hidden)
    raise error


def _outputs(change: ResourceWrite, steps: list[Step]) -> Json:
    cloud, hidden = change.cloud, change.hidden
    template: Json = hidden["template"]
    values = {**hidden["values"], **cloud.companion(SecureValues).of(change.key)}
    scope = scope_of(cloud, change.id, template, values, _reference(cloud, steps))
    outputs: Json = {}
    for name, rule in (template.get("outputs") or {}).items():
        if str(evaluate(rule.get("condition", True), scope)).lower() != "true":
            continue
        kind = str(rule.get("type", "String"))
        outputs[name] = {"type": kind[:1].upper() + kind[1:]}
        if not kind.lower().startswith("secure"):
            content = {"copy": [{"name": "value", **rule["copy"]}]} if "copy" in rule else {"value": rule.get("value")}
            outputs[name].update(evaluate(content, scope))
    return outputs


def targets_group(deployment_id: str) -> bool:
    """Whether a deployment is of a group, not of a subscription."""
    return parse_path(deployment_id).group is not None
