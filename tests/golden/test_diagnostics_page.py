"""docs/diagnostics.md: every code with an example, as the golden specs have them."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
HEAD = """# Diagnostics

What `validate` says about a spec (and every other command before its first request), by code: an example each, with the
line, the reason, and what to do. Codes are stable. `provisioner validate --output json|sarif|github` gives them
to other tools; `--strict` makes warnings errors.

A warning that is meant is silenced by a comment behind it, or on a line of its own above it; errors cannot be silenced,
and a comment that silences nothing is told:

```yaml
admin: {username: ops, password: "${secrets.admin}"}  # provisioner: ignore PV2904
```

This page is made from the specs in `tests/golden`, by `pytest tests/golden --update-golden`.
"""
PARTS = {
    "10": "Reading the file",
    "11": "The shape of the spec",
    "12": "Fleets",
    "13": "Parameters",
    "14": "Secrets",
    "20": "Names and identity",
    "21": "References",
    "22": "Files that the spec names",
    "23": "Order",
    "24": "Network",
    "25": "Machines",
    "26": "Extensions",
    "27": "Grants",
    "28": "Existing resources",
    "29": "Security",
}


def page() -> str:
    examples: dict[str, str] = {}
    for file in sorted(HERE.glob("*/*.txt")):
        for text in re.split(r"(?m)^(?=\S+:\d+:\d+: (?:error|warning): )", file.read_text("utf-8")):
            code = re.search(r"\[(PV\d{4})\]$", text.partition("\n")[0])
            if code is not None:
                example = re.sub(r"\n\n\d+ (error|warning)\(s\).*\s*$", "", text).rstrip()
                known = examples.get(code[1])
                if known is None or len(example) < len(known):
                    examples[code[1]] = example
    lines = [HEAD]
    part = ""
    for code in sorted(examples):
        if code[2:4] != part:
            part = code[2:4]
            lines.append(f"## {PARTS[part]}\n")
        lines.append(f"### {code}\n\n```\n{examples[code]}\n```\n")
    return "\n".join(lines)


def test_the_page_shows_every_code(root: Path, update_golden: bool) -> None:
    file = root / "docs" / "diagnostics.md"
    if update_golden:
        file.write_text(page(), "utf-8")
    assert file.read_text("utf-8") == page(), "run pytest tests/golden --update-golden"
