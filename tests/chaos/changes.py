"""A deployment before and after a change that makes anew, updates, takes away and adds something of every kind."""

from __future__ import annotations

from tests.kinds.specs import HEAD

BEFORE = (
    HEAD
    + """\
existing:
  theirs: {type: Microsoft.Network/publicIPAddresses, name: theirs, resource_group: foreign-group}
network:
  virtual_networks:
    net:
      address_space: [10.0.0.0/16]
      subnets:
        front: {address_prefix: 10.0.1.0/24, security_group: doors}
        gone: {address_prefix: 10.0.2.0/24}
        nat: {address_prefix: 10.0.4.0/24, nat_gateway: out}
  nat_gateways: {out: {public_ips: [egress]}}
  security_groups:
    doors:
      rules:
        ssh: {priority: 100, direction: inbound, access: allow, source: 10.0.0.0/8, destination_ports: [22]}
        web: {priority: 110, direction: inbound, access: allow, source: 10.0.0.0/8, destination_ports: [80]}
    unused: {rules: {}}
  public_ips: {out: {zones: ["1"]}, egress: {}, spare: {}}
  interfaces:
    nic: {subnet: net/front, public_ip: out}
identities:
  app:
    federated_credentials:
      one: {issuer: "https://token.example.com", subject: "repo:a/b:ref:main"}
      two: {issuer: "https://token.example.com", subject: "repo:a/b:ref:dev"}
  old: {}
roles:
  starter: {actions: ["Microsoft.Compute/virtualMachines/start/action"]}
  leaver: {actions: ["Microsoft.Compute/virtualMachines/read"]}
vms:
  web:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    interfaces: [nic]
    admin: {username: azureuser, password: "${secrets.admin}"}
    identity: {system_assigned: true, user_assigned: [app, old]}
    data_disks: {keep: {name: web-keep, lun: 0, size_gb: 8}, away: {name: web-away, lun: 1, size_gb: 8}}
    extensions:
      setup: {publisher: Contoso.Agents, type: Agent, version: "1.0", settings: {level: 1}}
      leave: {publisher: Contoso.Agents, type: Other, version: "1.0"}
  fleet:
    count: 3
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: azureuser, password: "${secrets.admin}"}
    identity: {system_assigned: true}
role_grants:
  read: {role: Reader, to: [vms/web, vms/fleet, identities/app, identities/old]}
  sub: {role: Reader, scope: subscription, to: [identities/app]}
  start: {role: starter, to: [identities/app]}
  leave: {role: leaver, to: [identities/app]}
  foreign: {role: Reader, scope: existing/theirs, to: [vms/web]}
  inner: {role: Managed Identity Operator, scope: identities/app, to: [vms/web]}
locks:
  keep: {scope: network/virtual_networks/net, level: cannot_delete}
  frozen: {scope: network/security_groups/doors, level: read_only}
"""
)
AFTER = (
    HEAD
    + """\
existing:
  theirs: {type: Microsoft.Network/publicIPAddresses, name: theirs, resource_group: foreign-group}
network:
  virtual_networks:
    net:
      address_space: [10.0.0.0/16, 10.1.0.0/16]
      subnets:
        front: {address_prefix: 10.0.1.0/24, security_group: doors}
        new: {address_prefix: 10.1.3.0/24}
        nat: {address_prefix: 10.0.4.0/24}
  security_groups:
    doors:
      rules:
        ssh: {priority: 110, direction: inbound, access: allow, source: 10.0.0.0/8, destination_ports: [22]}
        web: {priority: 100, direction: inbound, access: allow, source: 10.0.0.0/8, destination_ports: [80, 443]}
  public_ips: {out: {zones: ["2"]}}
  interfaces:
    nic: {subnet: net/front, public_ip: out}
    more: {subnet: net/new}
identities:
  app:
    federated_credentials:
      one: {issuer: "https://token.example.com", subject: "repo:a/b:ref:main"}
      two: {issuer: "https://token.example.com", subject: "repo:a/b:ref:other"}
      three: {issuer: "https://token.example.com", subject: "repo:a/b:ref:new"}
  fresh: {}
roles:
  starter: {actions: ["Microsoft.Compute/virtualMachines/start/action", "Microsoft.Compute/virtualMachines/read"]}
vms:
  web:
    size: Standard_B2s
    image: Canonical:ubuntu-24_04-lts:server:latest
    interfaces: [nic]
    admin: {username: azureuser, password: "${secrets.admin}"}
    identity: {system_assigned: true, user_assigned: [app, fresh]}
    data_disks: {keep: {name: web-keep, lun: 0, size_gb: 16}, fresh: {name: web-fresh, lun: 2, size_gb: 8}}
    extensions:
      setup: {publisher: Contoso.Agents, type: Agent, version: "1.0", settings: {level: 2}}
      added: {publisher: Contoso.Agents, type: Third, version: "1.0"}
  fleet:
    count: 2
    size: Standard_B1s
    image: Canonical:ubuntu-22_04-lts:server:latest
    subnet: net/front
    admin: {username: azureuser, password: "${secrets.admin}"}
    identity: {system_assigned: true}
role_grants:
  read: {role: Contributor, to: [vms/web, vms/fleet, identities/app, identities/fresh]}
  sub: {role: Reader, scope: subscription, to: [identities/app, identities/fresh]}
  start: {role: starter, to: [identities/app]}
  foreign: {role: Contributor, scope: existing/theirs, to: [vms/web]}
locks:
  frozen: {scope: network/security_groups/doors, level: cannot_delete}
  group: {scope: identities/app, level: cannot_delete}
"""
)
