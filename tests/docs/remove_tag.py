"""``python -m tests.docs.remove_tag DEPLOYMENT ID…``: the request of ``az tag update --operation delete``.

It goes to the simulator: the Azure CLI is not run in these tests. An ID can be without its subscription.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import aiohttp

from provisioner.simulator import Settings, Simulator


async def main(deployment: str, names: list[str]) -> None:
    settings = Settings(state_path=Path(os.environ["PROVISIONER_LOCAL_STATE"]))
    async with Simulator.start(settings) as simulator, aiohttp.ClientSession() as http:
        for name in names:
            path = name if name.startswith("/subscriptions/") else f"/subscriptions/{simulator.subscription_id}{name}"
            url = f"{simulator.url}{path}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01"
            body = {"operation": "Delete", "properties": {"tags": {"provisioner-deployment": deployment}}}
            async with http.patch(url, json=body, headers={"Authorization": "Bearer x"}) as response:
                assert response.status == 200, await response.text()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
