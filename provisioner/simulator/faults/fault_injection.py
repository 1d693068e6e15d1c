"""Decides which configured fault applies to a request, and carries out what it does.

In: a request. Out: its `InjectedFault`, and the refusal that a rule asks for. The process may kill itself here.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
from typing import TYPE_CHECKING, NoReturn

from ..arm.cloud import Cloud
from ..arm.request_target import GROUPS, RequestTarget, target_of
from ..errors import ArmError, group_not_found, provider_not_found, resource_not_found
from ..json_values import JsonObject
from ..protocol.arm_path import parse_id, parse_path
from ..protocol.wire import Request, Response
from .expiry import Ages
from .injected_fault import InjectedFault

if TYPE_CHECKING:
    from .fault_injector import FaultInjector


def ages(cloud: Cloud) -> Ages | None:
    """What refuses old tokens, when something is to."""
    faults = cloud.settings.faults
    return Ages(faults.expiry, cloud.timing) if faults is not None and faults.expiry is not None else None


def fault_for(cloud: Cloud, fault_injector: FaultInjector, request: Request) -> InjectedFault:
    """What happens to a request; raises the 404 for a resource that is not to be seen yet."""
    target = target_of(cloud, request)
    fault = fault_injector.fault_for(target, _age_s(cloud, target), _body(request))
    if fault.missing:
        raise _not_there(cloud, target)
    return fault


def refusal(cloud: Cloud, fault: InjectedFault) -> Response:
    """The answer to a request that a rule refuses."""
    refused = fault.refused
    assert refused is not None
    headers = {}
    if refused.retry_after_s is not None:
        headers["Retry-After"] = cloud.timing.retry_after(refused.retry_after_s)
    error = ArmError(refused.status, refused.code, refused.message)
    return Response(refused.status, {"error": error.as_json()}, headers, fault.note)


def kill() -> NoReturn:
    """End the process at once, as `kill -9` does."""
    # Windows has no SIGKILL.
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    # 128 + 9, the status that a shell reports after SIGKILL.
    os._exit(137)


def _age_s(cloud: Cloud, target: RequestTarget) -> float | None:
    """How long ago, in seconds of Azure, what is read was made."""
    if target.operation != "read":
        return None
    if target.type == GROUPS:
        path = parse_path(target.target)
        group = cloud.group(path.subscription or "", path.group or "")
        made = group.created_at if group is not None else None
    else:
        resource = cloud.get(target.target)
        made = resource.created_at if resource is not None else None
    if made is None:
        return None
    elapsed = cloud.timing.now() - float(made)
    return elapsed / cloud.timing.scale if cloud.timing.scale else math.inf


def _body(request: Request) -> JsonObject | None:
    if request.method not in ("PUT", "PATCH"):
        return None
    with contextlib.suppress(ArmError):
        return request.json()
    return None


def _not_there(cloud: Cloud, target: RequestTarget) -> ArmError:
    path = parse_path(target.target)
    parsed = parse_id(target.target)
    if parsed is None:
        return group_not_found(path.group or "")
    type_ = cloud.registry.find(parsed.namespace, parsed.types, "")
    if type_.containment.embedded_in is not None:
        return provider_not_found(cloud.canonical(parsed, type_))
    return resource_not_found(type_.type, "/".join(parsed.names), path.group or "")
