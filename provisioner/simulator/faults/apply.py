"""Puts `Faults` into the simulator's settings.

In: a description, settings. Out: settings. What the file does not speak of stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..settings import Settings
from .model import Faults


def applied(faults: Faults, settings: Settings) -> Settings:
    """Settings in which these faults happen."""
    changed: dict[str, Any] = {"faults": faults, "seed": faults.seed}
    medians = {key: spread.median for key, spread in faults.durations.items()}
    changed["durations_s"] = {**settings.durations_s, **medians}
    if faults.throttling.arm:
        changed["enforce_rate_limits"] = True
    if faults.lag is not None:
        changed["lag_despite_principal_type"] = faults.lag.despite_principal_type
    if faults.index_lag_s:
        changed["index_lag_s"] = faults.index_lag_s
    if faults.core_quota is not None:
        changed["core_quota"] = faults.core_quota
    if faults.restricted_sizes:
        changed["restricted_sizes"] = faults.restricted_sizes
    return replace(settings, **changed)
