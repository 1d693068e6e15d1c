"""In which order commands send their writes to Azure: ``writes/scenarios/*.yaml`` to ``writes/*.txt``.

A golden file lists the writes of one command. Each has its outcome (the status of each attempt, then the end of its
operation), its body (whole where it is short, else a digest and its paths), and the writes that it waits for: those
that had to end, ``is accepted`` where the first answer is enough, ``is refused`` where an error is. What follows from
other lines is left out. Writes stand behind those that they wait for, otherwise by name. ``(in some orders)`` marks a
write that isn't sent in every order of answers. Names leave out the deployment's own group; a grant is named by role
and principal.

The order isn't that of one run. The recorder holds back every answer until the command can't go on without one, and
gives one at a time. It runs the command again with other answers held back for longest, until each line ``after X``
was seen: the write was sent in response to X alone, and never before it. So neither the speed of the machine nor
chance decides anything. The commands run as users run them (``provisioner.cli.main``), against the embedded cloud
served over TLS; the recorder knows nothing else of the product.

A scenario is a YAML file:

    about: one sentence
    before: {spec: web.yaml}      what is deployed: a file of writes/specs or specs. Further: `edits`; `deploy: false`
                                  (nothing is deployed yet); `faults` while it is deployed (docs/guides/faults.md)
    edits:                        from that text to the spec of the command
      - {from: text, to: text}    or {append: text}, or {spec: other.yaml}
    first: []                     requests of other users before the deployment
    others: []                    and behind it: `- PUT /resourceGroups/x/…: {body}`, or `merge: {…}` beside it; a body
                                  may name `principal of userAssignedIdentities/app`
    plan: plan SPEC --out PLAN    a command before the one that is recorded
    run: apply SPEC --yes         the command that is recorded; `--no-lock` is added where it names no `--lock-timeout`
    faults: {rules: []}           trouble while it runs (docs/guides/faults.md)
    incidents:                    when a write is first sent: requests of other users, or Ctrl-C
      - {at: PUT virtualMachines/web, interrupt: true, requests: []}

To add one, write the file, record it, and read what was recorded:

    pytest tests/golden/test_writes.py --update-golden -k NAME

Where a digest changes, the failure shows the whole bodies. Those of another commit: there,
``echo NAME | python -m tests.golden.recorder.worker``.
"""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .recorder import scenarios

HERE = Path(__file__).parent / "writes"
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def recorder() -> Iterator[subprocess.Popen[str]]:
    """A process that records scenarios by name."""
    command = [sys.executable, "-m", "tests.golden.recorder.worker"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("name", scenarios.names())
def test_the_order_of_writes(name: str, recorder: subprocess.Popen[str], update_golden: bool) -> None:
    assert recorder.stdin is not None and recorder.stdout is not None
    print(name, file=recorder.stdin, flush=True)
    found = json.loads(recorder.stdout.readline())
    assert "error" not in found, found["error"]
    golden = HERE / f"{name}.txt"
    if update_golden:
        golden.write_text(found["text"], "utf-8")
    expected = golden.read_text("utf-8")
    if found["text"] != expected:
        lines = expected.splitlines(), found["text"].splitlines()
        changes = "\n".join(difflib.unified_diff(*lines, "expected", "found", lineterm="", n=4))
        bodies = [f"{digest}: {body}" for digest, body in found["bodies"].items() if f"+  body {digest}" in changes]
        pytest.fail("\n".join([changes, *bodies]), pytrace=False)


def test_every_golden_file_has_a_scenario() -> None:
    assert sorted(path.stem for path in HERE.glob("*.txt")) == scenarios.names()
