"""Text out of foreign files: decoded, cleaned, cut into sentences; and the problems met on the way."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from helder.medicines.importers.model import ImportProblem

MOST_NAME, MOST_LEVEL, MOST_TEXT, MOST_PLACE = 200, 60, 700, 120
PIECE = 1_000_000
NAMED = 5
"""How many places of one problem are named; the rest is counted."""
BOM = b"\xef\xbb\xbf"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_END = re.compile(r"(?<=[a-z\d)\]]{2})[.!?]\s+(?=[A-Z(\[\d])|[\n\r•▪■●‣◦]+|\s;\s")
_REFERENCE = re.compile(r"\[\s*see\b[^\]]*\]", re.IGNORECASE)


class Problems:
    """Collects places of no use: one entry an expectation, the first places named, all counted."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def add(self, place: str, expected: str, count: int = 1) -> None:
        """Name a place; `count`: how many rows or entries are lost with it."""
        places = self._places.setdefault(expected, [])
        if place not in places and len(places) <= NAMED:
            places.append(place if len(places) < NAMED else "…")
        self._counts[expected] = self._counts.get(expected, 0) + count

    def named(self) -> tuple[ImportProblem, ...]:
        return tuple(
            ImportProblem(", ".join(places), expected, self._counts[expected])
            for expected, places in self._places.items()
        )


def is_text(data: bytes, problems: Problems) -> bool:
    """Whether the file is UTF-8 and holds something; if not, a problem. Read piece by piece: it may be large."""
    if not data.removeprefix(BOM).strip():
        problems.add("file", "something in it: the file is empty")
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), PIECE):
        try:
            decoder.decode(data[start : start + PIECE], final=start + PIECE >= len(data))
        except UnicodeDecodeError:
            problems.add(f"bytes {start + 1}–{start + PIECE}", "UTF-8 text: save the file again as UTF-8")
            return False
    return True


def text_of(data: bytes, problems: Problems) -> str | None:
    """The file as text, without its byte order mark; None, and a problem, where it is empty or no UTF-8."""
    return data.removeprefix(BOM).decode("utf-8") if is_text(data, problems) else None


def json_of(data: bytes, problems: Problems) -> Any:
    """The file as JSON; None, and a problem, where it is none (None without one: the file says `null`)."""
    if not is_text(data, problems):
        return None
    try:
        return msgspec.json.decode(data.removeprefix(BOM))
    except (msgspec.DecodeError, RecursionError, ValueError) as wrong:
        at = re.search(r"\(byte (\d+)\)", str(wrong))
        problems.add(f"byte {at.group(1)}" if at else "file", "whole JSON: the file is cut off or not JSON")
        return None


def plain(value: object) -> str:
    """A text on one line, without control characters and marks that turn its direction; empty for what is no text."""
    if not isinstance(value, str):
        return ""
    return " ".join(_CONTROL.sub(" ", value).split())


def capped(text: str, most: int = MOST_TEXT) -> str:
    """A text as it is, or its beginning with an ellipsis that shows the cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def name_of(value: object) -> str | None:
    """A name as written; None for no text, nothing, an inner line break or NUL, or more than 200 characters."""
    if not isinstance(value, str) or len(value) > MOST_NAME or re.search(r"[\x00\r\n]", value.strip()):
        return None
    return plain(value) or None


def date_of(value: object) -> str:
    """`20240115` → `2024-01-15`, `202401` → `2024-01`; another text as written, short."""
    text = plain(value)
    found = re.fullmatch(r"(\d{4})(\d\d)?(\d\d)?(?:\d{2,6})?(?:[+-]\d{4})?", text)
    return "-".join(filter(None, found.groups())) if found else text[:20]


def sentences(text: str) -> Iterator[str]:
    """The sentences of a run-on text; an abbreviation (`St. John`, `e.g.`) ends none. References to sections go."""
    for part in _END.split(_REFERENCE.sub(" ", text)):
        bare = plain(part).strip(" -–*·|")
        if bare:
            yield bare


def type_of(value: object) -> str:
    """What something in a JSON file is, in its own words: never what it says."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")
