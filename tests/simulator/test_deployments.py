"""Microsoft.Resources/deployments: templates that are validated, deployed in order, and told about."""

from __future__ import annotations

from typing import Any

from .conftest import LOCATION, Arm, Reply, Starter

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
NETWORK = "Microsoft.Network"
IDENTITY = {
    "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
    "apiVersion": "2023-01-31",
    "name": "[parameters('name')]",
    "location": "[resourceGroup().location]",
}
PUBLIC_IP = {
    "type": f"{NETWORK}/publicIPAddresses",
    "apiVersion": "2023-09-01",
    "name": "[concat(parameters('name'), '-pip')]",
    "location": LOCATION,
    "sku": {"name": "Standard"},
    "properties": {"publicIPAllocationMethod": "Static"},
}
NET = {
    "type": f"{NETWORK}/virtualNetworks",
    "apiVersion": "2023-09-01",
    "name": "net",
    "location": LOCATION,
    "properties": {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "front", "properties": {"addressPrefix": "10.0.0.0/24"}}],
    },
}
NIC = {
    "type": f"{NETWORK}/networkInterfaces",
    "apiVersion": "2023-09-01",
    "name": "nic",
    "location": LOCATION,
    "dependsOn": [
        "[resourceId('Microsoft.Network/virtualNetworks', 'net')]",
        "[resourceId('Microsoft.Network/publicIPAddresses', concat(parameters('name'), '-pip'))]",
    ],
    "properties": {
        "ipConfigurations": [
            {
                "name": "ip",
                "properties": {
                    "subnet": {"id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 'front')]"},
                    "publicIPAddress": {
                        "id": "[resourceId('Microsoft.Network/publicIPAddresses', concat(parameters('name'), '-pip'))]"
                    },
                },
            }
        ]
    },
}


def template(*resources: Any, **parts: Any) -> dict[str, Any]:
    name = {"name": {"type": "string", "defaultValue": "web"}}
    return {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "parameters": name, "resources": list(resources), **parts}


def body(content: Any, mode: str = "Incremental", **parameters: Any) -> dict[str, Any]:
    given = {name: {"value": value} for name, value in parameters.items()}
    return {"properties": {"mode": mode, "template": content, "parameters": given}}


def path(arm: Arm, name: str = "main") -> str:
    return f"{arm.group}/providers/Microsoft.Resources/deployments/{name}"


async def deployed(arm: Arm, content: Any, called: str = "main", **parameters: Any) -> Reply:
    """Deploy, let it come to its end step by step, and read it."""
    reply = await arm.put(path(arm, called), body(content, **parameters))
    assert reply.status in (200, 201), reply.body
    return await ended(arm, called)


async def ended(arm: Arm, called: str = "main") -> Reply:
    for _ in range(40):
        arm.clock.advance(30)
        found = await arm.get(path(arm, called))
        if found.body["properties"]["provisioningState"] in ("Succeeded", "Failed", "Canceled"):
            return found
    raise AssertionError("it does not end")


async def test_a_deployment_is_accepted_polled_and_makes_what_its_template_says(arm: Arm) -> None:
    outputs = {"ip": {"type": "string", "value": "[reference(concat(parameters('name'), '-pip')).ipAddress]"}}
    content = template(NIC, NET, PUBLIC_IP, IDENTITY, outputs=outputs)
    reply = await arm.put(path(arm), body(content, name="app"))
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "Accepted")
    status = reply.headers["Azure-AsyncOperation"]
    assert "/operationStatuses/" in status
    assert (await arm.get(status)).body["status"] == "Running"
    found = await ended(arm)
    properties = found.body["properties"]
    assert properties["provisioningState"] == "Succeeded", properties
    address = (await arm.get(f"{arm.network}/publicIPAddresses/app-pip")).body["properties"]["ipAddress"]
    assert properties["outputs"] == {"ip": {"type": "String", "value": address}}
    assert len(properties["outputResources"]) == 4
    assert (await arm.get(status)).body["status"] == "Succeeded"
    nic = (await arm.get(f"{arm.network}/networkInterfaces/nic")).body
    assert nic["properties"]["ipConfigurations"][0]["properties"]["publicIPAddress"]["id"].endswith("app-pip")


async def test_what_depends_waits(arm: Arm) -> None:
    reply = await arm.put(path(arm), body(template(NIC, NET, PUBLIC_IP)))
    waits = {each["resourceName"]: each["dependsOn"] for each in reply.body["properties"]["dependencies"]}
    assert sorted(each["resourceName"] for each in waits["nic"]) == ["net", "web-pip"]
    assert (await arm.get(f"{arm.network}/networkInterfaces/nic")).status == 404


