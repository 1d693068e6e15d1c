"""Lists of resources across types, their filters and pages, and tags as a resource of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.simulator.arm.filters import matcher
from provisioner.simulator.errors import ArmError

from .conftest import LOCATION, Arm, Starter, network, public_ip

BODY = {
    "id": "/subscriptions/s/resourceGroups/Group/providers/Microsoft.Network/virtualNetworks/net-a",
    "name": "net-a",
    "type": "Microsoft.Network/virtualNetworks",
    "location": "westus2",
    "tags": {"Env": "prod", "team": "blue"},
}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("", True),
        ("resourceType eq 'microsoft.network/VIRTUALNETWORKS'", True),
        ("resourceType eq 'Microsoft.Network/publicIPAddresses'", False),
        ("resourceType ne 'Microsoft.Network/publicIPAddresses'", True),
        ("name eq 'net-a' and location eq 'westus2'", True),
        ("name eq 'net-b' or name eq 'net-a'", True),
        ("(name eq 'net-b' or name eq 'net-c') and location eq 'westus2'", False),
        ("substringof('et-', name)", True),
        ("resourceGroup eq 'group'", True),
        ("tagName eq 'env'", True),
        ("tagName eq 'env' and tagValue eq 'prod'", True),
        ("tagName eq 'env' and tagValue eq 'PROD'", False),
        ("tagName eq 'team' and tagValue eq 'prod'", False),
        ("tagValue eq 'blue'", True),
        ("startswith(tagName, 'en')", True),
        ("name eq 'it''s'", False),
    ],
)
def test_a_filter_lets_through_what_it_names(text: str, matches: bool) -> None:
    assert matcher(text)(BODY) is matches


@pytest.mark.parametrize(
    "text",
    ["name", "name eq", "name eq net", "color eq 'red'", "name eq 'a' name eq 'b'", "(name eq 'a'", "'", "eq eq"],
)
def test_a_filter_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ArmError, match="InvalidFilterInQueryString"):
        matcher(text)


async def test_tracked_resources_are_listed_by_subscription_and_by_group(arm: Arm) -> None:
    other = await arm.make_group("other")
    await arm.made(f"{arm.network}/virtualNetworks/net", network(("a", "10.0.0.0/24")))
    await arm.made(f"{other}/providers/Microsoft.Network/publicIPAddresses/pip", public_ip())
    everything = await arm.get(f"{arm.subscription}/resources")
    assert everything.names == ["net", "pip"]
    assert everything.body["value"][0] == {
        "id": f"{arm.network}/virtualNetworks/net",
        "name": "net",
        "type": "Microsoft.Network/virtualNetworks",
        "location": LOCATION,
    }
    assert (await arm.get(f"{other}/resources")).names == ["pip"]


async def test_a_list_is_filtered_by_tag_and_expanded(arm: Arm) -> None:
    for name, team in (("one", "red"), ("two", "blue")):
        await arm.made(f"{arm.network}/publicIPAddresses/{name}", {**public_ip(), "tags": {"team": team}})
    query = "$filter=tagName eq 'team' and tagValue eq 'blue'&$expand=createdTime,provisioningState"
    found = await arm.get(f"{arm.subscription}/resources?{query}")
    assert found.names == ["two"]
    assert found.body["value"][0]["provisioningState"] == "Succeeded"
    assert found.body["value"][0]["createdTime"].endswith("Z")


async def test_a_long_list_comes_in_pages_that_together_hold_everything_once(started: Starter) -> None:
    async with started(page_size=3) as arm:
        await arm.make_group()
        names = [f"pip{number}" for number in range(8)]
        for name in names:
            await arm.put(f"{arm.network}/publicIPAddresses/{name}", public_ip())
        for path in (
            f"{arm.subscription}/resources?$filter=resourceType eq 'Microsoft.Network/publicIPAddresses'",
            f"{arm.network}/publicIPAddresses",
            f"{arm.subscription}/providers/Microsoft.Network/publicIPAddresses",
        ):
            seen: list[str] = []
            reply = await arm.get(path)
            seen += reply.names
            while "nextLink" in reply.body:
                reply = await arm.get(reply.body["nextLink"])
                assert len(reply.names) <= 3
                seen += reply.names
            assert seen == names


async def test_top_cuts_a_list_short(arm: Arm) -> None:
    for name in ("one", "two"):
        await arm.put(f"{arm.network}/publicIPAddresses/{name}", public_ip())
    assert (await arm.get(f"{arm.subscription}/resources?$top=1")).names == ["one"]
    for top in ("none", "0", "%C2%B2"):
        assert (await arm.get(f"{arm.subscription}/resources?$top={top}")).code == "InvalidTopQueryString"


async def test_tags_at_a_scope_are_merged_replaced_and_deleted(arm: Arm) -> None:
    pip = f"{arm.network}/publicIPAddresses/pip"
    await arm.made(pip, public_ip())
    for scope in (pip, arm.group, arm.subscription):
        path = f"{scope}/providers/Microsoft.Resources/tags/default"

        def tags(**given: str) -> dict[str, object]:
            return {"properties": {"tags": given}}

        assert (await arm.put(path, tags(a="1", b="2"))).body["properties"] == {"tags": {"a": "1", "b": "2"}}
        merged = await arm.patch(path, {"operation": "Merge", **tags(b="3", c="4")})
        assert merged.body["properties"]["tags"] == {"a": "1", "b": "3", "c": "4"}
        left = await arm.patch(path, {"operation": "Delete", **tags(a="1")})
        assert left.body["properties"]["tags"] == {"b": "3", "c": "4"}
        assert (await arm.get(scope)).body["tags"] == {"b": "3", "c": "4"}
        await arm.patch(path, {"operation": "Replace", **tags(z="9")})
        assert (await arm.get(path)).body["properties"]["tags"] == {"z": "9"}
        assert (await arm.delete(path)).status == 200
        assert (await arm.get(path)).body["properties"]["tags"] == {}


@pytest.mark.parametrize(
    "tags", [{str(n): "v" for n in range(51)}, {"a/b": "v"}, {"a": "v" * 257}, {"a": "1", "A": "2"}, {"a": 1}]
)
async def test_tags_beyond_arm_s_limits_are_refused(arm: Arm, tags: dict[str, object]) -> None:
    assert (await arm.put(arm.group, {"location": LOCATION, "tags": tags})).status == 400


async def test_a_list_by_tag_and_value_shows_no_tags(arm: Arm) -> None:
    await arm.made(f"{arm.network}/publicIPAddresses/pip", {**public_ip(), "tags": {"Env": "prod"}})
    by_tag = await arm.get(f"{arm.subscription}/resources?$filter=tagName eq 'Env' and tagValue eq 'prod'")
    assert by_tag.names == ["pip"]
    assert "tags" not in by_tag.body["value"][0]
    assert (await arm.get(f"{arm.group}/resources")).body["value"][0]["tags"] == {"Env": "prod"}


async def test_lists_across_types_lag_behind_where_they_are_told_to(started: Starter) -> None:
    async with started(index_lag_s=5000) as arm:
        await arm.make_group()
        pip, everything = f"{arm.network}/publicIPAddresses/pip", f"{arm.group}/resources"
        await arm.made(pip, public_ip())
        assert (await arm.get(everything)).names == []
        assert (await arm.get(f"{arm.network}/publicIPAddresses")).names == ["pip"]
        arm.clock.advance(5000)
        assert (await arm.get(everything)).names == ["pip"]
        await arm.gone(pip)
        assert (await arm.get(everything)).names == ["pip"]
        arm.clock.advance(5000)
        assert (await arm.get(everything)).names == []


async def test_a_resource_of_a_type_known_by_name_only_is_listed_by_the_next_process(
    started: Starter, tmp_path: Path
) -> None:
    state = tmp_path / "cloud.sqlite"
    vault = {"location": LOCATION, "properties": {"sku": {"family": "A", "name": "standard"}}}
    async with started(state_path=state) as arm:
        group = await arm.make_group()
        assert (await arm.put(f"{group}/providers/Microsoft.KeyVault/vaults/v", vault)).status == 201
    async with started(state_path=state) as arm:
        for path in (f"{group}/resources", f"{arm.subscription}/resources"):
            assert [item["name"] for item in (await arm.get(path)).body["value"]] == ["v"]
