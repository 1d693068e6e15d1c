"""Federated credentials of user-assigned identities, on the embedded cloud."""

from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from tests.harness import World, actions, failures, only, paths
from tests.importing.steps import Foreign, entry, round_trip
from tests.kinds.specs import GROUP, HEAD

TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
ISSUER = "https://token.actions.githubusercontent.com"
IDENTITY = HEAD + "identities: {app: {}}\n"


def spec(*subjects: str) -> str:
    lines = "".join(f'      {subject}: {{issuer: "{ISSUER}", subject: "repo:{subject}"}}\n' for subject in subjects)
    return f"{HEAD}identities:\n  app:\n    federated_credentials:\n{lines}"


async def names(world: World) -> list[str]:
    path = world.in_group(GROUP, "Microsoft.ManagedIdentity/userAssignedIdentities", "app")
    _, found = await world.arm("GET", f"{path}/federatedIdentityCredentials")
    return sorted(item["name"] for item in found["value"])


async def test_they_are_made_one_after_another_and_a_second_plan_is_empty(world: World) -> None:
    plan = await world.plan(spec("one", "two", "three"))
    assert "identities/app/federated_credentials/two" in plan.waits_for(plan.changes[-1].address)
    assert failures(await world.apply(spec("one", "two", "three"))) == []
    assert await names(world) == ["app-one", "app-three", "app-two"]
    assert not (await world.plan(spec("one", "two", "three"))).pending


async def test_one_more_is_listed_by_its_identity_first(world: World) -> None:
    await world.apply(spec("one"))
    plan = await world.plan(spec("one", "two"))
    assert actions(plan) == {"identities/app": "update", "identities/app/federated_credentials/two": "create"}
    listing = plan.pending[0]
    assert (paths(listing), listing.cause) == (["tags.provisioner-parts"], "spec")
    assert failures(await world.apply(spec("one", "two"))) == []
    assert not (await world.plan(spec("one", "two"))).pending


async def test_another_subject_is_an_update(world: World) -> None:
    await world.apply(spec("one"))
    changed = spec("one").replace("repo:one", "repo:other")
    change = only(await world.plan(changed), "identities/app/federated_credentials/one")
    assert (change.action, paths(change)) == ("update", ["properties.subject"])
    assert failures(await world.apply(changed)) == []
    assert not (await world.plan(changed)).pending


@pytest.mark.parametrize("left", [("one",), ()])
async def test_those_that_left_the_spec_go(world: World, left: tuple[str, ...]) -> None:
    await world.apply(spec("one", "two", "three"))
    changed = spec(*left) if left else IDENTITY
    plan = await world.plan(changed)
    assert list(actions(plan).values()).count("delete") == 3 - len(left)
    assert failures(await world.apply(changed)) == []
    assert await names(world) == [f"app-{name}" for name in left]
    assert not (await world.plan(changed)).pending


async def test_one_that_somebody_else_made_is_left_alone(world: World) -> None:
    await world.apply(spec("one"))
    path = world.in_group(GROUP, TYPE, "app", "app-theirs")
    properties = {"issuer": ISSUER, "subject": "x", "audiences": ["api://AzureADTokenExchange"]}
    await world.arm("PUT", path, {"properties": properties})
    assert not (await world.plan(spec("one"))).pending
    with pytest.raises(SpecError, match="exists already and belongs to no deployment"):
        await world.plan(spec("one", "theirs"))
    assert failures(await world.apply(IDENTITY)) == []
    assert await names(world) == ["app-theirs"]


async def test_what_somebody_changed_is_drift(world: World) -> None:
    await world.apply(spec("one"))

    def change_it(body: Any) -> None:
        body["properties"]["subject"] = "repo:evil"

    await world.change(world.in_group(GROUP, TYPE, "app", "app-one"), change_it)
    change = only(await world.plan(spec("one")), "identities/app/federated_credentials/one")
    assert paths(change) == ["properties.subject"]


async def test_they_are_made_anew_with_their_identity(world: World) -> None:
    await world.apply(spec("one", "two"))
    changed = spec("one", "two").replace("  app:\n", "  app:\n    location: eastus\n")
    assert actions(await world.plan(changed))["identities/app"] == "replace"
    assert failures(await world.apply(changed)) == []
    assert await names(world) == ["app-one", "app-two"]
    assert not (await world.plan(changed)).pending


async def test_what_another_tool_made_is_imported(world: World) -> None:
    foreign = Foreign(world)
    await foreign.make_group(tags={"team": "shop"})
    identity = await foreign.make("Microsoft.ManagedIdentity/userAssignedIdentities", "app", tags={"team": "shop"})
    properties = {"issuer": ISSUER, "subject": "repo:x", "audiences": ["api://AzureADTokenExchange"]}
    await foreign.put(f"{identity}/federatedIdentityCredentials/deploy", {"properties": properties})
    text = await round_trip(world)
    assert "\ntags: {team: shop}\n" in text
    assert "\nlocation: westus2\n" in text
    assert entry(text, "deploy:", 4)[1:] == ["name: deploy", f"issuer: {ISSUER}", "subject: repo:x"]


async def test_destroy_leaves_nothing(world: World) -> None:
    await world.apply(spec("one", "two"))
    assert failures(await world.destroy(spec("one", "two"))) == []
    assert (await world.actual(spec("one", "two"))).owned == {}
