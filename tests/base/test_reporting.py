"""One way to report: a code, a summary, and a place that is a path or a line of a file."""

from __future__ import annotations

from provisioner.base.diagnostics import UNPLACED, SourceLocation
from provisioner.base.reporting import Reporter, error, warning
from provisioner.base.values import Path

LINE = SourceLocation("a.yaml", 3, 7, "size: x")


def locate(path: Path, key: bool = False) -> SourceLocation:
    return SourceLocation(f"{'.'.join(map(str, path))}{' key' if key else ''}")


def test_a_place_is_a_line_of_a_file() -> None:
    found = error("PV1001", "the file is empty", LINE, reason="Why.", hint="do this")
    assert (found.severity, found.location, found.path) == ("error", LINE, ())
    assert (found.reason, found.hint) == ("Why.", "do this")


def test_a_path_has_no_line_until_it_is_placed() -> None:
    found = warning("PV2515", "old", "vms", "web", 0, hint="h")
    assert (found.severity, found.location, found.path) == ("warning", UNPLACED, ("vms", "web", 0))
    assert found.placed(LINE) == warning("PV2515", "old", LINE, hint="h")


def test_two_mistakes_of_different_entries_differ_before_they_are_placed() -> None:
    assert error("PV3302", "exists", "vms", "a", hint="h") != error("PV3302", "exists", "vms", "b", hint="h")


def test_a_reporter_finds_the_lines_of_paths_below_its_own() -> None:
    reporter = Reporter(locate, below=("vms", "web"))
    reporter.error("PV2102", "nothing", "subnet", hint="h")
    reporter.warning("PV2515", "old", "size", hint="h", key=True)
    reporter.error("PV1001", "empty", LINE, hint="h")
    assert [str(item.location) for item in reporter.reported] == ["vms.web.subnet", "vms.web.size key", str(LINE)]
    assert [item.severity for item in reporter.reported] == ["error", "warning", "error"]
    assert all(item.path == () for item in reporter.reported)


def test_a_reporter_adds_to_what_others_found() -> None:
    found = [error("PV1001", "empty", LINE, hint="h")]
    Reporter(locate, found).error("PV1004", "no mapping", "x", hint="h")
    assert [item.code for item in found] == ["PV1001", "PV1004"]
