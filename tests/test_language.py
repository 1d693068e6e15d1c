"""The texts that people read are plain English: no word of the list, at most 25 words a sentence, one number format.

``SOURCES`` has the texts. To add the strings of the program, add ``tests.test_user_texts.texts`` to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_user_texts import words

ROOT = Path(__file__).parent.parent
MOST_WORDS = 25
INSTEAD = {
    r"tells?|told": "reports",
    r"anew": "again; replaced",
    r"stands?": "is, appears, is defined",
    r"(?:some|no|every|any)body|whoever": "another user or tool; name the noun",
    r"(?:is|are|was|were) (?:not )?there|there is no": "exists, doesn't exist",
    r"so (?:many|long|old)": "the number and its unit",
    r"of (?:its|your|their) own": "separate, dedicated",
    r"lets? (?:it |them )?(?:be|finish)": "ignores; waits for",
    r"(?:is|are) gone|goes away|(?:takes?|took|taken) away": "is deleted, removes",
    r"(?:in|out)side of": "inside, outside",
    r"beside|(?:is|are) behind": "together with, next to; lags",
    r"(?<!there )(?:is|are) no(?: (?!longer\b)|ne\b)": "isn't a",
    r"regard(?:s|ed)?": "respects, checks",
    r"mend(?:s|ed)?": "fixes, repairs",
    r"befalls?|befell|wishes|means harm|invents?": "matches; options; untrusted; generates",
    r"in turn": "round-robin, one after the other",
    r"laid over|lays? out|the one way": "merged over, formats, in the standard layout",
    r"may": "can, might, has permission to",
    r"alone": "only",
    r"things?|sorts? of": "resource, type",
    r"(?:is|are|was|were) to be": "must, should, will",
    r"(?<!virtual )machines?": "VM, or your computer",
    r"embedded (?:cloud|Azure)": "simulator",
    r"journals?": "run log",
    r"licences?|datacentres?|centres?|catalogues?|grey|whilst": "US spelling",
    r"(?:behavi|col|fav|hon|neighb)our\w*": "US spelling",
    r"\w*(?:organ|general|initial|real|recogn|normal|special|author|summar)is(?:e[sd]?|ing|ation)": "US spelling",
}
"""Patterns of whole words, and what to write instead."""
FROM_THE_PROGRAM = {
    "docs/reference/cli.md": "printed by the parsers",
    "docs/reference/azure-errors.md": "hints of provisioner/azure/codes.py",
    "docs/reference/diagnostics.md": "provisioner/report/rules.yaml and what validate prints",
}
"""Pages that quote strings of the program. They change with these strings."""
Text = tuple[str, str]
"""Where a text is, and the text."""


def markdown() -> Iterator[Text]:
    """Paragraphs, list items and table cells of Markdown, without code, links and comments."""
    for path in sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))):
        name = str(path.relative_to(ROOT))
        if name not in FROM_THE_PROGRAM:
            yield from ((name, text) for text in prose(path.read_text("utf-8")))


def prose(page: str) -> Iterator[str]:
    # The types of the simulator are described by its modules.
    page = page.partition("<!-- types -->")[0]
    page = re.sub(r"^ *```.*?^ *```$|<!--.*?-->", "", page, flags=re.MULTILINE | re.DOTALL)
    page = re.sub(r"`[^`]*`", "X", page)
    page = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", page)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|\n(?=\||#|>)|\n(?=\S.*\n\|)", page):
        for part in block.split("|") if block.lstrip().startswith("|") else [block]:
            if text := " ".join(re.sub(r"^\s*(?:[-*#>]+|\d+\.)\s", "", part).replace("**", "").split()):
                yield text


def schema() -> Iterator[Text]:
    for path in sorted((ROOT / "schema").rglob("*.schema.json")):
        yield from ((str(path.relative_to(ROOT)), text) for text in described(json.loads(path.read_text("utf-8"))))


def described(node: Any) -> Iterator[str]:
    """What a schema says of its properties and values."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key in ("title", "description", "errorMessage", "enumDescriptions"):
            yield from (re.sub(r"`[^`]*`", "X", text) for text in words([value]) if isinstance(value, str | list))
        if key != "enumDescriptions" and not isinstance(value, str):
            yield from described(value)


