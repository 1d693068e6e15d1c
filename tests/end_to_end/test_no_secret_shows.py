"""Secrets from every source, through every command: no output, log, journal, saved plan or error repeats one.

Values are looked for as they are, in JSON, in URLs, and inside of whatever may be base64.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from provisioner.simulator import Settings, Simulator
from provisioner.simulator.arm import key_vault
from tests import warm
from tests.spellings import dotnet_html, dotnet_json, dotnet_url

pytest.importorskip("azure.keyvault.secrets", reason="the extra keyvault is not installed")

ENVIRONMENT = 'Zebra-5tripe "quoted" & ä/+='
FILE = "Badger-6-Sett's <tag> 100%"
PARAMETER = "Otter-7-Holt?query=x&y"
VAULT = "Heron-8-Rookery\\back"
VALUES = (ENVIRONMENT, FILE, PARAMETER, VAULT)

SPEC = """
version: 1
deployment: demo
location: westus2
resource_group: demo
parameters:
  licence: {secret: true}
secrets:
  environment: {from_env: APP_PASSWORD}
  file: {from_file: token.txt}
  vault: {from_key_vault: {vault: payroll-kv, secret: api-key}}
network:
  virtual_networks: {net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.0.0/24}}}}
identities: {app: {}, lonely: {}}
vms:
  web:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, password: "${secrets.environment}"}
    identity: {system_assigned: true, user_assigned: [app]}
    custom_data: "#!/bin/sh\\nsetup '${secrets.file}' ${base64(parameters.licence)}\\n"   # provisioner: ignore PV1404
    extensions:
      one:
        publisher: Microsoft.Azure.Extensions
        type: CustomScript
        version: "2.1"
        protected_settings:
          plain: ${secrets.vault}
          made: ${base64(join(':', ['ops', secrets.environment, secrets.file, parameters.licence, secrets.vault]))}
outputs:
  where: ${vms/web.id}
"""
DEBUG = """
import logging, sys
logging.basicConfig(level=logging.DEBUG)
from provisioner.cli import main
sys.exit(main(sys.argv[1:]))
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def shown() -> list[tuple[str, str]]:
    """What was printed, by command."""
    return []


