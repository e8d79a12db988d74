"""The small stylesheets and scripts that every page carries inside itself, and the hashes that let the browser trust them.

A page is one request: style and script are inline, and the content security policy names their hashes instead of
allowing whatever is inline.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).parent / "static"


def small_css(source: str) -> str:
    """A stylesheet without comments and needless white space."""
    bare = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    bare = re.sub(r"\s+", " ", bare)
    bare = re.sub(r" ?([{};,]) ?", r"\1", bare)
    return re.sub(r"([{;][\w-]+:) ", r"\1", bare).replace(";}", "}").strip()


def small_js(source: str) -> str:
    """A script without indentation and whole-line comments; lines stay lines."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def trust(text: str) -> str:
    """The content security policy's name for an inline text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    text = (STATIC / name).read_text(encoding="utf-8")
    return small_css(text) if name.endswith(".css") else small_js(text)


BASE_CSS = _read("base.css")
TOPIC_CSS = BASE_CSS + _read("topic.css")
LISTS_CSS = BASE_CSS + _read("lists.css")
PAGE_JS = _read("page.js")
SEARCH_JS = _read("search.js")

STYLES = (BASE_CSS, TOPIC_CSS, LISTS_CSS)
SCRIPTS = (PAGE_JS, SEARCH_JS)


def policy() -> dict[str, list[str]]:
    """What a page may load and run: itself, its own hashes, nothing else."""
    return {
        "default-src": ["'none'"],
        "script-src": [trust(text) for text in SCRIPTS],
        "style-src": [trust(text) for text in STYLES],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }


def policy_line(without: tuple[str, ...] = ()) -> str:
    """The same as one line, for a page that has no server to send a header for it."""
    return "; ".join(f"{name} {' '.join(values)}" for name, values in policy().items() if name not in without)
