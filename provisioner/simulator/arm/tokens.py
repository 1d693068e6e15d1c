"""Tokens: handed out to any client, and read again when they come back.

In: a request to a token endpoint, or an Authorization header. Out: a token, or the `Caller` it speaks of. Nothing is
verified: a simulator takes any secret and any bearer token, but for one of another tenant. Tokens are unsigned JWTs
with the claims that clients read.

Shapes: "OAuth 2.0 client credentials flow on the Microsoft identity platform"; the v1 endpoint answers numbers as
text.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from ..errors import ArmError
from ..protocol.wire import Caller, Request, Response
from .cloud import Cloud

LIFETIME_S = 86_399
ISSUED = "xms_issued"
"""A claim of our own: when the token was issued, to the millisecond; `iat` has whole seconds."""
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ANONYMOUS_CLIENT = "00000000-0000-0000-0000-00000000c11e"


def issue(cloud: Cloud, request: Request, tenant: str, *, version: int) -> Response:
    """Answer `POST /{tenant}/oauth2[/v2.0]/token`."""
    form = {name: values[0] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
    client_id = form.get("client_id") or ANONYMOUS_CLIENT
    principal = cloud.directory.client(client_id)
    resource = form.get("resource") or form.get("scope", "").split(" ")[0].removesuffix("/.default")
    directory = tenant.lower() if GUID.fullmatch(tenant) else cloud.tenant_id
    now, lifetime_s = int(cloud.timing.now()), _lifetime_s(cloud)
    claims = {
        "aud": resource or request.base_url,
        "iss": f"{request.base_url}/{directory}/",
        "iat": now,
        "nbf": now,
        "exp": now + lifetime_s,
        "appid": client_id,
        "oid": principal.id,
        "sub": principal.id,
        "tid": directory,
        "idtyp": "app",
        ISSUED: cloud.timing.now(),
        "ver": "1.0",
    }
    # The signature says "simulated" in base64: nobody verifies it, but clients expect three parts.
    token = ".".join((_part({"typ": "JWT", "alg": "none"}), _part(claims), "c2ltdWxhdGVk"))
    answer: dict[str, object] = {"token_type": "Bearer", "expires_in": lifetime_s, "ext_expires_in": lifetime_s}
    if version == 1:
        answer = {name: str(value) for name, value in answer.items()}
        answer.update({"expires_on": str(now + lifetime_s), "not_before": str(now), "resource": resource})
    return Response(200, {**answer, "access_token": token}, {"Cache-Control": "no-store, no-cache"})


def _lifetime_s(cloud: Cloud) -> int:
    expiry = cloud.settings.faults.expiry if cloud.settings.faults is not None else None
    if expiry is None or not expiry.announced:
        return LIFETIME_S
    return max(1, int(expiry.after_s * cloud.timing.scale))


def caller_of(cloud: Cloud, request: Request) -> Caller:
    """Who sends a request; raises the 401 that ARM gives when there is no bearer token."""
    header = request.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        uri = f"{request.base_url}/{cloud.tenant_id}"
        raise ArmError(
            401,
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing or has an invalid format.",
            gateway=True,
            headers={
                "WWW-Authenticate": f'Bearer authorization_uri="{uri}", error="invalid_token", '
                "error_description=\"The authentication failed because of missing 'Authorization' header.\""
            },
        )
    claims = claims_of(token.strip())
    tenant = str(claims.get("tid") or cloud.tenant_id)
    if tenant.lower() != cloud.tenant_id and request.arm.subscription is not None:
        raise _of_another_tenant(cloud, request, tenant)
    app_id = str(claims.get("appid") or claims.get("azp") or ANONYMOUS_CLIENT)
    object_id = str(claims.get("oid") or cloud.directory.client(app_id).id)
    if cloud.directory.get(object_id) is None:
        # Whoever has a token is in the directory.
        cloud.directory.add(object_id, "User" if claims.get("idtyp") == "user" else "ServicePrincipal")
    return Caller(object_id, app_id, tenant)


def _of_another_tenant(cloud: Cloud, request: Request, tenant: str) -> ArmError:
    """Azure's wording, as it stands in many troubleshooting pages."""
    right = f"https://login.windows.net/{cloud.tenant_id}"
    message = (
        f"The access token is from the wrong issuer 'https://sts.windows.net/{tenant}/'. It must match the tenant "
        f"'https://sts.windows.net/{cloud.tenant_id}/' associated with this subscription. Please use the authority "
        f"(URL) '{right}' to get the token. Note, if the subscription is transferred to another tenant there is no "
        "impact to the services, but information about new tenant could take time to propagate (up to an hour). If "
        "you just transferred your subscription and see this error message, please try back later."
    )
    challenge = f'Bearer authorization_uri="{request.base_url}/{cloud.tenant_id}", error="invalid_token"'
    headers = {"WWW-Authenticate": challenge}
    return ArmError(401, "InvalidAuthenticationTokenTenant", message, gateway=True, headers=headers)


def _part(content: Mapping[str, object]) -> str:
    text = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def claims_of(token: str) -> Mapping[str, object]:
    """What a token says; nothing when it is no JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        # JWTs leave out the padding (RFC 7515, section 2), and Python insists on it.
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
