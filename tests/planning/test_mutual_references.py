"""Objects that refer to each other, so that no order of their deletes lets go of both first."""

from __future__ import annotations

from typing import Any

from tests.harness import World, actions, failures
from tests.kinds.specs import GROUP, HEAD

NETWORKS = "Microsoft.Network/virtualNetworks"
SPEC = f"""{HEAD}network:
  virtual_networks:
    one: {{address_space: [10.0.0.0/16]}}
    two: {{address_space: [10.1.0.0/16]}}
"""


async def _peered(world: World) -> None:
    """Two networks of a deployment that another tool has peered."""
    assert failures(await world.apply(SPEC)) == []
    for own, other in (("one", "two"), ("two", "one")):
        remote = {"id": world.in_group(GROUP, NETWORKS, other)}
        peering = {"name": f"to-{other}", "properties": {"remoteVirtualNetwork": remote}}

        def peer(body: Any, peering: Any = peering) -> None:
            body["properties"]["virtualNetworkPeerings"] = [peering]

        await world.change(world.in_group(GROUP, NETWORKS, own), peer)


async def test_networks_that_are_peered_are_destroyed(world: World) -> None:
    await _peered(world)
    assert failures(await world.destroy(SPEC)) == []
    assert (await world.actual(SPEC)).owned == {}


async def test_networks_that_are_peered_leave_the_spec_together(world: World) -> None:
    await _peered(world)
    assert set(actions(await world.plan(HEAD)).values()) == {"delete"}
    assert failures(await world.apply(HEAD)) == []
    assert not (await world.plan(HEAD)).pending


async def test_networks_that_are_peered_are_replaced_together(world: World) -> None:
    await _peered(world)
    moved = SPEC.replace("{address_space", "{location: eastus, address_space")
    assert set(actions(await world.plan(moved)).values()) == {"replace"}
    assert failures(await world.apply(moved)) == []
    assert not (await world.plan(moved)).pending
