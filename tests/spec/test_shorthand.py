"""Short forms in large fleets."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from provisioner.commands import loading
from provisioner.spec import load, parameters
from provisioner.spec.model import Spec
from provisioner.spec.yaml import document

TEN_LINES = Path(__file__).parent.parent / "golden" / "good" / "fleet-of-addresses.yaml"

LONG = f"publisher: A, type: B, version: '1.0', settings: {{list: [{', '.join(['x'] * 1000)}]}}"


def read(text: str) -> Spec:
    return load.build(document.parse(text.encode(), "web.yaml"), parameters.Given())


def test_two_thousand_machines_with_an_address_each_are_ten_lines() -> None:
    text = TEN_LINES.read_text("utf-8").replace("count: 2,", "count: 2000,")
    assert len(text.splitlines()) <= 10
    loaded = loading.complete(read(text))
    kinds = Counter(item.kind.name for item in loaded.resolution.resources)
    assert kinds["virtual_machine"] == kinds["network_interface"] == kinds["public_ip"] == 2000
    assert len({item.id for item in loaded.resolution.resources}) == len(loaded.resolution.resources)
    assert len(loaded.resolution.outputs["addresses"]) == 2000
    last = {item.address: item for item in loaded.resolution.resources}["vms/web/1999/interfaces/nic/public_ip"]
    assert last.id.endswith("/web-1999-nic-ip")


def test_a_small_file_cannot_make_a_huge_spec() -> None:
    text = TEN_LINES.read_text("utf-8").replace(
        "count: 2,", f"count: 10000, tags: {{a: b}}, extensions: {{e: {{{LONG}}}}},"
    )
    found = read(text).diagnostics
    assert [(item.code, item.location.line) for item in found] == [("PV1203", 8)]


def test_the_keys_of_a_fleet_do_not_count_for_each_member() -> None:
    keys = ", ".join(f"k{at}" for at in range(5000))
    spec = read(
        f"version: 1\ndeployment: d\nlocation: westus2\nresource_group: d\nidentities: {{app: {{for_each: [{keys}]}}}}"
    )
    assert (spec.diagnostics, len(spec.section("identities"))) == ((), 5000)
