"""`local serve`: the embedded cloud as a server, asked by the real SDK clients over TLS."""

from __future__ import annotations

import datetime
import os
import signal
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import ClientSecretCredential
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential
from azure.mgmt.compute.aio import ComputeManagementClient as AsyncComputeManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources.aio import ResourceManagementClient as AsyncResourceManagementClient

from provisioner.simulator.http.certificates import certificates

from .serving import Served, local, serve

CLIENT = "11111111-2222-4333-8444-555555555555"
PUBLIC_IP = {"sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("served"), "--time-scale", "0.001") as server:
        yield server


def options(served: Served) -> dict[str, object]:
    return {
        "base_url": served.url,
        "credential_scopes": [f"{served.url}/.default"],
        "connection_verify": served.ca,
        "polling_interval": 0.01,
    }


def credential(served: Served, **chosen: object) -> ClientSecretCredential:
    settings = {"connection_verify": served.ca, **chosen}
    return ClientSecretCredential(
        served.tenant, CLIENT, "any", authority=served.url, disable_instance_discovery=True, **settings
    )


def test_the_sync_sdk_makes_a_network_over_tls(served: Served) -> None:
    login = credential(served)
    with ResourceManagementClient(login, served.subscription, **options(served)) as resources:
        resources.resource_groups.create_or_update("sync", {"location": "westus2"})
    with NetworkManagementClient(login, served.subscription, **options(served)) as network:
        body = {"location": "westus2", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}
        made = network.virtual_networks.begin_create_or_update("sync", "net", body).result()
        assert made.provisioning_state == "Succeeded"
        assert [found.name for found in network.virtual_networks.list("sync")] == ["net"]
        network.virtual_networks.begin_delete("sync", "net").result()
        assert list(network.virtual_networks.list("sync")) == []


async def test_the_async_sdk_makes_a_disk_over_tls(served: Served) -> None:
    chosen = options(served)
    login = AsyncClientSecretCredential(
        served.tenant,
        CLIENT,
        "any",
        authority=served.url,
        disable_instance_discovery=True,
        connection_verify=served.ca,
    )
    async with login, AsyncResourceManagementClient(login, served.subscription, **chosen) as resources:
        await resources.resource_groups.create_or_update("async", {"location": "westus2"})
        async with AsyncComputeManagementClient(login, served.subscription, **chosen) as compute:
            body = {
                "location": "westus2",
                "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8},
            }
            poller = await compute.disks.begin_create_or_update("async", "disk", body)
            assert (await poller.result()).provisioning_state == "Succeeded"
        await (await resources.resource_groups.begin_delete("async")).result()
        assert not await resources.resource_groups.check_existence("async")


def test_a_client_that_does_not_trust_the_authority_is_not_let_in(served: Served) -> None:
    with pytest.raises((ServiceRequestError, ClientAuthenticationError)):
        credential(served, connection_verify=True, retry_total=0).get_token(f"{served.url}/.default")


def test_key_files_are_for_their_owner_alone(served: Served) -> None:
    keys = [path for path in Path(served.ca).parent.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert [stat.S_IMODE(path.stat().st_mode) for path in keys] == [0o600]


def test_certificates_are_used_again_while_they_are_valid(tmp_path: Path) -> None:
    first = certificates(tmp_path).authority.read_bytes()
    assert certificates(tmp_path).authority.read_bytes() == first
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=400)
    assert certificates(tmp_path, later).authority.read_bytes() != first


def test_spoilt_certificates_are_made_anew(tmp_path: Path) -> None:
    found = certificates(tmp_path)
    found.server.write_text("no certificate")
    assert certificates(tmp_path).server_context().cert_store_stats() is not None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with serve(tmp_path) as served:
        os.kill(served.process.pid, number)
        output, errors = served.process.communicate(timeout=60)
    assert (served.process.returncode, errors) == (0, "")
    assert served.url in output
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"cloud.sqlite", "cloud.sqlite.tls"}


def test_it_goes_on_where_it_ended(tmp_path: Path) -> None:
    with serve(tmp_path) as first:
        assert first.request("PUT", "/resourceGroups/kept", {"location": "westus2"})[0] == 201
        first.process.terminate()
        first.process.wait(60)
    with serve(tmp_path) as second:
        assert second.request("GET", "/resourceGroups/kept")[0] == 200
        assert second.ca == first.ca


def test_plain_http_needs_no_certificates(tmp_path: Path) -> None:
    with serve(tmp_path, "--http") as served:
        assert served.url.startswith("http://127.0.0.1:")
        assert served.request("PUT", "/resourceGroups/plain", {"location": "westus2"})[0] == 201
        assert not (tmp_path / "cloud.sqlite.tls").exists()


def test_a_port_in_use_is_told(served: Served, tmp_path: Path) -> None:
    port = served.url.rpartition(":")[2]
    tried = local("serve", "--port", port, state=tmp_path / "other.sqlite")
    assert tried.returncode == 1
    assert tried.stderr.startswith("error: the simulator cannot listen")
    assert "address already in use" in tried.stderr


def test_a_port_that_is_none_is_told(tmp_path: Path) -> None:
    assert local("serve", "--port", "70000", state=tmp_path / "s").returncode == 64


@pytest.mark.parametrize("scale", ["fast", "-1", "nan"])
def test_a_time_scale_that_is_none_is_told(tmp_path: Path, scale: str) -> None:
    tried = local("serve", f"--time-scale={scale}", state=tmp_path / "s")
    assert (tried.returncode, tried.stderr.count("\n")) == (64, 1)


def test_files_that_cannot_be_had_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text" * 2000)
    beneath_a_file = local("serve", "--port", "0", state=tmp_path / "file" / "state.sqlite")
    no_state = local("serve", "--port", "0", "--http", state=tmp_path / "file")
    a_folder = local("serve", "--port", "0", "--http", state=tmp_path)
    ready = local("serve", "--port", "0", "--ready-file", "/nowhere/ready.json", state=tmp_path / "s")
    for tried in (beneath_a_file, no_state, a_folder, ready):
        assert tried.returncode == 66, tried.stderr
        assert tried.stderr.startswith("error: ")
        assert "Traceback" not in tried.stderr


def test_a_kill_amid_many_writes_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    answered: list[str] = []
    enough = threading.Event()
    with serve(tmp_path, "--http") as served:
        served.request("PUT", "/resourceGroups/rg", {"location": "westus2"})

        def write(writer: int) -> None:
            for number in range(10_000):
                name = f"/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/pip-{writer}-{number}"
                try:
                    status, _ = served.request("PUT", name, {"location": "westus2", **PUBLIC_IP})
                except OSError:
                    return
                assert status == 201
                answered.append(name)
                if len(answered) >= 60:
                    enough.set()

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        served.process.kill()
        for thread in threads:
            thread.join(60)
    connection = sqlite3.connect(served.state)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    with serve(tmp_path, "--http") as again:
        listed = again.request("GET", "/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses")[1]["value"]
        names = {entry["name"] for entry in listed}
        assert names >= {path.rpartition("/")[2] for path in answered}
        assert len(names) <= len(answered) + len(threads)
        addresses = [entry["properties"].get("ipAddress") for entry in listed]
        assert len(set(addresses)) == len(addresses)
