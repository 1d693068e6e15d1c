"""Puts `Faults` into the simulator's settings.

In: a description, settings. Out: settings. What the file does not speak of stays as it is.
"""

from __future__ import annotations

from dataclasses import replace

from ..settings import Settings
from .model import Faults


def applied(faults: Faults, settings: Settings) -> Settings:
    """Settings in which these faults happen."""
    medians = {key: spread.median for key, spread in faults.durations.items()}
    settings = replace(settings, faults=faults, seed=faults.seed, durations_s={**settings.durations_s, **medians})
    if faults.throttling.arm:
        settings = replace(settings, enforce_rate_limits=True)
    if faults.lag is not None:
        settings = replace(settings, lag_despite_principal_type=faults.lag.despite_principal_type)
    if faults.index_lag_s:
        settings = replace(settings, index_lag_s=faults.index_lag_s)
    if faults.core_quota is not None:
        settings = replace(settings, core_quota=faults.core_quota)
    if faults.restricted_sizes:
        settings = replace(settings, restricted_sizes=faults.restricted_sizes)
    return settings
