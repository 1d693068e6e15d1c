"""Runs the SDK's reads and gives wire JSON; what is not there is None or an empty list."""

from __future__ import annotations

import inspect
import json

from ..base.diagnostics import ExecutionError
from ..base.values import Body
from ..comparison.ownership_tags import respelled
from .errors import is_missing, translated
from .sdk import NewModel, OldModel, Operation, Pages, PipelineResponse


async def one(operation: Operation, target: str, *arguments: str, **options: str) -> Body | None:
    """The object that an SDK operation gets.

    Args:
        target: the ARM ID that an error names.

    Raises:
        ExecutionError, AccessError: the read failed.
    """
    try:
        with translated(target):
            found: Body = await operation(*arguments, cls=wire, **options)
            return found
    except ExecutionError as error:
        if is_missing(error):
            return None
        raise


async def every(pages: Pages, target: str) -> list[Body]:
    """Everything in an SDK list, paged or in one answer.

    Raises:
        ExecutionError, AccessError: the read failed.
    """
    try:
        with translated(target):
            if inspect.isawaitable(pages):
                return [mapping(item) for item in (await pages).value or ()]
            return [mapping(item) async for item in pages]
    except ExecutionError as error:
        if is_missing(error):
            return []
        raise


def wire(response: PipelineResponse, model: object, headers: object) -> Body:
    """The body as it came over the wire: models of some SDK packages drop what they do not know."""
    return parsed(response.http_response.text())


def parsed(text: str) -> Body:
    """A body's JSON, with the program's own tags as it spells them."""
    found: Body = json.loads(text) if text else {}
    return respelled(found)


def mapping(item: NewModel | OldModel) -> Body:
    """Wire JSON of a list's item: newer models are mappings, older ones serialise."""
    found: Body = item.serialize(keep_readonly=True) if hasattr(item, "serialize") else item.as_dict()
    return respelled(found)
