"""Recorded sequences of real Azure, replayed: the same statuses, headers and bodies."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from .conftest import Reply, Starter
from .recordings import FILES, ROOT, Exchange, as_replayed, differences, exchanges, leaves

REPLACED = re.compile(r"(principalId|clientId|tenantId|osDisk\.name)$")
"""Values that Azure chose and later requests repeat; ours take their place."""


NOT_FOUND = f"no recordings in {ROOT / 'azure'}: set PROVISIONER_RECORDINGS to the folder that contains `azure`"
# An empty list of parameters would be a skip with pytest's own reason.
CASES = [pytest.param(file, id=file.stem.rpartition("__")[2]) for file in FILES] or [
    pytest.param(ROOT, id="none", marks=pytest.mark.skip(reason=NOT_FOUND))
]


@pytest.mark.parametrize("file", CASES)
async def test_a_recorded_sequence_is_answered_as_azure_did(file: Path, started: Starter) -> None:
    recorded = exchanges(file)
    subscription = next(found[1] for each in recorded if (found := re.search("/subscriptions/([^/?]+)", each.uri)))
    async with started() as arm:
        ours = {subscription: arm.simulator.subscription_id}
        problems: list[str] = []
        for index, each in enumerate(recorded):
            if each.is_poll or is_waiting(each) or is_repeated_delete(each, recorded[:index]):
                continue
            body = as_replayed(each)
            reply = await arm(each.method, arm.simulator.url + put_in(each.uri, ours), put_in(body, ours))
            if each.method != "GET":
                arm.clock.advance(1000)
            here = f"{each.method} {each.uri.rpartition('/providers/')[2].partition('?')[0]}"
            problems += [f"{here}: {problem}" for problem in compared(each, reply, ours)]
            theirs = dict(leaves(each.answer))
            ours.update(
                {
                    theirs[path]: value
                    for path, value in leaves(reply.body)
                    if REPLACED.search(path) and isinstance(theirs.get(path), str) and isinstance(value, str)
                }
            )
        assert not problems, "\n".join(problems)


def compared(each: Exchange, reply: Reply, ours: dict[str, str]) -> list[str]:
    """What is not as recorded: status, headers of operations, body."""
    status, headers, body = reply.status, reply.headers, reply.body
    if status != each.status:
        return [f"{status} {body}, in Azure {each.status}"]
    problems = []
    for name in ("azure-asyncoperation", "location"):
        if (name in each.headers) != (name in headers):
            problems.append(f"{name} is {headers.get(name)}, in Azure {each.headers.get(name)}")
    if each.method == "PUT" and each.headers.get("retry-after") != headers.get("retry-after"):
        problems.append(f"Retry-After is {headers.get('retry-after')}, in Azure {each.headers.get('retry-after')}")
    return problems + differences(put_in(each.answer, ours), body)


def is_waiting(each: Exchange) -> bool:
    """A grant refused until the directory knew the principal: how long that takes is a fault's matter, not ours."""
    return "/roleAssignments/" in each.uri and each.status == 400


def is_repeated_delete(each: Exchange, before: list[Exchange]) -> bool:
    """A group's delete sent again while the first still runs; here it has ended by then."""
    return (
        each.method == "DELETE"
        and each.status == 202
        and any((e.method, e.uri) == ("DELETE", each.uri) for e in before)
    )


def put_in(value: Any, ours: dict[str, str]) -> Any:
    """With our values in the place of recorded ones."""
    text = json.dumps(value)
    for theirs, mine in ours.items():
        text = text.replace(theirs, mine)
    return json.loads(text)
