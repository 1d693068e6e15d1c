"""The names of the tags that the program writes by itself. A spec may not set them.

In: a tag's name. Out: whether it is reserved. What each tag holds: ``comparison.ownership_tags``.
"""

from __future__ import annotations

import re

from .resource import OWNER_TAG

SPEC_TAG = "provisioner-spec"
PARTS_TAG = "provisioner-parts"
PATHS_TAG = "provisioner-paths"
PROTECT_TAG = "provisioner-prevent-destroy"
STOPPED_TAG = "provisioner-stopped"
LOCK_TAG = "provisioner-lock"
RESERVED = (OWNER_TAG, SPEC_TAG, PARTS_TAG, PATHS_TAG, PROTECT_TAG, STOPPED_TAG, LOCK_TAG)
FAMILIES = (PARTS_TAG, PATHS_TAG, LOCK_TAG)
"""With names of more tags that continue them: ``provisioner-parts-2``, ``provisioner-lock-who``."""
# ASCII: without it, `ſ` would match `s` in any case.
_MARK = re.compile(rf"{'|'.join(RESERVED)}|(?:{'|'.join(FAMILIES)})-.*", re.IGNORECASE | re.ASCII | re.DOTALL)


def is_reserved(tag: str) -> bool:
    """Whether a tag is one that the program writes by itself, in any case of letters."""
    return _MARK.fullmatch(tag) is not None
