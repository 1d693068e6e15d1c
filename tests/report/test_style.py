"""What of a spec's line fits on a terminal, so that the caret stands under its place."""

from __future__ import annotations

import fcntl
import os
import struct
import termios

import pytest

from provisioner.base.diagnostics import WIDEST, Diagnostic, SourceLocation
from provisioner.report.style import excerpt_width

LINE = "  rules: {ssh: {priority: 100, direction: inbound, access: allow, protocol: tcp, source: any, ports: [80-70]}}"


@pytest.mark.parametrize("columns", [50, 80, 100, 200])
def test_a_line_and_its_caret_are_not_wrapped(columns: int) -> None:
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with open(theirs, "w", encoding="utf-8") as terminal:
        widest = excerpt_width(terminal)
    os.close(ours)
    found = Diagnostic("PV2412", "no range", SourceLocation("web.yaml", 1, LINE.index("80-70") + 1, LINE))
    _, text, caret = found.render(widest).splitlines()
    assert len(text) <= columns
    assert text[caret.index("^") :].startswith("80-70")


def test_what_is_no_terminal_gets_whole_lines() -> None:
    with open(os.devnull, "w", encoding="utf-8") as stream:
        assert excerpt_width(stream) == WIDEST
