"""Which token buckets a request draws from, ARM's and the providers'.

In: a request and what it is about. Out: the headers that say what remains, or the 429 for an empty bucket. Only those
limits refuse that the settings enforce; the headers are sent either way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..arm.cloud import Cloud
from ..arm.request_target import RequestTarget
from ..arm.throttle import LIMITS, Buckets, kind_of
from ..errors import ArmError
from ..protocol.wire import Caller, Request
from ..timing import iso

MACHINES = "microsoft.compute/virtualmachines"
COMPUTE_KINDS = {"read": "read", "list": "list", "poll": "poll", "delete": "delete"}


class RateLimits:
    """Counts requests."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        throttling = cloud.settings.faults.throttling if cloud.settings.faults is not None else None
        self._compute = throttling is not None and throttling.compute
        self._network = throttling is not None and throttling.network
        limits = {**LIMITS, **(throttling.limits if throttling is not None else {})}
        self._buckets = Buckets(cloud.timing, limits)

    def arm(self, request: Request, caller: Caller) -> dict[str, str]:
        """Take from ARM's buckets: the headers, or ArmError."""
        kind, enforce = kind_of(request.method), self._cloud.settings.enforce_rate_limits
        headers: dict[str, str] = {}
        for limit, owner in ((kind, caller.object_id), (f"global-{kind}", "")):
            left, wait_s = self._buckets.take(limit, owner, enforce=enforce)
            headers[f"x-ms-ratelimit-remaining-subscription-{limit}"] = str(left)
            if wait_s:
                raise ArmError(
                    429,
                    "SubscriptionRequestsThrottled",
                    f"Number of '{kind}' requests for subscription '{request.arm.subscription}' actor "
                    f"'{caller.object_id}' exceeded. Please try again after '{max(1, round(wait_s))}' seconds after "
                    "additional tokens are available. Refer to https://aka.ms/arm-throttling for additional "
                    "information.",
                    gateway=True,
                    headers={**headers, "Retry-After": self._cloud.timing.retry_after(wait_s)},
                )
        return headers

    def provider(self, request: Request, target: RequestTarget) -> dict[str, str]:
        """Take from the provider's buckets: the headers, or ArmError."""
        namespace = target.type.partition("/")[0].lower()
        if namespace == "microsoft.network":
            self._network_limit(request)
        if not f"{target.type.lower()}/".startswith(f"{MACHINES}/"):
            return {}
        left: list[str] = []
        for limit, owner in _compute_limits(target):
            remaining, wait_s = self._buckets.take(limit, owner, enforce=self._compute)
            left.append(f"{_policy(limit)};{remaining}")
            if wait_s:
                headers = {"x-ms-ratelimit-remaining-resource": ",".join(left)}
                raise self._too_many(limit, wait_s, headers)
        return {"x-ms-ratelimit-remaining-resource": ",".join(left)}

    def _network_limit(self, request: Request) -> None:
        limit = "network-reads" if kind_of(request.method) == "reads" else "network-writes"
        _, wait_s = self._buckets.take(limit, "", enforce=self._network)
        if wait_s:
            raise ArmError(
                429,
                "TooManyRequests",
                "The request is being throttled as the limit has been reached for operation type - "
                f"{'Read' if limit == 'network-reads' else 'Write'}_ObservationWindow_00:05:00. For more information, "
                "see - https://aka.ms/srpthrottlinglimits",
                headers={"Retry-After": self._cloud.timing.retry_after(wait_s)},
            )

    def _too_many(self, limit: str, wait_s: float, headers: dict[str, str]) -> ArmError:
        """Wording: Azure/aks-engine#2295."""
        now = self._cloud.timing.now()
        detail = {
            "operationGroup": _policy(limit).rpartition("/")[2],
            "startTime": iso(now, suffix="+00:00"),
            "endTime": iso(self._cloud.timing.after(wait_s), suffix="+00:00"),
            "allowedRequestCount": int(LIMITS[limit].capacity),
        }
        return ArmError(
            429,
            "OperationNotAllowed",
            "The server rejected the request because too many requests have been received for this subscription.",
            details=[{"code": "TooManyRequests", "target": detail["operationGroup"], "message": json.dumps(detail)}],
            headers={**headers, "Retry-After": self._cloud.timing.retry_after(wait_s)},
        )


def _compute_limits(target: RequestTarget) -> Iterator[tuple[str, str]]:
    """The buckets of one machine, and of all; an extension's writes count as its machine's."""
    kind = COMPUTE_KINDS.get(target.operation, "update")
    if kind == "list":
        yield "compute-list", ""
        return
    before, found, after = target.target.lower().partition(f"/{MACHINES}/")
    yield f"compute-{kind}", f"{before}{found}{after.partition('/')[0]}"
    yield f"compute-all-{kind}", ""


def _policy(limit: str) -> str:
    words = limit.removeprefix("compute-").split("-")
    return "Microsoft.Compute/" + "".join(word.capitalize() for word in reversed(words)) + "VM"
