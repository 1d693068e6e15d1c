"""``plan --details``: the whole of what would be created."""

from __future__ import annotations

from provisioner.report import plan_text
from tests.harness import World

SPEC = """
version: 1
deployment: demo
location: westus2
resource_group: demo
tags: {team: blue}
secrets: {admin: {from_env: ADMIN_PASSWORD}}
network:
  virtual_networks: {net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.0.0/24}}}}
identities: {app: {}}
vms:
  web:
    count: 12
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, password: "${secrets.admin}"}
    identity: {user_assigned: [app]}
    custom_data: "#!/bin/sh\\necho ${index}\\n"
role_grants:
  read: {role: Reader, to: [identities/app]}
"""


async def test_a_machine_is_shown_whole_and_what_it_needs_by_address(world: World) -> None:
    text = plan_text.render(await world.plan(SPEC), details=True)
    machine = text.partition("+ vms/web/7\n")[2].partition("\n  + ")[0]
    for line in (
        "vmSize: Standard_B1s",
        "adminPassword: (secret)",
        "- id: vms/web/7/interfaces/nic",
        "identities/app: {}",
        "customData: |\n            #!/bin/sh\n            echo 7",
        "team: blue",
    ):
        assert line in machine
    assert "provisioner-" not in machine
    assert "principalId: '(known after apply: identities/app.principal_id)'" in text


async def test_without_details_members_of_fleets_stand_together(world: World) -> None:
    text = plan_text.render(await world.plan(SPEC))
    assert "  + vms/web/[0…11]\n" in text
    assert "vmSize" not in text


async def test_the_json_form_says_what_the_spec_wants_of_everything(world: World) -> None:
    await world.apply(SPEC)
    grown = SPEC.replace("count: 12", "count: 13").replace("team: blue", "team: red")
    changes = {item["address"]: item for item in (await world.plan(grown)).to_json(details=True)["changes"]}
    assert changes["vms/web/12"]["action"] == "create"
    assert changes["vms/web/12"]["desired"]["properties"]["osProfile"]["adminPassword"] == "(secret)"
    assert changes["vms/web/0"]["action"] == "update"
    assert changes["vms/web/0"]["desired"]["properties"]["hardwareProfile"] == {"vmSize": "Standard_B1s"}
    assert changes["vms/web/0"]["desired"]["tags"] == changes["vms/web/12"]["desired"]["tags"] == {"team": "red"}
    (grant,) = (item for address, item in changes.items() if address.startswith("role_grants/"))
    assert (grant["action"], grant["desired"]["properties"]["principalType"]) == ("no-op", "ServicePrincipal")
    shrunk = (await world.plan(SPEC.replace("count: 12", "count: 11"))).to_json(details=True)["changes"]
    assert {item["desired"] for item in shrunk if item["action"] == "delete"} == {None}


async def test_differences_name_what_the_spec_names_by_address(world: World) -> None:
    await world.apply(SPEC)
    other = SPEC.replace("identities: {app: {}}", "identities: {app: {}, more: {}}")
    text = plan_text.render(await world.plan(other.replace("user_assigned: [app]", "user_assigned: [app, more]")))
    assert "  ~ vms/web/3\n      identity.userAssignedIdentities.identities/more: + {}\n" in text
