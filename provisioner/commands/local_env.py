"""What other clients need to use the embedded cloud: environment variables, and a line on each client.

In: a running `Server`. Out: text. Facts: "az cloud register"; Terraform azurerm provider `metadata_host`; Ansible
azure.azcollection `cloud_environment`; azure-identity `AZURE_AUTHORITY_HOST` and EnvironmentCredential.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from urllib.parse import urlsplit

from .local_record import CLIENT_ID, Server

SECRET = "local"
SHELLS = ("sh", "powershell", "json")


def variables(server: Server) -> dict[str, str]:
    """Environment variables by name, for all clients together."""
    trust = {"REQUESTS_CA_BUNDLE": server.ca, "SSL_CERT_FILE": server.ca} if server.ca else {}
    return {
        "PROVISIONER_CLOUD": server.url,
        "AZURE_AUTHORITY_HOST": server.url,
        "AZURE_TENANT_ID": server.tenant,
        "AZURE_TENANT": server.tenant,
        "AZURE_CLIENT_ID": CLIENT_ID,
        "AZURE_CLIENT_SECRET": SECRET,
        "AZURE_SECRET": SECRET,
        "AZURE_SUBSCRIPTION_ID": server.subscription,
        **trust,
        "AZURE_CORE_INSTANCE_DISCOVERY": "false",
        "AZURE_CLOUD_ENVIRONMENT": server.url,
        "AZURE_DISABLE_INSTANCE_DISCOVERY": "true",
        "ARM_CLOUD_METADATA_URL": f"{server.url}/metadata/endpoints?api-version=2019-05-01",
        "ARM_METADATA_HOSTNAME": urlsplit(server.url).netloc,
        "ARM_TENANT_ID": server.tenant,
        "ARM_CLIENT_ID": CLIENT_ID,
        "ARM_CLIENT_SECRET": SECRET,
        "ARM_SUBSCRIPTION_ID": server.subscription,
    }


def render(server: Server, shell: str) -> str:
    """The variables as a script for a shell, or as JSON."""
    found = variables(server)
    if shell == "json":
        return json.dumps(found, indent=2)
    if shell == "powershell":
        return "\n".join(f"$env:{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in found.items())
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in found.items())


def guide(server: Server, state: Path | None = None) -> str:
    """How each client is pointed at the server; ``state`` where it is not the one that is looked for by itself."""
    at = f" --state {shlex.quote(str(state))}" if state else ""
    url, ca = server.url, shlex.quote(server.ca)
    host = urlsplit(url).netloc
    login = f"--service-principal --username {CLIENT_ID} --password {SECRET} --tenant {server.tenant}"
    if not server.ca:
        return "Plain HTTP: for bare HTTP clients. The Azure CLI, Terraform and azure-identity insist on TLS."
    return f"""For all of them: eval "$(provisioner local env{at})"; or one by one:

Azure CLI:
  export AZURE_CORE_INSTANCE_DISCOVERY=false REQUESTS_CA_BUNDLE={ca} AZURE_CONFIG_DIR="$(mktemp -d)"
  az cloud register -n local --endpoint-resource-manager {url} && az cloud set -n local
  az login {login}

Terraform (azurerm):
  export SSL_CERT_FILE={ca} ARM_METADATA_HOSTNAME={host}
  export ARM_TENANT_ID={server.tenant} ARM_SUBSCRIPTION_ID={server.subscription}
  export ARM_CLIENT_ID={CLIENT_ID} ARM_CLIENT_SECRET={SECRET}

Ansible (azure.azcollection 3.21 or newer):
  export AZURE_CLOUD_ENVIRONMENT={url} AZURE_DISABLE_INSTANCE_DISCOVERY=true
  export ARM_CLOUD_METADATA_URL='{url}/metadata/endpoints?api-version=2019-05-01'
  export SSL_CERT_FILE={ca} REQUESTS_CA_BUNDLE={ca}
  export AZURE_TENANT={server.tenant} AZURE_SUBSCRIPTION_ID={server.subscription}
  export AZURE_CLIENT_ID={CLIENT_ID} AZURE_SECRET={SECRET}

Python SDK:
  credential = ClientSecretCredential("{server.tenant}", "{CLIENT_ID}", "{SECRET}",
      authority="{url}", disable_instance_discovery=True, connection_verify="{server.ca}")
  client = ResourceManagementClient(credential, "{server.subscription}", base_url="{url}",
      credential_scopes=["{url}/.default"], connection_verify="{server.ca}")"""
