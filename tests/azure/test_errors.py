"""What Azure's errors mean for the next try."""

from __future__ import annotations

import re
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from provisioner.azure.codes import CODES, WORDS
from provisioner.azure.errors import translated, verdict
from provisioner.base.diagnostics import AzureFailure, ExecutionError


class Answer:
    """An answer as the SDK hands it over with its error."""

    reason = "Conflict"

    def __init__(self, status: int, text: str) -> None:
        self.headers: dict[str, str] = {}
        self.status_code = status
        self._text = text

    def text(self) -> str:
        return self._text


def failure_of(status: int, text: str) -> AzureFailure:
    with pytest.raises(ExecutionError) as caught, translated():
        raise HttpResponseError(response=Answer(status, text))
    return caught.value.failure


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (AzureFailure("AnotherOperationInProgress", "", 409), "transient"),
        (AzureFailure("SomethingNew", "", 503), "transient"),
        (AzureFailure("SomethingNew", "", 404), "late"),
        (AzureFailure("SomethingNew", "", 412), "conflict"),
        (AzureFailure("SomethingNew", "", 409), "permanent"),
        (AzureFailure("QuotaExceeded", "", 429), "permanent"),
        (AzureFailure("SubscriptionNotFound", "", 404), "permanent"),
        (AzureFailure("Conflict", "The request failed due to conflict with a concurrent request.", 409), "transient"),
        (AzureFailure("Conflict", "Disk resizing is allowed only when the VM is deallocated.", 409), "permanent"),
        (AzureFailure("OperationNotAllowed", "… since another operation is in progress.", 409), "transient"),
        (AzureFailure("OperationNotAllowed", "… exceeding approved standardBSFamily Cores quota.", 409), "permanent"),
    ],
)
def test_an_error_is_judged_by_its_code_then_by_its_status(failure: AzureFailure, expected: str) -> None:
    assert verdict(failure) == expected


def test_what_was_superseded_by_another_operation_is_tried_again() -> None:
    failure = failure_of(
        200,
        '{"status": "Canceled", "error": {"code": "Canceled", "message": "Operation was canceled.", "details": ['
        '{"code": "CanceledAndSupersededDueToAnotherOperation", "message": "A was superseded by B."}'
        "]}}",
    )
    assert verdict(failure) == "transient"
    assert "CanceledAndSupersededDueToAnotherOperation: A was superseded by B." in str(failure)


def test_errors_inside_of_errors_inside_count() -> None:
    inner = '{"code": "BadRequest", "message": "b", "details": [{"code": "OSProvisioningTimedOut", "message": "c"}]}'
    failure = failure_of(409, f'{{"Error": {{"Code": "Outer", "Message": "a", "Details": [{inner}, "text"]}}}}')
    assert (failure.code, failure.inner) == ("Outer", ("BadRequest", "OSProvisioningTimedOut"))
    assert failure.message == "a [BadRequest: b] [OSProvisioningTimedOut: c]"


@pytest.mark.parametrize("text", ["", "[]", '{"error": "text"}', '{"error": {"message": "no code"}}', "<html>"])
def test_an_answer_without_a_code_has_that_of_its_status(text: str) -> None:
    assert failure_of(409, text).code == "HTTP409"


@pytest.mark.parametrize("code", CODES)
def test_every_code_names_its_source(code: str) -> None:
    source: Any = CODES[code].source
    assert re.fullmatch(r"[A-Z][a-zA-Z]+", code)
    assert re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", source) or " " in source


def test_words_are_for_codes_that_mean_many_things() -> None:
    assert not {code for code, _, _ in WORDS} & set(CODES)
