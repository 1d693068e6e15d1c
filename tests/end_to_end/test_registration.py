"""A subscription in which the providers were never registered."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli import main
from tests.simulator.serving import serve

ROOT = Path(__file__).parent.parent.parent
SPEC = str(ROOT / "specs" / "ssh-only.yaml")
NAMESPACES = ("Microsoft.Compute", "Microsoft.ManagedIdentity", "Microsoft.Network")


@pytest.fixture
def state(tmp_path: Path) -> str:
    """A fresh cloud whose subscription has none of them registered."""
    with serve(tmp_path, "--http") as served:
        for namespace in NAMESPACES:
            where = f"/subscriptions/{served.subscription}/providers/{namespace}"
            assert served.request("POST", f"{where}/unregister")[0] == 200
    return str(served.state)


def test_plan_tells_and_apply_registers_what_the_spec_needs(state: str, capfd: pytest.CaptureFixture[str]) -> None:
    local = ("--cloud", "local", "--local-state", state)
    assert main(["plan", SPEC, *local]) == 0
    assert "note: Microsoft.Compute is not registered in the subscription; apply registers it" in capfd.readouterr().err
    assert main(["apply", SPEC, *local, "--yes"]) == 0
    assert "registering Microsoft.Compute" in capfd.readouterr().err
    assert main(["plan", SPEC, *local, "--detailed-exitcode"]) == 0
    assert "register" not in capfd.readouterr().err
