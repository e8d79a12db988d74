"""The small stylesheets and scripts that every page carries inside itself, and the hashes that make them trusted.

A page is one request: style and script are inline, and the content security policy names their hashes instead of
allowing whatever is inline.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from csp.constants import NONE, SELF

INLINE = Path(__file__).parent / "inline"  # what stands inside a page
STATIC = Path(__file__).parent / "static"  # what is fetched when a reader asks for it


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
    text = (INLINE / name).read_text(encoding="utf-8")
    return small_css(text) if name.endswith(".css") else small_js(text)


_BASE = _read("base.css") + _read("facts.css")
STYLES = {
    "topic_css": _BASE + _read("topic.css"),
    "lists_css": _BASE + _read("lists.css"),
    "results_css": _BASE + _read("medicines.css") + _read("results.css"),
    "medicines_css": _BASE + _read("lists.css") + _read("medicines.css"),
}
SCRIPTS = {
    "page_js": _read("page.js"),
    "results_js": _read("results.js"),
    "medicines_js": _read("medicines.js"),
    "search_js": _read("search.js"),
}
INLINED = {**STYLES, **SCRIPTS}


def policy() -> dict[str, list[str]]:
    """What a page may load and run: itself, its own hashes, nothing else."""
    return {
        "default-src": [NONE],
        "script-src": [SELF, *map(trust, SCRIPTS.values())],
        "style-src": [*map(trust, STYLES.values())],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }


def policy_line(without: tuple[str, ...] = ()) -> str:
    """The same as one line, for a page that has no server to send a header for it."""
    return "; ".join(f"{name} {' '.join(values)}" for name, values in policy().items() if name not in without)
