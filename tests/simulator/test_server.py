"""The simulator as a server: several on one state, in a thread, over TLS."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import urllib.request
from pathlib import Path
from typing import Any

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from provisioner.simulator import Settings, Simulator, run_in_thread

from .conftest import Starter, public_ip


async def test_two_simulators_on_one_state_see_each_other(started: Starter, tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    async with started(state_path=state) as one, started(state_path=state) as two:
        assert one.simulator.subscription_id == two.simulator.subscription_id
        await one.make_group()
        assert (await two.get(two.group)).status == 200
        path = f"{one.network}/publicIPAddresses/pip"
        begun = await one.put(path, public_ip())
        assert (await two.put(path, public_ip())).code == "AnotherOperationInProgress"
        one.clock.advance(1)
        url = begun.headers["Azure-AsyncOperation"].removeprefix(one.simulator.url)
        assert (await two.get(url, api_version="")).body == {"status": "Succeeded"}
        first, second = (await one.get(path)).body, (await two.get(path)).body
        assert first == second
        await two.gone(path)
        assert (await one.get(path)).status == 404


async def test_a_state_can_be_read_while_another_writes_many(started: Starter, tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    async with started(state_path=state) as one, started(state_path=state) as two:
        await one.make_group()
        for number in range(50):
            await one.put(f"{one.network}/publicIPAddresses/pip{number}", public_ip())
            assert len((await two.get(f"{two.network}/publicIPAddresses")).names) == number + 1


async def test_a_middleware_may_wait_while_other_requests_are_answered(started: Starter) -> None:
    gate, seen = asyncio.Event(), []

    async def middleware(call: Any, answering: Any) -> Any:
        if call.method == "PUT":
            await gate.wait()
        reply = answering(call)
        seen.append((call.method, reply[0].status))
        return reply

    async with started(middleware=middleware) as arm:
        making = asyncio.create_task(arm.make_group())
        assert (await arm.get(arm.group)).status == 404
        assert not making.done()
        gate.set()
        await making
        assert (await arm.get(arm.group)).status == 200
        assert seen == [("GET", 404), ("PUT", 201), ("GET", 200)]
        assert [entry.status for entry in arm.simulator.log.entries()] == [404, 201, 200]


async def test_headers_that_are_no_text_do_no_harm(started: Starter) -> None:
    async with started() as arm:
        reply = await arm.get(
            arm.subscription,
            headers={"x-ms-client-request-id": "\udcff\u20ac", "x-ms-return-client-request-id": "true"},
        )
        assert reply.status == 200
        assert len(arm.simulator.log.entries()) == 1


def test_a_simulator_in_a_thread_serves_synchronous_callers() -> None:
    with run_in_thread(Settings()) as simulator:
        request = urllib.request.Request(
            f"{simulator.url}/subscriptions?api-version=2022-12-01", headers={"Authorization": "Bearer x"}
        )
        with urllib.request.urlopen(request) as response:
            assert response.status == 200


def certificate(folder: Path) -> Path:
    """A self-signed certificate for loopback and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    loopback = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(loopback, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "loopback.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


async def test_links_say_https_when_it_serves_tls(tmp_path: Path) -> None:
    file = certificate(tmp_path)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    client = ssl.create_default_context(cafile=str(file))
    async with Simulator.start(Settings(), ssl_context=server) as simulator, aiohttp.ClientSession() as session:
        assert simulator.url.startswith("https://127.0.0.1:")
        url = f"{simulator.url}/metadata/endpoints?api-version=2022-09-01"
        async with session.get(url, ssl=client) as response:
            assert (await response.json())["resourceManager"] == f"{simulator.url}/"
