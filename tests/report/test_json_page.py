"""The page about JSON names every field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from provisioner.base.diagnostics import AzureFailure
from provisioner.execution.events import Event, Result
from tests.harness import World
from tests.kinds.specs import HEAD, NETWORK, machine


def names(value: Any) -> Iterator[str]:
    """The keys of a document, but for those of bodies and of values by name."""
    if isinstance(value, list):
        for item in value:
            yield from names(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            if key not in ("desired", "before", "after"):
                yield from names(item)


async def test_every_field_of_plans_and_events_is_on_the_page(world: World, root: Path) -> None:
    page = (root / "docs" / "reference" / "json.md").read_text("utf-8")
    await world.apply(HEAD + NETWORK + machine())
    plan = await world.plan(HEAD + NETWORK + machine(size="Standard_B2s"))
    (change,) = plan.pending
    result = Result(change, "failed", failure=AzureFailure("Code", "message"), caused_by="vms/other")
    event = Event("finished", change, 1.0, "detail", result)
    found = {*names(plan.to_json(details=True)), *names(event.to_json())}
    assert {"impact", "differences", "immutable", "desired", "request_id", "because", "no-op"} <= found
    assert [name for name in sorted(found) if not re.search(rf'["`]{name}["`]', page)] == []
