"""The signals that ask a command to end, as far as this system has them. It loads nothing heavy.

Windows has no SIGHUP; Ctrl-Break arrives there as SIGBREAK ("signal", Microsoft C runtime reference).
"""

from __future__ import annotations

import signal

ENDING = tuple(
    number for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if isinstance(number := getattr(signal, name, None), int)
)
"""Besides Ctrl-C: asked by another process, the terminal is gone, Ctrl-Break."""
ALL = (signal.SIGINT, *ENDING)
