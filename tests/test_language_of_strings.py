"""What the program prints is plain English, and every diagnostic has one form: a problem, a reason, an instruction.

The word list is that of ``tests.test_language``. Messages of Azure that the simulator quotes are facts and stay as they
are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.azure.codes import CODES
from tests.test_language import UNSEPARATED, faults, long_sentences

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "provisioner"
OF_AZURE = ("access", "arm", "description", "template", "types")
"""Packages of the simulator whose messages are Azure's own."""
PROSE = re.compile(r"[A-Za-z]{2,},? [A-Za-z`'\"(]+")
NO_PROSE = re.compile(r"\s*(?:CREATE|SELECT|INSERT|UPDATE|DELETE) |.*\\[sw.]")
"""Statements for the database, and patterns."""
VERBS = frozenset(
    [
        "accept",
        "add",
        "allow",
        "apply",
        "ask",
        "assign",
        "begin",
        "change",
        "check",
        "choose",
        "combine",
        "correct",
        "create",
        "declare",
        "delete",
        "detach",
        "enclose",
        "exclude",
        "grant",
        "have",
        "import",
        "include",
        "indent",
        "keep",
        "leave",
        "list",
        "make",
        "move",
        "name",
        "pass",
        "put",
        "quote",
        "read",
        "refer",
        "remove",
        "rename",
        "request",
        "revert",
        "run",
        "save",
        "set",
        "sign",
        "split",
        "take",
        "try",
        "use",
        "wait",
        "widen",
        "write",
    ]
)
ALSO = ("did you mean ",)
"""The usual question before a suggestion."""
DIAGNOSTIC = re.compile(r"^(\S.*?): (?:error|warning): (.*) \[(PV\d{4})\]$")


