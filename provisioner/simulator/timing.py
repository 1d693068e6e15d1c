"""Azure's seconds turned into ours.

In: settings and Azure seconds. Out: wall-clock seconds, and the text of a Retry-After header. It never sleeps.
"""

from __future__ import annotations

from datetime import UTC, datetime

from .settings import Settings

SHORTEST_RETRY_AFTER_S = 0.01
"""The SDKs take `Retry-After: 0` for an absent header and fall back to 30 s; so a scaled one is never 0."""


class Timing:
    """Scaled time: now, durations, Retry-After."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def now(self) -> float:
        return self._settings.now()

    def after(self, azure_s: float) -> float:
        """The wall-clock moment that lies so many Azure seconds ahead."""
        return self.now() + azure_s * self._settings.time_scale

    def retry_after(self, azure_s: float) -> str:
        """A Retry-After header: whole seconds at Azure's pace, fractional and never 0 when scaled."""
        scaled = max(azure_s * self._settings.time_scale, SHORTEST_RETRY_AFTER_S)
        return str(round(scaled)) if scaled == round(scaled) else f"{scaled:.3f}".rstrip("0")

    def first_retry_after(self, azure_s: float) -> dict[str, str]:
        """Retry-After of the answer that begins an operation: whole seconds, or none when that would be a fraction.

        The Python SDK's typed operations read it there as an integer and break on a fraction (azure-mgmt-network
        33.1, -compute 39.0, -resource 26.0); the answers to polls they read as a number.
        """
        scaled = azure_s * self._settings.time_scale
        return {"Retry-After": str(round(scaled))} if scaled >= 1 else {}

    @property
    def scale(self) -> float:
        return self._settings.time_scale


def iso(moment: float, digits: int = 7, suffix: str = "Z") -> str:
    """A moment as Azure prints it: seven digits of fraction, `Z` or `+00:00`."""
    text = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return text.ljust(20 + digits, "0") + suffix
