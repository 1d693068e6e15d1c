"""A token that Azure refuses although this machine takes it for good: the clock was set back, the session revoked."""

from __future__ import annotations

from pathlib import Path

from tests.simulator.serving import local, serve

from .lock_runs import SPEC, run

FAULTS = """\
credentials: {expire_after_s: 100}
durations: {types: {Microsoft.Network/virtualNetworks: {create: 140}}}
"""


def test_a_token_that_ends_before_its_time_is_renewed(tmp_path: Path) -> None:
    (tmp_path / "faults.yaml").write_text(FAULTS)
    spec = tmp_path / "payroll.yaml"
    spec.write_text(SPEC)
    with serve(tmp_path, "--time-scale", "0.05", "--faults", str(tmp_path / "faults.yaml")) as served:
        code, text = run(served, "apply", str(spec), "--yes")
        assert code == 0, text
        assert " 401 " in local("log", "--last", "1000", state=served.state).stdout
