"""Small specs for the tests of the kinds: a head, and pieces to put below it."""

from __future__ import annotations

GROUP = "demo-group"

HEAD = f"""\
version: 1
deployment: demo
location: westus2
resource_group: {GROUP}
secrets: {{admin: {{from_env: ADMIN_PASSWORD}}}}
"""

NETWORK = """\
network:
  virtual_networks:
    net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
"""


def machine(extra: str = "", name: str = "web", size: str = "Standard_B1s") -> str:
    """A machine as YAML; ``extra`` are further lines of it, indented by four spaces."""
    return f"""\
vms:
  {name}:
    size: {size}
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {{username: azureuser, password: "${{secrets.admin}}"}}
{extra}"""
