"""The state: atomic, durable, shared between processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.simulator.state.store import Store
from tests import warm


def put(store: Store, key: str, value: int, kind: str = "thing") -> None:
    with store.transaction():
        store.put(kind, key, {"value": value})


def test_documents_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "state.db"
    store = Store(path)
    put(store, "a", 1)
    put(store, "b", 2)
    with store.transaction():
        store.delete("thing", "a")
    store.close()
    assert dict(Store(path).all("thing")) == {"b": {"value": 2}}


@pytest.mark.parametrize("in_file", [True, False])
def test_an_exception_undoes_everything_in_memory_and_on_disk(tmp_path: Path, in_file: bool) -> None:
    path = tmp_path / "state.db" if in_file else None
    store = Store(path)
    put(store, "a", 1)
    told: list[tuple[str, object]] = []
    store.listen("thing", lambda key, old, new: told.append((key, new)))

    def fail() -> None:
        with store.transaction():
            store.put("thing", "a", {"value": 2})
            store.put("thing", "b", {"value": 3})
            store.delete("thing", "a")
            raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert dict(store.all("thing")) == {"a": {"value": 1}}
    assert told[-1] == ("a", {"value": 1})
    if path is not None:
        assert dict(Store(path).all("thing")) == {"a": {"value": 1}}


def test_a_write_outside_of_a_transaction_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        Store(None).put("thing", "a", {})


def test_what_one_process_writes_another_sees(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    one, two = Store(path), Store(path)
    put(one, "a", 1)
    two.refresh()
    assert two.get("thing", "a") == {"value": 1}
    with two.transaction():
        two.delete("thing", "a")
    one.refresh()
    assert one.get("thing", "a") is None


def test_a_transaction_sees_the_latest_before_it_decides(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    one, two = Store(path), Store(path)
    for store in (one, two, one):
        with store.transaction():
            count = (store.get("thing", "count") or {"value": 0})["value"]
            store.put("thing", "count", {"value": count + 1})
    two.refresh()
    assert two.get("thing", "count") == {"value": 3}


def test_deletes_are_seen_even_after_their_traces_were_purged(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    one, watcher = Store(path), Store(path)
    put(one, "stays", 0)
    for number in range(5):
        put(one, str(number), number)
    watcher.refresh()
    with one.transaction():
        for number in range(5):
            one.delete("thing", str(number))
    purger = Store(path, tombstones_kept=2)
    with sqlite3.connect(path) as file:
        assert file.execute("SELECT count(*) FROM document WHERE value IS NULL").fetchone() == (0,)
    put(purger, "new", 9)
    watcher.refresh()
    assert set(watcher.all("thing")) == {"stays", "new"}


WRITER = """
import sys, pathlib
from provisioner.simulator.state.store import Store
store = Store(pathlib.Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    with store.transaction():
        count = (store.get("thing", "count") or {"value": 0})["value"]
        store.put("thing", "count", {"value": count + 1})
        store.put("thing", f"{sys.argv[3]}-{number}", {"value": count})
    print(number, flush=True)
"""


def writer(path: Path, count: int, name: str) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WRITER, str(path), str(count), name]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return warm.start(arguments, stdout=subprocess.PIPE, text=True, env=environment)


def test_processes_that_count_together_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    processes = [writer(path, 100, name) for name in ("a", "b", "c")]
    for process in processes:
        process.communicate(timeout=120)
        assert process.returncode == 0
    assert Store(path).get("thing", "count") == {"value": 300}


def test_a_killed_process_leaves_whole_transactions(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    process = writer(path, 1_000_000, "a")
    assert process.stdout is not None
    for _ in range(50):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    store = Store(path)
    counted = store.get("thing", "count")
    assert counted is not None
    assert counted["value"] == len(store.all("thing")) - 1 >= 50
    put(store, "after", 1)
