"""Another cloud by its metadata URL: TLS, a service principal from the environment, the chain as on Azure."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import warm

ROOT = Path(__file__).parent.parent.parent
SPEC = "specs/msi-vm.yaml"


CLIENT = "11111111-2222-3333-4444-555555555555"
OWNER = "22222222-2222-3333-4444-555555555555"


@pytest.fixture
def options() -> tuple[str, ...]:
    """Further options for the server."""
    return ()


@pytest.fixture
def served(tmp_path: Path, options: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The environment of somebody who signs in to a served cloud as a service principal."""
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-m", "provisioner", "local", "serve", "--port", "0", "--ready-file", str(ready)]
    command += ["--local-state", str(tmp_path / "served.sqlite"), *options]
    with warm.start(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        while not ready.exists():
            assert server.poll() is None
            time.sleep(0.05)
        found = json.loads(ready.read_text())
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "PROVISIONER_"))}
        yield {
            **clean,
            "PROVISIONER_CLOUD": found["url"],
            "SSL_CERT_FILE": found["ca"],
            "AZURE_SUBSCRIPTION_ID": found["subscription"],
            "AZURE_TENANT_ID": found["tenant"],
            "AZURE_CLIENT_ID": CLIENT,
            "AZURE_CLIENT_SECRET": "anything",
            "ADMIN_PASSWORD": "Zebra-Stripe-9-Correct",
        }
        server.terminate()


def run(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "provisioner", *arguments]
    result = warm.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return result.returncode, result.stdout + result.stderr


def test_the_sample_runs_as_on_azure(served: dict[str, str]) -> None:
    for arguments in (("apply", SPEC, "--yes"), ("plan", SPEC, "--detailed-exitcode"), ("destroy", SPEC, "--yes")):
        code, text = run(served, *arguments)
        assert code == 0, text


def test_a_missing_secret_stops_an_apply_before_anything_is_done(served: dict[str, str]) -> None:
    del served["ADMIN_PASSWORD"]
    code, text = run(served, "apply", SPEC, "--yes")
    assert code == 65
    assert "ADMIN_PASSWORD is not set" in text
    assert "creating" not in text


def test_metadata_that_cannot_be_trusted_is_no_access(served: dict[str, str]) -> None:
    del served["SSL_CERT_FILE"]
    code, text = run(served, "plan", SPEC)
    assert code == 77
    assert "certificate verify failed" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("options", [("--enforce-rbac", "--owner", OWNER)])
def test_who_has_no_role_is_told_which_to_ask_for(served: dict[str, str]) -> None:
    code, text = run(served, "plan", SPEC)
    assert code == 77, text
    assert "AuthorizationFailed: The client" in text
    assert "hint: ask for the role Reader there: `az role assignment create --assignee-object-id" in text
    code, text = run({**served, "AZURE_CLIENT_ID": OWNER}, "apply", SPEC, "--yes")
    assert code == 0, text


def test_a_served_cloud_has_key_vaults(served: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("azure.keyvault.secrets", reason="the extra keyvault is not installed")
    text = (ROOT / SPEC).read_text()
    spec = tmp_path / "vault.yaml"
    spec.write_text(text.replace("{from_env: ADMIN_PASSWORD}", "{from_key_vault: {vault: payroll-kv, secret: admin}}"))
    code, text = run(served, "plan", str(spec))
    assert code == 0, text
    code, text = run(served, "apply", str(spec), "--yes")
    assert code == 65
    assert "secret admin of the key vault payroll-kv does not exist (SecretNotFound)" in text
    asked = urllib.request.Request(
        f"{served['PROVISIONER_CLOUD']}/vaults/payroll-kv/secrets/admin?api-version=7.4",
        data=json.dumps({"value": served["ADMIN_PASSWORD"]}).encode(),
        headers={"Authorization": "Bearer x", "Content-Type": "application/json"},
        method="PUT",
    )
    trusted = ssl.create_default_context(cafile=served["SSL_CERT_FILE"])
    with urllib.request.urlopen(asked, timeout=30, context=trusted) as answer:
        assert answer.status == 200
    code, text = run(served, "apply", str(spec), "--yes")
    assert code == 0, text


@pytest.mark.parametrize("command", ["plan", "apply", "show", "outputs", "destroy"])
def test_a_subscription_that_is_not_there_is_told(served: dict[str, str], command: str) -> None:
    code, text = run(served, command, SPEC, "--subscription", "11111111-1111-4111-8111-111111111111")
    assert code == 1
    assert "SubscriptionNotFound" in text and "check the subscription's ID, and the tenant you signed in to" in text


def test_credentials_of_another_tenant_are_told_the_right_one(served: dict[str, str]) -> None:
    tenant = served["AZURE_TENANT_ID"]
    served["AZURE_TENANT_ID"] = "99999999-2222-3333-4444-555555555555"
    code, text = run(served, "plan", SPEC)
    assert code == 77, text
    assert "InvalidAuthenticationTokenTenant" in text
    assert f"`az login --tenant {tenant}`" in text and f"AZURE_TENANT_ID={tenant}" in text
    assert "sign in again" not in text and "Traceback" not in text