def text_of(node: ast.AST) -> str | None:
    """A string with ``X`` for each value in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    return None


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every string of a module with its line; an f-string is one text. No docstrings."""
    skipped = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(body := getattr(node, "body", None), list)
        for statement in body
        if isinstance(statement, ast.Expr)
    }
    skipped |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)} - {
        id(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
    }
    for node in ast.walk(tree):
        text = None if id(node) in skipped else text_of(node)
        if text is not None:
            yield getattr(node, "lineno", 0), text


def is_example(text: str) -> bool:
    """Whether a text is the lines of a spec or of a reference page."""
    return text.startswith("\n") and text.count("\n") > 2


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        of_azure = path.is_relative_to(PACKAGE / "simulator") and path.relative_to(PACKAGE / "simulator").parts[0]
        if of_azure not in OF_AZURE:
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def texts() -> Iterator[tuple[str, str]]:
    """Where a text is, and the text without code and without lines of examples."""
    for name, tree in modules():
        for line, text in strings(tree):
            if PROSE.search(text) and not NO_PROSE.match(text) and not is_example(text):
                for part in text.split("\n"):
                    yield f"{name}:{line}", re.sub(r"`[^`]*`", "X", part)
    for path in sorted((PACKAGE / "starters").glob("*.yaml")):
        for found in re.finditer(r"(?m)(?:^|\s)# (.*)$", path.read_text("utf-8")):
            yield str(path.relative_to(ROOT)), re.sub(r"`[^`]*`|https?://\S+", "X", found[1])


def hints(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What ``hint=`` is in the calls of a module: the texts that stand there, and those of the names that do."""
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = (
                    zip(target.elts, node.value.elts, strict=False)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                for name, value in pairs:
                    if isinstance(name, ast.Name):
                        named.setdefault(name.id, []).append(value)
    for node in ast.walk(tree):
        for keyword in node.keywords if isinstance(node, ast.Call) else ():
            if keyword.arg == "hint":
                yield from _texts_in(keyword.value, named, set())


def _texts_in(node: ast.expr, named: dict[str, list[ast.expr]], seen: set[str]) -> Iterator[tuple[int, str]]:
    text = text_of(node)
    if text is not None:
        yield node.lineno, text
    elif isinstance(node, ast.IfExp):
        yield from _texts_in(node.body, named, seen)
        yield from _texts_in(node.orelse, named, seen)
    elif isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from _texts_in(each, named, seen)
    elif isinstance(node, ast.Name) and node.id not in seen:
        for each in named.get(node.id, ()):
            # An empty one is filled by another assignment.
            yield from ((line, text) for line, text in _texts_in(each, named, seen | {node.id}) if text)


def is_instruction(hint: str) -> bool:
    """Whether a hint begins with a verb and ends without a period; one that only code knows is not looked at."""
    first = re.match(r"[a-z]+", hint)
    is_said = hint.startswith((*ALSO, "X")) or (first is not None and first[0] in VERBS)
    return is_said and not hint.endswith(".")


def diagnostics(page: str) -> Iterator[tuple[str, str, str]]:
    """Each code with its summary and its hint on a golden page; the hint is empty where there is none."""
    lines = page.splitlines()
    starts = [at for at, line in enumerate(lines) if DIAGNOSTIC.match(line)]
    for at, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = DIAGNOSTIC.match(lines[at])
        assert found
        hint = next((line.strip() for line in lines[at:end] if line.startswith("    hint: ")), "")
        yield found[3], found[2], hint.removeprefix("hint: ")


def golden() -> Iterator[tuple[str, str, str]]:
    for folder in ("bad", "warned"):
        for path in sorted((ROOT / "tests" / "golden" / folder).glob("*.txt")):
            yield from diagnostics(path.read_text("utf-8"))


def test_no_text_of_the_program_has_a_word_of_the_list() -> None:
    found = list(texts())
    assert len(found) > 1500
    assert [f"{where}: {fault} in {text[:90]!r}" for where, text in found for fault in faults(text)] == []


def test_no_sentence_of_the_program_is_longer_than_25_words() -> None:
    assert [f"{where}: {sentence}" for where, text in texts() for sentence in long_sentences(text)] == []


def test_large_numbers_of_the_program_have_separators() -> None:
    assert [f"{where}: {text}" for where, text in texts() if UNSEPARATED.search(text)] == []


def test_every_hint_in_the_code_is_an_instruction() -> None:
    found = [(f"{name}:{line}", text) for name, tree in modules() for line, text in hints(tree)]
    assert len(found) > 150
    assert [f"{where}: {text}" for where, text in found if not is_instruction(text)] == []


def test_every_hint_about_an_error_of_azure_is_an_instruction() -> None:
    found = {code: known.hint for code, known in CODES.items() if known.hint}
    assert len(found) > 30
    assert {code: hint for code, hint in found.items() if not is_instruction(hint)} == {}


def test_every_diagnostic_that_a_golden_page_shows_has_an_instruction() -> None:
    found = list(golden())
    assert len({code for code, _, _ in found}) > 100
    assert [f"{code} {summary}: {hint}" for code, summary, hint in found if not is_instruction(hint)] == []


def test_no_summary_leaves_open_what_it_is_about() -> None:
    vague = re.compile(r"(?i)(?:this|these|it|there|nobody|he|they)\b")
    assert [summary for _, summary, _ in golden() if vague.match(summary) or summary.endswith(".")] == []


@pytest.mark.parametrize("hint", ["lun: 1", "101 is free", "azureuser will do", "", "Set it", "set it."])
def test_what_is_no_instruction_is_found(hint: str) -> None:
    assert not is_instruction(hint)


def test_names_and_branches_of_a_hint_are_followed() -> None:
    tree = ast.parse(
        "_A = 'a'\ndef f(x):\n    at, hint = x, 'b' if x else f'c{x}'\n    e(hint=hint or _A)\n    g(hint=h())\n"
    )
    assert [text for _, text in hints(tree)] == ["b", "cX", "a"]


def test_a_diagnostic_without_a_hint_is_found() -> None:
    page = "a.yaml:1:1: error: one [PV1001]\n    text\nb.yaml:2:1: warning: two [PV1002]\n    hint: set it\n"
    assert list(diagnostics(page)) == [("PV1001", "one", ""), ("PV1002", "two", "set it")]
