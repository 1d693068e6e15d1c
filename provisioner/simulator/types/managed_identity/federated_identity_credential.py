"""Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials: REST reference, 2024-11-30.

Synchronous: PUT 201 with a relative Location, then 200; DELETE 200 without a body; no location, no tags (recorded
2023). At most 20 per identity, issuer and subject unique together, one audience, a name of 3-120 letters, digits,
hyphens and underscores ("Considerations and restrictions for federated identity credentials").

Wordings: BadRequest for missing members in zioproto/istio-aks-example#6; the one for a pair that is taken is in
Azure/bicep-types-az#2054, its code not verified.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ...arm.resource_write import ResourceWrite
from ...description.answers import Answers
from ...description.body import Body
from ...description.hooks import WriteHooks
from ...description.names import NameRule
from ...description.placement import Placement
from ...description.resource_type import ResourceType
from ...errors import ArmError
from ...json_values import JsonObject
from ._shared import lower_case_group, relative_location

TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
AT_MOST = 20
LONGEST_VALUE = 600


def validate(change: ResourceWrite) -> None:
    properties = change.properties
    audiences = properties.get("audiences")
    if not properties.get("issuer") or not properties.get("subject") or not audiences:
        raise _bad_request(
            "The request format was unexpected. Federated Identity Credential must specify 'issuer', 'subject' and "
            "'audience'."
        )
    if len(audiences) != 1:
        raise _bad_request("The request format was unexpected. Federated Identity Credential must have one audience.")
    if urlsplit(str(properties["issuer"])).scheme != "https":
        raise _bad_request(f"The issuer '{properties['issuer']}' is not a valid HTTPS URL.")
    for name in ("issuer", "subject"):
        if len(str(properties[name])) > LONGEST_VALUE:
            raise _bad_request(f"The {name} is longer than {LONGEST_VALUE} characters.")
    _check_others(change)


def _check_others(change: ResourceWrite) -> None:
    others = [
        other
        for other in change.cloud.resources.in_container(str(change.parsed.parent), TYPE)
        if other.key != change.key
    ]
    if any(_pair(other.properties) == _pair(change.properties) for other in others):
        raise ArmError(409, "Conflict", "Issuer and subject combination already exists for this Managed Identity.")
    if change.before is None and len(others) >= AT_MOST:
        raise _bad_request(
            f"Too many Federated Identity Credentials for the managed identity: at most {AT_MOST} are allowed."
        )


def _pair(properties: JsonObject) -> tuple[str, str]:
    """Compared with regard to case, as tokens are."""
    return str(properties.get("issuer")), str(properties.get("subject"))


def _bad_request(message: str) -> ArmError:
    return ArmError(400, "BadRequest", message)


TYPES = (
    ResourceType(
        type=TYPE,
        name=NameRule(
            pattern=r"[A-Za-z0-9][A-Za-z0-9_-]*",
            shortest=3,
            longest=120,
            code="BadRequest",
            hint="The name must be 3 to 120 characters long, begin with a letter or digit, and hold letters, digits, "
            "hyphens and underscores only.",
        ),
        body=Body(
            model="azure.mgmt.msi.v2024_11_30.models:FederatedIdentityCredential",
        ),
        placement=Placement(
            tracked=False,
            spelled=lower_case_group,
        ),
        answers=Answers(created_headers=relative_location, patch=None),
        on_write=WriteHooks(validate=validate),
    ),
)
