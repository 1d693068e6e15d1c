"""Specs with thousands of the same: what they take grows with their size, not with its square."""

from __future__ import annotations

from pathlib import Path

import pytest

from .bounded import HEAD, refused, run

_MACHINE = (
    "size: Standard_B1s, image: 'a:b:c:1.0.0', subnet: main/front, admin: {username: ops, ssh_keys: [ssh-ed25519 AAAA]}"
)
_PREFIXES = [f"{at >> 8}.{at & 255}.0/24" for at in range(12_000)]


def _mapping(pattern: str, count: int) -> str:
    return "{" + ",".join(pattern.replace("#", str(at)) for at in range(count)) + "}"


_LARGE = {
    "unknown parameters": "parameters: "
    + _mapping("p#: {default: a}", 20_000)
    + "\noutputs: "
    + _mapping('o#: "${parameters.q#}"', 20_000),
    "unknown vaults": "existing: "
    + _mapping("v#: {type: Microsoft.KeyVault/vaults, name: v#}", 12_000)
    + "\nsecrets: "
    + _mapping("s#: {from_key_vault: {vault: existing/x#, secret: a}}", 12_000),
    "extensions behind unknown ones": f"vms: {{web: {{{_MACHINE}, extensions: "
    + _mapping("e#: {publisher: a, type: t#, version: '1.0', after: [x#]}", 8_000)
    + "}}",
    "unknown subnets": "network: {virtual_networks: {main: {address_space: [10.0.0.0/8], subnets: "
    + _mapping("s#: {address_prefix: 10.0.0.0/24}", 8_000)
    + "}}, interfaces: "
    + _mapping("nic#: {subnet: main/x#}", 8_000)
    + "}",
    "grants to a fleet": "bad: 1\nidentities: {app: {count: 2}}\nrole_grants: "
    + _mapping("g#: {role: Reader, scope: resource_group, to: [identities/app]}", 15_000),
    "ranges of a network": "network: {virtual_networks: {main: {address_space: ["
    + ",".join(f"10.{prefix}" for prefix in _PREFIXES)
    + "], subnets: {"
    + ",".join(f"s{at}: {{address_prefix: 11.{prefix}}}" for at, prefix in enumerate(_PREFIXES))
    + "}}}}",
}


@pytest.mark.parametrize("name", _LARGE)
def test_a_mistake_in_each_of_thousands_is_found_in_time(tmp_path: Path, name: str) -> None:
    (tmp_path / "s.yaml").write_text(HEAD + _LARGE[name] + "\n", "utf-8")
    assert "s.yaml:" in refused(tmp_path, "validate", "s.yaml")


def test_thousands_of_texts_are_laid_out_in_time(tmp_path: Path) -> None:
    text = f"{HEAD}\ntags:\n" + "".join(f"  t{at}: |\n    x\n" for at in range(25_000))
    (tmp_path / "s.yaml").write_text(text, "utf-8")
    ended = run(tmp_path, "fmt", "--check", "s.yaml")
    assert (ended.code, ended.err) == (0, "")


def test_thousands_of_comments_in_a_row_are_read_in_time(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(HEAD + "# provisioner: ignore PV2901\n" * 20_000, "utf-8")
    ended = run(tmp_path, "validate", "s.yaml")
    assert (ended.code, "the warning PV2901 to ignore does not occur here" in ended.err) == (0, True)


def test_thousands_of_mistakes_in_a_template_are_told_in_time(tmp_path: Path) -> None:
    (tmp_path / "setup.sh").write_text("".join(f"  ${{parameters.x{at}}}\n" for at in range(20_000)), "utf-8")
    (tmp_path / "s.yaml").write_text(
        f"{HEAD}vms: {{web: {{{_MACHINE}, user_data: {{template: setup.sh}}}}}}\n", "utf-8"
    )
    assert "setup.sh:1:3: error: unknown parameter" in refused(tmp_path, "validate", "s.yaml")


def test_thousands_of_unknown_parameters_of_an_included_file_are_told_in_time(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text(f"parameters: {_mapping('p#: {default: a}', 20_000)}\n", "utf-8")
    given = _mapping("q#: a", 20_000)
    (tmp_path / "s.yaml").write_text(f"{HEAD}include: {{a: {{file: part.yaml, parameters: {given}}}}}\n", "utf-8")
    assert 'part.yaml has no parameter "q0"' in refused(tmp_path, "validate", "s.yaml")
