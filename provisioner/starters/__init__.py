"""Specs to begin with, for ``init``. The first line of each, behind its modeline, says what it makes."""

from __future__ import annotations

from importlib import resources

SUFFIX = ".yaml"


def names() -> list[str]:
    """The templates' names, sorted."""
    files = resources.files(__package__).iterdir()
    return sorted(file.name.removesuffix(SUFFIX) for file in files if file.name.endswith(SUFFIX))


def text(name: str) -> str:
    """A template as it is written into a file."""
    return resources.files(__package__).joinpath(f"{name}{SUFFIX}").read_text("utf-8")


def summary(name: str) -> str:
    """What a template makes, in a few words."""
    return text(name).splitlines()[1].removeprefix("# ").rstrip(".")
