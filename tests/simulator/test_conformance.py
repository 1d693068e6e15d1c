"""docs/reference/simulator.md says what the types themselves say."""

from __future__ import annotations

from pathlib import Path

from provisioner.simulator.conformance import described, markdown
from provisioner.simulator.registry import load_registry

MARK = "<!-- types -->\n"


def test_the_tables_of_the_docs_are_those_of_the_code(root: Path, update_golden: bool) -> None:
    file = root / "docs" / "reference" / "simulator.md"
    head, mark, found = file.read_text("utf-8").partition(MARK)
    if update_golden:
        file.write_text(f"{head}{mark}{markdown()}", "utf-8")
    else:
        assert found == markdown(), "run pytest with --update-golden"


def test_every_modelled_type_is_listed_with_a_source() -> None:
    registry = load_registry()
    found = described()
    assert {item.type for item in found} == {
        f"{namespace}/{word}"
        for namespace in registry.namespaces()
        for word in registry.types_of(namespace)
        if (type_ := registry.get(f"{namespace}/{word}")) is not None and registry.describes(type_)
    }
    assert all("REST reference" in item.source for item in found)
