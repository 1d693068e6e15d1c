"""What validation costs beside the parser alone, and the whole command beside its imports: CPU, as ratios in one run.

    python -m tests.benchmarks.validate [--machines 10000] [--json]

The file has every machine written out, without a fleet. The measure is the time that PyYAML's C parser needs to compose
it, as anybody calls it; the goal is 2.5 times that. The same with Python's collector off, as it is in validation, says
how much of the difference is ours. ``validate`` of the sample, started afresh, is measured beside a Python that imports
YAML and JSON Schema and does nothing; the goal is twice that.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from provisioner.base.gc_control import paused
from provisioner.commands import loading
from provisioner.spec import load, parameters
from provisioner.spec.yaml import document

GOAL = 2.5
STARTED_GOAL = 2.0
_ROOT = Path(__file__).parent.parent.parent
_IMPORTS = ["-c", "import yaml, jsonschema"]
_SAMPLE = ["-m", "provisioner", "validate", "specs/msi-vm.yaml"]
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


def started(words: list[str], times: int) -> float:
    """Seconds of CPU of a Python started afresh, its byte code compiled already; the least of several runs."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    found = []
    for _ in range(times + 1):
        before = os.times()
        subprocess.run([sys.executable, *words], cwd=_ROOT, env=environment, check=True, capture_output=True)
        after = os.times()
        user, system = after.children_user - before.children_user, after.children_system - before.children_system
        found.append(user + system)
    return min(found[1:])


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
    sample = {"imports": started(_IMPORTS, 5 * arguments.times), "validate": started(_SAMPLE, 5 * arguments.times)}
    sample_ratio = sample["validate"] / sample["imports"]
    if arguments.json:
        row = {"machines": arguments.machines, "bytes": len(raw), "seconds": steps, "ratio": ratio, "goal": GOAL}
        print(json.dumps(row | {"sample": {"seconds": sample, "ratio": sample_ratio, "goal": STARTED_GOAL}}))
        return
    print(f"{arguments.machines} machines, {len(raw) / 1e6:.1f} MB")
    for name, seconds in steps.items():
        print(f"{name:>14} {seconds:7.2f} s CPU   {seconds / steps['compose']:5.2f} × compose")
    print(f"ratio {ratio:.2f}, goal {GOAL}")
    print(f"the sample: imports {sample['imports']:.2f} s CPU, validate {sample['validate']:.2f} s CPU")
    print(f"ratio {sample_ratio:.2f}, goal {STARTED_GOAL}")


if __name__ == "__main__":
    main()
