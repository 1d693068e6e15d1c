"""Words of hints in the shell of the system."""

from __future__ import annotations

import pytest

from provisioner.base import shell


@pytest.mark.parametrize(
    ("word", "sh", "powershell"),
    [
        ("plan.json", "plan.json", "plan.json"),
        (r"C:\plans\web.json", r"'C:\plans\web.json'", r"C:\plans\web.json"),
        ("it's a plan", """'it'"'"'s a plan'""", "'it''s a plan'"),
        ("$x; y", "'$x; y'", "'$x; y'"),
    ],
)
def test_a_word_is_taken_as_it_stands(word: str, sh: str, powershell: str) -> None:
    assert shell.quoted(word, "sh") == sh
    assert shell.quoted(word, "powershell") == powershell


def test_a_variable_is_set() -> None:
    assert shell.to_set("X", "it's", "sh") == """export X='it'"'"'s'"""
    assert shell.to_set("X", "it's", "powershell") == "$env:X = 'it''s'"
    assert shell.to_set("X", shell="powershell") == "$env:X = '…'"
