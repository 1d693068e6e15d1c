"""The table of a run on a terminal: what runs, what waits for what, what waits for its turn."""

from __future__ import annotations

import io
import time

import pytest

from provisioner.comparison.rendering import OwnedIds
from provisioner.execution.events import Event, Result
from provisioner.planning.compile import compiled
from provisioner.planning.entanglement import Entanglement
from provisioner.planning.plan import Change, Plan, by_address
from provisioner.report import progress
from provisioner.resources.kinds import public_ip, resource_group


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def wait_for(self, text: str) -> bool:
        """Whether the text is drawn within some seconds."""
        until = time.monotonic() + 20
        while text not in self.getvalue() and time.monotonic() < until:
            time.sleep(0.05)
        return text in self.getvalue()


GROUP = Change("resource_group", resource_group.KIND, "/subscriptions/s/resourceGroups/g", "create")
ADDRESSES = [
    Change(f"network/public_ips/p/{index}", public_ip.KIND, f"{GROUP.id}/x/{index}", "create") for index in range(8)
]
CHANGES = by_address((GROUP, *ADDRESSES))
NEEDS = {item.address: {GROUP.address: "done"} for item in ADDRESSES}
PLAN = Plan("demo", "local", tuple(CHANGES.values()), steps=compiled(CHANGES, NEEDS, Entanglement(), OwnedIds()).steps)


def test_what_was_left_out_is_not_counted_as_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Terminal()
    with progress.listener(PLAN, "text", screen) as listen:
        listen(Event("started", GROUP, 0.0))
        listen(Event("finished", GROUP, 0.1, result=Result(GROUP, "succeeded", elapsed_s=0.1)))
        listen(Event("finished", ADDRESSES[0], 0.2, result=Result(ADDRESSES[0], "cancelled")))
        listen(Event("finished", ADDRESSES[1], 0.2, result=Result(ADDRESSES[1], "skipped", caused_by="vms/x")))
    last = screen.getvalue().rpartition("resource_group")[2]
    rows = {words[1]: words[2:] for line in last.splitlines() if (words := line.split()) and "/p/" in line}
    assert rows["network/public_ips/p/0"] == ["cancelled"]
    assert rows["network/public_ips/p/1"] == ["skipped", "because", "of", "vms/x"]
    assert "1 of 9" in last.replace("\x1b[1m", "")


def test_what_could_go_but_may_not_yet_waits_for_its_turn() -> None:
    screen = Terminal()
    with progress.listener(PLAN, "text", screen) as listen:
        listen(Event("started", GROUP, 0.0))
        assert screen.wait_for("for resource_group")
        assert "turn" not in screen.getvalue()
        listen(Event("finished", GROUP, 0.1, result=Result(GROUP, "succeeded")))
        assert screen.wait_for("for its turn")
        assert screen.wait_for("8 queued")
        listen(Event("started", ADDRESSES[0], 0.2))
        listen(Event("retrying", ADDRESSES[0], 0.3, detail="TooManyRequests"))
        assert screen.wait_for("trying again: TooManyRequests")
        assert screen.wait_for("7 queued")