def specs() -> Iterator[Text]:
    """Comments and descriptions of the examples; neighboring lines of comment are one text."""
    for path in sorted((ROOT / "specs").rglob("*.yaml")):
        text = re.sub(r"(?m)^# yaml-language-server.*\n|^#   .*$|^#cloud-config$", "", path.read_text("utf-8"))
        found = re.findall(r"(?m)(?:^ *# .*\n)+|(?<=\S) +# (?!provisioner:).*$|description: (.*?)[}\n]", text)
        comments = re.findall(r"(?m)(?:^ *# .*\n)+|(?<=\S) +# (?!provisioner:).*$", text)
        for part in [*filter(None, found), *comments]:
            cleaned = " ".join(re.sub(r"(?m)^ *# ?|https://\S+|\$\{.*?\}", " ", part).split())
            yield str(path.relative_to(ROOT)), re.sub(r"`[^`]*`", "X", cleaned)


UNSEPARATED = re.compile(r"(?<![\w.,/#:-])(?<!code page )(?!20[12]\d\b)[1-9]\d{3,}(?![\w.,:-]*\w)")
"""A number from 1,000 on without a separator, which is neither a year nor a part of a name, a version or a date."""

SOURCES: tuple[Callable[[], Iterator[Text]], ...] = (markdown, schema, specs)


def faults(text: str) -> list[str]:
    """The words of the list in a text, each with what to write instead."""
    found = []
    for pattern, instead in INSTEAD.items():
        found += [
            f"{match[0]!r}: {instead}" for match in re.finditer(rf"(?i)\b(?:{pattern})\b", text) if match[0] != "May"
        ]
    return found


def long_sentences(text: str) -> list[str]:
    sentences = re.split(r"(?<=[.!?·])[\"')\]]*\s+", text)
    return [sentence for sentence in sentences if len(re.findall(r"[\w'-]*[A-Za-z][\w'-]*", sentence)) > MOST_WORDS]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_no_text_has_a_word_of_the_list(source: Callable[[], Iterator[Text]]) -> None:
    texts = list(source())
    assert len(texts) > 50
    assert [f"{where}: {fault} in {text[:90]!r}" for where, text in texts for fault in faults(text)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_no_sentence_is_longer_than_25_words(source: Callable[[], Iterator[Text]]) -> None:
    assert [f"{where}: {sentence}" for where, text in source() for sentence in long_sentences(text)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_large_numbers_have_separators(source: Callable[[], Iterator[Text]]) -> None:
    assert [f"{where}: {text}" for where, text in source() if UNSEPARATED.search(text)] == []


def test_a_number_without_a_separator_is_found() -> None:
    assert [bool(UNSEPARATED.search(text)) for text in ("at most 4000 grants", "10000 VMs")] == [True, True]
    fine = ("4,000 grants", "in 2027", "1.2.3000", "UTF-16", "PV2403", "2024-07-01", "code page 1252")
    assert [text for text in fine if UNSEPARATED.search(text)] == []


def test_pages_that_quote_the_program_exist() -> None:
    assert [name for name in FROM_THE_PROGRAM if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "text",
    [
        "Mistakes are told at once.",
        "It is made anew.",
        "What stands there.",
        "Somebody changed it.",
        "It is not there.",
        "so many of them",
        "a network of its own",
        "it lets be what runs",
        "it is gone",
        "outside of it",
        "beside it",
        "this is no name",
        "it regards the lock",
        "the mended spec",
        "one with wishes",
        "zones in turn",
        "laid over it",
        "who may read",
        "on loopback alone",
        "a thing",
        "it is to be started",
        "the machine",
        "the embedded cloud",
        "licence",
        "generalised",
        "organisation",
        "behaviour",
        "datacentre",
    ],
)  # fmt: skip
def test_a_word_of_the_list_is_found(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "a virtual machine",
        "It is no longer used.",
        "Nothing stays.",
        "In May 2027",
        "a standard layout",
        "otherwise",
        "raise",
    ],
)
def test_other_words_are_fine(text: str) -> None:
    assert faults(text) == []


def test_a_long_sentence_is_found_and_code_does_not_count() -> None:
    assert long_sentences("word " * 26 + ".") != []
    assert long_sentences("word " * 25 + ". " + "word " * 25) == []
    assert list(prose("A `long piece of code` here.\n\n```sh\nsomebody\n```\n")) == ["A X here."]
