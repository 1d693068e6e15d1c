"""Microsoft.Resources/deployments: REST reference "Deployments" and "Deployment Operations", 2021-04-01 and later.

PUT is answered 201 (200 for a name used before) with Azure-AsyncOperation, which leads to
`.../deployments/{name}/operationStatuses/{id}` and says `Running` until the end; the resources of the template are
written one after another as they become ready. Templates come inline, in mode Incremental; `whatIf`, links to
templates, mode Complete and roll-back are not there. Values of secure parameters are held in memory alone: a
deployment that outlives its process fails where it needs one.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...arm.cloud import Cloud
from ...arm.operation_answers import status_answer
from ...arm.resource_write import ResourceWrite
from ...arm.stored import require
from ...description.answers import Answers, LongRunning
from ...description.hooks import Action, DeleteHooks, Route, WriteHooks
from ...description.names import NameRule
from ...description.placement import Placement
from ...description.refusals import Refusals
from ...description.resource_type import ResourceType
from ...errors import ArmError, gateway_error
from ...json_values import Json
from ...protocol.arm_path import ResourceId
from ...protocol.wire import Caller, Request, Response
from ...state.operations import Operation
from ...state.resources import Resource
from ...timing import iso
from ._deployment_plan import Prepared, prepare, shown
from ._deployment_record import DeploymentRecord, Progress
from ._deployment_run import advance, targets_group
from ._secure_values import SecureValues

TYPE = "Microsoft.Resources/deployments"
DEPLOYMENT = LongRunning(
    body="deployment",
    creating="Accepted",
    updating="Accepted",
    create_retry_after_s=5,
    update_retry_after_s=5,
    delete_retry_after_s=15,
    poll_retry_after_s=5,
    operations="operationStatuses",
)
STATUSES = {200: "OK", 201: "Created", 202: "Accepted", 400: "BadRequest", 403: "Forbidden", 404: "NotFound",
            409: "Conflict", 429: "TooManyRequests"}  # fmt: skip


class DeploymentRefusals(Refusals):
    def busy(self, request: Request, operation: Operation) -> ArmError:
        """ "Resolve error for active deployment" (learn.microsoft.com)."""
        return ArmError(
            409,
            "DeploymentActive",
            f"Unable to edit or replace deployment '{operation.target.rpartition('/')[2]}': previous deployment from "
            f"'{iso(operation.started_at)}' is still active. Please see https://aka.ms/arm-deploy for usage details.",
        )


def validate(change: ResourceWrite) -> None:
    _check_location(change.id, change.body)
    prepared = prepare(change.cloud, change.id, change.body)
    caller = change.caller
    record = DeploymentRecord(
        template=prepared.template,
        values=dict(prepared.bound.plain),
        waits=dict(prepared.waits),
        progress={step.id: Progress() for step in prepared.steps},
        targets={step.id: [step.type, step.name] for step in prepared.steps if step.wanted},
        caller=caller or Caller("", "", ""),
        began_at=change.cloud.timing.now(),
    )
    change.hidden.update(record.to_hidden())
    change.cloud.companion(SecureValues).keep(change.key, dict(prepared.bound.secure))
    change.body["properties"] = shown(change.cloud, prepared, caller)


def _check_location(deployment_id: str, body: Json) -> None:
    location = body.get("location")
    if targets_group(deployment_id) and location:
        raise ArmError(
            400,
            "InvalidDeployment",
            f"The 'location' property is not allowed for '{deployment_id.rpartition('/')[2]}' at resource group scope. "
            "Please see https://aka.ms/deploy-to-subscription for usage details.",
        )
    if not targets_group(deployment_id) and not location:
        raise ArmError(
            400,
            "LocationRequired",
            f"The 'location' property must be specified for '{deployment_id.rpartition('/')[2]}'. Please see "
            "https://aka.ms/deploy-to-subscription for usage details.",
        )


def _cancel(change: ResourceWrite) -> Response:
    cloud = change.cloud
    running = cloud.operations.get(change.before.operation) if change.before and change.before.operation else None
    if running is None or not running.running:
        raise ArmError(
            409,
            "DeploymentCannotBeCancelled",
            f"The deployment '{change.name}' cannot be cancelled because it is not in a running state.",
        )
    error = ArmError(409, "DeploymentCanceled", f"The deployment '{change.name}' was canceled.")
    cloud.operations.end(running, cloud.timing.now(), error, "Canceled")
    cloud.companion(SecureValues).forget(change.key)
    change.properties["provisioningState"] = "Canceled"
    return Response(204)


def _export(change: ResourceWrite) -> Response:
    return Response(200, {"template": change.hidden["template"]})


def forget(resource: Resource, cloud: Cloud) -> None:
    cloud.companion(SecureValues).forget(resource.key)


def _asked(names: Mapping[str, str]) -> ResourceId:
    scope = f"/subscriptions/{names['subscription']}"
    if "group" in names:
        scope += f"/resourceGroups/{names['group']}"
    return ResourceId(scope, "Microsoft.Resources", ("deployments",), (names["name"],))


def _validated(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    asked = _asked(names)
    cloud.require_subscription(names["subscription"])
    type_ = cloud.registry.get(TYPE)
    assert type_ is not None
    deployment_id = cloud.canonical(asked, type_)
    body = request.json()
    _check_location(deployment_id, body)
    prepared: Prepared = prepare(cloud, deployment_id, body)
    properties = shown(cloud, prepared, request.caller)
    properties["provisioningState"] = "Succeeded"
    properties["validatedResources"] = [{"id": step.id} for step in prepared.steps if step.wanted]
    return Response(200, {"id": deployment_id, "name": asked.name, "type": TYPE, "properties": properties})


def _status(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    operation = cloud.operations.get(names["operation"])
    if operation is None:
        raise gateway_error(404, "DeploymentNotFound", f"Deployment '{names['name']}' could not be found.")
    return status_answer(cloud, operation)


def _operations(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    return Response(200, {"value": _all_operations(cloud, names)})


def _one_operation(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    for operation in _all_operations(cloud, names):
        if str(operation["operationId"]).lower() == names["operation"].lower():
            return Response(200, operation)
    raise gateway_error(
        404, "DeploymentOperationNotFound", f"The deployment operation '{names['operation']}' could not be found."
    )


def _all_operations(cloud: Cloud, names: Mapping[str, str]) -> list[Mapping[str, object]]:
    type_ = cloud.registry.get(TYPE)
    assert type_ is not None
    deployment = require(cloud, type_, _asked(names))
    listed: list[Mapping[str, object]] = []
    record = DeploymentRecord.from_hidden(deployment.hidden)
    for index, (target, (type_name, name)) in enumerate(record.targets.items()):
        progress = record.progress[target]
        if progress.state in ("Waiting", "NotRun"):
            continue
        seconds = (progress.ended_at or cloud.timing.now()) - progress.began_at
        properties: dict[str, object] = {
            "provisioningOperation": "Create",
            "provisioningState": progress.state,
            "timestamp": iso(progress.ended_at or progress.began_at),
            "duration": f"PT{max(0.0, seconds):.7f}S",
            # The GUID inside `W/"..."`.
            "trackingId": f"{deployment.etag[3:-1]}",
            "statusCode": STATUSES.get(progress.status, str(progress.status)),
            "targetResource": {"id": target, "resourceType": type_name, "resourceName": name},
        }
        if progress.error:
            properties["statusMessage"] = {"status": "Failed", "error": progress.error}
        operation_id = f"{index:016X}"
        own_id = f"{deployment.id}/operations/{operation_id}"
        listed.append({"id": own_id, "operationId": operation_id, "properties": properties})
    return listed


IN_SUBSCRIPTION = "/subscriptions/{subscription}/providers/Microsoft.Resources/deployments/{name}"
IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/deployments/{name}"
OLDER_IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/deployments/{name}"
"""How the REST reference writes the operations of a group's deployment, and every client asks for them."""
ROUTES = tuple(
    Route(method=method, pattern=f"{base}/{word}", answer=answer)
    for base in (IN_GROUP, IN_SUBSCRIPTION)
    for method, word, answer in (
        ("POST", "validate", _validated),
        ("GET", "operationStatuses/{operation}", _status),
        ("GET", "operations", _operations),
        ("GET", "operations/{operation}", _one_operation),
    )
) + tuple(
    Route(method="GET", pattern=f"{OLDER_IN_GROUP}/{word}", answer=answer)
    for word, answer in (("operations", _operations), ("operations/{operation}", _one_operation))
)

TYPES = (
    ResourceType(
        type=TYPE,
        name=NameRule(
            pattern=r"[-\w._()]+",
            longest=64,
            code="InvalidDeploymentName",
            hint="The deployment name can have up to 64 letters, digits, '-', '_', '.', '(' and ')'.",
        ),
        placement=Placement(
            tracked=False,
            scopes=frozenset({"group", "subscription"}),
        ),
        answers=Answers(refusals=DeploymentRefusals(), long_running=DEPLOYMENT, patch=None),
        actions={"cancel": Action(run=_cancel), "exporttemplate": Action(run=_export)},
        on_write=WriteHooks(validate=validate, finish=advance),
        on_delete=DeleteHooks(deleted=forget),
    ),
)
