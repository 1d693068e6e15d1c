"""Where the faults meet a request: what they need to know of it, and what they make of it.

In: a request. Out: the `Manner` in which it is answered. The process may kill itself here.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import ArmError, group_not_found, provider_not_found, resource_not_found
from ..http.arm_path import parse_id, parse_path
from ..http.request_target import GROUPS, Asked, asked_of
from ..http.wire import Answer, Call
from ..state.cloud_state import World
from .expiry import Ages
from .manner import Manner

if TYPE_CHECKING:
    from .trouble import Trouble


def ages(world: World) -> Ages | None:
    """What refuses old tokens, when something is to."""
    faults = world.settings.faults
    return Ages(faults.expiry, world.timing) if faults is not None and faults.expiry is not None else None


def meet(world: World, trouble: Trouble, call: Call) -> Manner:
    """What happens to a request; raises the 404 for a resource that is not to be seen yet."""
    asked = asked_of(world, call)
    manner = trouble.meet(asked, _age_s(world, asked), _body(call))
    if manner.missing:
        raise _not_there(world, asked)
    return manner


def refusal(world: World, manner: Manner) -> Answer:
    """The answer to a request that a rule refuses."""
    refused = manner.refused
    assert refused is not None
    headers = {}
    if refused.retry_after_s is not None:
        headers["Retry-After"] = world.timing.retry_after(refused.retry_after_s)
    error = ArmError(refused.status, refused.code, refused.message)
    return Answer(refused.status, {"error": error.as_json()}, headers, manner.note)


def kill() -> NoReturn:
    """End the process at once, as `kill -9` does."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    os._exit(137)


def _age_s(world: World, asked: Asked) -> float | None:
    """How long ago, in seconds of Azure, what is read was made."""
    if asked.operation != "read":
        return None
    if asked.type == GROUPS:
        path = parse_path(asked.target)
        group = world.group(path.subscription or "", path.group or "")
        made = group["created_at"] if group is not None else None
    else:
        resource = world.get(asked.target)
        made = resource.created_at if resource is not None else None
    if made is None:
        return None
    elapsed = world.timing.now() - float(made)
    return elapsed / world.timing.scale if world.timing.scale else math.inf


def _body(call: Call) -> dict[str, Any] | None:
    if call.method not in ("PUT", "PATCH"):
        return None
    with contextlib.suppress(ArmError):
        return call.json()
    return None


def _not_there(world: World, asked: Asked) -> ArmError:
    path = parse_path(asked.target)
    parsed = parse_id(asked.target)
    if parsed is None:
        return group_not_found(path.group or "")
    type_ = world.registry.find(parsed.namespace, parsed.types, "")
    if type_.not_found == "provider":
        return provider_not_found(world.canonical(parsed, type_))
    return resource_not_found(type_.type, "/".join(parsed.names), path.group or "")
