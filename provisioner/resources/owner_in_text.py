"""The deployment that a description names, where an object takes no tags (role assignments, custom roles, locks).

In: text. Out: text with the mark ``[provisioner-deployment: name]`` at its end, or without it. Pure. Before it stands
which optional properties the deployment wrote: ``[provisioner-paths: condition]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .reserved_tags import PATHS_TAG
from .resource import OWNER_TAG

_PATHS = re.compile(rf"\s*\[{PATHS_TAG}: ([^\]]*)\]$")
_MARK = re.compile(rf"\s*\[{OWNER_TAG}: ([^\]]+)\]$")


def mark(description: str, deployment: str, wrote: Iterable[str] = ()) -> str:
    """A description that names the deployment, and the optional properties that it wrote."""
    paths = ", ".join(wrote)
    listed = f" [{PATHS_TAG}: {paths}]" if paths else ""
    return f"{description}{listed} [{OWNER_TAG}: {deployment}]".strip()


def without_mark(description: str) -> str:
    """What people wrote in a description."""
    return _PATHS.sub("", _MARK.sub("", description))


def written(description: str | None) -> frozenset[str]:
    """The optional properties that the deployment wrote, according to a description."""
    found = _PATHS.search(_MARK.sub("", description or ""))
    return frozenset(found.group(1).split(", ")) if found else frozenset()


def owner(description: str | None) -> str:
    """The deployment that a description names, or nothing."""
    found = _MARK.search(description or "")
    return found.group(1) if found else ""
