"""The outer form of a table: bytes → rows of cells; its dates and its decimal mark, decided for the whole of it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from helder.reports.numbers import DIGITS, decided, evidence, parse_number
from helder.reports.structured.reading import BOM, MOST_PARTS, MOST_ROWS, Problems, decoded, whole_date

DELIMITERS = ";\t,|"
LONGEST_DATE, LONGEST_RANGE = 40, 80
SAMPLE = 200
"""Rows by which the delimiter is told."""
_ISO = re.compile(r"(\d{4})(?:([-/.])(\d\d?)\2(\d\d?)\.?|(\d\d)(\d\d))", re.ASCII)
_DAY = re.compile(r"(\d\d?)([-/.])\s?(\d\d?)\2\s?(\d{4})", re.ASCII)
_TIME = re.compile(r"[T ,]+\d\d?[:.h]\d\d(?:[:.]\d\d(?:\.\d+)?)?\s*(?:Z|[-+]\d\d:?\d\d|[aApP]\.?[mM]\.?)?$", re.ASCII)
_BOUNDS = re.compile(r"(-?)([\d.,'’\s]*\d)\s*[-–—]\s*(-?)([\d.,'’\s]*\d)")
_BOUND = re.compile(r"(<=|>=|=<|=>|[<>≤≥])\s*(-?)([\d.,'’\s]*\d)")


class Row(NamedTuple):
    """A row with the line that it begins on."""

    line: int
    cells: list[str]

    @property
    def place(self) -> str:
        return f"line {self.line}"

    def cell(self, column: int) -> str:
        return self.cells[column].strip() if column < len(self.cells) else ""


def rows_of(data: bytes | str, problems: Problems) -> list[Row]:
    """The rows that hold something. A row that can't be cut (a quote never closed) is named, the next one is read."""
    text = data if isinstance(data, str) else _decoded(data, problems)
    text = text.removeprefix("\ufeff")
    told, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=.\r?", told):
        return _kept(_rows(rest, told[4], 1, problems), problems)
    delimiter = _delimiter(text)
    if delimiter is None:
        problems.add("file", "not_this_format")
        return []
    return _kept(_rows(text, delimiter, 0, problems), problems)


def _kept(rows: Iterator[Row], problems: Problems) -> list[Row]:
    """As many rows and cells as a report may have."""
    kept = list(islice(rows, MOST_ROWS))
    if len(kept) == MOST_ROWS and next(rows, None):
        problems.add(kept[-1].place, "too_large")
    for row in kept:
        if len(row.cells) > MOST_PARTS:
            problems.add(row.place, "too_large")
            del row.cells[MOST_PARTS:]
    return kept


def _decoded(data: bytes, problems: Problems) -> str:
    """By the byte order mark; UTF-16 by its noughts; UTF-8; else Windows-1252, which is named."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return decoded(data, "utf-16", "file", problems)
    if data[1:400:2].count(0) > len(data[:400]) // 4:
        return decoded(data, "utf-16-le", "file", problems)
    try:
        return data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError:
        problems.add("file", "encoding", "windows-1252")
        return data.decode("cp1252", "replace")


def _delimiter(text: str) -> str | None:
    """What cuts most rows into one number of cells; the more cells, the better. None where nothing does."""
    scores = {}
    for delimiter in DELIMITERS:
        sample = [row for row, _ in zip(_rows(text[:100_000], delimiter, 0, Problems()), range(SAMPLE), strict=False)]
        counts = Counter(len(row.cells) for row in sample)
        size, times = max(counts.items(), key=lambda pair: (pair[1] * (pair[0] > 1), pair[0]), default=(0, 0))
        if size > 1:
            scores[delimiter] = (times / len(sample), size)
    return max(scores, key=lambda each: scores[each]) if scores else None


def _rows(text: str, delimiter: str, before: int, problems: Problems) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.add(f"line {start + 1 + before}", "cut_off")
            continue
        if any(cell.strip() for cell in cells):
            yield Row(start + 1 + before, cells)


class Numbers:
    """Printed numbers of one table."""

    def __init__(self, texts: Iterable[str]) -> None:
        found = (number for text in texts if _parts(text) is None for number in DIGITS.findall(text))
        self.mark, self.proven = decided(evidence(found))

    def parse(self, text: str, place: str, problems: Problems) -> Decimal | None:
        """A number; None for another text, and, named, for a number that may mean two things."""
        sign, bare = ("-", text[1:]) if text[:1] in ("-", "−") else ("", text.removeprefix("+"))
        if len(bare) > 40 or not bare.isascii():
            return None
        found = parse_number(bare.strip(), self.mark, self.proven)
        if found is None:
            return None
        other = "." if self.mark == "," else ","
        if found.doubtful or (bare.count(other) == 1 and self.mark not in bare):
            problems.add(place, "decimal_mark")
            return None
        return -found.value if sign else found.value

    def bounds(self, text: str, place: str, problems: Problems) -> tuple[Decimal | None, Decimal | None]:
        """`3,5 - 5,0`, `< 5` → low and high."""
        if len(text) > LONGEST_RANGE:
            return None, None
        if between := _BOUNDS.fullmatch(text.strip()):
            low = self.parse(between[1] + between[2].strip(), place, problems)
            high = self.parse(between[3] + between[4].strip(), place, problems)
            if low is None or high is None:
                return None, None
            if low > high:
                problems.add(place, "range")
                return None, None
            return low, high
        if bound := _BOUND.fullmatch(text.strip()):
            number = self.parse(bound[2] + bound[3].strip(), place, problems)
            return (None, number) if bound[1][0] in "<≤" or bound[1] == "=<" else (number, None)
        return None, None


class Dates:
    """Printed dates of one table. Whether day or month comes first is told by any date that has a day above 12.

    Dates with points have the day before the month in every locale of the CLDR.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        pairs = [(int(parts[0]), int(parts[2])) for text in texts if (parts := _parts(text)) and parts[1] in "-/"]
        first, second = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
        self.day_first = first if first != second else None

    def parse(self, text: str, place: str, problems: Problems) -> str | None:
        """`15.01.2024`, `2024-01-15 08:30` → `2024-01-15`; None, and a problem, for no date or one of two."""
        if iso := _ISO.fullmatch(_day(text)):
            found = _of_iso(iso)
        elif parts := _parts(text):
            found = self._ordered(*parts)
            if found is None and self.day_first is None and parts[1] != "." and max(int(parts[0]), int(parts[2])) <= 12:
                problems.add(place, "date_order")
                return None
        else:
            found = None
        if found is None:
            problems.add(place, "date")
        return found

    def _ordered(self, first: str, mark: str, second: str, year: str) -> str | None:
        first, second = first.zfill(2), second.zfill(2)
        if mark == "." or self.day_first or first == second:
            return whole_date(year, second, first)
        return whole_date(year, first, second) if self.day_first is False else None


def _day(text: str) -> str:
    """A date without the time behind it; empty for what is too long to be one."""
    return _TIME.sub("", text.strip()) if len(text) <= LONGEST_DATE else ""


def _parts(text: str) -> tuple[str, str, str, str] | None:
    found = _DAY.fullmatch(_day(text))
    return (found[1], found[2], found[3], found[4]) if found else None


def is_date(text: str) -> bool:
    """Whether a cell looks like a date; eight digits in a row only where the calendar has them."""
    iso = _ISO.fullmatch(_day(text))
    return bool(_parts(text)) or bool(iso and _of_iso(iso))


def _of_iso(found: re.Match[str]) -> str | None:
    return whole_date(found[1], (found[3] or found[5]).zfill(2), (found[4] or found[6]).zfill(2))
