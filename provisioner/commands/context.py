"""What the commands on a spec begin with: read it, tell all its mistakes, connect, resolve it for the subscription."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from ..spec import parameters
from . import embedded, loading, options, session


@dataclass(frozen=True)
class CommandContext:
    """A spec without errors and a session on the cloud that it is for."""

    loaded: loading.Loaded
    session: session.Session
    given: parameters.Given


@contextlib.asynccontextmanager
async def opened(arguments: argparse.Namespace) -> AsyncIterator[CommandContext]:
    """Open what the command line names.

    Raises:
        SpecError, UnreadableFileError: the spec; before any connection is made.
        UsageError, AccessError: the connection.
    """
    given = options.given(arguments)
    spec = loading.read_spec(arguments.specs, given, arguments.include_from)
    loading.complete(spec)
    local = embedded.chosen(arguments)
    async with session.connect(arguments.cloud, arguments.subscription, spec, local) as connection:
        yield CommandContext(loading.complete(spec, connection.subscription_id), connection, given)
