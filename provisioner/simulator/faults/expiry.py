"""Tokens that are refused from a certain age on, as when a run outlives its credentials.

In: a request with a token. Out: nothing, or the 401 that ARM gives (wording: microsoft/vscode-azureappservice#2483).
A token of another issuer has the age at which it was first seen.
"""

from __future__ import annotations

from datetime import UTC, datetime

from ..arm.tokens import ISSUED, claims_of
from ..errors import ArmError
from ..protocol.wire import Request
from ..timing import Timing
from .model import Expiry

REMEMBERED = 10_000


class Ages:
    """Knows how old tokens are."""

    def __init__(self, expiry: Expiry, timing: Timing) -> None:
        self._lifetime_s = expiry.after_s * timing.scale
        self._timing = timing
        self._first_seen: dict[str, float] = {}

    def check(self, request: Request) -> None:
        """Raise ArmError for a token that is too old."""
        now = self._timing.now()
        token = request.headers.get("authorization", "").partition(" ")[2].strip()
        expired_at = self._issued(token, now) + self._lifetime_s
        if now < expired_at:
            return
        message = (
            f"The access token expiry UTC time '{_american(expired_at)}' is earlier than current UTC time "
            f"'{_american(now)}'."
        )
        raise ArmError(
            401,
            "ExpiredAuthenticationToken",
            message,
            gateway=True,
            headers={
                "WWW-Authenticate": f'Bearer authorization_uri="{request.base_url}", error="invalid_token", '
                'error_description="The access token is expired."'
            },
        )

    def _issued(self, token: str, now: float) -> float:
        issued = claims_of(token).get(ISSUED)
        if isinstance(issued, int | float):
            return float(issued)
        if len(self._first_seen) >= REMEMBERED:
            self._first_seen.clear()
        return self._first_seen.setdefault(token, now)


def _american(moment: float) -> str:
    """`6/15/2026 8:22:51 AM`."""
    time = datetime.fromtimestamp(moment, UTC)
    return f"{time.month}/{time.day}/{time.year} {time.hour % 12 or 12}:{time:%M:%S %p}"
