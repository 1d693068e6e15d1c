"""The collector stands still while a spec is read, and runs again afterwards."""

from __future__ import annotations

import gc

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.base.gc_control import paused
from provisioner.spec.yaml import document


def test_the_collector_runs_again_after_a_spec_that_is_refused() -> None:
    assert gc.isenabled()
    with pytest.raises(SpecError):
        document.parse(b"", "x.yaml")
    assert gc.isenabled()


def test_one_inside_of_another_leaves_it_paused() -> None:
    with paused():
        with paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
