"""Property schemas read off the SDK's models, and bodies held against them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from provisioner.simulator.registry import load_registry
from provisioner.simulator.schema import Model, Property, carry_read_only, clean, drop_empty
from provisioner.simulator.schema_sdk import model_of

MACHINE = model_of("azure.mgmt.compute.models:VirtualMachine")
IDENTITY = model_of("azure.mgmt.msi.v2024_11_30.models:Identity")
INTERFACE = model_of("azure.mgmt.network.models:NetworkInterface")


def test_names_and_enum_values_get_their_canonical_spelling() -> None:
    body, problems = clean(MACHINE, {"Properties": {"StorageProfile": {"osdisk": {"createOption": "fromImage"}}}})
    assert (body, problems) == ({"properties": {"storageProfile": {"osDisk": {"createOption": "FromImage"}}}}, [])


def test_read_only_values_and_nulls_are_dropped_without_a_word() -> None:
    sent = {"id": "x", "etag": "y", "tags": None, "properties": {"vmId": "z", "provisioningState": "Failed"}}
    assert clean(MACHINE, sent) == ({"properties": {}}, [])


def test_nulls_are_kept_when_asked_for() -> None:
    assert clean(MACHINE, {"tags": {"a": None}, "plan": None}, keep_null=True)[0] == {"tags": {"a": None}, "plan": None}


@pytest.mark.parametrize(
    ("sent", "kind", "path"),
    [
        ({"properties": {"nonsense": 1}}, "unknown", "properties.nonsense"),
        ({"nonsense": 1}, "unknown", "nonsense"),
        ({"properties": {"storageProfile": {"osDisk": {"diskSizeGB": "big"}}}}, "mistyped", None),
        ({"properties": {"storageProfile": []}}, "mistyped", "properties.storageProfile"),
        ({"properties": {"priority": "Urgent"}}, "enum", "properties.priority"),
        ({"zones": "1"}, "mistyped", "zones"),
        ({"tags": {"a": {"b": "c"}}}, "mistyped", "tags.a"),
    ],
)
def test_what_does_not_fit_is_a_problem(sent: dict[str, Any], kind: str, path: str | None) -> None:
    _, problems = clean(MACHINE, sent)
    assert [problem.kind for problem in problems] == [kind]
    assert path is None or problems[0].path == path


def test_texts_that_read_as_numbers_or_truth_are_converted() -> None:
    sent = {"properties": {"storageProfile": {"osDisk": {"diskSizeGB": "30", "writeAcceleratorEnabled": "True"}}}}
    body, problems = clean(MACHINE, sent)
    assert problems == []
    assert body["properties"]["storageProfile"]["osDisk"] == {"diskSizeGB": 30, "writeAcceleratorEnabled": True}


def test_a_vm_size_that_the_specification_does_not_list_is_fine() -> None:
    assert clean(MACHINE, {"properties": {"hardwareProfile": {"vmSize": "Standard_New_v9"}}})[1] == []


def test_flattened_attributes_of_older_models_are_read_in_their_place() -> None:
    body, problems = clean(IDENTITY, {"location": "x", "properties": {"isolationscope": "regional", "clientId": "c"}})
    assert (body, problems) == ({"location": "x", "properties": {"isolationScope": "Regional"}}, [])


def test_read_only_values_are_carried_over_by_name_inside_lists() -> None:
    before = {"properties": {"resourceGuid": "g", "ipConfigurations": [{"name": "b", "etag": "e", "properties": {}}]}}
    after: dict[str, Any] = {"properties": {"ipConfigurations": [{"name": "a"}, {"name": "b"}]}}
    carry_read_only(INTERFACE, before, after)
    assert after["properties"]["resourceGuid"] == "g"
    assert after["properties"]["ipConfigurations"] == [{"name": "a"}, {"name": "b", "etag": "e"}]


def test_every_described_type_names_a_model_that_exists() -> None:
    registry = load_registry()
    for namespace in registry.modelled_namespaces():
        for words in registry.types_of(namespace):
            type_ = registry.get(f"{namespace}/{words}")
            if type_ is not None and type_.body.model is not None:
                assert model_of(type_.body.model).properties


Path = tuple[str, ...]


def places(model: Model, above: Path = (), seen: frozenset[int] = frozenset()) -> Iterator[tuple[Path, Property]]:
    """Every property that a client may set, with its path: through objects, not through lists and maps."""
    for known in model.properties.values():
        if known.read_only:
            continue
        yield (*above, known.name), known
        inner = known.shape.model() if known.shape.kind == "model" and known.shape.model is not None else None
        if inner is not None and id(inner) not in seen:
            yield from places(inner, (*above, known.name), seen | {id(inner)})


def body_with(path: Path, value: Any) -> dict[str, Any]:
    for name in reversed(path):
        value = {name: value}
    body: dict[str, Any] = value
    return body


def models() -> list[str]:
    registry = load_registry()
    names = [
        f"{namespace}/{words}" for namespace in registry.modelled_namespaces() for words in registry.types_of(namespace)
    ]
    found = (registry.get(name) for name in names)
    return sorted({type_.body.model for type_ in found if type_ is not None and type_.body.model is not None})


MODELS = models()


@pytest.mark.parametrize("reference", MODELS)
def test_an_empty_optional_enum_is_not_given_and_an_empty_required_one_is_refused(reference: str) -> None:
    model = model_of(reference)
    for path, known in places(model):
        if known.shape.values:
            body, problems = clean(model, body_with(path, ""))
            assert [problem.kind for problem in problems] == (["enum"] if known.required else []), path
            assert known.required or body == (body_with(path[:-1], {})), path


@pytest.mark.parametrize("reference", MODELS)
def test_an_empty_object_is_dropped_with_what_held_only_that(reference: str) -> None:
    model = model_of(reference)
    for path, known in places(model):
        if known.shape.kind == "model":
            body = body_with(path, {})
            drop_empty(model, body)
            envelope = max((at + 1 for at, name in enumerate(path) if name == "properties"), default=0)
            assert body == body_with(path[:envelope], {}), path


def test_a_value_in_a_map_may_be_empty() -> None:
    body = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/subscriptions/x": {}}}}
    before = {"identity": {**body["identity"]}}
    drop_empty(MACHINE, body)
    assert body == before


def test_both_generations_of_models_say_what_a_client_has_to_set() -> None:
    rule = model_of("azure.mgmt.network.models:SecurityRule").sub_model("properties")
    grant = model_of("azure.mgmt.authorization.v2022_04_01.models:RoleAssignmentCreateParameters").sub_model(
        "properties"
    )
    assert rule is not None and grant is not None
    found = (rule.find("access"), rule.find("description"), grant.find("principalId"), grant.find("description"))
    assert [known.required for known in found if known is not None] == [True, False, True, False]
