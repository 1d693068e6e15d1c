"""The generated pages of the docs are what the program says. `pytest tests/docs --update-golden` rewrites them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from provisioner.azure.codes import CODES
from provisioner.report import spec_reference
from provisioner.spec.schema.schema import bundled
from tests.harness import World

from . import attributes, azure_errors, cli_reference, effects

REFERENCE = Path("docs/reference")


def compare(file: Path, text: str, update: bool) -> None:
    if update:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    assert file.read_text("utf-8") == text, "run: pytest tests/docs --update-golden"


@pytest.mark.parametrize(
    ("name", "render"),
    [("cli", cli_reference.render), ("attributes", attributes.render), ("azure-errors", azure_errors.render)],
)
def test_a_page_is_up_to_date(name: str, render: Callable[[], str], root: Path, update_golden: bool) -> None:
    compare(root / REFERENCE / f"{name}.md", render(), update_golden)


def test_every_code_of_azure_is_on_the_page() -> None:
    page = azure_errors.render()
    assert [code for code in CODES if f"| `{code}` |" not in page] == []


async def test_the_spec_reference_is_up_to_date_and_says_what_a_change_does(
    world: World, root: Path, update_golden: bool
) -> None:
    words = await effects.found(world)
    assert words["vms/*.size"] == "Restarts the VM"
    assert words["vms/*.image"] == "**Replaces** the resource, with data loss"
    assert words["vms/*.os_disk.size_gb"].startswith("Larger: stops the VM")
    assert words["network/public_ips/*.dns_label"] == "In place"
    assert words["vms/*.admin.password"] == "No change in Azure"
    folder = root / REFERENCE / "spec"
    pages = spec_reference.pages(bundled(), words)
    for name, text in pages.items():
        compare(folder / f"{name}.md", linked(text), update_golden)
    assert {path.stem for path in folder.glob("*.md")} == set(pages)


def linked(text: str) -> str:
    """The titles of other pages as links."""
    links = {title: f"{name}.md" for name, title in spec_reference.titles().items()}
    links |= {"Create many resources": "../../guides/fleets.md"}
    for title, page in links.items():
        text = text.replace(f'"{title}"', f"[{title}]({page})")
    return text.replace("an expression such as", "an [expression](../expressions.md) such as")


def test_the_printed_spec_reference_has_every_page() -> None:
    printed = spec_reference.render(bundled())
    assert [name for name, text in spec_reference.pages(bundled()).items() if text not in printed] == []
