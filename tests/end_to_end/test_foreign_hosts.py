"""Whole commands against a cloud whose answers lead elsewhere: nothing is sent there, and the error names the host."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioner.simulator import Settings, Simulator
from provisioner.simulator.http.certificates import certificates
from tests.relay import Elsewhere, Passing, elsewhere, relay
from tests.simulator.serving import ENVIRONMENT

SPEC = """
version: 1
deployment: demo
location: westus2
resource_group: demo
network:
  virtual_networks: {net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}}
"""
Edit = Callable[[Passing, Elsewhere], None]


@dataclass
class Cloud:
    """A served cloud behind a relay, and a user who is signed in there."""

    url: str
    there: Elsewhere
    environment: dict[str, str]
    folder: Path

    async def run(self, *words: str) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "provisioner", *words),
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        text, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, text.decode()


@contextlib.asynccontextmanager
async def cloud(folder: Path, edit: Edit) -> AsyncIterator[Cloud]:
    (folder / "spec.yaml").write_text(SPEC)
    found = certificates(folder)
    tls = found.server_context()
    async with (
        Simulator.start(Settings(time_scale=0.0001), ssl_context=tls) as simulator,
        elsewhere(tls) as there,
        relay(simulator.url, lambda passing: edit(passing, there), tls) as url,
    ):
        environment = {
            **ENVIRONMENT,
            "XDG_STATE_HOME": str(folder / "state"),
            "PROVISIONER_CLOUD": url,
            "SSL_CERT_FILE": str(found.authority),
            "AZURE_SUBSCRIPTION_ID": simulator.subscription_id,
            "AZURE_TENANT_ID": simulator.tenant_id,
            "AZURE_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
            "AZURE_CLIENT_SECRET": "anything",
        }
        yield Cloud(url, there, environment, folder)


def is_arm(passing: Passing) -> bool:
    return passing.request.path.startswith("/subscriptions/")


def next_link(passing: Passing, there: Elsewhere) -> None:
    body = json.loads(passing.body or b"{}") if is_arm(passing) else {}
    if "value" in body:
        passing.body = json.dumps({**body, "nextLink": f"{there.url}/next"}).encode()


def asynchronous(passing: Passing, there: Elsewhere) -> None:
    if passing.headers.pop("Azure-AsyncOperation", ""):
        passing.headers["Azure-AsyncOperation"] = f"{there.url}/operations/1"


def location(passing: Passing, there: Elsewhere) -> None:
    if passing.headers.pop("Azure-AsyncOperation", ""):
        passing.headers["Location"] = f"{there.url}/operations/1"


def redirect(passing: Passing, there: Elsewhere) -> None:
    if is_arm(passing):
        passing.status, passing.body = 307, b""
        passing.headers = {"Location": f"{there.url}{passing.request.path_qs}"}


@pytest.mark.parametrize(
    ("words", "edit"),
    [
        (("plan",), next_link),
        (("plan",), redirect),
        (("apply", "--yes"), asynchronous),
        (("apply", "--yes"), location),
        (("apply", "--yes", "--output", "json"), asynchronous),
    ],
)
async def test_a_command_ends_with_the_name_of_the_host(tmp_path: Path, words: tuple[str, ...], edit: Edit) -> None:
    async with cloud(tmp_path, edit) as found, asyncio.timeout(150):
        code, text = await found.run(*words, "spec.yaml")
        assert code == 1, text
        assert f"A response leads to {found.there.url}, which is not a host of the cloud" in text
        assert "The request was not sent." in text
        assert "ForeignHost" in text and "Traceback" not in text
        if "json" not in words:
            assert "check whether a proxy or a gateway changes Azure's responses" in text
        assert found.there.received == []


async def test_metadata_is_not_read_from_elsewhere(tmp_path: Path) -> None:
    def moved(passing: Passing, there: Elsewhere) -> None:
        passing.status, passing.body = 302, b""
        passing.headers = {"Location": f"{there.url}{passing.request.path_qs}"}

    async with cloud(tmp_path, moved) as found, asyncio.timeout(150):
        code, text = await found.run("plan", "spec.yaml")
        assert code == 77, text
        assert f"A response leads to {found.there.url}" in text and "Traceback" not in text
        assert found.there.received == []


@pytest.mark.parametrize("key", ["resourceManager", "loginEndpoint"])
async def test_metadata_that_names_a_host_without_tls_is_refused(tmp_path: Path, key: str) -> None:
    def plain(passing: Passing, there: Elsewhere) -> None:
        body = json.loads(passing.body)
        (body["authentication"] if key == "loginEndpoint" else body)[key] = "http://127.0.0.1:9/"
        passing.body = json.dumps(body).encode()

    async with cloud(tmp_path, plain) as found, asyncio.timeout(150):
        code, text = await found.run("plan", "spec.yaml")
        assert code == 77, text
        assert f"sets {key} to http://127.0.0.1:9, which is not an https:// URL" in text and "Traceback" not in text
