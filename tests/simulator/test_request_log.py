"""The log of requests."""

from __future__ import annotations

from pathlib import Path

from provisioner.simulator import LogEntry, read_log
from provisioner.simulator.http.request_log import RequestLog

from .conftest import Starter, public_ip


def entry(number: int) -> LogEntry:
    return LogEntry(float(number), "GET", f"/{number}", "2024-05-01", 200, 1.0, "", "me")


async def test_requests_are_in_the_state_file_when_the_simulator_has_stopped(started: Starter, tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    async with started(state_path=state) as arm:
        await arm.make_group()
        secret = {"Authorization": "Bearer SECRET-TOKEN", "x-ms-client-request-id": "mine"}
        body = {**public_ip(), "tags": {"note": "SECRET-BODY"}}
        await arm.put(f"{arm.network}/publicIPAddresses/pip?password=SECRET-QUERY", body, headers=secret)
        await arm.get(f"{arm.group}x")
    entries = list(read_log(state))
    assert [(one.method, one.status, one.error_code) for one in entries] == [
        ("PUT", 201, ""),
        ("PUT", 201, ""),
        ("GET", 404, "ResourceGroupNotFound"),
    ]
    assert (entries[1].client_request_id, entries[1].api_version) == ("mine", "2024-05-01")
    assert entries[1].path.endswith("/publicIPAddresses/pip")
    assert "SECRET" not in repr(entries)
    assert b"SECRET-TOKEN" not in state.read_bytes()


def test_only_the_newest_entries_are_kept(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    log = RequestLog(state, limit=10)
    for number in range(25):
        log.add(entry(number))
    log.close()
    assert [one.path for one in read_log(state)] == [f"/{number}" for number in range(15, 25)]
    assert [one.path for one in read_log(state, last=2)] == ["/23", "/24"]


def test_a_log_in_memory_keeps_the_newest_too() -> None:
    log = RequestLog(None, limit=3)
    for number in range(5):
        log.add(entry(number))
    assert [one.path for one in log.entries()] == ["/2", "/3", "/4"]


def test_a_missing_file_has_no_entries_and_stays_missing(tmp_path: Path) -> None:
    assert list(read_log(tmp_path / "none.db")) == []
    assert not (tmp_path / "none.db").exists()
