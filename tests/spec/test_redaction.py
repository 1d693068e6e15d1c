"""Values are struck from text in any chain of the encodings in which services repeat them, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from provisioner.spec.secrets.redaction import REDACTED, UNREADABLE, Redaction
from tests.spellings import ENCODERS

SECRET = "Pä&ss'w\"o<r>d/7+\\é🔑"
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=4, max_size=40)
LIKELY = st.text("aZ09&<>'\"/\\%+;#=$ äé", min_size=4, max_size=40)


def struck(text: str, *values: str) -> str:
    redaction = Redaction()
    for value in values:
        redaction.add(value)
    return redaction(text)


@pytest.mark.parametrize("name", ENCODERS)
def test_one_encoding(name: str) -> None:
    shown = ENCODERS[name](SECRET)
    assert struck(f"The value '{shown}' is invalid.", SECRET).count(REDACTED) == 1


@pytest.mark.parametrize("first", ENCODERS)
@pytest.mark.parametrize("second", ENCODERS)
def test_two_encodings(first: str, second: str) -> None:
    shown = ENCODERS[second](f'{{"value": "{ENCODERS[first](SECRET)}"}}')
    found = struck(f"The value '{shown}' is invalid.", SECRET)
    assert REDACTED in found
    assert struck(found, SECRET) == found


@given(st.one_of(TEXTS, LIKELY), st.lists(st.sampled_from(sorted(ENCODERS)), max_size=3))
@example("0000", ["base64", "base64", "base64"])
@example("00\x1f\xa0", ["html, .NET", "base64"])
def test_any_chain_of_encodings(secret: str, chain: list[str]) -> None:
    shown = secret
    for name in chain:
        shown = ENCODERS[name](shown)
    found = struck(f"Before: '{shown}': after.", secret)
    assert REDACTED in found
    assert found.startswith("Before") or secret in "Before: '"
    left = found.replace(REDACTED, "\0")
    assert secret not in left
    assert len(shown) < 8 or shown not in left


@given(
    st.lists(
        st.sampled_from(["error", "of", "&amp;", "%20", "\\n", "\\u0026", "Zm9vYmFyYmF6", "/", "+", "\n"]), max_size=60
    )
)
def test_other_text_is_not_touched(words: list[str]) -> None:
    text = " ".join(words)
    assert struck(text, SECRET, "Correct-Horse-7-Battery", "hunter22") == text


def test_what_is_around_a_value_stays() -> None:
    assert struck("a%26b \\u0026amp; Pa&amp;ss! c\\u0026d", "Pa&ss!") == f"a%26b \\u0026amp; {REDACTED} c\\u0026d"
    assert struck("pa$$w0rd, Pa$$w0rd", "pa$$w0rd", "Pa$$w0rd") == f"{REDACTED}, {REDACTED}"
    assert struck("abcdefgh", "abcd", "cdef", "efgh") == REDACTED


KEY = "-----BEGIN KEY-----\n  MIIEvQIBADANBgkq\nshort\nhkiG9w0BAQEFAASC\r\n-----END KEY-----"


@pytest.mark.parametrize("shown", ["MIIEvQIBADANBgkq", "hkiG9w0BAQEFAASC", "-----BEGIN KEY-----"])
@pytest.mark.parametrize("name", ENCODERS)
def test_a_line_of_a_value_is_struck(shown: str, name: str) -> None:
    assert REDACTED in struck(f"line 2 '{ENCODERS[name](shown)}' is invalid", KEY)


def test_short_values_and_lines_stay() -> None:
    assert struck("abc is too short", "abc", KEY) == "abc is too short"


def test_a_value_whose_spaces_were_put_together_is_struck() -> None:
    assert struck("the password one two three is weak", "one  two\tthree") == f"the password {REDACTED} is weak"


@pytest.mark.parametrize(
    "text", ["%" + "25" * 40_000, "x" * 200_000, "".join("\\" * 2**depth + "u0026" for depth in range(16))]
)
def test_what_cannot_be_searched_is_withheld(text: str) -> None:
    """Without a bound on the readings this would not end within the limit of a test."""
    found = struck(text, SECRET)
    assert found == UNREADABLE or "&" not in found


def test_without_secrets_nothing_is_searched() -> None:
    assert struck("x" * 200_000) == "x" * 200_000
