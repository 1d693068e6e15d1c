"""The specs that trouble is tried on."""

from __future__ import annotations

from tests.kinds.specs import HEAD, NETWORK

SAMPLE = (
    HEAD
    + """\
network:
  virtual_networks:
    net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24, security_group: doors}}}
  security_groups:
    doors:
      rules:
        ssh: {priority: 100, direction: inbound, access: allow, source: 10.0.0.0/8, destination_ports: [22]}
  public_ips: {out: {}}
  interfaces: {nic: {subnet: net/front, public_ip: out}}
identities: {app: {}}
vms:
  web:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    interfaces: [nic]
    admin: {username: azureuser, password: "${secrets.admin}"}
    identity: {system_assigned: true, user_assigned: [app]}
    extensions: {setup: {publisher: Contoso.Agents, type: Agent, version: "1.0"}}
role_grants: {read: {role: Reader, to: [vms/web, identities/app]}}
"""
)

MACHINE = """\
  web-{0}:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {{username: azureuser, password: "${{secrets.admin}}"}}
    identity: {{system_assigned: true}}
    data_disks: {{data: {{lun: 0, size_gb: 8}}}}
    extensions: {{setup: {{publisher: Contoso.Agents, type: Agent, version: "1.0"}}}}
"""


def fleet(count: int) -> str:
    """So many machines, each with a disk, an extension and a grant."""
    names = ", ".join(f"vms/web-{number}" for number in range(count))
    machines = "".join(MACHINE.format(number) for number in range(count))
    return f"{HEAD}{NETWORK}vms:\n{machines}role_grants: {{read: {{role: Reader, to: [{names}]}}}}\n"
