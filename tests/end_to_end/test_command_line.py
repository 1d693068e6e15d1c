"""A wrong command line is told in two lines: what is wrong, and where to look."""

from __future__ import annotations

import pytest

from provisioner.cli import main


@pytest.mark.parametrize(
    ("words", "told", "of"),
    [
        ("aply web.yaml", "unknown command 'aply'; did you mean apply?", "provisioner"),
        ("zzz", "unknown command 'zzz'", "provisioner"),
        ("apply web.yaml --taget=x", "unknown option --taget; did you mean --target?", "provisioner apply"),
        ("plan web.yaml -q", "unknown option -q", "provisioner plan"),
        ("plan", "the following arguments are required: SPEC", "provisioner plan"),
        ("local log --lats 3", "unknown option --lats; did you mean --last?", "provisioner local log"),
        ("init one two", "unexpected argument 'two'", "provisioner init"),
    ],
)
def test_a_wrong_command_line_is_told(words: str, told: str, of: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 64
    assert capsys.readouterr().err == f"error: {told}\n  hint: run `{of} --help` to list the options\n"


def test_a_dash_is_not_taken_for_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "-"]) == 64
    assert capsys.readouterr().err.startswith("error: -: a spec is a file; /dev/stdin is standard input")
