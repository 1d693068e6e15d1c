"""What a faults file says, as frozen values. It decides nothing.

Times are seconds of Azure; they are scaled like all others.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..arm.throttle import Limit

NINETIETH = 1.2815515655446004
"""Where the standard normal distribution has its 90th percentile."""

OPERATIONS = ("read", "list", "poll", "create", "update", "delete", "action", "write", "any")
"""The words for operations; `write` is create and update. A POST's own name (`start`) is one too."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A lognormal distribution through its median and its 90th percentile, cut off at `most`; or the median alone."""

    median: float
    p90: float | None = None
    most: float | None = None

    def draw(self, stream: random.Random) -> float:
        if self.p90 is None or self.median <= 0:
            return self.median
        value = self.median * math.exp(math.log(self.p90 / self.median) / NINETIETH * stream.gauss(0.0, 1.0))
        return value if self.most is None else min(value, self.most)


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The request is answered with an error, and has no effect."""

    status: int
    code: str
    message: str
    retry_after_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """The connection is closed without an answer, before or after the request took effect."""

    when: Literal["before", "after"]


@dataclass(frozen=True, kw_only=True)
class Truncated:
    """The request takes effect, and half of the answer's body arrives."""


@dataclass(frozen=True, kw_only=True)
class Killed:
    """The process kills itself: before the request, inside of its transaction, or when it is committed."""

    when: Literal["before", "during", "after"]


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A read answers 404 for so long after the resource was made."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The long-running operation ends as Failed or Canceled."""

    status: Literal["Failed", "Canceled"]
    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Hung:
    """The long-running operation never ends."""


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """There is no room for a machine: `SkuNotAvailable` at once, the others when its operation ends."""

    code: str


Effect = Refused | Dropped | Truncated | Killed | Missing | Ended | Hung | Capacity


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When (`type` to `locations`), how often (`rate` to `per_resource`), and what (`effect`).

    Attributes:
        name: in the request log, and in the seed of the rule's stream; its number where it has no name.
        type: a pattern for ARM types (`Microsoft.Network/*`), or "*".
        operations: words of OPERATIONS, or names of actions, in lower case.
        resource: a pattern for names, or for whole IDs when it begins with a slash.
        sizes, zones, locations: patterns, for machines; empty for any.
        rate: how many of those that match it befalls, 0 to 1.
        nth: which of those that match, counted from 1; empty for any.
        times: how often at most; None for ever.
        per_resource: whether `rate`, `nth` and `times` are counted for each resource apart.
    """

    name: str
    type: str = "*"
    operations: frozenset[str] = frozenset({"any"})
    resource: str = "*"
    sizes: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    rate: float = 1.0
    nth: frozenset[int] = frozenset()
    times: int | None = None
    per_resource: bool = False
    effect: Effect


@dataclass(frozen=True, kw_only=True)
class Throttling:
    """Whose token buckets are enforced, and buckets of another size by name."""

    arm: bool = False
    compute: bool = False
    network: bool = False
    limits: Mapping[str, Limit] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Lag:
    """How long a new principal is unknown to role assignments."""

    spread: Spread
    despite_principal_type: bool = False


@dataclass(frozen=True, kw_only=True)
class Expiry:
    """How old a token may be; `announced` tells the client beforehand."""

    after_s: float
    announced: bool = False


@dataclass(frozen=True, kw_only=True)
class Faults:
    """All of it. `durations` are by (type, operation) in lower case; `spread_durations` spreads the table's too."""

    seed: int = 0
    throttling: Throttling = field(default_factory=Throttling)
    spread_durations: bool = False
    durations: Mapping[tuple[str, str], Spread] = field(default_factory=dict)
    lag: Lag | None = None
    index_lag_s: float = 0.0
    expiry: Expiry | None = None
    core_quota: int | None = None
    restricted_sizes: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()
