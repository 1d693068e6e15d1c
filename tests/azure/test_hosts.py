"""Requests go to the hosts of the cloud in use alone, whatever its answers name."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable

import pytest

from provisioner.azure import clouds, credentials, hosts
from provisioner.azure.clients import Clients
from provisioner.azure.key_vault import VaultError, read
from provisioner.azure.operations import Operations
from provisioner.azure.providers import Providers
from provisioner.base.diagnostics import ExecutionError
from provisioner.commands.session import Session
from provisioner.simulator.arm import key_vault as vault
from provisioner.spec.secrets.vaults import VaultSecret
from tests import harness
from tests.harness import World
from tests.kinds.specs import HEAD, NETWORK, machine
from tests.relay import Elsewhere, Passing, elsewhere, relay

AZURE = "https://management.azure.com"
SPEC = HEAD + NETWORK + machine()
Edit = Callable[[Passing, Elsewhere], None]


@pytest.mark.parametrize(
    ("url", "home"),
    [
        (f"{AZURE}/subscriptions?api-version=1", AZURE),
        ("https://Management.Azure.COM:443/subscriptions", AZURE),
        ("https://westeurope.management.azure.com:443/subscriptions", AZURE),
        ("https://management.azure.com", AZURE),
        ("http://127.0.0.1:5000/a", "http://127.0.0.1:5000"),
        ("https://[::1]:8443/a", "https://[::1]:8443"),
    ],
)
def test_hosts_of_the_cloud_are_known(url: str, home: str) -> None:
    assert hosts.is_of(url, home)


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("http://management.azure.com/", AZURE),
        ("https://management.azure.com:8443/", AZURE),
        ("https://management.azure.com.example/", AZURE),
        ("https://evilmanagement.azure.com/", AZURE),
        ("https://azure.com/", AZURE),
        ("https://management.azure.com@example.com/", AZURE),
        ("https://example.com\\@management.azure.com/", AZURE),
        ("https://management.azure.com\\.example.com/", AZURE),
        ("https://example.com#@management.azure.com/", AZURE),
        ("https://management.azure.com\n.example.com/", AZURE),
        (" https://management.azure.com/", AZURE),
        ("https://management.azure.com\uff0eexample.com/", AZURE),
        ("https:///management.azure.com/", AZURE),
        ("//management.azure.com/", AZURE),
        ("/subscriptions", AZURE),
        ("", AZURE),
        ("http://x.127.0.0.1:5000/a", "http://127.0.0.1:5000"),
        ("https://x.127.0.0.1:5000/a", "https://127.0.0.1:5000"),
        ("https://127.0.0.1:5000/a", "http://127.0.0.1:5000"),
        ("http://127.0.0.1:5001/a", "http://127.0.0.1:5000"),
        ("http://localhost:5000/a", "http://127.0.0.1:5000"),
    ],
)
def test_other_hosts_are_foreign(url: str, home: str) -> None:
    assert not hosts.is_of(url, home)


def test_what_is_shown_of_a_url_is_its_host() -> None:
    assert hosts.shown("https://user:password@example.com:8443/path?sig=secret") == "https://example.com:8443"
    assert len(hosts.shown("https://" + "x" * 10_000)) < 200


@contextlib.asynccontextmanager
async def edited(world: World, edit: Edit) -> AsyncIterator[tuple[World, Elsewhere]]:
    """The same cloud behind a relay that can send clients elsewhere."""
    async with elsewhere() as there, relay(world.simulator.url, lambda passing: edit(passing, there)) as url:
        cloud = clouds.local(url)
        credential = credentials.make(cloud)
        scale = world.session.time_scale
        clients = Clients(cloud, credential, world.session.subscription_id, scale)
        session = Session(
            cloud, Operations(clients), Providers(clients, scale), credentials.LOCAL_DEPLOYER, scale, credential
        )
        try:
            yield World(world.simulator, session, world.http, world.folder, clients), there
        finally:
            await clients.close()


def next_link(passing: Passing, there: Elsewhere) -> None:
    """Each list has another page, elsewhere."""
    body = json.loads(passing.body or b"{}")
    if "value" in body:
        passing.body = json.dumps({**body, "nextLink": f"{there.url}/next?sig=hidden"}).encode()


def header(name: str) -> Edit:
    """A long operation is followed elsewhere, and nowhere else."""

    def edit(passing: Passing, there: Elsewhere) -> None:
        if any(passing.headers.pop(other, "") for other in ("Azure-AsyncOperation", "Location")):
            passing.headers[name] = f"{there.url}/operations/1?sig=hidden"

    return edit


def redirect(status: int, method: str) -> Edit:
    def edit(passing: Passing, there: Elsewhere) -> None:
        if passing.request.method == method:
            passing.status, passing.body = status, b""
            passing.headers = {"Location": f"{there.url}{passing.request.path_qs}"}

    return edit


def names_the_host(text: str, there: Elsewhere) -> bool:
    return f"ForeignHost: A response leads to {there.url}, which is not a host of the cloud local (http://127" in text


@pytest.mark.parametrize(
    "edit",
    [next_link, *(redirect(status, "GET") for status in (301, 302, 303, 307, 308))],
    ids=["nextLink", "301", "302", "303", "307", "308"],
)
async def test_a_plan_reads_nothing_from_elsewhere(world: World, edit: Edit) -> None:
    assert harness.failures(await world.apply(SPEC)) == []
    async with edited(world, edit) as (relayed, there):
        with pytest.raises(ExecutionError) as caught:
            await relayed.plan(SPEC)
        assert names_the_host(str(caught.value), there)
        assert "hidden" not in str(caught.value)
        assert caught.value.failure.target.startswith("/subscriptions/")
        assert there.received == []


@pytest.mark.parametrize(
    "edit",
    [header("Azure-AsyncOperation"), header("Location"), redirect(307, "PUT"), redirect(308, "PUT")],
    ids=["Azure-AsyncOperation", "Location", "307", "308"],
)
async def test_a_write_is_followed_nowhere_else(world: World, edit: Edit) -> None:
    async with edited(world, edit) as (relayed, there):
        results = await relayed.apply(SPEC)
        failures = harness.failures(results)
        assert "failed" in harness.outcomes(results)
        assert all(names_the_host(text, there) for text in failures), failures
        assert "hidden" not in str(failures)
        assert there.received == []
    assert harness.failures(await world.apply(SPEC)) == [], "the next apply goes on from what exists"


async def test_a_delete_is_followed_nowhere_else(world: World) -> None:
    assert harness.failures(await world.apply(SPEC)) == []
    async with edited(world, header("Location")) as (relayed, there):
        failures = harness.failures(await relayed.destroy(SPEC))
        assert failures and all(names_the_host(text, there) for text in failures)
        assert there.received == []


async def test_a_redirect_inside_of_the_cloud_is_followed(world: World) -> None:
    def moved(passing: Passing, there: Elsewhere) -> None:
        if passing.request.method == "GET" and "moved" not in passing.request.query_string:
            passing.status, passing.body = 307, b""
            passing.headers = {"Location": f"{passing.request.path_qs}&moved=1"}

    async with edited(world, moved) as (relayed, _):
        assert harness.failures(await relayed.apply(SPEC)) == []


@pytest.mark.parametrize("status", [302, 307])
async def test_a_key_vault_sends_nobody_elsewhere(world: World, status: int) -> None:
    pytest.importorskip("azure.keyvault.secrets", reason="the extra keyvault is not installed")
    vault.put_secret(world.simulator.world, "payroll-kv", "admin", "value")

    def edit(passing: Passing, there: Elsewhere) -> None:
        redirect(status, "GET")(passing, there)
        passing.headers = {name: text.replace("http://", "https://") for name, text in passing.headers.items()}

    async with edited(world, edit) as (relayed, there):
        with pytest.raises(VaultError) as caught:
            await read(VaultSecret("payroll-kv", "admin"), relayed.session.cloud, relayed.session.credential)
        assert f"leads to {there.url.replace('http', 'https')}, which is not a host of the key vault" in str(
            caught.value
        )
        assert "proxy" in caught.value.hint
        assert there.received == []
