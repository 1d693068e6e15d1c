"""The spec reference is what the schema says."""

from pathlib import Path

from provisioner.report import spec_reference
from provisioner.spec.schema.schema import bundled


def test_the_page_is_up_to_date(root: Path) -> None:
    page = (root / "docs" / "spec.md").read_text("utf-8")
    assert page == spec_reference.render(bundled()), "run: provisioner schema --markdown > docs/spec.md"
