"""How a simulator behaves: one frozen record of settings, with defaults that suit a quick start.

In: nothing. Out: `Settings`. It never reads the environment or a file.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .errors import ArmError
    from .faults.model import Faults
    from .protocol.wire import Caller, Request, Response
    from .state.operations import Operation

Interceptor = Callable[["Request"], "Response | None"]
Reply = tuple["Response", "Caller | None"]
"""An answer, and who asked for it as far as is known."""
Answering = Callable[["Request"], Reply]
Middleware = Callable[["Request", Answering], Awaitable[Reply]]
OperationOutcome = Callable[["Operation"], "ArmError | None"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a caller may decide about a simulator.

    Attributes:
        state_path: the SQLite file that holds the state; `None` keeps it in memory.
        time_scale: seconds here per second in Azure; 0.01 makes a 96 s VM take about a second, 0 ends every
            operation at once, 1 is Azure's own pace.
        page_size: entries in one page of a list; ARM's own is 1,000 for resources.list.
        enforce_rate_limits: answer 429 when a token bucket is empty; the headers are sent either way.
        replication_lag_s: Azure seconds until a new principal is visible to role assignments; scaled by time_scale.
        index_lag_s: Azure seconds until the lists across types show what was made or deleted.
        lag_despite_principal_type: a lagging principal is refused even when the request names its type.
        registered: namespaces registered in a fresh subscription; `None` registers every modelled one.
        log_limit: the newest entries kept in the request log.
        seed: seeds everything random (generated IDs stay random: they must not repeat across runs).
        durations_s: overrides of the durations table, `{("microsoft.compute/virtualmachines", "create"): 30.0}`.
        core_quota: cores that machines may have together in each region; `None` is no limit.
        newest_api_version: requests for a later one are refused, as by a cloud that is behind; empty is no limit.
        restricted_sizes: machine sizes that are refused as not available, everywhere (`Standard_B1s`), in one region
            (`westus2/Standard_B1s`) or in one zone of it (`westus2/Standard_B1s/3`); case is ignored.
        missing_extensions: `Publisher.Type` of extension handlers that are not in the repository any more.
        enforce_rbac: refuse what a caller has no role for.
        owners: object or client IDs that may do everything; with none, the deployer and the first caller to come.
        now: the wall clock, seconds since the epoch.
        interceptors: called in order with every authenticated request before it is dispatched; the first that returns
            an answer, or raises ArmError, decides. Faults and permission checks are put in here.
        middleware: called with every request and with the function that answers it, instead of that function; it may
            wait before and after. Other requests are answered meanwhile.
        faults: faults on request, put in by `faults.apply.applied`, which sets what else goes with it.
        operation_outcome: asked when a long-running operation is due; an ArmError makes it end as Failed.
    """

    state_path: Path | None = None
    time_scale: float = 0.01
    page_size: int = 1000
    enforce_rate_limits: bool = False
    replication_lag_s: float = 0.0
    lag_despite_principal_type: bool = False
    index_lag_s: float = 0.0
    registered: frozenset[str] | None = None
    log_limit: int = 100_000
    seed: int = 0
    durations_s: Mapping[tuple[str, str], float] = field(default_factory=dict)
    core_quota: int | None = None
    newest_api_version: str = ""
    restricted_sizes: frozenset[str] = frozenset()
    missing_extensions: frozenset[str] = frozenset()
    enforce_rbac: bool = False
    owners: frozenset[str] = frozenset()
    now: Callable[[], float] = time.time
    interceptors: tuple[Interceptor, ...] = ()
    middleware: Middleware | None = None
    operation_outcome: OperationOutcome | None = None
    faults: Faults | None = None