@pytest.fixture
def run(tmp_path: Path, shown: list[tuple[str, str]]) -> Run:
    """Runs commands as somebody who has every secret, on a cloud of the test's own, with all that can be logged."""
    (tmp_path / "token.txt").write_text(f"{FILE}\n")
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "licence.yaml").write_text(json.dumps({"licence": PARAMETER}))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "PROVISIONER_"))},
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "PROVISIONER_CLOUD": "local",
        "PROVISIONER_LOCAL_STATE": str(tmp_path / "cloud.sqlite"),
        "PROVISIONER_LOCAL_TIME_SCALE": "0",
        "APP_PASSWORD": ENVIRONMENT,
    }

    def run(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", DEBUG, *arguments]
        result = warm.run(
            words, cwd=tmp_path, env={**environment, **extra}, capture_output=True, text=True, timeout=120, check=False
        )
        shown.append((" ".join(arguments), result.stdout + result.stderr))
        return result

    return run


@pytest.fixture
async def vault(tmp_path: Path) -> None:
    """A secret in a vault of the embedded cloud."""
    async with Simulator.start(Settings(state_path=tmp_path / "cloud.sqlite")) as simulator:
        key_vault.put_secret(simulator.world, "payroll-kv", "api-key", VAULT)


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file that the commands wrote, but for the embedded cloud's own memory."""
    given = {"token.txt", "spec.yaml", "licence.yaml", "faults.yaml"}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in given and not path.name.startswith("cloud.sqlite"):
            yield str(path), path.read_bytes().decode("utf-8", "replace")


def leaks(text: str, value: str) -> list[str]:
    """Every form of a value that stands in a text."""
    forms = {
        "plain": value,
        "JSON": json.dumps(value)[1:-1],
        "JSON, not ASCII": json.dumps(value, ensure_ascii=False)[1:-1],
        "URL": urllib.parse.quote(value),
        "URL, all": urllib.parse.quote(value, safe=""),
        "form": urllib.parse.quote_plus(value),
        "repr": repr(value)[1:-1],
    }
    found = [name for name, form in forms.items() if form in text]
    raw = value.encode()
    for piece in re.findall(r"[A-Za-z0-9+/_-]{16,}", text):
        for skipped in range(4):
            coded = piece[skipped:].replace("-", "+").replace("_", "/")
            decoded = base64.b64decode(coded[: len(coded) // 4 * 4])
            if raw in decoded or raw[2:-2] in decoded or (len(decoded) > 12 and decoded in raw):
                found.append(f"base64: {piece[:8]}…")
    return found


def none_shows(shown: list[tuple[str, str]], folder: Path) -> None:
    found = [
        (where, VALUES.index(value), leak)
        for where, text in [*shown, *files(folder)]
        for value in VALUES
        for leak in leaks(text, value)
    ]
    assert found == []


@pytest.mark.usefixtures("vault")
def test_no_command_repeats_a_secret(run: Run, shown: list[tuple[str, str]], tmp_path: Path) -> None:
    given = ("--parameters", "licence.yaml")
    spec = ("spec.yaml", *given)
    for words in [
        ("validate", *spec),
        ("validate", *spec, "--output", "json"),
        ("validate", *spec, "--output", "sarif"),
        ("fmt", "--diff", "spec.yaml"),
        ("plan", *spec),
        ("plan", *spec, "--output", "json"),
        ("plan", *spec, "--details"),
        ("plan", *spec, "--details", "--output", "json"),
        ("plan", "spec.yaml", "-p", f"licence={PARAMETER}", "--out", "plan.json"),
    ]:
        assert run(*words).returncode == 0, shown[-1]
    applied = run("apply", "plan.json", "--yes", PROVISIONER_PARAM_licence=PARAMETER)
    assert applied.returncode == 0, applied.stdout + applied.stderr
    for words in [
        ("plan", *spec, "--detailed-exitcode"),
        ("show", *spec),
        ("show", *spec, "--output", "json"),
        ("outputs", *spec),
        ("outputs", *spec, "--output", "json"),
        ("runs", "--output", "json"),
        ("runs", "show", "last"),
        ("runs", "show", "last", "--output", "json"),
        ("local", "log", "--output", "json"),
        ("import", "--resource-group", "demo", "--out", "imported.yaml"),
        ("schema",),
        ("destroy", *spec, "--yes"),
    ]:
        run(*words)
        assert "Traceback" not in shown[-1][1]
    assert (tmp_path / "plan.json").exists() and (tmp_path / "imported.yaml").exists()
    assert "Request URL" in applied.stderr
    assert "payroll-kv/secrets/api-key" in applied.stderr
    none_shows(shown, tmp_path)


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("output", ["text", "json"])
def test_no_error_repeats_a_secret_that_azure_repeats(
    run: Run, shown: list[tuple[str, str]], tmp_path: Path, output: str
) -> None:
    coded = base64.b64encode(f"#!/bin/sh\nsetup '{FILE}' x\n".encode()).decode()
    echoed = " ".join(
        [*VALUES, *(json.dumps({"value": value}) for value in VALUES), *map(urllib.parse.quote, VALUES), coded]
    )
    both = base64.b64encode(":".join(["ops", ENVIRONMENT, FILE, PARAMETER, VAULT]).encode()).decode()
    rules = [
        {"type": "Microsoft.Network/virtualNetworks", "operation": "create",
         "answer": {"status": 429, "code": "TooManyRequests", "message": echoed, "retry_after_s": 1}, "times": 1},
        {"type": "Microsoft.Compute/virtualMachines/extensions", "operation": "create",
         "fail": {"code": "VMExtensionProvisioningError", "message": f"{echoed} {both}"}},
        {"type": "Microsoft.ManagedIdentity/*", "operation": "create", "resource": "lonely",
         "answer": {"status": 400, "code": "InvalidParameter", "message": echoed}},
    ]  # fmt: skip
    (tmp_path / "faults.yaml").write_text(json.dumps({"rules": rules}))
    words = ("apply", "spec.yaml", "--parameters", "licence.yaml", "--yes", "--faults", "faults.yaml")
    failed = run(*words, "--output", output)
    assert failed.returncode == 1, failed.stderr
    assert "VMExtensionProvisioningError" in failed.stdout and "InvalidParameter" in failed.stdout
    assert failed.stdout.count("(secret)") > 2 * 3 * len(VALUES)
    run("runs", "show", "last")
    run("runs", "show", "last", "--output", "json")
    planned = ("plan", "spec.yaml", "--parameters", "licence.yaml", "--out", "plan.json")
    assert "a failed extension is deleted and installed again" in run(*planned, "--output", output).stdout
    run("apply", "plan.json", "--parameters", "licence.yaml", "--yes", "--max-impact", "none", "--output", output)
    none_shows(shown, tmp_path)


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("output", ["text", "json"])
def test_no_error_repeats_a_secret_as_dotnet_writes_it(
    run: Run, shown: list[tuple[str, str]], tmp_path: Path, output: str
) -> None:
    spelled = [
        spelling
        for value in VALUES
        for spelling in (
            dotnet_json(value),
            dotnet_json(dotnet_json(json.dumps({"value": value}))),
            dotnet_html(value),
            "".join(f"&#x{ord(item):x};" for item in value),
            dotnet_url(value),
            urllib.parse.quote(urllib.parse.quote(value)),
            base64.b64encode(value.encode("utf-16-le")).decode(),
            base64.encodebytes(f"{'-' * 50}{value}{'-' * 50}".encode()).decode(),
        )
    ]
    echoed = " | ".join(spelled)
    rules = [
        {"type": "Microsoft.Compute/virtualMachines/extensions", "operation": "create",
         "fail": {"code": "VMExtensionProvisioningError", "message": echoed}},
        {"type": "Microsoft.ManagedIdentity/*", "operation": "create", "resource": "lonely",
         "answer": {"status": 400, "code": PARAMETER, "message": echoed}},
    ]  # fmt: skip
    (tmp_path / "faults.yaml").write_text(json.dumps({"rules": rules}))
    words = ("apply", "spec.yaml", "--parameters", "licence.yaml", "--yes", "--faults", "faults.yaml")
    failed = run(*words, "--output", output)
    assert failed.returncode == 1, failed.stderr
    assert failed.stdout.count("(secret)") > 2 * len(spelled)
    run("runs", "show", "last")
    run("runs", "show", "last", "--output", "json")
    none_shows(shown, tmp_path)
    everything = "\n".join(text for _, text in [*shown, *files(tmp_path)])
    for spelling in spelled:
        for written in (spelling, json.dumps(spelling)[1:-1], json.dumps(spelling, ensure_ascii=False)[1:-1]):
            assert written.strip() not in everything


def test_no_refusal_of_a_spec_repeats_a_secret(run: Run, shown: list[tuple[str, str]], tmp_path: Path) -> None:
    written = SPEC.replace('"${secrets.environment}"', json.dumps(VAULT))
    written = written.replace("{secret: true}", "{secret: true, pattern: ^never$}")
    (tmp_path / "spec.yaml").write_text(written)
    for output in ("text", "json", "sarif", "github"):
        assert run("validate", "spec.yaml", "-p", f"licence={PARAMETER}", "--output", output).returncode == 65
    (tmp_path / "spec.yaml").write_text(SPEC)
    missing = run("apply", "spec.yaml", "-p", f"license={PARAMETER}", "--yes")
    assert missing.returncode == 65
    none_shows(shown, tmp_path)


@pytest.mark.parametrize("value", VALUES)
def test_the_search_finds_what_it_looks_for(value: str) -> None:
    assert "plain" in leaks(f"x {value} y", value)
    assert leaks(urllib.parse.urlencode({"a": value}), value)
    for before in ("", "a", "bb", "ccc"):
        assert leaks(base64.b64encode(f"{before}{value} and more".encode()).decode(), value)
        assert leaks(base64.urlsafe_b64encode(f"{before}{value}".encode()).decode(), value)
