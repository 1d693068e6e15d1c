"""The deployment that a description names, where an object takes no tags (role assignments, custom roles, locks).

In: text. Out: text with the mark ``[provisioner-deployment: name]`` at its end, or without it. Pure.
"""

from __future__ import annotations

import re

from .resource import OWNER_TAG

_MARK = re.compile(rf"\s*\[{OWNER_TAG}: ([^\]]+)\]$")


def mark(description: str, deployment: str) -> str:
    """A description that names the deployment."""
    return f"{description} [{OWNER_TAG}: {deployment}]".strip()


def without_mark(description: str) -> str:
    """What people wrote in a description."""
    return _MARK.sub("", description)


def owner(description: str | None) -> str:
    """The deployment that a description names, or nothing."""
    found = _MARK.search(description or "")
    return found.group(1) if found else ""
