"""Secrets inside of functions, and parameters that are secrets: known late, shown nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.base.values import Secret, Text, leaves
from provisioner.commands import loading
from provisioner.planning.plan import plain
from provisioner.spec import load
from provisioner.spec.parameters import Given
from provisioner.spec.secrets.secrets import Secrets
from provisioner.spec.yaml import document

SPEC = """
version: 1
deployment: demo
location: westus2
resource_group: demo
parameters:
  token: {secret: true, pattern: ^hunter}
  odd: {default: "it's {x}"}
secrets:
  admin: {from_env: ADMIN}
network:
  virtual_networks: {net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.0.0/24}}}}
vms:
  web:
    count: 2
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, password: "${secrets.admin}"}
    extensions:
      one:
        publisher: Microsoft.Azure.Extensions
        type: CustomScript
        version: "2.1"
        protected_settings:
          value: VALUE
"""
GIVEN = Given({"token": "hunter2"}, {}, {"ADMIN": "Correct-Horse-7"})


def loaded(value: str, given: Given = GIVEN) -> loading.Loaded:
    text = SPEC.replace("VALUE", value)
    return loading.complete(load.build(document.parse(text.encode(), "spec.yaml"), given))


def revealed(found: loading.Loaded, member: int = 0) -> str:
    secrets = Secrets(found.spec.document, found.spec.secrets, GIVEN)
    one = next(item for item in found.resolution.resources if item.address == f"vms/web/{member}/extensions/one")
    value = one.body["properties"]["protectedSettings"]["value"]
    assert isinstance(value, Text)
    assert plain(value) == "(secret)"
    return "".join(secrets.reveal(part.name) if isinstance(part, Secret) else str(part) for part in value.parts)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("${base64(secrets.admin)}", "Q29ycmVjdC1Ib3JzZS03"),
        ("${base64_decode(base64(secrets.admin))}", "Correct-Horse-7"),
        ("${join(':', ['ops', secrets.admin, parameters.token])}", "ops:Correct-Horse-7:hunter2"),
        ("${format('%s-%d', secrets.admin, index)}", "Correct-Horse-7-1"),
        ("${element([secrets.admin, parameters.token], index)}", "hunter2"),
        ("${lower(secrets.admin)}/${upper(parameters.token)}", "correct-horse-7/HUNTER2"),
        ("${replace(secrets.admin, '-', parameters.odd)}", "Correctit's {x}Horseit's {x}7"),
        ("$${a}${'$'}${parameters.token}", "${a}$hunter2"),
        ("${parameters.token}", "hunter2"),
    ],
)
def test_secrets_go_into_functions(written: str, value: str) -> None:
    assert revealed(loaded(f'"{written}"'), member=1) == value


def test_values_are_not_needed_before_an_apply() -> None:
    found = loaded('"${base64(parameters.token)}"', Given())
    names = {leaf.name for item in found.resolution.resources for leaf in leaves(item.body) if isinstance(leaf, Secret)}
    assert names == {"admin", "base64(secret_parameters.token)"}
    problems = Secrets(found.spec.document, found.spec.secrets, Given()).missing(names)
    assert [(item.code, item.summary, item.location.line) for item in problems] == [
        ("PV1401", 'the secret "admin" cannot be read: the environment variable ADMIN is not set', 10),
        ("PV1401", 'the secret parameter "token" has no value', 7),
    ]


def test_the_pattern_of_a_secret_parameter_holds_and_its_value_is_not_told() -> None:
    with pytest.raises(Exception, match="must match") as caught:
        loaded("x", Given({"token": "not-that"}))
    assert "not-that" not in str(caught.value)


def test_a_secret_is_handed_to_an_included_file(tmp_path: Path) -> None:
    (tmp_path / "piece.yaml").write_text(
        """
parameters:
  token: {secret: true}
vms:
  piece:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, password: "${format('%s-1', parameters.token)}"}
"""
    )
    (tmp_path / "spec.yaml").write_text(
        SPEC.replace("VALUE", "x")
        + "include: {p: {file: piece.yaml, parameters: {token: '${base64(secrets.admin)}'}}}\n"
    )
    found = loading.complete(load.load([str(tmp_path / "spec.yaml")], GIVEN))
    one = next(item for item in found.resolution.resources if item.address == "vms/piece")
    names = {leaf.name for leaf in leaves(one.body) if isinstance(leaf, Secret)}
    assert names == {"format('%s-1', base64(secrets.admin))"}


def test_members_of_a_fleet_have_secrets_of_their_own() -> None:
    each = "for_each: {blue: {pw: '${secrets.admin}'}, red: {pw: \"${format('%s-x', parameters.token)}\"}}"
    text = SPEC.replace("count: 2", each).replace('"${secrets.admin}"}', '"${value.pw}"}')
    text = text.replace("VALUE", '"${base64(value.pw)}"')
    found = loading.complete(load.build(document.parse(text.encode(), "spec.yaml"), GIVEN))
    names = {leaf.name for item in found.resolution.resources for leaf in leaves(item.body) if isinstance(leaf, Secret)}
    red = "format('%s-x', secret_parameters.token)"
    assert names == {"admin", "base64(secrets.admin)", red, f"base64({red})"}


def test_a_broken_file_of_parameters_shows_none_of_its_lines(tmp_path: Path) -> None:
    (tmp_path / "given.yaml").write_text("licence: {hunter2: ${x}}\n")
    with pytest.raises(SpecError) as caught:
        load.read_parameter_file(str(tmp_path / "given.yaml"))
    assert "given.yaml:1:" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_lists_and_maps_of_secrets_are_handed_to_an_included_file(tmp_path: Path) -> None:
    (tmp_path / "piece.yaml").write_text(
        """
parameters:
  all: {type: list}
  by_stage: {type: map}
vms:
  piece:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, password: "${join('-', parameters.all)}"}
    custom_data: ${base64(lookup(parameters.by_stage, 'prod'))}
"""
    )
    given = "{all: ['${secrets.admin}', x], by_stage: {prod: '${parameters.token}', test: y}}"
    include = f"include: {{p: {{file: piece.yaml, parameters: {given}}}}}\n"
    (tmp_path / "spec.yaml").write_text(SPEC.replace("VALUE", "x") + include)
    found = loading.complete(load.load([str(tmp_path / "spec.yaml")], GIVEN))
    one = next(item for item in found.resolution.resources if item.address == "vms/piece")
    names = {leaf.name for leaf in leaves(one.body) if isinstance(leaf, Secret)}
    assert names == {"join('-', [secrets.admin, 'x'])", "base64(secret_parameters.token)"}
