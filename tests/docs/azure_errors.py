"""Azure's error codes and what helps, from the program's own table: ``docs/reference/azure-errors.md``."""

from __future__ import annotations

from provisioner.azure.advice import advice
from provisioner.azure.codes import CODES, Verdict
from provisioner.base.diagnostics import AzureFailure

HEAD = """# Azure errors

If Azure rejects a request, provisioner prints the error code of Azure, its message, and a hint. This page lists the
codes that provisioner knows. A test compares it with the program. For all other codes, the HTTP status decides:
provisioner retries 408, 429, 500, 502, 503, and 504. The other errors fail. In the hint of `AuthorizationFailed`,
provisioner sets the role that the action requires, your object ID, and the scope.
"""
PARTS: dict[Verdict, tuple[str, str]] = {
    "permanent": ("Errors that need your action", "provisioner doesn't retry these errors."),
    "transient": (
        "Errors that provisioner retries",
        "provisioner retries these errors for up to 10 minutes. If the error remains, run `apply` again later.",
    ),
    "new principal": (
        "Errors for new principals",
        "Microsoft Entra ID needs some time until it knows a new principal. If the same run created the principal, "
        "provisioner retries for up to 5 minutes.",
    ),
    "late": (
        "Errors for resources that Azure doesn't find yet",
        "provisioner retries for up to 5 minutes if the same run created the resource.",
    ),
    "conflict": (
        "Errors after a concurrent change",
        "Another user or tool changed the resource during the run. provisioner reads and plans the resource again.",
    ),
    "granted": ("Errors that mean success", "The role assignment already exists under another name."),
}

_WRITE = (
    "with object id 'OBJECT_ID' does not have authorization to perform action 'Microsoft.Compute/x/write' over scope "
)
MESSAGES = {
    "AuthorizationFailed": f"The client {_WRITE}'SCOPE'.",
    "LinkedAuthorizationFailed": f"The client {_WRITE}'SCOPE', or the linked scope(s) 'SCOPE' are invalid.",
    "ScopeLocked": "The scope cannot perform the operation because following scope(s) are locked: 'SCOPE'.",
}
"""Messages of Azure from which the program makes its hint."""


def render() -> str:
    parts = [HEAD]
    for verdict, (title, text) in PARTS.items():
        rows = [
            f"| `{name}` | {_hint(code.hint or _advice(name))} | {code.source} |"
            for name, code in CODES.items()
            if code.verdict == verdict
        ]
        parts.append(
            f"## {title}\n\n{text}\n\n| Code | What to do | Source |\n|---|---|---|\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(parts)


def _advice(name: str) -> str:
    return advice(AzureFailure(name, MESSAGES[name])) if name in MESSAGES else ""


def _hint(text: str) -> str:
    hint = text.replace("|", "\\|")
    return hint[:1].upper() + hint[1:] or "Azure's message describes the cause."
