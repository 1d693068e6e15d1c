"""The process that records: a line with a scenario's name in, a line of JSON with what was recorded out.

A process of its own, since recording takes over the environment, the event loops and the signals.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from provisioner.simulator.http.certificates import Certificates, certificates

from . import scenarios

_ENVIRONMENT = {
    "ADMIN_PASSWORD": "Correct-Horse-7-Battery",
    "DOMAIN_PASSWORD": "Correct-Horse-8-Battery",
    "AZURE_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
    "AZURE_CLIENT_SECRET": "anything",
    "AZURE_TENANT_ID": "7e4a0000-0000-4000-8000-000000000001",
    "AZURE_SUBSCRIPTION_ID": scenarios.SUBSCRIPTION,
}


def prepare(folder: Path) -> Certificates:
    """The environment of a user of the recorder's cloud. HTTP libraries read it when they are imported."""
    for name in list(os.environ):
        if name.startswith(("AZURE_", "PROVISIONER_")):
            del os.environ[name]
    found = certificates(folder / "tls")
    os.environ.update(_ENVIRONMENT, SSL_CERT_FILE=str(found.authority), XDG_STATE_HOME=str(folder / "home"))
    return found


def main() -> None:
    # What the commands print must not come between: the answers get a pipe of their own.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory() as folder:
        tls = prepare(Path(folder))
        from .record import Recorder

        recorder = Recorder(Path(folder), tls)
        for line in sys.stdin:
            before, began = recorder.runs, time.process_time()
            try:
                text, bodies = recorder.record(scenarios.read(line.strip()))
                answer = {"text": text, "bodies": bodies, "runs": recorder.runs - before}
                answer["cpu"] = time.process_time() - began
            except Exception:
                answer = {"error": traceback.format_exc()}
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
