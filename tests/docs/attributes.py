"""What expressions can read from resources, from the kinds: ``docs/reference/attributes.md``."""

from __future__ import annotations

from provisioner.resources.kind import Kind
from provisioner.resources.kinds import all_kinds

HEAD = """# Attributes of resources

An expression reads an attribute with the resource address: `${vms/web.principal_id}`. See
[Expressions](expressions.md). `provisioner show SPEC` prints the attributes of all resources.

Every resource has `id` (its ARM ID) and `name` (its name in Azure). Both are known before the first request. "Early"
attributes are known as soon as Azure accepts the request. Other attributes are known when the resource is created.

A test compares this page with the program.

| Section | Attribute | Meaning | Known |
|---|---|---|---|
"""
TAIL = """
An entry under `existing` also has every property that Azure returns, by its path in ARM's JSON:
`${existing/vault.properties.vaultUri}`.

A fleet returns a list (`count`) or a mapping (`for_each`) of the attribute of all members.
"""
MEANINGS = {
    "principal_id": "Object ID of the identity's principal. A VM has it if `identity.system_assigned` is `true`",
    "client_id": "Client ID of the identity",
    "tenant_id": "ID of the tenant",
    "location": "Azure region",
    "vm_id": "Unique ID of the VM, a GUID",
    "private_ip": "First private IP address",
    "ip_address": "IP address",
    "public_ip_address": "IP address of the public IP of the interface",
    "fqdn": "DNS name of the public IP. It exists if `dns_label` is set",
}


def render() -> str:
    return HEAD + "\n".join(row for kind in all_kinds() for row in _rows(kind)) + "\n" + TAIL


def _rows(kind: Kind) -> list[str]:
    sections = [section for section in kind.schema.sections if not section.endswith("/public_ip")]
    rows = []
    for section in sections[:1]:
        for name, output in kind.schema.outputs.items():
            rows.append(
                f"| `{section}` | `{name}` | {MEANINGS[name]} | {'early' if output.early else 'when created'} |"
            )
        for name in kind.schema.forwarded:
            if name not in kind.schema.outputs:
                rows.append(f"| `{section}` | `{name}` | {MEANINGS[name]} | when created |")
    return rows
