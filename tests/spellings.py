"""How services and libraries write a value into text: encoders by name, those of .NET among them."""

from __future__ import annotations

import base64
import html
import json
import re
import textwrap
import urllib.parse
from collections.abc import Callable

Encoder = Callable[[str], str]


def dotnet_json(text: str) -> str:
    """System.Text.Json's default encoder: everything that HTML or other scripts could read, in upper-case hex."""
    written = json.dumps(text)[1:-1].replace('\\"', "\\u0022")
    return "".join(f"\\u{ord(item):04X}" if item in "&<>'+`" else item for item in written)


def dotnet_html(text: str) -> str:
    """WebUtility.HtmlEncode: ``'`` and Latin-1 as decimal entities."""
    named = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
    return "".join(
        named.get(item) or (f"&#{ord(item)};" if 160 <= ord(item) < 256 or ord(item) > 0xFFFF else item)
        for item in text
    )


def dotnet_url(text: str) -> str:
    """HttpUtility.UrlEncode: hex in lower case, a space as ``+``."""
    written = urllib.parse.quote_plus(text, safe="!()*-._")
    return re.sub("%..", lambda found: found[0].lower(), written)


def base64_of(encoding: str, wrap: str = "", is_for_urls: bool = False, before: str = "") -> Encoder:
    def encode(text: str) -> str:
        raw = (before + text).encode(encoding)
        coded = (base64.urlsafe_b64encode if is_for_urls else base64.b64encode)(raw).decode()
        return wrap.join(textwrap.wrap(coded, 76)) if wrap else coded

    return encode


ENCODERS: dict[str, Encoder] = {
    "plain": lambda text: text,
    "json": lambda text: json.dumps(text)[1:-1],
    "json, not ascii": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json, slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "json, .NET": dotnet_json,
    "python": lambda text: repr(text)[1:-1],
    "html": html.escape,
    "html, .NET": dotnet_html,
    "html, decimal": lambda text: "".join(f"&#{ord(item)};" for item in text),
    "html, hex": lambda text: "".join(f"&#x{ord(item):X};" for item in text),
    "html, padded": lambda text: "".join(f"&#x{ord(item):06x};" for item in text),
    "url": lambda text: urllib.parse.quote(text, safe=""),
    "url, path": urllib.parse.quote,
    "url, .NET": dotnet_url,
    "url, everything": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "base64": base64_of("utf-8"),
    "base64, further on": base64_of("utf-8", before="x"),
    "base64url": base64_of("utf-8", is_for_urls=True),
    "base64, CRLF": base64_of("utf-8", wrap="\r\n", before="-" * 100),
    "base64, spaces": base64_of("utf-8", wrap=" ", before="-" * 101),
    "base64, UTF-16": base64_of("utf-16-le"),
    "base64, UTF-16 further on": base64_of("utf-16-le", before="echo "),
    "base64, UTF-16BE": base64_of("utf-16-be"),
}
