"""Extensions of a machine that wait for others: those exist, and the order has a beginning."""

from __future__ import annotations

import graphlib

from ...base.diagnostics import did_you_mean
from ...base.rule import Rule
from ..checker import Checker
from ..part import Part

RULES = (
    Rule(
        "PV2507",
        "order of extensions",
        why="`after:` names another extension of the VM, and the order has a beginning.",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
     extensions:
-      monitor: {publisher: Microsoft.Azure.Monitor, type: AzureMonitorLinuxAgent, version: "1.0", after: [script]}
+      monitor: {publisher: Microsoft.Azure.Monitor, type: AzureMonitorLinuxAgent, version: "1.0"}
       script: {publisher: Microsoft.Azure.Extensions, type: CustomScript, version: "2.1", settings: {commandToExecute: uptime}, after: [monitor]}
""",  # noqa: E501
    ),
)

_MANY = 100


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        extensions = {extension.key: extension for extension in machine.parts("extensions")}
        for extension in extensions.values():
            _after(checker, machine, extension, extensions)
        _circle(checker, machine, extensions)


def _after(checker: Checker, machine: Part, extension: Part, extensions: dict[str, Part]) -> None:
    # Of many extensions the own key stays a candidate: a new set for each extension takes quadratic time.
    others = extensions if len(extensions) > _MANY else extensions.keys() - {extension.key}
    for at, other in extension.texts("after"):
        if other not in extensions or other == extension.key:
            hint = did_you_mean(other, others) or "remove it from `after:`"
            checker.error("PV2507", f'{machine.address} has no other extension "{other}"', *at, hint=hint)


def _circle(checker: Checker, machine: Part, extensions: dict[str, Part]) -> None:
    """Extensions that wait for each other."""
    before = {key: {name for _, name in each.texts("after")} - {key} for key, each in extensions.items()}
    try:
        # An extension after itself is reported above, and left out of the order.
        graphlib.TopologicalSorter(before).prepare()
    except graphlib.CycleError as error:
        circle = [key for key in extensions if key in error.args[1]]
        summary = f"the extensions of {machine.address} wait for each other: {', '.join(circle)}"
        at = machine.at("extensions", circle[0], "after")
        checker.error("PV2507", summary, *at, hint="remove one of them from an `after:`")
