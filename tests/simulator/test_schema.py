"""Property schemas read off the SDK's models, and bodies held against them."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.simulator.registry import load_registry
from provisioner.simulator.schema import carry_read_only, clean
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
            if type_ is not None and type_.model is not None:
                assert model_of(type_.model).properties
