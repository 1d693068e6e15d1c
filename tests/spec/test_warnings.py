"""What is warned about, what is not, and what a comment silences."""

from __future__ import annotations

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.commands import loading
from provisioner.spec import load
from provisioner.spec.parameters import Given
from provisioner.spec.yaml import document
from tests.kinds.specs import HEAD, NETWORK, machine

GRANT = HEAD + "identities: {app: {}}\nrole_grants: {all: {scope: subscription, to: [identities/app], role: ROLE}}\n"
RULE = "{priority: 100, direction: inbound, access: allow, protocol: tcp, source: 10.0.0.0/8, destination_ports: PORTS}"
RULES = HEAD + f"network: {{security_groups: {{web: {{rules: {{one: {RULE}}}}}}}}}\n"


def told(text: str) -> list[str]:
    """The codes of all that is said about a spec."""
    try:
        warnings = loading.complete(load.build(document.parse(text.encode(), "spec.yaml"), Given())).warnings
    except SpecError as error:
        return [item.code for item in error.diagnostics]
    return [item.code for item in warnings]


@pytest.mark.parametrize("role", ["Role Based Access Control Administrator", "f58310d9-a9f6-439a-9e8d-f62e7b41a168"])
def test_the_right_to_grant_on_a_whole_subscription_is_told_unless_it_has_a_condition(role: str) -> None:
    assert told(GRANT.replace("ROLE", role)) == ["PV2905"]
    assert told(GRANT.replace("ROLE", f"{role}, condition: '@Resource[x] StringEquals y'")) == []


@pytest.mark.parametrize(("os", "codes"), [("linux", ["PV2904"]), ("windows", [])])
def test_windows_has_no_other_login_than_a_password(os: str, codes: list[str]) -> None:
    image = "MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition:latest"
    text = HEAD + NETWORK.replace("10.0.1.0/24", "10.0.1.0/24, security_group: web")
    text += "  security_groups: {web: {}}\n" + machine(f"    os: {os}\n    public_ip: true\n")
    text = text if os == "linux" else text.replace("Canonical:ubuntu-24_04-lts:server:latest", image)
    assert told(text) == codes


@pytest.mark.parametrize(("ports", "codes"), [("[1-65535]", []), ("[1-65536]", ["PV2412"])])
def test_a_range_of_ports_ends_where_ports_do(ports: str, codes: list[str]) -> None:
    assert told(RULES.replace("PORTS", ports)) == codes


def test_a_comment_silences_warnings_and_no_errors() -> None:
    owner = GRANT.replace("ROLE", "Owner").rstrip("\n")
    assert told(f"{owner}  # provisioner: ignore PV2905\n") == []
    wrong = RULES.replace("PORTS", "[1-65536]").rstrip("\n")
    assert "PV2412" in told(f"{wrong}  # provisioner: ignore PV2412\n")
