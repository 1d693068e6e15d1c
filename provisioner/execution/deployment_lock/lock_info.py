"""Who holds a lock, as its tags say it; what a lock is called, and when it is over.

In: tags, or who takes it. Out: the other. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ...resources.reserved_tags import LOCK_TAG

LEASE = timedelta(minutes=5)
_GRACE = timedelta(minutes=1)
_LONGEST_NAME = 80
_LONGEST_VALUE = 256
EXPIRED = datetime.fromtimestamp(0, UTC)
"""Until then is held what was let go of and may not be deleted."""


@dataclass(frozen=True)
class LockInfo:
    """Who holds a lock: ``run`` is the correlation ID of its requests, ``who`` names principal, host and process."""

    deployment: str
    run: str
    who: str
    command: str
    since: datetime
    until: datetime

    def tags(self) -> dict[str, str]:
        values = {
            LOCK_TAG: self.deployment,
            f"{LOCK_TAG}-run": self.run,
            f"{LOCK_TAG}-who": self.who,
            f"{LOCK_TAG}-command": self.command,
            f"{LOCK_TAG}-since": _text(self.since),
            f"{LOCK_TAG}-until": _text(self.until),
        }
        return {name: value[:_LONGEST_VALUE] for name, value in values.items()}

    def is_over(self, now: datetime) -> bool:
        return now > self.until + _GRACE

    @property
    def is_let_go(self) -> bool:
        """Whether whoever held it has said so, since the lock could not be deleted."""
        return self.until == EXPIRED

    def __str__(self) -> str:
        return f"{self.command} by {self.who}, since {_text(self.since)}, until {_text(self.until)} if not renewed"


def read_holder(tags: Mapping[str, str]) -> LockInfo:
    """What the tags of a lock say; times that cannot be read are long ago."""
    found = {name: str(tags.get(f"{LOCK_TAG}-{name}", "")) for name in ("run", "who", "command", "since", "until")}
    since, until = _time(found["since"]), _time(found["until"])
    return LockInfo(str(tags.get(LOCK_TAG, "")), found["run"], found["who"], found["command"], since, until)


def name(deployment: str) -> str:
    """The name of a deployment's lock; deployments that differ only in the case of letters share it."""
    found = f"{LOCK_TAG}-{deployment}"
    if len(found) <= _LONGEST_NAME:
        return found
    return f"{LOCK_TAG}-{hashlib.sha256(deployment.encode()).hexdigest()[:32]}"


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return EXPIRED
    return found if found.tzinfo else found.replace(tzinfo=UTC)
