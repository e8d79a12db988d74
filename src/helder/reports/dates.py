"""Printed dates. The order of day and month is decided by evidence on the page, else by its country, else asked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from helder.languages.folding import fold
from helder.reports.vocabulary import Vocabulary

Order = Literal["dmy", "mdy", "ymd"]

_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{2,4})(?![\d])(?!\2\d)")
_WORDED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[\s\-./]*(?:de\s+)?([^\W\d]{3,12}|[\u0900-\u0dff]{2,12})\.?,?[\s\-./]*(?:de\s+)?(\d{4}|\d{2})(?!\d)"
)
_MONTH_FIRST = re.compile(
    r"(?<!\w)([^\W\d]{3,12}|[\u0900-\u0dff]{2,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,\s*(\d{4})(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
CENTURY = 100
YOUNGEST = 30
"""Two-digit years up to this are of this century."""
MONTH_FIRST_COUNTRIES = frozenset({"US"})


class Dates(NamedTuple):
    """How a document writes dates, and whether its own dates prove it."""

    order: Order
    proven: bool


DAY_FIRST = Dates("dmy", False)


def orders_shown(texts: Iterable[str]) -> Dates:
    """The order of day and month: a 25 in one place shows it for all; without one, day first and not proven."""
    day_first = month_first = 0
    for text in texts:
        for first, _, second, _last in _NUMERIC.findall(text):
            if len(first) <= 2:
                day_first += int(first) > 12 >= int(second)
                month_first += int(second) > 12 >= int(first)
    if day_first != month_first:
        return Dates("dmy" if day_first > month_first else "mdy", not (day_first and month_first))
    return DAY_FIRST


def find_date(text: str, words: Vocabulary, order: Order = "dmy") -> str | None:
    """The first date in a text as ISO 8601, or None. A text of numbers that cannot be a date has none."""
    for found in _found(text, words, order):
        return found
    return None


def _found(text: str, words: Vocabulary, order: Order) -> Iterable[str]:
    for match in _NUMERIC.finditer(text):
        if iso := _numeric(match.group(1), match.group(3), match.group(4), order):
            yield iso
    for match in _WORDED.finditer(text):
        if iso := _worded(match.group(1), match.group(2), match.group(3), words):
            yield iso
    for match in _MONTH_FIRST.finditer(text):
        if iso := _worded(match.group(2), match.group(1), match.group(3), words):
            yield iso
    for match in _COMPACT.finditer(text):
        if iso := _iso(int(match.group(1)), int(match.group(2)), int(match.group(3))):
            yield iso


def ambiguous(text: str) -> bool:
    """Whether day and month of the first date in a text could change places."""
    found = _NUMERIC.search(text)
    if not found or len(found.group(1)) > 2:
        return False
    first, second = int(found.group(1)), int(found.group(3))
    return first <= 12 and second <= 12 and first != second


def _numeric(first: str, second: str, third: str, order: Order) -> str | None:
    if len(first) == 4:
        return _iso(int(first), int(second), int(third)) if len(third) <= 2 else None
    if len(first) > 2 or len(third) == 3:
        return None
    day, month = (int(second), int(first)) if order == "mdy" else (int(first), int(second))
    if month > 12 >= day:
        day, month = month, day
    return _iso(_year(third), month, day)


def _worded(day: str, month: str, year: str, words: Vocabulary) -> str | None:
    number = words.months.get(fold(month))
    return _iso(_year(year), int(number), int(day)) if number else None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year <= YOUNGEST else 1900)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None
