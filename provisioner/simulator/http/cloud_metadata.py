"""What a client reads to learn of a cloud: its endpoints, and how to log in there.

In: a request without a token. Out: metadata in the shapes that the Azure CLI, Terraform, Ansible and MSAL read.

Shapes: `GET /metadata/endpoints` as answered by management.azure.com with api-version 2018-01-01 and earlier (an object
with few endpoints, and the regions of each cloud), 2019-05-01 (an array) and 2022-09-01 (an object); OpenID Connect
Discovery 1.0; MSAL's instance discovery. The tenant is `common`, as in every public cloud: terraform-provider-azurerm
treats any other value as Azure Stack and stops (go-azure-sdk, sdk/environments/azure_stack.go).

Not Azure's: `timeScale`, for clients that want to keep pace, and `simulator`, which identifies the process.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from ..arm.body_checks import regions
from ..arm.cloud import Cloud
from ..arm.tokens import issue
from ..protocol.wire import Request, Response

CLOUD_NAME = "ProvisionerSimulator"


def answer_open(cloud: Cloud, request: Request) -> Response | None:
    """The answer to a request that needs no token, or None when the request is not one of those."""
    segments = [segment for segment in request.path.lower().split("/") if segment]
    if segments == ["metadata", "endpoints"]:
        return _endpoints(cloud, request)
    if segments[-2:] == ["discovery", "instance"]:
        return _instance(cloud, request)
    if segments[-1:] == ["openid-configuration"]:
        return _openid(request, segments[0])
    if request.method == "POST" and len(segments) >= 3 and segments[1] == "oauth2" and segments[-1] == "token":
        return issue(cloud, request, segments[0], version=2 if "v2.0" in segments else 1)
    if segments[-1:] == ["keys"] and "discovery" in segments:
        return Response(200, {"keys": []})
    return None


def _endpoints(cloud: Cloud, request: Request) -> Response:
    if request.api_version < "2019":
        return Response(200, _older(request))
    metadata = _metadata(cloud, request)
    return Response(200, metadata if request.api_version >= "2020" else [metadata])


def _authentication(base: str) -> Mapping[str, object]:
    return {
        "loginEndpoint": base,
        "audiences": [base, f"{base}/"],
        "tenant": "common",
        "identityProvider": "AAD",
    }


def _older(request: Request) -> Mapping[str, object]:
    """The shape of 2018-01-01 and earlier; azurerm reads the regions from it (go-azure-helpers, supported_azure.go)."""
    base = request.base_url
    return {
        "galleryEndpoint": base,
        "graphEndpoint": base,
        "portalEndpoint": base,
        "graphAudience": base,
        "authentication": _authentication(base),
        "cloudEndpoint": {"public": {"endpoint": urlsplit(base).netloc, "locations": list(regions())}},
    }


def _metadata(cloud: Cloud, request: Request) -> Mapping[str, object]:
    base = request.base_url
    host = urlsplit(base).netloc
    return {
        "portal": base,
        "authentication": _authentication(base),
        "media": base,
        "graphAudience": base,
        "graph": base,
        "name": CLOUD_NAME,
        "suffixes": {
            "azureDataLakeStoreFileSystem": f"azuredatalakestore.{host}",
            "acrLoginServer": f"azurecr.{host}",
            "sqlServerHostname": f"database.{host}",
            "azureDataLakeAnalyticsCatalogAndJob": f"azuredatalakeanalytics.{host}",
            "keyVaultDns": f"vault.{host}",
            "storage": f"core.{host}",
            "azureFrontDoorEndpointSuffix": f"azurefd.{host}",
            "storageSyncEndpointSuffix": f"afs.{host}",
            "mhsmDns": f"managedhsm.{host}",
            "mysqlServerEndpoint": f"mysql.database.{host}",
            "postgresqlServerEndpoint": f"postgres.database.{host}",
            "mariadbServerEndpoint": f"mariadb.database.{host}",
            "synapseAnalytics": f"dev.azuresynapse.{host}",
            "attestationEndpoint": f"attest.{host}",
        },
        "batch": base,
        "resourceManager": f"{base}/",
        "vmImageAliasDoc": f"{base}/vm-image-aliases",
        "activeDirectoryDataLake": base,
        "sqlManagement": base,
        "microsoftGraphResourceId": f"{base}/",
        "appInsightsResourceId": base,
        "appInsightsTelemetryChannelResourceId": base,
        "attestationResourceId": base,
        "synapseAnalyticsResourceId": base,
        "logAnalyticsResourceId": base,
        "ossrDbmsResourceId": base,
        "gallery": base,
        "timeScale": cloud.settings.time_scale,
        "simulator": {
            "tenantId": cloud.tenant_id,
            "subscriptionId": cloud.subscription_id,
            "processId": os.getpid(),
        },
    }


def _openid(request: Request, tenant: str) -> Response:
    base = f"{request.base_url}/{tenant}"
    return Response(
        200,
        {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "token_endpoint_auth_methods_supported": [
                "client_secret_post",
                "private_key_jwt",
                "client_secret_basic",
            ],
            "response_types_supported": ["code", "id_token", "token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "tenant_region_scope": None,
            "cloud_instance_name": urlsplit(request.base_url).netloc,
        },
    )


def _instance(cloud: Cloud, request: Request) -> Response:
    host = urlsplit(request.base_url).netloc
    return Response(
        200,
        {
            "tenant_discovery_endpoint": request.url(f"/{cloud.tenant_id}/v2.0/.well-known/openid-configuration"),
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        },
    )
