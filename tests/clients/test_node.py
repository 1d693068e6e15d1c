"""The Node SDK against the embedded cloud. Opt-in: `bash tests/clients/setup_node.sh`, `pytest -m clients`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.simulator.serving import ENVIRONMENT, serve

from .test_azure_cli import CACHE

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]
PACKAGES = Path(os.environ.get("PROVISIONER_CLIENTS", CACHE)) / "node"
SAMPLE = Path(__file__).parent / "sample.mjs"
UNKNOWN_TWICE = """
rules:
  - type: Microsoft.Authorization/roleAssignments
    operation: write
    times: 2
    answer: {status: 400, code: PrincipalNotFound, message: Principal does not exist in the directory.}
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="no node")
@pytest.mark.skipif(not (PACKAGES / "node_modules").exists(), reason=f"no Node SDK in {PACKAGES}: setup_node.sh")
def test_the_sample_by_the_node_sdk(tmp_path: Path) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text(UNKNOWN_TWICE)
    with serve(tmp_path, "--time-scale", "0.001", "--page-size", "2", "--faults", str(faults)) as served:
        environment = {
            **ENVIRONMENT,
            "NODE_EXTRA_CA_CERTS": served.ca,
            "URL_OF_CLOUD": served.url,
            "SUBSCRIPTION": served.subscription,
            "TENANT": served.tenant,
        }
        done = subprocess.run(
            ["node", str(SAMPLE)],
            cwd=PACKAGES,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["address"].count(".") == 3
    assert found["principal"]
    assert found["user"] is True
    assert (found["extension"], found["grants"], found["waited"]) == ("Succeeded", 2, 2)
    assert found["pages"] == [2, 2, 1]
    assert found["refused"] == "InUseSubnetCannotBeDeleted"
    assert "PowerState/running" in found["power"]
    assert found["left"] is False
