"""Secrets: where they come from, read only when a request needs them, and kept out of everything that is shown.

In: the ``secrets:`` section. Out: ``Secrets``, which reveals a value by name and strikes revealed values from text.
"""

from __future__ import annotations

import os
import secrets as random_source
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from ..diagnostics import Diagnostic, SpecError
from .document import Document

REDACTED = "(secret)"
_SHORTEST_REDACTED = 4


class Secrets:
    """The secrets of one run. ``generate`` invents missing ones: right on a cloud that is only a rehearsal."""

    def __init__(
        self, document: Document, declared: Mapping[str, Any], environment: Mapping[str, str], generate: bool = False
    ) -> None:
        self._document = document
        self._declared = declared
        self._environment = environment
        self._generate = generate
        self._values: dict[str, str] = {}
        self.generated: set[str] = set()

    def missing(self, names: set[str]) -> list[Diagnostic]:
        """A diagnostic for each secret that cannot be read."""
        found = []
        for name in sorted(names):
            problem = self._load(name)
            if problem is not None:
                found.append(problem)
        return found

    def reveal(self, name: str) -> str:
        """The value of a secret, for a request that is about to be written.

        Raises:
            SpecError: it cannot be read.
        """
        problem = self._load(name)
        if problem is not None:
            raise SpecError([problem])
        return self._values[name]

    def redact(self, text: str) -> str:
        """``text`` without any revealed value."""
        for value in sorted(self._values.values(), key=len, reverse=True):
            if len(value) >= _SHORTEST_REDACTED:
                text = text.replace(value, REDACTED)
        return text

    def _load(self, name: str) -> Diagnostic | None:
        if name in self._values:
            return None
        source = self._declared[name]
        value, problem, hint = self._read(name, source)
        if value is None and self._generate:
            # Azure wants three of: lower case, upper case, digit, special character.
            value = "Aa1!" + random_source.token_urlsafe(18)
            self.generated.add(name)
        if value is None:
            location = self._document.locate(("secrets", name), key=True)
            return Diagnostic("PV1401", f'the secret "{name}" cannot be read: {problem}', location, hint=hint)
        self._values[name] = value
        return None

    def _read(self, name: str, source: Mapping[str, Any]) -> tuple[str | None, str, str]:
        if "from_env" in source:
            variable = str(source["from_env"])
            value = self._environment.get(variable)
            if not value:
                return None, f"the environment variable {variable} is not set", f"export {variable}=…"
            return value, "", ""
        file = FilePath(os.path.expanduser(str(source["from_file"])))
        file = self._document.directory_of(("secrets", name, "from_file")) / file
        try:
            return file.read_text("utf-8").rstrip("\r\n"), "", ""
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            return None, f"{file}: {reason}", "put the value into that file, and keep it out of git"
