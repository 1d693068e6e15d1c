"""The template language: expressions, functions, hashes; with the examples of "ARM template functions"."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.simulator.template.evaluation import LATER, Scope, Surroundings, evaluate
from provisioner.simulator.template.expressions import TemplateError
from provisioner.simulator.template.hashes import unique_string

SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
SCOPE = Scope(
    Surroundings(
        subscription=SUBSCRIPTION,
        group="rg",
        values={"resourcegroup": {"id": GROUP, "name": "rg", "location": "westus2", "tags": {"a": "b"}}},
        reference=lambda target, full: LATER,
    ),
    parameters={"name": "web", "list": [1, 2, 3], "map": {"x": {"y": "z"}}},
    variables={
        "both": "[concat(parameters('name'), '-', variables('tail'))]",
        "tail": "1",
        "self": "[variables('self')]",
    },
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("[[not an expression]", "[not an expression]"),
        ("[parameters('name')]", "web"),
        ("[PARAMETERS('NAME')]", "web"),
        ("[variables('both')]", "web-1"),
        ("[parameters('list')[1]]", 2),
        ("[parameters('map').x['y']]", "z"),
        ("[resourceGroup().tags.a]", "b"),
        ("[concat('it''s', ' ', 'fine')]", "it's fine"),
        ("[concat(parameters('list'), createArray(4))]", [1, 2, 3, 4]),
        ("[if(equals(parameters('name'), 'web'), 'yes', parameters('missing'))]", "yes"),
        ("[and(true(), not(false()))]", True),
        ("[length('three')]", 5),
        ("[format('{0}, {1}', 'Hello', 'World')]", "Hello, World"),
        ("[toUpper(substring('abcdef', 1, 3))]", "BCD"),
        ("[split('a,b;c', createArray(',', ';'))]", ["a", "b", "c"]),
        ("[base64('one, two, three')]", "b25lLCB0d28sIHRocmVl"),
        ("[base64ToString('b25lLCB0d28sIHRocmVl')]", "one, two, three"),
        ("[union(createObject('a', 1, 'b', 2), createObject('b', 3))]", {"a": 1, "b": 3}),
        ("[range(5, 3)]", [5, 6, 7]),
        ("[coalesce(null(), 'first')]", "first"),
        ("[empty('')]", True),
        ("[string(createObject('a', 1))]", '{"a":1}'),
        ("[json('{\"a\": [1]}').a[0]]", 1),
        ("[mod(add(3, 4), 4)]", 3),
        ("[last('One Two')]", "o"),
        ("[take(parameters('list'), 2)]", [1, 2]),
        ("[contains(parameters('map'), 'x')]", True),
        ("[padLeft('7', 3, '0')]", "007"),
        ("[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 'front')]",
         f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/front"),
        ("[resourceId('hub', 'Microsoft.Network/virtualNetworks', 'net')]",
         f"/subscriptions/{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/net"),
        ("[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'x')]",
         f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/x"),
        ("[extensionResourceId(resourceGroup().id, 'Microsoft.Authorization/locks', 'l')]",
         f"{GROUP}/providers/Microsoft.Authorization/locks/l"),
    ],
)  # fmt: skip
def test_an_expression_has_its_value(text: str, value: Any) -> None:
    assert evaluate(text, SCOPE) == value


@pytest.mark.parametrize(
    "text",
    ["[parameters('missing')]", "[variables('none')]", "[nosuch('x')]", "[1 +]", "[parameters('map').q]",
     "[resourceId('Microsoft.Network/virtualNetworks')]", "[substring('ab', 5, 1)]", "[int('x')]", "[concat()]]",
     "[parameters('list')[9]]"],
)  # fmt: skip
def test_a_mistake_is_an_error_of_the_template(text: str) -> None:
    with pytest.raises(TemplateError):
        evaluate(text, SCOPE)


def test_lists_and_objects_are_evaluated_inside() -> None:
    assert evaluate({"[concat('a', 'b')]": ["[add(1, 1)]"]}, SCOPE) == {"ab": [2]}


def test_what_only_the_deployment_can_tell_is_later() -> None:
    assert evaluate("[concat('x', reference('nic').ipAddress)]", SCOPE) is LATER


def test_a_unique_string_is_that_of_azure() -> None:
    """Known of `uniqueString('test')`; no longer one could be checked."""
    assert unique_string(["test"]) == "rbgf3xv4ufgzg"
    assert unique_string(["a", "b"]) == unique_string(["a-b"]) != unique_string(["b-a"])
