"""What validation costs beside the parser alone: CPU, as a ratio in one run.

    python -m tests.benchmarks.validate [--machines 10000] [--json]

The file has every machine written out, without a fleet. The measure is the time that PyYAML's C parser needs to compose
it, as anybody calls it; the goal is 2.5 times that. The same with Python's collector off, as it is in validation, says
how much of the difference is ours.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable

import yaml

from provisioner.commands import loading
from provisioner.spec import document, load, parameters
from provisioner.spec.collecting import paused

GOAL = 2.5
_HEAD = """\
version: 1
deployment: big
location: westus2
resource_group: big
network: {virtual_networks: {net: {address_space: [10.0.0.0/8], subnets: {front: {address_prefix: 10.0.0.0/12}}}}}
vms:
"""
_MACHINE = """\
  web-{0}:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {{username: azureuser, ssh_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMYh11y8K7oVnzrM64fkkCSzb web]}}
"""


def text(machines: int) -> bytes:
    """A spec with so many machines, each in five lines."""
    return (_HEAD + "".join(_MACHINE.format(index) for index in range(machines))).encode()


def cpu(work: Callable[[], object], times: int) -> float:
    """Seconds of CPU, the least of several runs."""
    found = []
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--machines", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    raw = text(arguments.machines)
    given = parameters.Given()
    parsed = document.parse(raw, "big.yaml")

    def compose() -> object:
        return yaml.compose(raw.decode(), Loader=yaml.CSafeLoader)

    steps = {
        "compose": cpu(compose, arguments.times),
        "compose, no gc": cpu(paused()(compose), arguments.times),
        "parse": cpu(lambda: document.parse(raw, "big.yaml"), arguments.times),
        "build": cpu(lambda: load.build(parsed, given), arguments.times),
        "validate": cpu(lambda: loading.complete(load.build(document.parse(raw, "big.yaml"), given)), arguments.times),
    }
    ratio = steps["validate"] / steps["compose"]
    if arguments.json:
        row = {"machines": arguments.machines, "bytes": len(raw), "seconds": steps, "ratio": ratio, "goal": GOAL}
        print(json.dumps(row))
        return
    print(f"{arguments.machines} machines, {len(raw) / 1e6:.1f} MB")
    for name, seconds in steps.items():
        print(f"{name:>14} {seconds:7.2f} s CPU   {seconds / steps['compose']:5.2f} × compose")
    print(f"ratio {ratio:.2f}, goal {GOAL}")


if __name__ == "__main__":
    main()
