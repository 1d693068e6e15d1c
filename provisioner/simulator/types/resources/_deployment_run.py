"""A deployment under way: what is ready is written, what runs is watched, until nothing is left.

In: the `ResourceWrite` of a deployment whose operation is due. Out: its progress in `change.hidden`, and either when
to look again or how it ended. Resources are written as any client writes them, in the name of whoever deployed.

Source: "Resource Manager template deployment": a resource starts when all it depends on has succeeded; others go on
when one fails; the deployment fails at the end, with DeploymentFailed ("Troubleshoot common Azure deployment errors").
"""

from __future__ import annotations

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
from ...template.evaluation import evaluate, evaluate_object
from ...template.expressions import TemplateError
from ...template.steps import Step, body_of, find, steps_of
from ...timing import iso
from ._deployment_plan import invalid_template, scope_of
from ._deployment_record import DeploymentRecord, Progress
from ._secure_values import SecureValues

NUDGE_S = 0.001
"""Looked at again so much after an operation ends: never before the operation itself was settled."""
RETRIES = 10
RETRY_AFTER_S = 5.0
BAD = frozenset({"Failed", "NotRun"})


def advance(change: ResourceWrite) -> None:
    """Bring a deployment as far as it goes now."""
    cloud = change.cloud
    record = DeploymentRecord.from_hidden(change.hidden)
    steps = _steps(change, record)
    for progress in record.progress.values():
        if progress.state == "Running":
            _look(cloud, progress)
    moments: list[float] = []
    while _go_on(cloud, record, steps, moments):
        pass
    change.hidden["progress"] = record.progress_to_hidden()
    for progress in record.progress.values():
        running = progress.operation if progress.state == "Running" else None
        operation = cloud.operations.get(running) if running is not None else None
        if operation is not None:
            moments.append(operation.finish_at)
    if moments:
        change.properties["provisioningState"] = "Running"
        change.again_at = max(cloud.timing.now(), min(moments)) + NUDGE_S
    else:
        _conclude(change, record, steps)


def _steps(change: ResourceWrite, record: DeploymentRecord) -> list[Step]:
    values = {**record.values, **change.cloud.companion(SecureValues).of(change.key)}
    try:
        return steps_of(record.template, scope_of(change.cloud, change.id, record.template, values))
    except TemplateError as problem:
        # After a restart the values of secure parameters are gone.
        raise invalid_template(str(problem)) from problem


def _look(cloud: Cloud, progress: Progress) -> None:
    """Whether the operation of a running step has ended."""
    operation = cloud.operations.get(progress.operation) if progress.operation is not None else None
    if operation is not None and operation.running:
        return
    if operation is not None and operation.error is not None:
        progress.fail(progress.status, operation.error, cloud.timing.now())
    else:
        progress.state, progress.ended_at = "Succeeded", cloud.timing.now()


def _go_on(cloud: Cloud, record: DeploymentRecord, steps: list[Step], moments: list[float]) -> bool:
    """Start, or give up, what can be decided now; whether anything was."""
    moved = False
    for step in steps:
        progress = record.progress[step.id]
        if progress.state != "Waiting":
            continue
        if progress.not_before > cloud.timing.now():
            moments.append(progress.not_before)
            continue
        needed = {record.progress[other].state for other in record.waits.get(step.id, ())}
        if needed & BAD:
            progress.state = "NotRun"
        elif needed <= {"Succeeded"}:
            _start(cloud, record.caller, step, steps, progress)
        else:
            continue
        moved = True
    return moved


def _start(cloud: Cloud, caller: Caller, step: Step, steps: list[Step], progress: Progress) -> None:
    now = cloud.timing.now()
    progress.began_at = progress.began_at or now
    if not step.wanted or step.existing:
        progress.state, progress.ended_at = "Succeeded", now
        return
    try:
        # A refused resource leaves nothing behind, and the progress of the deployment stays.
        with cloud.store.savepoint():
            response = _written(cloud, step, body_of(step, _reference(cloud, steps)), caller)
    except TemplateError as problem:
        reason = f"Unable to process template language expressions for resource '{step.id}'. '{problem}'"
        progress.fail(400, {"code": "InvalidTemplate", "message": reason}, now)
        return
    except ArmError as error:
        _refused(cloud, progress, error.status, error.as_json())
        return
    if response.status >= 400:
        body = response.body if isinstance(response.body, dict) else {}
        _refused(cloud, progress, response.status, body.get("error") or {})
        return
    resource = cloud.get(step.id)
    progress.status = response.status
    progress.operation = resource.operation if resource is not None else None
    if progress.operation is not None:
        progress.state = "Running"
    else:
        progress.state, progress.ended_at = "Succeeded", now


def _refused(cloud: Cloud, progress: Progress, status: int, error: Mapping[str, object]) -> None:
    """Throttling and server errors are tried again; anything else is the end of this resource."""
    progress.attempts += 1
    if (status == 429 or status >= 500) and progress.attempts < RETRIES:
        progress.not_before = cloud.timing.after(RETRY_AFTER_S)
    else:
        progress.fail(status, error, cloud.timing.now())


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


def _conclude(change: ResourceWrite, record: DeploymentRecord, steps: list[Step]) -> None:
    """The end: outputs and what was made, or DeploymentFailed."""
    cloud, properties = change.cloud, change.properties
    details: list[Mapping[str, object]] = [
        {"target": step.id, **record.progress[step.id].error}
        for step in steps
        if record.progress[step.id].state == "Failed"
    ]
    if not details:
        try:
            properties["outputs"] = _outputs(change, record, steps)
        except TemplateError as problem:
            details = [{"code": "DeploymentOutputEvaluationFailed", "message": str(problem)}]
    properties["outputResources"] = [
        {"id": step.id} for step in steps if step.wanted and record.progress[step.id].state == "Succeeded"
    ]
    properties["duration"] = f"PT{max(0.0, cloud.timing.now() - record.began_at):.7f}S"
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


def _outputs(change: ResourceWrite, record: DeploymentRecord, steps: list[Step]) -> Json:
    cloud = change.cloud
    values = {**record.values, **cloud.companion(SecureValues).of(change.key)}
    scope = scope_of(cloud, change.id, record.template, values, _reference(cloud, steps))
    outputs: Json = {}
    for name, rule in (record.template.get("outputs") or {}).items():
        if str(evaluate(rule.get("condition", True), scope)).lower() != "true":
            continue
        kind = str(rule.get("type", "String"))
        outputs[name] = {"type": kind[:1].upper() + kind[1:]}
        if not kind.lower().startswith("secure"):
            content = {"copy": [{"name": "value", **rule["copy"]}]} if "copy" in rule else {"value": rule.get("value")}
            outputs[name].update(evaluate_object(content, scope))
    return outputs


def targets_group(deployment_id: str) -> bool:
    """Whether a deployment is of a group, not of a subscription."""
    return parse_path(deployment_id).group is not None
