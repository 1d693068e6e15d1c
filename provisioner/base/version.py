"""The version of the installed program. In: nothing. Out: text. The name on the package index stands here only."""

from __future__ import annotations

DISTRIBUTION = "azure-vm-provisioner"
"""``provisioner`` is the import package and the command; on the package index that name is another project's."""


def version() -> str:
    # Imported late: it takes milliseconds that most commands do not need.
    from importlib import metadata

    return metadata.version(DISTRIBUTION)
