"""How many tags an object gets: `validate` says it before Azure refuses it."""

from datetime import datetime

import pytest
import yaml

from provisioner.base.diagnostics import SpecError
from provisioner.commands import loading
from provisioner.execution.deployment_lock.lock_info import LockInfo
from provisioner.resources import check_tags
from provisioner.spec import load, parameters
from provisioner.spec.yaml import document
from tests.harness import World, failures

RULE = {"priority": 100, "direction": "inbound", "access": "allow", "protocol": "tcp", "source": "10.0.0.0/8"}
MACHINE = {
    "size": "Standard_B1s",
    "image": "Canonical:ubuntu-24_04-lts:server:latest",
    "subnet": "net/front",
    "admin": {"username": "azureuser", "ssh_keys": ["ssh-ed25519 AAAA ops"]},
}
NETWORK = {"net": {"address_space": ["10.0.0.0/16"], "subnets": {"front": {"address_prefix": "10.0.1.0/24"}}}}


def tags(number: int) -> dict[str, str]:
    return {f"t{index}": "x" for index in range(number)}


def spec(**sections: object) -> str:
    head = {"version": 1, "deployment": "demo", "location": "westus2", "resource_group": "demo-group"}
    return yaml.safe_dump(head | sections, sort_keys=False)


def refusals(text: str) -> list[str]:
    try:
        loading.complete(load.build(document.parse(text.encode(), "spec.yaml"), parameters.Given()))
    except SpecError as error:
        return [f"{item.location}: {item.summary}" for item in error.diagnostics if item.code == "PV2004"]
    return []


def group(number: int, **more: object) -> str:
    return spec(network={"security_groups": {"door": {"tags": tags(number), **more}}})


async def test_what_is_accepted_is_what_azure_accepts(world: World) -> None:
    """A security group with a rule: whose it is, its fingerprint, its parts, and the paths of its tags."""
    most = group(46, rules={"ssh": RULE})
    assert refusals(most) == []
    assert failures(await world.apply(most)) == []
    assert not (await world.plan(most)).pending
    _, body = await world.arm("GET", world.in_group("demo-group", "Microsoft.Network/networkSecurityGroups", "door"))
    assert len(body["tags"]) == 50
    assert refusals(group(47, rules={"ssh": RULE})) == [
        "spec.yaml:8:7: network/security_groups/door has 47 tags, including those of the deployment"
    ]


@pytest.mark.parametrize(
    ("most", "sections"),
    [
        (47, {"identities": {"app": {}}}),
        (
            46,
            {"identities": {"app": {"federated_credentials": {"ci": {"issuer": "https://x.example", "subject": "s"}}}}},
        ),
        (46, {"identities": {"app": {"lifecycle": {"prevent_destroy": True}}}}),
        (46, {"network": {"virtual_networks": NETWORK}}),
        # A machine has one more while it is stopped for a change.
        (46, {"network": {"virtual_networks": NETWORK}, "vms": {"web": MACHINE}}),
    ],
)
def test_the_programs_own_count_by_what_the_object_has(most: int, sections: dict[str, dict[str, object]]) -> None:
    def with_tags(number: int) -> str:
        *before, last = sections
        entries = sections[last]
        holder = entries["virtual_networks"] if last == "network" else entries
        assert isinstance(holder, dict)
        ((name, entry),) = holder.items()
        changed = {name: {**entry, "tags": tags(number)}}
        inner = {"virtual_networks": changed} if last == "network" else changed
        return spec(**{section: sections[section] for section in before}, **{last: inner})

    assert refusals(with_tags(most)) == []
    assert len(refusals(with_tags(most + 1))) == 1


def test_the_lock_has_the_tags_of_the_deployment_too() -> None:
    now = datetime(2026, 1, 1)
    of_the_lock = len(LockInfo("demo", "run", "who", "apply", now, now).tags())
    assert of_the_lock == check_tags._OF_THE_LOCK
    assert refusals(spec(tags=tags(50 - of_the_lock))) == []
    assert refusals(spec(tags=tags(51 - of_the_lock))) == [
        "spec.yaml:5:1: the deployment's lock has 45 tags, including those of the deployment"
    ]


def subnets(number: int) -> str:
    found = {
        f"s{index}": {"address_prefix": f"10.{index // 16}.{index % 16 * 16}.0/24", "default_outbound_access": False}
        for index in range(number)
    }
    networks = {"net": {"address_space": ["10.0.0.0/8"], "subnets": found}}
    return spec(network={"virtual_networks": networks})


def test_as_many_subnets_as_a_network_takes_fit_into_its_tags() -> None:
    """Azure takes 3,000 ("Networking limits"). That each says the same takes one more hash."""
    assert refusals(subnets(3000)) == []
    (refusal,) = refusals(subnets(3100))
    assert refusal.endswith("tags that list its parts")