async def test_a_failure_is_told_with_its_details_and_stops_what_depends_on_it(arm: Arm) -> None:
    broken = {**NET, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/99"]}}}
    found = await deployed(arm, template(NIC, broken, PUBLIC_IP))
    error = found.body["properties"]["error"]
    assert error["code"] == "DeploymentFailed"
    assert [detail["target"].rpartition("/")[2] for detail in error["details"]] == ["net"]
    listed = (await arm.get(f"{path(arm)}/operations")).body["value"]
    states = {
        each["properties"]["targetResource"]["resourceName"]: each["properties"]["provisioningState"] for each in listed
    }
    assert states == {"net": "Failed", "web-pip": "Succeeded"}


async def test_loops_conditions_and_children(arm: Arm) -> None:
    looped = {**IDENTITY, "name": "[concat('id-', copyIndex())]", "copy": {"name": "ids", "count": 3}}
    unwanted = {**PUBLIC_IP, "condition": "[equals(parameters('name'), 'other')]"}
    child = {
        "type": "subnets",
        "apiVersion": "2023-09-01",
        "name": "back",
        "dependsOn": ["[resourceId('Microsoft.Network/virtualNetworks', 'net')]"],
        "properties": {"addressPrefix": "10.0.1.0/24"},
    }
    found = await deployed(arm, template(looped, unwanted, {**NET, "resources": [child]}))
    assert found.body["properties"]["provisioningState"] == "Succeeded", found.body["properties"]
    identities = f"{arm.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
    assert (await arm.get(identities)).names == ["id-0", "id-1", "id-2"]
    assert (await arm.get(f"{arm.network}/publicIPAddresses")).names == []
    assert (await arm.get(f"{arm.network}/virtualNetworks/net/subnets")).names == ["front", "back"]


async def test_secure_parameters_are_neither_stored_nor_answered(arm: Arm) -> None:
    parameters = {"secret": {"type": "securestring"}, "name": {"type": "string", "defaultValue": "web"}}
    found = await deployed(arm, template(IDENTITY, parameters=parameters), secret="hunter2-hidden")
    assert found.body["properties"]["parameters"]["secret"] == {"type": "SecureString"}
    assert "hunter2" not in str(found.body)
    assert "hunter2" not in str(arm.simulator.log.entries())


async def test_validation_finds_mistakes_and_makes_nothing(arm: Arm) -> None:
    good = await arm("POST", f"{path(arm)}/validate", body(template(IDENTITY)))
    assert (good.status, len(good.body["properties"]["validatedResources"])) == (200, 1)
    assert (await arm.get(path(arm))).status == 404
    bad = await arm("POST", f"{path(arm)}/validate", body(template({**IDENTITY, "name": "[parameters('nothing')]"})))
    assert (bad.status, bad.code) == (400, "InvalidTemplate")
    assert "The template parameter 'nothing' is not found" in bad.body["error"]["message"]


async def test_templates_that_cannot_be(arm: Arm) -> None:
    circle = [{**NET, "dependsOn": ["nic"]}, {**NIC, "dependsOn": ["net"]}]
    missing = template(IDENTITY, parameters={"name": {"type": "string"}})
    for content, words in (
        (template(*circle), "Circular dependency"),
        (template({**NET, "dependsOn": ["nowhere"]}), "nowhere"),
        (template({**NET, "dependsOn": "nowhere"}), "'dependsOn'"),
        (template({**NET, "dependsOn": 1}), "'dependsOn'"),
        (missing, "'name'"),
        (template(IDENTITY, parameters={"name": {"type": "int", "defaultValue": "x"}}), "Int"),
        ({"resources": "none"}, "resources"),
    ):
        reply = await arm.put(path(arm), body(content))
        assert (reply.status, reply.code) == (400, "InvalidTemplate"), reply.body
        assert words.lower() in reply.body["error"]["message"].lower()
    unknown = await arm.put(path(arm), body(template(IDENTITY), other="x"))
    assert "do not correspond to any parameters" in unknown.body["error"]["message"]
    assert (await arm.put(path(arm), body(template(IDENTITY), mode="Complete"))).status == 400


async def test_a_deployment_runs_alone_under_its_name_and_can_be_cancelled(arm: Arm) -> None:
    slow = {"type": f"{NETWORK}/natGateways", "apiVersion": "2023-09-01", "name": "nat", "location": LOCATION}
    content = template({**slow, "sku": {"name": "Standard"}, "properties": {}})
    await arm.put(path(arm), body(content))
    again = await arm.put(path(arm), body(content))
    assert (again.status, again.code) == (409, "DeploymentActive")
    assert (await arm("POST", f"{path(arm)}/cancel")).status == 204
    assert (await arm.get(path(arm))).body["properties"]["provisioningState"] == "Canceled"


async def test_a_deployment_of_a_subscription_makes_groups(arm: Arm) -> None:
    group = {
        "type": "Microsoft.Resources/resourceGroups",
        "apiVersion": "2022-09-01",
        "name": "made",
        "location": LOCATION,
    }
    where = f"{arm.subscription}/providers/Microsoft.Resources/deployments/main"
    assert (await arm.put(where, body(template(group)))).code == "LocationRequired"
    assert (await arm.put(where, {**body(template(group)), "location": LOCATION})).status == 201
    for _ in range(5):
        arm.clock.advance(30)
    assert (await arm.get(where)).body["properties"]["provisioningState"] == "Succeeded"
    assert (await arm.get(f"{arm.subscription}/resourceGroups/made")).status == 200


async def test_a_deployment_outlives_its_process(started: Starter, tmp_path: Any) -> None:
    state = tmp_path / "state.sqlite"
    async with started(state_path=state) as arm:
        await arm.make_group()
        await arm.put(path(arm), body(template(NIC, NET, PUBLIC_IP)))
    async with started(state_path=state) as arm:
        for _ in range(10):
            arm.clock.advance(30)
            await arm.get(path(arm))
        assert (await arm.get(path(arm))).body["properties"]["provisioningState"] == "Succeeded"
        assert (await arm.get(f"{arm.network}/networkInterfaces/nic")).status == 200
