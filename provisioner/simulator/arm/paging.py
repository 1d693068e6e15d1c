"""Lists in pages: `value` and, while there is more, `nextLink`.

In: entries in a stable order, each with a number that only grows. Out: one page; what lies before and behind it is not
looked at. The link carries everything but the position in its query, as ARM's does.
"""

from __future__ import annotations

import base64
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import islice
from typing import TypeVar

from ..errors import gateway_error
from ..protocol.wire import Request, Response

Entry = TypeVar("Entry")


def page(
    request: Request,
    entries: Sequence[Entry],
    render: Callable[[Entry], object],
    size: int,
    position: Callable[[Entry], int],
    wanted: Callable[[Entry], bool] = lambda entry: True,
) -> Response:
    """One page of those entries that are wanted; `position` must not fall along the list."""
    token = request.query.get("$skiptoken") or request.query.get("$skipToken")
    top = request.query.get("$top")
    start = bisect_right(entries, _decode(token), key=position) if token else 0
    if top is not None:
        if not top.isdecimal() or int(top) < 1:
            raise gateway_error(400, "InvalidTopQueryString", f"The $top query parameter '{top}' is invalid.")
        size = min(size, int(top))
    found = (entry for index in range(start, len(entries)) if wanted(entry := entries[index]))
    shown = list(islice(found, size))
    body: dict[str, object] = {"value": [render(entry) for entry in shown]}
    # One entry beyond the page says whether there is another page; `$top` asks for a single one.
    if top is None and next(found, None) is not None:
        query = {name: value for name, value in request.query.items() if name.lower() != "$skiptoken"}
        body["nextLink"] = request.url(request.path, **query, **{"$skiptoken": _encode(position(shown[-1]))})
    return Response(200, body)


def _encode(position: int) -> str:
    return base64.urlsafe_b64encode(str(position).encode()).decode().rstrip("=")


def _decode(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        raise gateway_error(400, "InvalidSkipToken", f"The $skiptoken '{token}' is invalid.") from None
