"""The distribution that holds this package: its name on a package index, and the version that is installed.

The name differs from the package and the command: on PyPI, `provisioner` belongs to another project.
"""

from __future__ import annotations

NAME = "azure-vm-provisioner"


def version() -> str:
    """The installed version, or "unknown" in a source tree that was not installed under this name."""
    # Here and not above: it takes time that most commands do not need.
    from importlib import metadata

    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "unknown"
