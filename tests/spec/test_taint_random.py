"""Random expressions: with a secret in them they tell later what they would have told at once."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.base.diagnostics import SpecError
from provisioner.spec.expressions import interpolation
from provisioner.spec.expressions.evaluation_scope import Names
from provisioner.spec.parameters import Given, settle
from provisioner.spec.secrets.secrets import Secrets
from provisioner.spec.yaml import document

VALUES = st.text(st.sampled_from("aZ09-_ '\"{}$%/\\\n:äß€😀"), max_size=8)
LITERALS = st.sampled_from(["'x'", '"it\'s"', "7", "-3", "2.50", "true", "['a', 1]", "parameters.plain", "'%s'", "''"])


def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.one_of(inner, LITERALS)
    lists = st.lists(some, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    return st.one_of(
        st.tuples(st.sampled_from(["base64", "lower", "upper", "base64_decode"]), some).map(
            lambda x: f"{x[0]}({x[1]})"
        ),
        st.tuples(some, lists).map(lambda x: f"join({x[0]}, {x[1]})"),
        st.tuples(some, some, some).map(lambda x: f"replace({', '.join(x)})"),
        st.tuples(some, some).map(lambda x: f"format('%s and %s, 100%%', {x[0]}, {x[1]})"),
        st.tuples(some).map(lambda x: f"format('%03d-%s', 7, {x[0]})"),
        st.tuples(lists, st.integers(-3, 3)).map(lambda x: f"element({x[0]}, {x[1]})"),
    )


EXPRESSIONS = calls(st.recursive(st.just("parameters.secret"), calls, max_leaves=5))


def told(expression: str, secret: str, plain: str, is_secret: bool) -> Any:
    """The value of an expression, or None where it has none; a secret's after the detour by its text."""
    head = "version: 1\nparameters:\n  plain: {}\n  secret: {secret: "
    parsed = document.parse(f"{head}{str(is_secret).lower()}}}\n".encode(), "spec.yaml")
    given_values = Given({"plain": plain, "secret": secret})
    values, problems = settle(parsed, parsed.data["parameters"], given_values)
    assert problems == []
    names = Names(parsed, values, parsed.data, {})
    text = interpolation.evaluate(f"${{{expression}}}", names, ("x",))
    if names.diagnostics:
        return None
    parts = interpolation.split(text) if isinstance(text, str) else []
    if not any(is_expression for is_expression, _ in parts):
        return interpolation.unescape(text) if isinstance(text, str) else text
    ((_, late),) = parts
    # Evaluated once more, as in a fleet, it stays what it is.
    assert interpolation.evaluate(text, names, ("x",)) == text
    try:
        return Secrets(parsed, {}, given_values).reveal(late)
    except SpecError:
        return None


@settings(max_examples=300)
@given(EXPRESSIONS, VALUES, VALUES)
def test_late_is_as_good_as_at_once(expression: str, secret: str, plain: str) -> None:
    at_once = told(expression, secret, plain, is_secret=False)
    late = told(expression, secret, plain, is_secret=True)
    # What `element` does not choose is not asked for later, and so cannot be wrong.
    assert late == at_once or at_once is None
