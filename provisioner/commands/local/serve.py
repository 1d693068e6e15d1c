"""``local serve``: the embedded cloud as a server, for the Azure CLI, Terraform, Ansible and the SDKs."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from ssl import SSLContext

from ...base.diagnostics import UnreadableFileError, UsageError
from .. import embedded
from ..interruption import handled_by
from . import environment, server_record

HELP = "run the simulator as a server, for the Azure CLI, Terraform, Ansible and the SDKs"
EXAMPLES = (
    "examples:\n"
    "  provisioner local serve                                     https://127.0.0.1:8443, Ctrl-C stops "
    "it\n"
    "  provisioner local serve --port 0 --ready-file ready.json    a free port; the file says which\n"
    "  provisioner local serve --time-scale 1                      Azure's own pace\n"
    "  provisioner local serve --faults faults.yaml                with faults; `provisioner local "
    "faults` has an example\n"
    "  provisioner local serve --enforce-rbac                      callers have only the roles that they "
    "were granted\n"
    '  eval "$(provisioner local env)"                             in another shell: what the clients '
    "need"
)
DEFAULT_PORT = 8443


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=int,
        default=DEFAULT_PORT,
        metavar="N",
        help=f"the port (default {DEFAULT_PORT}); 0 chooses a free one",
    )
    parser.add_argument("--http", action="store_true", help="plain HTTP; most clients require TLS")
    parser.add_argument(
        "--ready-file", metavar="FILE", help='written when it listens: {"url","ca","subscription","tenant","pid"}'
    )
    parser.add_argument(
        "--enforce-rbac",
        action="store_true",
        help="refuse requests that the caller has no role for, as Azure does; see --owner",
    )
    parser.add_argument(
        "--owner",
        action="append",
        default=[],
        metavar="ID",
        help="an object or client ID with all permissions (default: the first caller; can be repeated)",
    )
    parser.add_argument(
        "--page-size",
        type=int,
        default=1000,
        metavar="N",
        help="entries in one page of a list, to see how a client follows nextLink (default 1,000, as in Azure)",
    )
    embedded.add_state(parser, short=True)
    embedded.add_behaviour(parser)


def run(arguments: argparse.Namespace) -> int:
    if not 0 <= arguments.port <= 65535:
        raise UsageError(f"--port {arguments.port}: a port is a number from 0 to 65,535")
    if arguments.page_size < 1:
        raise UsageError(f"--page-size {arguments.page_size}: a page holds at least one entry")
    chosen = embedded.chosen(arguments)
    return asyncio.run(_serve(arguments, chosen, chosen.state.absolute()))


async def _serve(arguments: argparse.Namespace, chosen: embedded.Embedded, state: Path) -> int:
    context, authority = (None, "") if arguments.http else _tls(state)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    # Not by loop.add_signal_handler: the loop of Windows has none.
    with handled_by(lambda number, frame: loop.call_soon_threadsafe(stop.set)):
        async with embedded.started(chosen.settings(), port=arguments.port, ssl_context=context) as simulator:
            server = server_record.Server(
                simulator.url, authority, simulator.subscription_id, simulator.tenant_id, os.getpid()
            )
            records = [server_record.record_path(state)]
            if arguments.ready_file:
                records.append(Path(arguments.ready_file))
            with _recorded(records, server):
                is_elsewhere = bool(arguments.local_state or os.environ.get(embedded.STATE_VARIABLE))
                print(_greeting(server, state, is_elsewhere), flush=True)
                await stop.wait()
    print("Ended.", flush=True)
    return 0


def _tls(state: Path) -> tuple[SSLContext, str]:
    from ...simulator.http.certificates import certificates

    folder = server_record.tls_folder(state)
    try:
        found = certificates(folder)
        return found.server_context(), str(found.authority)
    except OSError as error:
        raise UnreadableFileError(f"the certificates in {folder}: {error.strerror or error}") from error


@contextlib.contextmanager
def _recorded(records: list[Path], server: server_record.Server) -> Iterator[None]:
    written: list[Path] = []
    try:
        for path in records:
            try:
                server_record.write(path, server)
            except OSError as error:
                raise UnreadableFileError(f"{path}: cannot be written: {error.strerror or error}") from error
            written.append(path)
        yield
    finally:
        for path in written:
            server_record.remove(path, server)


def _greeting(server: server_record.Server, state: Path, is_elsewhere: bool) -> str:
    return "\n".join(
        (
            f"The simulator answers at {server.url}",
            f"  certificate authority  {server.ca or '(none: plain HTTP)'}",
            f"  subscription           {server.subscription}",
            f"  tenant                 {server.tenant}",
            f"  state                  {state}",
            "",
            environment.guide(server, state if is_elsewhere else None),
            "",
            "Press Ctrl-C to stop it.",
        )
    )
