"""Pasted text, a text file or a table of values → pages of words at monospaced places. Pure.

A letter is 6 points wide, a line 12 points high.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from helder.reports.page import Box, Page, Word

LETTER, LINE = 6.0, 12.0  # points
TAB = 8
LINES_A_PAGE = 2000
LOOKED_AT = 200_000  # letters: enough to tell text from other bytes
MOST_LETTERS = 2_000_000  # a report holds some thousands
MOST_COLUMNS = 200
CELL_GAP = 3  # letters between the columns of a table laid out
_DELIMITERS = ("\t", ";", ",", "|")
_ODD = re.compile(r"[\x00-\x08\x0e-\x1b\x1d-\x1f\x7f-\x9f]")
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(content: bytes) -> str | None:
    """Text from bytes, its encoding decided by itself (utf-8, utf-16, cp1252, latin-1); None where it isn't text."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decoded(content[: len(content) // 2 * 2] if encoding == "utf-16" else content, encoding)
    if len(content) >= 4 and content.count(0) > len(content) // 5:
        even, odd = content[::2].count(0), content[1::2].count(0)
        if max(even, odd) > 0.4 * len(content) / 2 and min(even, odd) < 0.05 * len(content):
            return _decoded(content[: len(content) // 2 * 2], "utf-16-le" if odd > even else "utf-16-be")
        return None
    for encoding in ("utf-8", "cp1252", "latin-1"):
        text = _decoded(content, encoding)
        if text is not None:
            return text
    return None


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    looked = text[:LOOKED_AT]
    return text if len(_ODD.findall(looked)) <= len(looked) // 100 else None


def read_text(text: str) -> Iterator[Page]:
    """The pages of a text: a form feed begins one, and so does every 2,000th line."""
    number = 0
    for sheet in text.replace("\r\n", "\n").replace("\r", "\n").split("\f"):
        lines = [line.expandtabs(TAB).rstrip() for line in sheet.split("\n")]
        for at in range(0, max(len(lines), 1), LINES_A_PAGE):
            part = lines[at : at + LINES_A_PAGE]
            if any(part):
                number += 1
                yield _page(number, part)


def read_table(text: str) -> Iterator[Page]:
    """The pages of a table with a delimiter, its columns set beneath each other."""
    delimiter = delimiter_of(text) or ";"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        rows = [line.split(delimiter) for line in lines]
    cells = [[re.sub(r"\s+", " ", cell).strip() for cell in row[:MOST_COLUMNS]] for row in rows]
    count = max((len(row) for row in cells), default=0)
    widths = [max((len(row[i]) for row in cells if i < len(row)), default=0) + CELL_GAP for i in range(count)]
    laid = ["".join(cell.ljust(widths[i]) for i, cell in enumerate(row)).rstrip() for row in cells]
    yield from read_text("\n".join(laid))


def delimiter_of(text: str) -> str | None:
    """What parts the columns of a table, or None where the text is not one: nearly every line has as many of it."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:40]
    if len(lines) < 2:
        return None
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count)
        least = 1 if delimiter == "\t" else 2
        if usual >= least and counts.count(usual) >= 0.8 * len(lines):
            return delimiter
    return None


def _page(number: int, lines: list[str]) -> Page:
    words = []
    for row, line in enumerate(lines):
        for found in re.finditer(r"\S+", line):
            box = Box(found.start() * LETTER, row * LINE, found.end() * LETTER, (row + 1) * LINE)
            words.append(Word(found[0], box, box))
    width = max((len(line) for line in lines), default=0) * LETTER
    return Page(number, width, len(lines) * LINE, tuple(words), "text")
