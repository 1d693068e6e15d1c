"""The YAML language server as an editor talks to it: JSON-RPC over standard input and output.

Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification
"""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PATIENCE_S = 60.0


class LanguageServer:
    """One conversation. Whoever reads waits a minute at the most."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self._number = 0
        self._told: dict[str, list[Any]] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, method: str, parameters: Any) -> Any:
        """The result of a request."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._next()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def tell(self, method: str, parameters: Any) -> None:
        """A notification."""
        self._send({"method": method, "params": parameters})

    def open(self, file: Path, text: str) -> list[Any]:
        """Open a file with a text, which need not be on the disk; what the server has to say about it."""
        item = {"uri": file.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})
        while file.as_uri() not in self._told:
            self._next()
        return self._told[file.as_uri()]

    def at(self, method: str, file: Path, line: int, column: int) -> Any:
        """A request about a place; both counted from 0."""
        place = {"textDocument": {"uri": file.as_uri()}, "position": {"line": line, "character": column}}
        return self.ask(f"textDocument/{method}", place)

    def _next(self) -> dict[str, Any]:
        message = self._messages.get(timeout=_PATIENCE_S)
        if message.get("method") == "textDocument/publishDiagnostics":
            self._told[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            self._send({"id": message["id"], "result": [None for _ in message["params"]["items"]]})
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        return message

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while line := stream.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
            elif line == b"\r\n":
                self._messages.put(json.loads(stream.read(length)))


@contextmanager
def serving(program: Path, folder: Path) -> Iterator[LanguageServer]:
    """A language server that knows no schema but those that files name."""
    with subprocess.Popen(
        ["node", str(program), "--stdio"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            server = LanguageServer(process)
            server.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
            server.tell("initialized", {})
            settings = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
            server.tell("workspace/didChangeConfiguration", {"settings": {"yaml": settings}})
            yield server
        finally:
            process.kill()
