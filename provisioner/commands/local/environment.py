"""What other clients need to use the embedded cloud: environment variables, and a line on each client.

In: a running `Server`. Out: text. Facts: "az cloud register"; Terraform azurerm provider `metadata_host`; Ansible
azure.azcollection `cloud_environment`; azure-identity `AZURE_AUTHORITY_HOST` and EnvironmentCredential.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from ...base import shell
from ...base.shell import Shell
from .server_record import CLIENT_ID, Server

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


def render(server: Server, form: str) -> str:
    """The variables as a script for a shell, or as JSON."""
    found = variables(server)
    if form == "json":
        return json.dumps(found, indent=2)
    kind: Shell = "powershell" if form == "powershell" else "sh"
    return "\n".join(shell.to_set(name, value, kind) for name, value in found.items())


def guide(server: Server, state: Path | None = None, kind: Shell | None = None) -> str:
    """How each client is pointed at the server, in the words of a shell, by default that of this system.

    ``state`` is given where it is not the one that is looked for by itself.
    """
    if not server.ca:
        return "Plain HTTP: for bare HTTP clients. The Azure CLI, Terraform and azure-identity insist on TLS."
    kind = kind or shell.usual()
    at = f" --state {shell.quoted(str(state), kind)}" if state else ""
    is_sh = kind == "sh"
    found = variables(server)

    def set_to(*names: str) -> str:
        """The line that sets these variables."""
        if is_sh:
            return "export " + " ".join(f"{name}={shell.quoted(found[name], kind)}" for name in names)
        return "; ".join(shell.to_set(name, found[name], kind) for name in names)

    all_of_them = f'eval "$(provisioner local env{at})"' if is_sh else f"provisioner local env{at} | Invoke-Expression"
    folder = ' AZURE_CONFIG_DIR="$(mktemp -d)"' if is_sh else '; $env:AZURE_CONFIG_DIR = "$env:TEMP\\azure-local"'
    then = " &&" if is_sh else ";"
    login = f"--service-principal --username {CLIENT_ID} --password {SECRET} --tenant {server.tenant}"
    return f"""For all of them: {all_of_them}; or one by one:

Azure CLI:
  {set_to("AZURE_CORE_INSTANCE_DISCOVERY", "REQUESTS_CA_BUNDLE")}{folder}
  az cloud register -n local --endpoint-resource-manager {server.url}{then} az cloud set -n local
  az login {login}

Terraform (azurerm):
  {set_to("SSL_CERT_FILE", "ARM_METADATA_HOSTNAME")}
  {set_to("ARM_TENANT_ID", "ARM_SUBSCRIPTION_ID")}
  {set_to("ARM_CLIENT_ID", "ARM_CLIENT_SECRET")}

Ansible (azure.azcollection 3.21 or newer):
  {set_to("AZURE_CLOUD_ENVIRONMENT", "AZURE_DISABLE_INSTANCE_DISCOVERY")}
  {set_to("ARM_CLOUD_METADATA_URL")}
  {set_to("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")}
  {set_to("AZURE_TENANT", "AZURE_SUBSCRIPTION_ID")}
  {set_to("AZURE_CLIENT_ID", "AZURE_SECRET")}

Python SDK:
  credential = ClientSecretCredential("{server.tenant}", "{CLIENT_ID}", "{SECRET}",
      authority="{server.url}", disable_instance_discovery=True, connection_verify={_python(server.ca)})
  client = ResourceManagementClient(credential, "{server.subscription}", base_url="{server.url}",
      credential_scopes=["{server.url}/.default"], connection_verify={_python(server.ca)})"""


def _python(text: str) -> str:
    """A string of Python: backslashes of Windows paths are doubled."""
    return json.dumps(text)
