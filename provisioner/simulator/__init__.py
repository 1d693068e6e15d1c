"""An embedded Azure Resource Manager on loopback, for trying, rehearsing and testing without Azure.

In: `Settings`. Out: a `Simulator` that the Azure SDKs, the Azure CLI and Terraform can talk to over HTTP.

    async with Simulator.start(Settings(state_path=Path("state.db"))) as simulator:
        print(simulator.url, simulator.subscription_id)

It is written from Azure's REST reference and recorded answers, never from what this package's own client sends,
and it imports nothing of it. Importing this module is cheap: the server and the SDK models are loaded when first
needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .http.request_log import LogEntry, read_log
from .settings import Settings

if TYPE_CHECKING:
    from .http.server import Simulator, run_in_thread

__all__ = ["LogEntry", "Settings", "Simulator", "read_log", "run_in_thread"]


def __getattr__(name: str) -> object:
    if name in ("Simulator", "run_in_thread"):
        from .http import server

        return getattr(server, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
