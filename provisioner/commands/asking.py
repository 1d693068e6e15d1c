"""A question that only ``yes`` answers."""

from __future__ import annotations

import signal
import sys

from .interruption import handled_by


def asked(question: str) -> bool:
    """Whether the user says yes; without a terminal nobody does.

    Raises:
        KeyboardInterrupt: Ctrl-C, at once: an event loop would only see it after the next line.
    """
    if not sys.stdin.isatty():
        print("error: can't prompt for approval: no terminal. To approve without a prompt, pass --yes", file=sys.stderr)
        return False
    try:
        with handled_by(signal.default_int_handler):
            answer = input(f"{question} Enter 'yes' to approve: ")
    except EOFError:
        print()
        answer = ""
    except KeyboardInterrupt:
        print()
        raise KeyboardInterrupt("nothing was done") from None
    if answer.strip().lower() == "yes":
        return True
    print("Nothing was done.")
    return False
