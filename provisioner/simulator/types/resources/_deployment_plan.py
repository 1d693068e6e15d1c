"""A deployment's template before anything is done: parameters bound, resources known, errors found.

In: the body of a PUT or of a `validate`. Out: a `Prepared`; or ArmError (400 InvalidTemplate, in the sentences of
"Troubleshoot common Azure deployment errors"). Nothing is stored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ...arm.cloud import Cloud
from ...errors import ArmError, invalid_content
from ...json_values import Json
from ...protocol.arm_path import parse_path
from ...protocol.wire import Caller
from ...template.evaluation import LATER, Loop, Scope, Surroundings
from ...template.expressions import TemplateError
from ...template.hashes import guid, murmur_64
from ...template.parameters import Bound, bind
from ...template.steps import GROUPS, Step, steps_of, waits_of
from ...timing import iso

NOT_THERE = {
    "templateLink": "Templates can only be sent inline to the simulator.",
    "parametersLink": "Parameters can only be sent inline to the simulator.",
    "onErrorDeployment": "The simulator does not roll deployments back.",
}


@dataclass(frozen=True)
class Prepared:
    """What is to be done, and with which values."""

    template: Json
    bound: Bound
    steps: Sequence[Step]
    waits: Mapping[str, list[str]]


def prepare(cloud: Cloud, deployment_id: str, body: Json) -> Prepared:
    """Check a deployment and take it apart."""
    properties = body.get("properties")
    if not isinstance(properties, dict):
        raise invalid_content("Required property 'properties' not found in JSON. Path '', line 1, position 1.")
    template = _template(properties)
    given = properties.get("parameters") or {}
    declared = template.get("parameters") or {}
    if not isinstance(given, dict) or not isinstance(declared, dict):
        raise invalid_template("The 'parameters' must be an object.")
    try:
        scope = scope_of(cloud, deployment_id, template, {})
        once: dict[str, Callable[..., object]] = {"newguid": cloud.new_guid, "utcnow": partial(_utc_now, cloud)}
        bound = bind(declared, given, Scope(scope.surroundings, variables=scope.variables, once=once))
        steps = steps_of(template, scope_of(cloud, deployment_id, template, bound.all))
        waits = waits_of(steps)
    except TemplateError as problem:
        raise invalid_template(str(problem)) from problem
    except RecursionError:
        raise invalid_template("The template is nested too deeply.") from None
    for step in steps:
        if step.wanted and step.type.lower() != GROUPS:
            namespace, *words = _own_type(step)
            cloud.registry.find(namespace, words, step.api_version)
    return Prepared(template, bound, steps, waits)


def _own_type(step: Step) -> list[str]:
    """The type itself, where an extension resource says it the older way: `A/b/providers/locks`."""
    block = parse_path(step.id).blocks[-1]
    return [block.namespace, *block.types]


def _template(properties: Json) -> Json:
    for name, sentence in NOT_THERE.items():
        if properties.get(name) is not None:
            raise ArmError(400, "InvalidDeployment", sentence)
    mode = str(properties.get("mode", "")).lower()
    if mode not in ("incremental", "complete"):
        raise ArmError(400, "InvalidDeployment", "The 'mode' of a deployment must be 'Incremental' or 'Complete'.")
    if mode == "complete":
        raise ArmError(400, "InvalidDeployment", "The simulator runs deployments in mode 'Incremental' only.")
    template = properties.get("template")
    if not isinstance(template, dict):
        raise invalid_template("The template is missing.")
    if template.get("functions"):
        raise invalid_template("The simulator does not know functions of a template's own.")
    return template


def invalid_template(problem: str) -> ArmError:
    return ArmError(400, "InvalidTemplate", f"Deployment template validation failed: '{problem}'.")


def scope_of(
    cloud: Cloud,
    deployment_id: str,
    template: Json,
    values: Mapping[str, object],
    reference: Callable[[str, bool], object] = lambda target, full: LATER,
) -> Scope:
    """What the expressions of a deployment can see."""
    path = parse_path(deployment_id)
    subscription = path.subscription or cloud.subscription_id
    around: Json = {
        "subscription": {
            "id": f"/subscriptions/{subscription}",
            "subscriptionId": subscription,
            "tenantId": cloud.tenant_id,
            "displayName": "Simulated subscription",
        },
        "tenant": {"tenantId": cloud.tenant_id},
        "deployment": {
            "name": path.blocks[-1].names[-1],
            "properties": {"template": template, "mode": "Incremental", "provisioningState": "Accepted"},
        },
        "environment": {
            "name": "ProvisionerSimulator",
            "resourceManager": "",
            "suffixes": {"storage": "core.windows.net", "keyvaultDns": ".vault.azure.net"},
        },
    }
    if path.group is not None:
        group = cloud.require_group(subscription, path.group)
        around["resourcegroup"] = {
            "id": group.id,
            "name": group.name,
            "type": "Microsoft.Resources/resourceGroups",
            "location": group.location,
            "tags": group.tags or {},
            "properties": {"provisioningState": group.state},
        }
    surroundings = Surroundings(subscription=subscription, group=path.group, values=around, reference=reference)
    variables = template.get("variables") or {}
    return Scope(surroundings, parameters=values, variables=_with_loops(variables))


def _with_loops(variables: object) -> Json:
    """Variables made by `copy` at the top of `variables`, beside the others, as what they are: loops."""
    if not isinstance(variables, dict):
        raise TemplateError("The 'variables' must be an object.")
    loops = variables.get("copy")
    if not isinstance(loops, list):
        return variables
    rest = {name: value for name, value in variables.items() if name != "copy"}
    return {**rest, **{str(loop.get("name")): Loop(loop) for loop in loops if isinstance(loop, dict)}}


def shown(cloud: Cloud, prepared: Prepared, caller: Caller | None) -> Json:
    """The properties of a deployment that has just been accepted."""
    bound = prepared.bound
    parameters: Json = {name: {"type": bound.types[name], "value": value} for name, value in bound.plain.items()}
    parameters.update({name: {"type": bound.types[name]} for name in bound.secure})
    text = json.dumps(prepared.template, separators=(",", ":")).upper()
    return {
        "templateHash": str(murmur_64(text.encode())),
        "parameters": parameters,
        "mode": "Incremental",
        "provisioningState": "Accepted",
        "timestamp": iso(cloud.timing.now()),
        "duration": "PT0S",
        "correlationId": guid([str(cloud.timing.now()), caller.object_id if caller else "", cloud.new_guid()]),
        "providers": _providers(prepared.steps),
        "dependencies": _dependencies(prepared),
    }


def _providers(steps: Sequence[Step]) -> list[Json]:
    found: dict[str, dict[str, Json]] = {}
    for step in steps:
        namespace, _, type_ = step.type.partition("/")
        if step.wanted:
            found.setdefault(namespace, {})[type_] = {"resourceType": type_, "locations": [None]}
    return [{"namespace": name, "resourceTypes": list(types.values())} for name, types in found.items()]


def _dependencies(prepared: Prepared) -> list[Json]:
    known = {step.id: step for step in prepared.steps if step.wanted}

    def named(step: Step) -> Json:
        return {"id": step.id, "resourceType": step.type, "resourceName": step.name}

    return [
        {"dependsOn": [named(known[other]) for other in needed if other in known], **named(known[step_id])}
        for step_id, needed in prepared.waits.items()
        if step_id in known and any(other in known for other in needed)
    ]


def _utc_now(cloud: Cloud, pattern: str = "") -> str:
    """`utcNow`; of .NET's patterns the common letters."""
    moment = iso(cloud.timing.now())
    if not pattern or pattern == "u":
        return f"{moment[:10].replace('-', '')}T{moment[11:19].replace(':', '')}Z"
    parts = {"yyyy": moment[:4], "MM": moment[5:7], "dd": moment[8:10], "HH": moment[11:13], "mm": moment[14:16]}
    text = pattern
    for letters, value in {**parts, "ss": moment[17:19]}.items():
        text = text.replace(letters, value)
    return text
