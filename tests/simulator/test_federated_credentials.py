"""Federated identity credentials of user-assigned identities."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import LOCATION, Arm

VERSION = "2024-11-30"


def credential(subject: str = "system:serviceaccount:ns:one", **properties: Any) -> dict[str, Any]:
    return {
        "properties": {
            "issuer": "https://oidc.example.net/",
            "subject": subject,
            "audiences": ["api://AzureADTokenExchange"],
            **properties,
        }
    }


@pytest.fixture
async def credentials(arm: Arm) -> str:
    """The path of an identity's collection of credentials."""
    path = f"{arm.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identity"
    assert (await arm.put(path, {"location": LOCATION}, api_version=VERSION)).status == 201
    return f"{path}/federatedIdentityCredentials"


async def test_create_update_and_delete_are_synchronous(arm: Arm, credentials: str) -> None:
    made = await arm.put(f"{credentials}/one", credential())
    assert made.status == 201
    identity = credentials.replace("/resourceGroups/", "/resourcegroups/")
    assert made.headers["Location"] == made.body["id"] == f"{identity}/one"
    assert made.body == {
        **credential(),
        "id": f"{identity}/one",
        "name": "one",
        "type": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    }
    updated = await arm.put(f"{credentials}/one", credential("system:serviceaccount:ns:two"))
    assert updated.status == 200
    assert "Location" not in updated.headers
    gone = await arm.delete(f"{credentials}/one")
    assert (gone.status, gone.body) == (200, None)
    assert (await arm.get(credentials)).names == []


async def test_issuer_and_subject_are_unique_in_an_identity(arm: Arm, credentials: str) -> None:
    await arm.put(f"{credentials}/one", credential())
    reply = await arm.put(f"{credentials}/two", credential())
    assert reply.status == 409
    assert reply.body["error"]["message"] == (
        "Issuer and subject combination already exists for this Managed Identity."
    )
    assert (await arm.put(f"{credentials}/one", credential())).status == 200
    assert (await arm.put(f"{credentials}/two", credential("other"))).status == 201


@pytest.mark.parametrize("missing", ["issuer", "subject", "audiences"])
async def test_what_a_credential_must_say(arm: Arm, credentials: str, missing: str) -> None:
    body = credential()
    del body["properties"][missing]
    reply = await arm.put(f"{credentials}/one", body)
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert "must specify 'issuer', 'subject' and 'audience'" in reply.body["error"]["message"]


@pytest.mark.parametrize(
    "properties",
    [
        {"audiences": ["one", "two"]},
        {"issuer": "http://plain.example.net/"},
        {"subject": "x" * 601},
        {"subjects": "x"},
    ],
)
async def test_a_credential_that_makes_no_sense_is_refused(arm: Arm, credentials: str, properties: Any) -> None:
    assert (await arm.put(f"{credentials}/one", credential(**properties))).status == 400


@pytest.mark.parametrize("name", ["ab", "-one", "o.ne", "x" * 121])
async def test_names_follow_the_rule(arm: Arm, credentials: str, name: str) -> None:
    assert (await arm.put(f"{credentials}/{name}", credential())).status == 400


async def test_an_identity_has_at_most_twenty(arm: Arm, credentials: str) -> None:
    for number in range(20):
        assert (await arm.put(f"{credentials}/number-{number}", credential(f"subject-{number}"))).status == 201
    assert (await arm.put(f"{credentials}/number-20", credential("subject-20"))).status == 400
    assert (await arm.put(f"{credentials}/number-3", credential("another"))).status == 200


async def test_a_credential_needs_its_identity_and_goes_with_it(arm: Arm, credentials: str) -> None:
    await arm.put(f"{credentials}/one", credential())
    identity = credentials.rpartition("/")[0]
    await arm.gone(identity)
    assert (await arm.get(f"{credentials}/one")).status == 404
    assert (await arm.put(f"{credentials}/one", credential())).code == "ParentResourceNotFound"
    await arm.put(identity, {"location": LOCATION}, api_version=VERSION)
    assert (await arm.get(credentials)).names == []
