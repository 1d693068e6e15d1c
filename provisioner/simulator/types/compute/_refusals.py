"""How the compute provider words what is wrong with a body.

Source: the sentence in Azure/azure-quickstart-templates#2334; its code not verified.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...description.refusals import Refusals
from ...errors import ArmError
from ...schema import Problem


class ComputeRefusals(Refusals):
    def malformed(self, problems: Sequence[Problem]) -> ArmError:
        """Compute stops at the first problem."""
        first = problems[0]
        code = "BadRequest" if first.kind == "unknown" else "InvalidParameter"
        return ArmError(400, code, f"{first.message}, line 1, position 1.", target=first.path)
