"""Lists of all members in all members of another fleet: refused before they are made, in little time and memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from .bounded import HEAD, refused, run

_NETWORK = (
    "network: {virtual_networks: {main: {address_space: [10.0.0.0/8], subnets: {front: {address_prefix: 10.0.0.0/12}}}}"
)
_MACHINE = (
    "subnet: main/front, size: Standard_B1s, image: 'a:b:c:1.0.0', admin: {username: ops, ssh_keys: [ssh-ed25519 AAAA]}"
)
_EXTENSION = "publisher: a, type: t, version: '1.0'"


def _machines(count: int, more: str, network: str = "") -> str:
    return f"{_NETWORK}{network}}}\nvms: {{v: {{count: {count}, {more}, {_MACHINE}}}}}\n"


def _several(pattern: str, count: int) -> str:
    return ",".join(pattern.replace("#", str(at)) for at in range(count))


_MULTIPLIED = {
    "grants of a fleet to a fleet": (
        "identities: {i: {count: 5000}}\nrole_grants: {r: {count: 5000, role: Reader, to: [identities/i]}}\n",
        "6:51", "25,000,000 references",
    ),
    "grants that are as many as entries may be": (
        "identities: {i: {count: 1000}}\nrole_grants: {r: {count: 200, role: Reader, to: [identities/i]}}\n",
        "6:50", "201,200 entries",
    ),
    "grants to many members that are named one by one": (
        "identities: {i: {count: 100}}\nrole_grants: {r: {count: 9500, role: Reader, to: "
        f"[{_several('identities/i/#', 100)}]}}}}\n",
        "6:50", "950,000 references",
    ),
    "an output of a fleet for each of a fleet": (
        'identities: {i: {count: 5000}}\noutputs: {o: {count: 5000, value: "${identities/i.id}"}}\n',
        "6:35", "255,000 references",
    ),
    "outputs of a fleet": (
        f"identities: {{i: {{count: 9000}}}}\noutputs: {{{_several('o#: ${identities/i.id}', 3000)}}}\n".replace(
            "${identities/i.id}", '"${identities/i.id}"'
        ),
        "6:", "252,000 references",
    ),
    "settings of a fleet": (
        "identities: {i: {count: 5000}}\n"
        + _machines(900, f"extensions: {{e: {{{_EXTENSION}, settings: {{deep: [{{a: '${{identities/i.id}}'}}]}}}}}}"),
        "7:", "255,000 references",
    ),
    "identities of a fleet on a fleet": (
        "identities: {i: {count: 6000}}\n" + _machines(3000, "identity: {user_assigned: [i]}"),
        "7:51", "18,000,000 references",
    ),
    "interfaces of a fleet on a fleet": (
        _machines(3000, "interfaces: [n]", ", interfaces: {n: {count: 6000, subnet: main/front}}").replace(
            "subnet: main/front, size", "size"
        ),
        "6:37", "18,000,000 references",
    ),
    "addresses of a fleet on a fleet": (
        f"{_NETWORK}, public_ips: {{p: {{count: 5000}}}}, nat_gateways: {{g: {{count: 3000, public_ips: [p]}}}}}}\n",
        "5:", "15,000,000 references",
    ),
    "extensions of a fleet behind a fleet": (
        _machines(
            1, f"extensions: {{e: {{count: 3000, {_EXTENSION}}}, f: {{count: 3000, {_EXTENSION}, after: [e]}}}}"
        ),
        "6:", "9,000,000 references",
    ),
    "disks of a fleet": (
        _machines(9000, f"data_disks: {{{_several('d#: {lun: #, size_gb: 4}', 60)}}}"),
        "6:18", "549,000 entries",
    ),
    "rules of a fleet": (
        "network: {security_groups: {g: {count: 9000, rules: {"
        + _several(
            "r#: {priority: 1#, direction: inbound, access: allow, protocol: tcp, source: any, source_ports: [22]}", 90
        )
        + "}}}}\n",
        "5:40", "819,000 entries",
    ),
    "ports of a fleet": (
        "network: {security_groups: {g: {count: 9000, rules: {r: {priority: 100, direction: inbound, access: allow, "
        f"protocol: tcp, source: any, destination_ports: [{_several('#', 3000)}]}}}}}}}}}}\n",
        "5:40", "27,081,000 values",
    ),
    "a fleet of 10000 members, 20000 times": (
        f"identities: {{{_several('a#: {count: 10000}', 20_000)}}}\n",
        "5:45", "20,000 members of fleets",
    ),
    "a fleet in each of a fleet": (
        _machines(5000, "data_disks: {d: {count: 9999, lun: 1, size_gb: 4}}"),
        "6:48", "14,999 members of fleets",
    ),
    "a list of members in each of a fleet": (
        _machines(5000, f"data_disks: {{d: {{for_each: [{_several('a#', 9000)}], lun: 1, size_gb: 4}}}}"),
        "6:18", "45,065,000 values",
    ),
    "a file in each of a fleet": (
        _machines(9000, "custom_data: {file: large}"),
        "6:", "characters from files",
    ),
    "a template in each of a fleet": (
        _machines(9000, "user_data: {template: large}"),
        "6:", "characters from files",
    ),
    "a file in the settings of a fleet": (
        _machines(9000, f"extensions: {{e: {{{_EXTENSION}, protected_settings: {{a: {{file: large}}}}}}}}"),
        "6:", "characters from files",
    ),
    "a key of a fleet": (
        _machines(9000, "identity: {system_assigned: true}").replace("ssh-ed25519 AAAA", "{file: large}"),
        "6:", "characters from files",
    ),
    "a file by an expression in each of a fleet": (
        _machines(9000, "custom_data: \"${format('%s%s', file('large'), index)}\""),
        "6:37", "more than 64 MiB",
    ),
    "lists of a fleet where a text is wanted": (
        "identities: {i: {count: 4900}, j: {count: 4900, tags: {a: '${identities/i.id}', b: '${identities/i.id}'}}}\n",
        "5:59", "refers to a whole fleet",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _MULTIPLIED)
def test_what_a_fleet_multiplies_is_refused_at_its_place(tmp_path: Path, name: str) -> None:
    text, place, what = _MULTIPLIED[name]
    (tmp_path / "large").write_text("ssh-ed25519 AAAA " + "x" * 1_000_000, "utf-8")
    (tmp_path / "s.yaml").write_text(HEAD + text, "utf-8")
    said = refused(tmp_path, "validate", "s.yaml")
    assert f"s.yaml:{place}" in said
    assert what in said


_LARGE = {
    "10000 machines with an interface, an address, disks and extensions": _machines(
        10_000,
        "public_ip: true, data_disks: {a: {lun: 0, size_gb: 4}, b: {lun: 1, size_gb: 4}}, "
        f"extensions: {{a: {{{_EXTENSION}}}, b: {{{_EXTENSION.replace('t,', 'u,')}}}}}",
    ),
    "a grant to each of 4000 identities": "identities: {i: {count: 4000}}\n"
    "role_grants: {r: {role: Reader, to: [identities/i]}}\n",
    "a grant of its own for each of 4000 machines": _machines(4000, "identity: {system_assigned: true}")
    + "role_grants: {r: {count: 4000, role: Reader, scope: 'vms/v/${index}', to: ['vms/v/${index}']}}\n",
    "20 identities on 9000 machines": "identities: {i: {count: 20}}\n"
    + _machines(9000, "identity: {user_assigned: [i]}"),
    "outputs of 9000 machines": _machines(9000, "identity: {system_assigned: true}")
    + "outputs: {ids: '${vms/v.id}', principals: '${vms/v.principal_id}', names: '${vms/v.name}'}\n",
    "a script of 4000 characters on 9000 machines": _machines(9000, "custom_data: {template: setup.sh}"),
}


@pytest.mark.parametrize("name", _LARGE)
def test_a_large_spec_is_accepted(tmp_path: Path, name: str) -> None:
    (tmp_path / "setup.sh").write_text("echo ${index}\n" + "echo installed\n" * 260, "utf-8")
    (tmp_path / "s.yaml").write_text(HEAD + _LARGE[name], "utf-8")
    ended = run(tmp_path, "validate", "s.yaml")
    assert (ended.code, "s.yaml: valid; " in ended.out) == (0, True), ended.err[-2000:]
