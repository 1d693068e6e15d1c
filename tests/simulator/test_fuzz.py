"""Bodies that nobody would send: whatever comes, every described type answers it, and never with a server error."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.simulator.arm.cloud import Cloud as SimulatedCloud
from provisioner.simulator.description.resource_type import ResourceType
from provisioner.simulator.http.gateway import Gateway
from provisioner.simulator.protocol.wire import Request, Response
from provisioner.simulator.registry import Registry, load_registry
from provisioner.simulator.schema import Model, Shape
from provisioner.simulator.schema_sdk import model_of
from provisioner.simulator.settings import Settings
from provisioner.simulator.state.store import Store

REGISTRY: Registry = load_registry()
GROUP = "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/rg"
GUID = "11111111-1111-4111-8111-111111111111"


def described() -> list[ResourceType]:
    found = (REGISTRY.get(f"{space}/{words}") for space in REGISTRY.namespaces() for words in REGISTRY.types_of(space))
    return [
        type_ for type_ in found if type_ is not None and type_.body.model is not None and REGISTRY.describes(type_)
    ]


IDS = st.sampled_from(
    [
        f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/a",
        f"{GROUP}/providers/Microsoft.Network/publicIPAddresses/pip",
        f"{GROUP}/providers/Microsoft.Network/networkInterfaces/none",
        "/subscriptions/x", "", "x", GUID, "/",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(
        ["10.0.0.0/24", "10.0.0.5", "10.0.0.0/33", "::/64", "*", "22", "1-2", "Standard", "Static", "westus2"]
    ),
    IDS,
    st.text(max_size=8),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS)
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))


def value_of(shape: Shape, depth: int) -> st.SearchStrategy[Any]:
    if shape.kind == "string":
        right: st.SearchStrategy[Any] = st.sampled_from(sorted(shape.values.values())) if shape.values else TEXTS
    elif shape.kind == "integer":
        right = st.integers(-5, 70_000)
    elif shape.kind == "number":
        right = st.floats(-5, 70_000)
    elif shape.kind == "boolean":
        right = st.booleans()
    elif shape.kind == "array" and shape.item is not None and depth > 0:
        right = st.lists(value_of(shape.item, depth), max_size=3)
    elif shape.kind == "map" and shape.item is not None and depth > 0:
        right = st.dictionaries(TEXTS, value_of(shape.item, depth - 1), max_size=2)
    elif shape.kind == "model" and shape.model is not None and depth > 0:
        model = shape.model
        right = st.deferred(lambda: body_of(model(), depth - 1))
    else:
        right = ANYTHING
    return st.one_of(*[right] * 12, ANYTHING)


BODIES: dict[tuple[int, int], tuple[Model, st.SearchStrategy[dict[str, Any]]]] = {}
"""By the model (which cannot be hashed, and is kept so that its id stays its own) and the depth: making them costs."""


def body_of(model: Model, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    """An object with some of a model's properties, most of them of the right type."""
    key = id(model), depth
    if key not in BODIES:
        BODIES[key] = model, _body_of(model, depth)
    return BODIES[key][1]


def _body_of(model: Model, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    optional = {known.name: value_of(known.shape, depth) for known in model.properties.values()}
    chosen = st.lists(st.sampled_from(sorted(optional)), max_size=6, unique=True) if optional else st.just([])
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: optional[name] for name in names}))


SEEDS: dict[str, dict[str, Any]] = {
    "virtualNetworks": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}},
    "subnets": {"addressPrefix": "10.0.9.0/24"},
    "publicIPAddresses": {"publicIPAllocationMethod": "Static"},
    "securityRules": {
        "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "*", "sourceAddressPrefix": "*",
        "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*",
    },
    "networkInterfaces": {
        "ipConfigurations": [
            {
                "name": "one",
                "properties": {
                    "subnet": {"id": f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/a"},
                    "privateIPAllocationMethod": "Dynamic",
                },
            }
        ]
    },
    "roleAssignments": {"principalType": "Group", "principalId": GUID,
                        "roleDefinitionId": "/providers/x/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"},
}  # fmt: skip
"""Properties without which a body of a type has no chance."""


