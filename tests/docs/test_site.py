"""Every page is in the table of contents, and every link from a page leads to something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([\w-]+))?\)")


def entries(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    for item in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from entries(item)


def anchors(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([\w-]+)">', text))


def test_every_page_is_in_the_table_of_contents_once() -> None:
    listed = list(entries(yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]))
    pages = [str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")]
    assert sorted(listed) == sorted(pages)


@pytest.mark.parametrize("name", sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*.md")))
def test_the_links_of_the_files_beside_the_docs_lead_somewhere(name: str) -> None:
    """Those between pages are checked by the build of the site."""
    broken = []
    for target, anchor in LINK.findall((ROOT / name).read_text("utf-8")):
        file = ROOT / (target or name)
        if "://" not in target and (not file.exists() or (anchor and anchor not in anchors(file))):
            broken.append(f"{target}#{anchor}")
    assert broken == []
