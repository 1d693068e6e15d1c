"""Outputs as a shell and a workflow read them."""

from __future__ import annotations

import subprocess

import pytest

from provisioner.report import outputs_text


def test_a_shell_reads_back_what_was_written() -> None:
    value = 'it\'s $HOME `x`\n"two" lines'
    script = outputs_text.environment({"a-value": value}) + '\nprintf %s "$A_VALUE"'
    found = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=20, check=True)
    assert found.stdout == value


@pytest.mark.parametrize(("name", "variable"), [("web", "WEB"), ("web.id", "WEB_ID"), ("0-a", "_0_A")])
def test_an_output_has_the_name_of_a_variable(name: str, variable: str) -> None:
    assert outputs_text.variable(name) == variable


def test_a_workflow_gets_several_lines_between_marks_that_are_not_in_them() -> None:
    assert (
        outputs_text.github({"a": "x", "b": "one\nEOF\nthree", "c": [1]})
        == "a=x\nb<<EOF_\none\nEOF\nthree\nEOF_\nc=[1]"
    )


def test_long_lists_are_cut_for_people() -> None:
    values = {
        "few": ["a", "b"],
        "many": [str(number) for number in range(2000)],
        "keys": dict.fromkeys("abcdefghij", 1),
    }
    assert outputs_text.brief(values).splitlines() == [
        'few = ["a", "b"]',
        'many = ["0", "1", "2", … 1997 more]',
        'keys = {"a": 1, "b": 1, "c": 1, … 7 more}',
    ]