def drawn_body(data: st.DataObject, type_: ResourceType, model: Model) -> dict[str, Any]:
    """A body that is right in what matters most, and arbitrary in the rest."""
    body = data.draw(body_of(model, 4))
    if model.find("location") is not None:
        body["location"] = "westus2"
    if type_.own_word == "publicIPAddresses":
        body["sku"] = {"name": "Standard"}
    inner = model.sub_model("properties")
    if inner is not None and data.draw(st.integers(0, 9)):
        drawn = data.draw(body_of(inner, 3))
        body["properties"] = {**copy.deepcopy(SEEDS.get(type_.own_word, {})), **drawn}
    return body


class Cloud:
    def __init__(self) -> None:
        self.state = SimulatedCloud(Store(None), REGISTRY, Settings(time_scale=0.0))
        self._gateway = Gateway(self.state)
        self("PUT", GROUP, {"location": "westus2"})
        network = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
        subnet = {"addressPrefix": "10.0.0.0/24"}
        base = f"{GROUP}/providers/Microsoft.Network"
        self("PUT", f"{base}/virtualNetworks/net", {"location": "westus2", "properties": network})
        self("PUT", f"{base}/virtualNetworks/net/subnets/a", {"properties": subnet})
        pip = {"sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}
        self("PUT", f"{base}/publicIPAddresses/pip", {"location": "westus2", **pip})

    def __call__(self, method: str, path: str, body: Any = None) -> Response:
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": "Bearer x"}
        request = Request(method, path, {"api-version": "2026-03-01"}, headers, content, "http://s")
        return self._gateway.answer(request)[0]


def path_of(cloud: Cloud, type_: ResourceType) -> str:
    """An address of the type, under parents that are there."""
    words = type_.type.split("/")
    path = f"{GROUP}/providers/{words[0]}"
    for depth, word in enumerate(words[1:], start=1):
        parent_network = word == "virtualNetworks" and depth < len(words) - 1
        name = "net" if parent_network else GUID if "role" in word.lower() else "thing"
        path = f"{path}/{word}/{name}"
        if depth < len(words) - 1 and cloud.state.get(path) is None:
            parent = REGISTRY.find(words[0], words[1 : depth + 1], "")
            # Parents are stored as they are, without asking their type.
            with cloud.state.store.transaction():
                cloud.state.save(parent, path, {"location": "westus2", "properties": {}}, {}, None)
    return path


OF_EACH_TYPE = pytest.mark.parametrize("type_", described(), ids=lambda type_: type_.type)


@OF_EACH_TYPE
@settings(max_examples=15)
@given(data=st.data())
def test_no_body_makes_a_server_error(type_: ResourceType, data: st.DataObject) -> None:
    answers_whatever_comes(type_, data)


@pytest.mark.slow
@OF_EACH_TYPE
@settings(max_examples=60)
@given(data=st.data())
def test_no_body_of_many_makes_a_server_error(type_: ResourceType, data: st.DataObject) -> None:
    answers_whatever_comes(type_, data)


def answers_whatever_comes(type_: ResourceType, data: st.DataObject) -> None:
    """The answers of a fresh cloud to writes, reads and a delete of one resource."""
    cloud = Cloud()
    assert type_.body.model is not None
    model = model_of(type_.body.model)
    path = path_of(cloud, type_)
    for method in ("PUT", "PATCH", "PUT"):
        body = drawn_body(data, type_, model)
        response = cloud(method, path, body)
        assert response.status < 500, response.body
        json.dumps(response.body if isinstance(response.body, dict) else {}, allow_nan=False)
        assert cloud("GET", path).status in (200, 404)
    assert cloud("DELETE", path).status < 500
    assert cloud("GET", f"{GROUP}/resources").status == 200
