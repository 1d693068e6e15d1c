"""docs/reference/diagnostics.md: every code with its rule, a bad spec and the mended one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from provisioner import cli
from provisioner.base.rule import Rule
from provisioner.report.diagnostic_catalog import rules

from . import explained

HERE = Path(__file__).parent
HEAD = """# Diagnostics

This page lists all diagnostics of provisioner by code: the rule, a spec that breaks it, and the lines that fix it.
Every command reports diagnostics of the spec before its first request. `plan` also finds problems in Azure. Codes are
stable.

- `provisioner explain PV2402` prints the rule of a code.
- `provisioner validate --output json|sarif|github` is for other tools.
- `--strict` treats warnings as errors.

provisioner reports all errors at once. If a key or word is misspelled, later checks use the most likely one, so that it
doesn't hide other errors.

To silence a warning, add a comment at the end of the line, or on a separate line above it. You can't silence errors. A
comment that silences nothing is reported:

```yaml
admin: {username: ops, password: "${secrets.admin}"}  # provisioner: ignore PV2904
```

This page is generated from the rules in `provisioner/spec/checks/` and in the modules named `rules`, with
`pytest tests/golden --update-golden`. Tests check that each bad spec has its code, and that each fixed one is valid.
"""
PARTS = {
    "10": "Reading the file",
    "11": "Structure of the spec",
    "12": "Fleets",
    "13": "Parameters",
    "14": "Secrets",
    "20": "Names and identity",
    "21": "References",
    "22": "Files",
    "23": "Order",
    "24": "Network",
    "25": "VMs",
    "26": "Extensions",
    "27": "Grants",
    "28": "Existing resources",
    "29": "Security",
    "31": "Looked up in Azure",
    "32": "Existing resources in Azure",
    "33": "Ownership",
    "34": "Protection",
    "35": "Locks",
    "36": "Sizes and quotas",
    "91": "Simulator",
}
CODES = explained.codes()
SAYS_ENOUGH = frozenset({"PV1103", "PV1104", "PV1302", "PV1307", "PV2001", "PV2106"})
"""What the value has to look like is in the summary or the reason."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(code: str, place: Path, capsys: pytest.CaptureFixture[str], good: bool) -> tuple[int, str]:
    """The exit code and what is said."""
    example = explained.read(code)
    *before, last = explained.commands(code, example, example.write(place, good))
    for command in before:
        assert cli.main(command) == 0
    capsys.readouterr()
    return cli.main(last), capsys.readouterr().err


@pytest.mark.parametrize("code", CODES)
def test_the_bad_spec_breaks_this_rule_and_no_other(code: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exit_code, said = told(code, place, capsys, good=False)
    assert exit_code == 65
    assert set(re.findall(r"(?m)^\S+?(?::\d+:\d+)?: (error|warning): .*\[(PV\d{4})\]$", said)) == {
        (rules()[code].severity, code)
    }
    assert code in SAYS_ENOUGH or "    hint: " in said


@pytest.mark.parametrize("code", CODES)
def test_the_good_spec_is_valid(code: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(code, place, capsys, good=True) == (0, "")


def test_a_code_has_an_example_or_a_reason_why_not() -> None:
    assert [code for code, rule in rules().items() if bool(rule.example) == bool(rule.no_example)] == []


def test_a_rule_is_said_in_sentences() -> None:
    for code, rule in rules().items():
        assert rule.why.endswith("."), code
        assert not rule.title.endswith("."), code
        assert rule.source.startswith("https://") or not rule.source, code


def example_in_golden(code: str) -> str:
    """The shortest of what the golden files say of a code without a mended spec."""
    texts = [
        text
        for file in HERE.glob("*/*.txt")
        for text in re.split(r"(?m)^(?=\S+:\d+:\d+: (?:error|warning): )", file.read_text("utf-8"))
        if text.partition("\n")[0].endswith(f"[{code}]")
    ]
    return min(texts, key=lambda text: (len(text), text), default="")


def entry(code: str, rule: Rule, said: str) -> str:
    source = f" ([source]({rule.source}))" if rule.source else ""
    parts = [f'<a id="{code.lower()}"></a>\n### {code} ({rule.severity}): {rule.title}', f"{rule.why}{source}"]
    example = re.sub(r"\n\n\d+ (error|warning)s?\b.*\s*$", "", said).rstrip()
    if example:
        parts.append(f"```\n{example}\n```")
    if rule.no_example:
        parts.append(rule.no_example)
    else:
        example_of = explained.read(code)
        if "before.yaml" in example_of.files:
            parts.insert(2, f"After an apply of this spec:\n\n```yaml\n{example_of.text('before.yaml')}\n```")
        if explained.FAULTS in example_of.files:
            parts.insert(2, f"In a subscription with `{example_of.text(explained.FAULTS)}`:")
        parts.append(f"Fixed:\n\n```diff\n{example_of.changed()}\n```")
    if rule.severity == "warning" and code != "PV1011":
        parts.append(f"To silence it, add `# provisioner: ignore {code}` at the end of the line.")
    return "\n\n".join(parts) + "\n"


def index() -> str:
    lines = []
    for part, title in PARTS.items():
        lines += [f"**{title}**\n", "| Code | Severity | Problem |", "|---|---|---|"]
        known = [(code, rule) for code, rule in rules().items() if code[2:4] == part]
        lines += [f"| [{code}](#{code.lower()}) | {rule.severity} | {rule.title} |" for code, rule in known]
        lines.append("")
    return "\n".join(lines)


def test_the_page_shows_every_code(
    root: Path, update_golden: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [HEAD, index()]
    part = ""
    for code, rule in rules().items():
        if code[2:4] != part:
            part = code[2:4]
            lines.append(f"## {PARTS[part]}\n")
        folder = tmp_path / code
        (folder / ".git").mkdir(parents=True)
        monkeypatch.chdir(folder)
        said = told(code, folder, capsys, good=False)[1] if code in CODES else example_in_golden(code)
        lines.append(entry(code, rule, said))
    page = "\n".join(lines)
    file = root / "docs" / "reference" / "diagnostics.md"
    if update_golden:
        file.write_text(page, "utf-8")
    assert file.read_text("utf-8") == page, "run pytest tests/golden --update-golden"
