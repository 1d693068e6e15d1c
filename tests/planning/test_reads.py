"""Reads grow with kinds and groups, not with resources."""

from typing import Any

from provisioner.simulator import read_log
from tests import harness
from tests.harness import failures
from tests.kinds.specs import HEAD


def fleet(count: int) -> str:
    """Machines with an interface, a disk and an extension each: four resources a machine."""
    subnets = "subnets: {front: {address_prefix: 10.0.0.0/16}}"
    lines = [HEAD, f"network: {{virtual_networks: {{net: {{address_space: [10.0.0.0/8], {subnets}}}}}}}\n", "vms:\n"]
    for index in range(count):
        lines.append(
            f"""\
  web-{index}:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {{username: azureuser, password: "${{secrets.admin}}"}}
    data_disks: {{data: {{lun: 0, size_gb: 8}}}}
    extensions: {{setup: {{publisher: Contoso.Agents, type: Agent, version: "1.0"}}}}
"""
        )
    return "".join(lines)


async def test_a_thousand_resources_take_at_most_25_reads(tmp_path: Any) -> None:
    spec = fleet(250)
    state = tmp_path / "cloud.sqlite"
    async with harness.world(tmp_path, state_path=state, time_scale=0.0001) as world:
        assert failures(await world.apply(spec)) == []
    before = len(list(read_log(state)))
    async with harness.world(tmp_path, state_path=state) as world:
        plan = await world.plan(spec)
        assert not plan.pending
        assert len(plan.changes) > 1000
    reads = [entry for entry in list(read_log(state))[before:] if entry.method == "GET"]
    assert len(reads) <= 25, [entry.path for entry in reads]
