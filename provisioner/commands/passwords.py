"""Passwords that Azure would refuse, before the first resource is created; their values are never shown.

In: a plan, and the secrets that it needs. Out: diagnostics.
"""

from __future__ import annotations

from ..base.diagnostics import Diagnostic
from ..base.reporting import error
from ..base.values import Leaf, Secret
from ..planning.plan import Plan
from ..spec.secrets.secrets import Secrets
from ..spec.yaml.document import Document


def refused(plan: Plan, secrets: Secrets, document: Document) -> list[Diagnostic]:
    """A diagnostic for each resource that is to be created with a password that it can't have."""

    def value(part: Leaf) -> str:
        return secrets.reveal(part.name) if isinstance(part, Secret) else ""

    found = []
    for change in plan.pending:
        if change.action not in ("create", "replace") or not change.desired:
            continue
        for item in change.kind.schema.refused_secrets(change.desired, value):
            place = document.locate((*change.path, *item.at))
            summary = f"Azure would refuse the {item.what} of {change.address}"
            hint = "set the secret to another value"
            found.append(error(item.code, summary, place, reason=item.reason, hint=hint))
    return found
