"""How planning grows with the number of resources: CPU and memory per resource, as ratios in one run.

    python -m tests.benchmarks.plan [--json]

Resources are five to a machine (machine, interface, disk, extension, grant). Most are unchanged: what is in Azure is
made from the desired bodies. The ratio compares the cost per resource with that of the smallest size: 1.0 is linear.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
import tracemalloc
from dataclasses import dataclass
from typing import Any

from provisioner.base.arm_id import key
from provisioner.commands import loading
from provisioner.comparison import merging
from provisioner.planning import planner
from provisioner.planning.context import PlanContext
from provisioner.planning.plan import Options
from provisioner.resources.actual_state import ActualState
from provisioner.spec import load, parameters
from provisioner.spec.yaml import document

SIZES = (1_000, 2_500, 5_000, 10_000)
_PER_MACHINE = 5
_MACHINE = """\
  web-{0}:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {{username: azureuser, password: "${{secrets.admin}}"}}
    identity: {{system_assigned: true}}
    data_disks: {{data: {{lun: 0, size_gb: 8}}}}
    extensions: {{setup: {{publisher: Contoso.Agents, type: Agent, version: "1.0"}}}}
"""


@dataclass(frozen=True)
class Row:
    """Seconds of CPU and bytes for one size."""

    resources: int
    parse_s: float
    plan_s: float
    peak_bytes: int


def text(resources: int) -> bytes:
    """A spec with about so many resources."""
    count = resources // _PER_MACHINE
    head = (
        "version: 1\ndeployment: big\nlocation: westus2\nresource_group: big\nsecrets: {admin: {from_env: X}}\n"
        "network: {virtual_networks: {net: {address_space: [10.0.0.0/8], "
        "subnets: {front: {address_prefix: 10.0.0.0/12}}}}}\nvms:\n"
    )
    grants = ", ".join(f"vms/web-{index}" for index in range(count))
    tail = f"role_grants: {{read: {{role: acdd72a7-3385-48ef-bd42-f606fba81ae7, to: [{grants}]}}}}\n"
    return (head + "".join(_MACHINE.format(index) for index in range(count)) + tail).encode()


def measure(resources: int) -> Row:
    gc.collect()
    began = time.process_time()
    loaded = loading.complete(load.build(document.parse(text(resources), "big.yaml"), parameters.Given()))
    parsed = time.process_time()
    options = Options("big", "local")
    actual = echo(loaded)
    ready = time.process_time()
    plan, problems = planner.plan(loaded.graph, actual, options)
    planned = time.process_time()
    assert not problems
    assert plan.count("no-op") > resources * 0.95, [plan.count("no-op"), len(plan.changes)]
    tracemalloc.start()
    planner.plan(loaded.graph, actual, options)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Row(len(plan.changes), parsed - began, planned - ready, peak)


def echo(loaded: loading.Loaded) -> ActualState:
    """What Azure would hold had this spec just been applied."""
    known = PlanContext(loaded.graph, ActualState(), Options("big", "local"))
    known.identify()
    bodies: dict[str, Any] = {}
    for address in loaded.graph.order():
        resource = loaded.graph.resources[address]
        body = merging.new_body(known.marked(resource, known.bound(resource.body)))
        if resource.kind.name == "virtual_machine":
            body["identity"] = {**body["identity"], "principalId": f"principal-of-{address}"}
        if resource.kind.name == "role_assignment":
            machine = body["properties"]["principalId"].address
            body["properties"]["principalId"] = f"principal-of-{machine}"
        bodies[key(known.ids[address])] = {**body, "id": known.ids[address]}
    assignments = tuple(body for body in bodies.values() if "/roleassignments/" in body["id"].lower())
    return ActualState(bodies=bodies, assignments=assignments)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rows = [measure(size) for size in SIZES]
    first = rows[0]
    found = [
        {
            "resources": row.resources,
            "parse_ms_per_resource": round(1000 * row.parse_s / row.resources, 3),
            "plan_ms_per_resource": round(1000 * row.plan_s / row.resources, 3),
            "plan_ratio": round((row.plan_s / row.resources) / (first.plan_s / first.resources), 2),
            "peak_kib_per_resource": round(row.peak_bytes / row.resources / 1024, 2),
            "memory_ratio": round((row.peak_bytes / row.resources) / (first.peak_bytes / first.resources), 2),
        }
        for row in rows
    ]
    if chosen.json:
        print(json.dumps(found, indent=2))
        return
    print("  ".join(found[0]))
    for line in found:
        print("  ".join(f"{value:>{len(name)}}" for name, value in line.items()))


if __name__ == "__main__":
    main()
