"""The reference of the command line, from its parsers: ``docs/reference/cli.md``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from provisioner import cli

HEAD = """# Command line

`provisioner COMMAND --help` prints the same texts. A test compares this page with the commands.

| Exit code | Meaning |
|---|---|
{codes}
"""


def render() -> str:
    root = cli.parser()
    parts = [HEAD.format(codes="\n".join(f"| {code} | {text} |" for code, text in _exit_codes(root.epilog or "")))]
    parts += [_command(name, command) for name, command in _commands(root)]
    return "\n".join(parts)


def _exit_codes(epilog: str) -> list[tuple[str, str]]:
    text = " ".join(epilog.partition("exit codes:")[2].split())
    return re.findall(r"(\d+) ([^,]+?)(?:,|$)", text)


def _commands(parser: argparse.ArgumentParser, prefix: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield f"{prefix}{name}", command
                yield from _commands(command, f"{prefix}{name} ")


def _command(name: str, parser: argparse.ArgumentParser) -> str:
    usage = " ".join(parser.format_usage().removeprefix("usage: ").split())
    lines = [f"## {name}", "", _sentence(parser.description or ""), "", "```text", usage, "```"]
    shown = [
        action
        for action in parser._actions
        if not isinstance(action, argparse._SubParsersAction | argparse._HelpAction)
    ]
    for title, is_option in (("Argument", False), ("Option", True)):
        rows = [_row(action) for action in shown if bool(action.option_strings) == is_option]
        if rows:
            lines += ["", f"| {title} | Description |", "|---|---|", *rows]
    if parser.epilog:
        lines += ["", "```text", parser.epilog.strip(), "```"]
    return "\n".join(lines) + "\n"


def _row(action: argparse.Action) -> str:
    value = action.metavar or (
        "{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.dest.upper()
    )
    value = value[0] if isinstance(value, tuple) else value
    if not action.option_strings:
        return f"| `{value}` | {_cell(action.help)} |"
    takes = "" if action.nargs == 0 else f" [{value}]" if action.nargs == "?" else f" {value}"
    names = ", ".join(f"`{name}{takes}`" for name in action.option_strings)
    return f"| {names.replace('|', chr(92) + '|')} | {_cell(action.help)} |"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _cell(text: str | None) -> str:
    return _sentence((text or "").replace("%%", "%").replace("|", "\\|").replace("<", "&lt;"))
