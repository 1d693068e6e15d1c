"""What the name of a resource must look like.

In: a name. Out: nothing, or ArmError. Rules: "Naming rules and restrictions for Azure resources".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import ArmError


@dataclass(frozen=True, kw_only=True)
class NameRule:
    """What a name must look like; `code` is what Azure answers otherwise."""

    pattern: str
    longest: int
    shortest: int = 1
    code: str = "InvalidResourceName"
    hint: str = ""

    def check(self, name: str) -> None:
        """Raise ArmError for a name that breaks the rule."""
        if self.shortest <= len(name) <= self.longest and re.fullmatch(self.pattern, name):
            return
        hint = self.hint or (
            f"The name can be up to {self.longest} characters long. It must begin with a word character, and it must "
            "end with a word character or with '_'. The name may contain word characters or '.', '-', '_'."
        )
        raise ArmError(400, self.code, f"Resource name {name} is invalid. {hint}", details=[])


ANY_NAME = NameRule(pattern=r"[^<>%&\\?/]*[^<>%&\\?/. ]", longest=260)
"""What ARM itself asks of every name, whatever the type."""
