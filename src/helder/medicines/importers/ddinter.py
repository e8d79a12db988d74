"""DDInter's download: CSV with the header `DDInterID_A,Drug_A,DDInterID_B,Drug_B,Level`, and no words beside the level.

`Major`, `Moderate`, `Minor`, `Unknown` are kept as told: what to do doesn't follow from them, nor a severity of ours.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from helder.languages.folding import fold
from helder.medicines.importers.model import Imported, ImportedRule, ImportedSource
from helder.medicines.importers.names import Names
from helder.medicines.importers.reading import MOST_LEVEL, Problems, name_of, text_of
from helder.medicines.items import Recogniser

HEADER = ("ddinterid_a", "drug_a", "ddinterid_b", "drug_b", "level")
LEVELS = ("Major", "Moderate", "Minor", "Unknown")
SOURCE = ImportedSource(title="DDInter (scbdd.com), non-commercial use only")


class Row(NamedTuple):
    """A row with the lines that it stands on."""

    first: int
    last: int
    cells: list[str]

    @property
    def place(self) -> str:
        return f"line {self.first}" if self.first == self.last else f"lines {self.first}–{self.last}"

    @property
    def lines(self) -> int:
        return self.last - self.first + 1


def parse(data: bytes, recogniser: Recogniser) -> Imported:
    """The rows of a file. Never raises: what is of no use is named by its line."""
    problems = Problems()
    text = text_of(data, problems)
    if text is None:
        return Imported(problems=problems.named())
    rows = _rows(text, _delimiter(text), problems)
    columns = _columns(next(rows, None), problems)
    if columns is None:
        return Imported(problems=problems.named())
    names = Names(recogniser, "en")
    rules = [rule for row in rows if (rule := _rule(row, columns, names, problems)) is not None]
    if not rules:
        problems.add("file", "rows under the header")
    return Imported(rules=tuple(rules), problems=problems.named())


def _delimiter(text: str) -> str:
    """What stands between the cells of the header: a spreadsheet may have saved semicolons or tabs."""
    header = text.lstrip().partition("\n")[0]
    return max(",;\t", key=header.count)


def _rows(text: str, delimiter: str, problems: Problems) -> Iterator[Row]:
    """Rows that hold something. A row that can't be cut (a quote never closed) is named, the next one is read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        before = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            lost = reader.line_num - before
            problems.add(f"line {before + 1}", "a row whose quotes are closed and whose cells are short", max(1, lost))
            continue
        if any(cell.strip() for cell in cells):
            yield Row(before + 1, reader.line_num, cells)


def _columns(row: Row | None, problems: Problems) -> tuple[int, ...] | None:
    """Where each column stands; None, and a problem, where one is missing."""
    found = [cell.strip().casefold() for cell in row.cells] if row else []
    if not all(name in found for name in HEADER):
        problems.add("line 1", "the header DDInterID_A,Drug_A,DDInterID_B,Drug_B,Level")
        return None
    return tuple(found.index(name) for name in HEADER)


def _rule(row: Row, columns: tuple[int, ...], names: Names, problems: Problems) -> ImportedRule | None:
    if len(row.cells) <= max(columns) or any(cell.strip() for cell in row.cells[max(5, max(columns) + 1) :]):
        problems.add(row.place, "as many cells as the header has", row.lines)
        return None
    id_a, a, id_b, b, level = (name_of(row.cells[column]) for column in columns)
    if a is None or b is None or fold(a) == fold(b):
        problems.add(row.place, "two different names, each on one line and at most 200 characters long", row.lines)
        return None
    if level not in LEVELS:
        problems.add(row.place, f"a level: {', '.join(LEVELS)}; the row is kept with what it tells")
    meaning_a, meaning_b = names.meaning(a), names.meaning(b)
    return ImportedRule(
        a=a,
        b=b,
        substances_a=meaning_a.substances,
        substances_b=meaning_b.substances,
        whole_a=meaning_a.whole,
        whole_b=meaning_b.whole,
        level=(level or "")[:MOST_LEVEL],
        origin="ddinter",
        source=SOURCE,
        place=f"{row.place}: {id_a or '?'}–{id_b or '?'}"[:120],
    )
