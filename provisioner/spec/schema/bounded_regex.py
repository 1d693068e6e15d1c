"""Regular expressions that a spec brings along, as JSON Schema has them, in bounded time and memory.

In: a pattern and a text. Out: whether it matches anywhere. An expression that backtracks without end does not match.
"""

from __future__ import annotations

import functools

import jsonschema_rs

_BACKTRACKS = 100_000
_SIZE = 1024 * 1024
_LONGEST = 10_000


class PatternError(Exception):
    """A pattern that is no regular expression, or one too large."""


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern matches somewhere in a text.

    Raises:
        PatternError: the pattern cannot be read.
    """
    return bool(_validator(pattern).is_valid(text))


@functools.lru_cache(64)
def _validator(pattern: str) -> jsonschema_rs.Validator:
    options = jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS, size_limit=_SIZE, dfa_size_limit=_SIZE)
    try:
        if len(pattern) > _LONGEST:
            raise PatternError("it is too long")
        return jsonschema_rs.validator_for({"type": "string", "pattern": pattern}, pattern_options=options)
    except (jsonschema_rs.ValidationError, ValueError) as error:
        raise PatternError("it cannot be read as one, or is too large") from error
