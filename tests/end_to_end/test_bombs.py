"""Specs that are small to write and large to read: each is told in little time and memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from .bounded import HEAD, refused

_BOMBS = {
    "a key of a megabyte": "x" * 1_000_000 + ": 1\n",
    "a quoted key of a megabyte": '? "' + "x" * 1_000_000 + '"\n: 1\n',
    "a tag of a megabyte": "tags: !" + "a" * 1_000_000 + " x\n",
    "flow nested 10000 deep": "tags: " + "[" * 10_000 + "]" * 10_000,
    "blocks nested 10000 deep": "tags:\n" + "".join(" " * depth + "a:\n" for depth in range(1, 10_000)),
    "aliases that grow tenfold": "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"a{at}: &a{at} [{','.join([f'*a{at - 1}'] * 10)}]\n" for at in range(1, 12)),
    "a hundred thousand errors": "".join(f"x{at}: 1\n" for at in range(100_000)),
    "errors in 20000 machines": "vms:\n" + "".join(f"  v{at}: {{bad: 1}}\n" for at in range(20_000)),
    "5000 subnets": "network: {virtual_networks: {main: {address_space: [10.0.0.0/8], subnets: {"
    + ",".join(f"s{at}: {{address_prefix: 10.{at // 256}.{at % 256}.0/24}}" for at in range(5_000))
    + "}}}}\nbad: 1\n",
    "4000 rules in one line": "network: {security_groups: {open: {rules: {"
    + ",".join(
        f"r{at}: {{priority: 100, direction: inbound, access: allow, protocol: tcp, source: any, "
        f"destination_ports: [22]}}"
        for at in range(4_000)
    )
    + "}}}}\n",
    "3000 misspelt references": "identities: {"
    + ",".join(f"abcdefghijk{at}: {{}}" for at in range(3_000))
    + "}\nrole_grants: {"
    + ",".join(f"g{at}: {{role: Reader, scope: resource_group, to: [identities/abcx{at}]}}" for at in range(3_000))
    + "}\n",
    "12000 unknown networks": "network: {interfaces: {"
    + ",".join(f"n{at}: {{subnet: net{at}/a}}" for at in range(12_000))
    + "}}\n",
    "6000 extensions that wait for each other": "vms: {web: {size: Standard_B1s, image: 'a:b:c:latest', "
    + "admin: {username: ops, ssh_keys: [{file: none}]}, extensions: {"
    + ",".join(f"e{at}: {{publisher: a, type: t{at}, version: '1.0', after: [e{at - 1}]}}" for at in range(1, 6_000))
    + "}}}\n",
    "20000 secrets, all of them used": "secrets: {"
    + ",".join(f"s{at}: {{from_env: S{at}}}" for at in range(20_000))
    + "}\noutputs: {"
    + ",".join(f'o{at}: "${{secrets.s{at}}}"' for at in range(20_000))
    + "}\nbad: 1\n",
    "20000 keys that are none": "identities: {" + ",".join(f"'a!{at}': {{}}" for at in range(20_000)) + "}\n",
    "a pattern that backtracks": "parameters: {a: {default: " + "a" * 60 + "!, pattern: '^(a+)+$'}}\n",
    "a pattern that backtracks behind lookahead": "parameters: {a: {default: "
    + "a" * 60
    + "!, pattern: '^(?=(a+)+$)b'}}\n",
    "a pattern of parentheses": "parameters: {a: {default: a, pattern: '" + "(" * 5_000 + ")" * 5_000 + "'}}\n",
    "a pattern with a huge count": "parameters: {a: {default: a, pattern: 'a{99999999999999999999}'}}\n",
    "a pattern with counts of counts": "parameters: {a: {default: a, pattern: '(a{1000}){1000}'}}\n",
    "a list that cannot be sorted, with an item twice": "vms: {web: {zones: ["
    + ",".join(f"{{a: {at}}}" for at in range(20_000))
    + ",{a: 19999}]}}\n",
    "an address of 50000 steps": "outputs: {a: '${" + "vms/" * 50_000 + "}'}\n",
    "a fleet of a billion": "identities: {a: {count: 1000000000}}\n",
    "a fleet in a fleet in a fleet": "vms: {a: {count: 1000, data_disks: {d: {count: 1000, lun: 1, size_gb: 4}}}}\n",
    "calls in calls": 'tags: {a: "${' + "lower(" * 10_000 + "'a'" + ")" * 10_000 + '}"}\n',
    "texts that double": 'tags: {a: "${' + "replace(" * 18 + "'aaaa'" + ", 'a', 'aaaa')" * 18 + '}"}\n',
    "a wide format": "tags: {a: \"${format('%999999999d', 1)}\"}\n",
    "a number of 5000 digits": "tags: {a: x}\nidentities: {a: {count: " + "9" * 5_000 + "}}\n",
    "blanks behind a comment": "bad: 1 # provisioner: ignore PV0000" + " " * 300_000 + "!\n",
    "names of secrets without end": "tags: {a: b\n" + "password" * 100_000 + ": x\n",
}


@pytest.mark.parametrize("name", _BOMBS)
def test_a_bomb_is_a_diagnostic(tmp_path: Path, name: str) -> None:
    (tmp_path / "s.yaml").write_text(HEAD + _BOMBS[name], "utf-8")
    assert "s.yaml:" in refused(tmp_path, "validate", "s.yaml")
