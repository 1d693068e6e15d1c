"""What ARM's reader takes beyond JSON, written as JSON.

In: text. Out: text, with comments left out, names and single-quoted strings in double quotes, line breaks in strings
escaped, no comma before a closing bracket. What is no such thing stays as it is, for the JSON parser to refuse.

Source: Json.NET's JsonTextReader; "ARM template syntax": comments, multi-line strings. The Azure CLI relies on it: it
sends `template:` unquoted, and a template's file as it stands (azure-cli, JsonCTemplatePolicy).
"""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"""(?P<double>"(?:[^"\\]|\\.)*(?:"|\Z))"""
    r"""|(?P<single>'(?:[^'\\]|\\.)*(?:'|\Z))"""
    r"""|(?P<comment>//[^\r\n]*|/\*[\s\S]*?(?:\*/|\Z))"""
    r"""|(?P<name>[A-Za-z_$][\w$]*(?=\s*:))""",
    re.DOTALL,
)
LAST_COMMA = re.compile(r"""(?P<text>"(?:[^"\\]|\\.)*(?:"|\Z))|,(?=\s*[}\]])""", re.DOTALL)
INSIDE = re.compile(r"""\\.|["\r\n\t]""", re.DOTALL)
ESCAPED = {'"': '\\"', "\r": "\\r", "\n": "\\n", "\t": "\\t", "\\'": "'"}


def strict_json(text: str) -> str:
    """JSON that says the same."""
    return LAST_COMMA.sub(lambda match: match["text"] or "", TOKEN.sub(_strict, text))


def _strict(match: re.Match[str]) -> str:
    token = match.group()
    match match.lastgroup:
        case "comment":
            return " "
        case "name":
            return f'"{token}"'
        case _ if len(token) < 2 or token[0] != token[-1]:
            return token
        case _:
            return f'"{INSIDE.sub(lambda found: ESCAPED.get(found.group(), found.group()), token[1:-1])}"'
