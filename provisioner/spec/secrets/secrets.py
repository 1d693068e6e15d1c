"""Secrets: where they come from, read only when a request needs them, and kept out of everything that is shown.

In: the ``secrets:`` section, and parameters that are secrets. Out: ``Secrets``, which reveals a value by name, or one
that is made of several by its expression, and strikes revealed values from text.
"""

from __future__ import annotations

import os
import secrets as random_source
from collections.abc import Mapping
from pathlib import Path as FilePath

from ...base import files, shell
from ...base.diagnostics import Diagnostic, SpecError
from ...base.reporting import error
from ...base.values import mapping
from .. import parameters
from ..expressions import expression_parser
from ..expressions.expression_parser import SECRET_PARAMETERS
from ..expressions.functions import Functions
from ..yaml.document import Document
from .redaction import REDACTED, Redaction

__all__ = ["REDACTED", "Secrets"]


class Secrets:
    """The secrets of one run. ``generate`` invents missing ones: right on a cloud that is only a rehearsal."""

    def __init__(
        self, document: Document, declared: Mapping[str, object], given: parameters.Given, generate: bool = False
    ) -> None:
        self._document = document
        self._declared = declared
        self._given = given
        self._generate = generate
        self._values: dict[str, str] = {}
        self._redaction = Redaction()
        self._elsewhere: dict[str, tuple[str, str]] = {}
        self._refused: set[str] = set()
        self.generated: set[str] = set()

    def in_vaults(self, names: set[str]) -> list[str]:
        """Which entries that come from a key vault these names need; each is handed over before it is revealed."""
        parts = {
            part.removeprefix("secrets.") for name in names for part in [name, *expression_parser.secrets_in(name)]
        }
        return sorted(part for part in parts if "from_key_vault" in mapping(self._declared.get(part)))

    def hand_over(self, name: str, value: str) -> None:
        """The value of an entry that comes from a key vault."""
        self._keep(name, value)

    def give_up(self, name: str, reason: str, hint: str, is_missing: bool) -> None:
        """Say why an entry's key vault did not hand over its value; on a rehearsal only a missing one is invented."""
        self._elsewhere[name] = reason, hint
        if not is_missing:
            self._refused.add(name)

    def missing(self, names: set[str]) -> list[Diagnostic]:
        """A diagnostic for each secret that cannot be read; names as ``Secret`` leaves have them."""
        problems = [self._load(name) for name in sorted(names)]
        return list(dict.fromkeys(problem for problem in problems if problem is not None))

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
        """``text`` without any revealed value, in any of the forms that it may have there."""
        return self._redaction(text)

    def _load(self, name: str) -> Diagnostic | None:
        if name in self._values:
            return None
        if name not in self._declared and not name.startswith(SECRET_PARAMETERS):
            return self._compute(name)
        value, problem = self._parameter(name) if name not in self._declared else self._source(name)
        if value is None and self._generate and name not in self._refused:
            # Azure wants three of: lower case, upper case, digit, special character.
            value = "Aa1!" + random_source.token_urlsafe(18)
            self.generated.add(name.removeprefix(SECRET_PARAMETERS))
        if value is None:
            return problem
        self._keep(name, value)
        return None

    def _keep(self, name: str, value: str) -> None:
        self._values[name] = value
        self._redaction.add(value)

    def _compute(self, expression: str) -> Diagnostic | None:
        """The value of an expression with secrets in it."""
        for name in expression_parser.secrets_in(expression):
            problem = self._load(name.removeprefix("secrets."))
            if problem is not None:
                return problem

        def value(name: str) -> str:
            return self._values[name.removeprefix("secrets.")]

        functions = Functions(_refuse, "")

        def call(name: str, values: list[object]) -> object:
            found = functions(name, values)
            if name != "base64_decode":
                self._redaction.add(str(found))
            return found

        try:
            found = expression_parser.evaluate(expression, value, call)
        except expression_parser.ExpressionError as error:
            first = expression_parser.secrets_in(expression)[0]
            return self._problem(first, f"an expression with {first} has no value: {error.summary}", "")
        self._keep(expression, str(found))
        return None

    def _parameter(self, name: str) -> tuple[str | None, Diagnostic]:
        short = name.removeprefix(SECRET_PARAMETERS)
        value, why = parameters.secret_value(self._document.data.get("parameters"), short, self._given)
        summary = f'the secret parameter "{short}" ' + (f"is wrong: {why}" if why else "has no value")
        hint = f"set it with {parameters.ENVIRONMENT_PREFIX}{short}, in a --parameters file, or with -p {short}=…"
        return value, self._problem(name, summary, hint)

    def _source(self, name: str) -> tuple[str | None, Diagnostic]:
        value, problem, hint = self._read(name, mapping(self._declared[name]))
        return value, self._problem(f"secrets.{name}", f'the secret "{name}" cannot be read: {problem}', hint)

    def _problem(self, name: str, summary: str, hint: str) -> Diagnostic:
        section = "parameters" if name.startswith(SECRET_PARAMETERS) else "secrets"
        location = self._document.locate((section, name.partition(".")[2]), key=True)
        return error("PV1401", summary, location, hint=hint)

    def _read(self, name: str, source: Mapping[str, object]) -> tuple[str | None, str, str]:
        if "from_env" in source:
            variable = str(source["from_env"])
            value = self._given.environment.get(variable)
            if not value:
                return None, f"the environment variable {variable} is not set", f"set it: {shell.to_set(variable)}"
            if not parameters.is_text(value):
                self._refused.add(name)
                return None, f"the environment variable {variable} is not UTF-8 text", "set it to UTF-8 text"
            return value, "", ""
        if "from_key_vault" in source:
            return None, *self._elsewhere.get(name, ("its key vault was not read", "run apply, which reads it"))
        file = FilePath(os.path.expanduser(str(source["from_file"])))
        if not file.is_absolute():
            file = self._document.directory_of(("secrets", name, "from_file")) / file
        try:
            return files.text(file, files.MAX_TEXT_BYTES).rstrip("\r\n"), "", ""
        except (OSError, ValueError) as error:
            if isinstance(error, UnicodeDecodeError):
                self._refused.add(name)
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            return None, f"{file}: {reason}", "put the value into that file, and keep it out of git"


def _refuse(path: str) -> str:
    raise OSError(f"{path} was not read with the spec")
