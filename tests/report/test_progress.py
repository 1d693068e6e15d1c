"""The table of a run on a terminal: what runs, what waits for what, what waits for its turn."""

from __future__ import annotations

import io
import time

from provisioner.events import Event, Result
from provisioner.kinds import public_ip, resource_group
from provisioner.plan import Change, Plan
from provisioner.report import progress


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
    Change(f"network/public_ips/p/{index}", public_ip.KIND, f"{GROUP.id}/x/{index}", "create",
           needs={"resource_group": "done"})
    for index in range(8)
]  # fmt: skip
PLAN = Plan("demo", "local", (GROUP, *ADDRESSES))


def test_what_could_go_but_may_not_yet_waits_for_its_turn() -> None:
    screen = Terminal()
    with progress.listener(PLAN, "text", screen) as listen:
        listen(Event("started", GROUP, 0.0))
        assert screen.wait_for("for resource_group")
        assert "turn" not in screen.getvalue()
        listen(Event("finished", GROUP, 0.1, result=Result(GROUP, "succeeded")))
        assert screen.wait_for("for its turn")
        assert screen.wait_for("8 wait for their turn")
        listen(Event("started", ADDRESSES[0], 0.2))
        listen(Event("retrying", ADDRESSES[0], 0.3, detail="TooManyRequests"))
        assert screen.wait_for("trying again: TooManyRequests")
        assert screen.wait_for("7 wait for their turn")
