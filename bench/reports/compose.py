"""A report in a layout: cells, columns, pages; and the truth of what was printed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from random import Random
from typing import Any

from bench.reports import printing
from bench.reports.canvas import width
from bench.reports.content import Report, Row
from bench.reports.layouts import Layout

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass
class Cell:
    """What stands in a column: lines, how they look, and what hangs below the first."""

    lines: list[str]
    bold: bool = False
    colour: str = "black"
    raised: str = ""
    """Digits set small and high after the last line."""
    share: float | None = None
    """Of a drawn bar: where the result stands between its ends."""


@dataclass
class Block:
    """One row, heading or line of a page before it has a place."""

    cells: dict[str, Cell]
    below: list[str] = field(default_factory=list)
    kind: str = "row"  # row, section, line
    truth: dict[str, Any] | None = None


@dataclass
class Desk:
    """What is needed to print one report: the layout, the lab's hand, chance, and the words of the language."""

    layout: Layout
    report: Report
    hand: printing.Hand
    rng: Random
    words: dict[str, Any]
    pick: int
    size: float
    notes: list[str] = field(default_factory=list)
    traps: list[str] = field(default_factory=list)

    def wide(self, text: str, bold: bool = False, size: float | None = None) -> float:
        """How wide a text is in this report's letters."""
        return width(text, self.layout.font, size or self.size, bold)

    def heading(self, key: str) -> str:
        """A column's heading."""
        choices = self.words["headings"][key]
        found = choices[self.pick % len(choices)]
        return found.upper() if self.layout.headings == "caps" else found


def wrap(text: str, limit: float, desk: Desk, bold: bool = False) -> list[str]:
    """A text in lines no wider than a limit, broken at blanks; a single long word stays whole."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and desk.wide(f"{lines[-1]} {word}", bold) <= limit:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _result(desk: Desk, row: Row, flag: str, ranges: list[str]) -> str:
    layout = desk.layout
    text = printing.value(row.value, desk.hand, layout.spaced)
    if row.unit and layout.unit_at in ("value", "glued"):
        # no lab glues a number to a unit that begins with one
        text += ("" if layout.unit_at == "glued" and not row.unit[0].isdigit() else " ") + row.unit
    if flag and layout.flag_at == "value":
        text += f" {flag}"
    if flag and layout.flag_at == "glued":
        text += flag
    if flag and layout.flag_at == "before":
        text = f"{flag} {text}"
    return " ".join([text, *ranges]) if layout.range_at == "value" else text


def _shown_name(desk: Desk, row: Row) -> str:
    if not desk.layout.upper:
        return row.name
    return row.name.translate(str.maketrans(desk.words.get("capitals", {}))).upper()


def _name(desk: Desk, row: Row, ranges: list[str]) -> tuple[str, str]:
    """The name as it stands in its column, and the mark of a footnote behind it."""
    layout, text = desk.layout, _shown_name(desk, row)
    if row.unit and layout.unit_at == "name":
        text += f" ({row.unit})" if desk.pick % 2 else f" [{row.unit}]"
    if ranges and layout.range_at == "name":
        text += f" ({' / '.join(ranges)})"
    if desk.rng.random() < layout.notes and len(desk.notes) < 3:
        desk.notes.append(desk.words["notes"][len(desk.notes)])
        marks = ["¹", "²", "³"] if desk.pick % 2 else ["1)", "2)", "3)"]
        return text, marks[len(desk.notes) - 1]
    return text, ""


def _below(desk: Desk, ranges: list[str]) -> list[str]:
    layout, rng, found = desk.layout, desk.rng, []
    if ranges and layout.range_at == "below":
        label = desk.heading("range")
        alone = len(ranges) == 1 and ranges[0][0] not in "(["
        first = f"{label}: {ranges[0]}" if desk.pick % 3 == 0 else f"({ranges[0]})" if alone else ranges[0]
        found += [first, *ranges[1:]]
    if rng.random() < layout.method and layout.method_at == "below":
        form = desk.words["method"][desk.pick % len(desk.words["method"])]
        found.append(form.format(x=rng.choice(desk.words["methods"])))
    if rng.random() < layout.comments:
        found.append(rng.choice(desk.words["comments"]))
    return found


def _previous(desk: Desk, row: Row) -> dict[str, Cell]:
    cells = {}
    for n, day in enumerate(days_of(desk.report)):
        found = [value for when, value in row.previous if when == day]
        text = printing.value(found[0], desk.hand, desk.layout.spaced) if found else desk.words.get("gap", "")
        cells[f"previous{n}"] = Cell([text])
    return cells


def days_of(report: Report) -> list[Any]:
    """The earlier dates of a report, newest first."""
    return sorted({day for row in report.rows for day, _ in row.previous}, reverse=True)


def block_of(desk: Desk, row: Row, number: int) -> Block:
    """A row as cells and truth."""
    layout, how = desk.layout, desk.layout.ranges
    ranges = (
        [] if layout.range_at == "none" else printing.range_lines(row.range, desk.report, desk.hand, how, desk.pick)
    )
    if row.unit and layout.unit_at == "range":
        ranges = [f"{ranges[0]} {row.unit}", *ranges[1:]] if ranges else [row.unit]
    flag, meaning = printing.flag(row, layout.flag, desk.words, desk.pick)
    if row.value.text and flag[:1] in "+-<>" and layout.flag_at != "column":
        flag, meaning = "", None  # "++" and "+" side by side are no lab's habit
    marked = row.flag is not None and (layout.marked or layout.flag in ("bold", "red"))
    name, mark = _name(desk, row, ranges)
    look = {"bold": bool(marked) and "bold" in (layout.marked, layout.flag)}
    look["colour"] = "red" if marked and "red" in (layout.marked, layout.flag) else "black"
    cells = {
        "name": Cell([name], raised=mark),
        "result": Cell([_result(desk, row, flag, ranges)], **look),
        "flag": Cell([flag], **look),
        "unit": Cell([row.unit] if row.unit else []),
        "range": Cell(ranges if layout.range_at == "column" else []),
        "no": Cell([f"{number:02d}"]),
        "code": Cell([f"{(number * 7919 + desk.pick * 31) % 9000 + 1000}"]),
        "status": Cell(["F"]),
    }
    low, high = row.range.mine
    if low is not None and high is not None and row.value.number is not None:
        share = float((row.value.number - low) / (high - low)) if high > low else 0.5
        cells["bar"] = Cell([printing.number(low, desk.hand), printing.number(high, desk.hand)], share=share)
    cells["low"] = Cell([] if low is None else [printing.number(low, desk.hand)])
    cells["high"] = Cell([] if high is None else [printing.number(high, desk.hand)])
    if row.value.number is not None and desk.rng.random() < 0.9:
        cells["method"] = Cell([desk.rng.choice(desk.words["methods"])])
    if row.second:
        cells["second"] = Cell([f"{printing.value(row.second[0], desk.hand, layout.spaced)} {row.second[1]}"])
    cells |= _previous(desk, row)
    block = Block({key: cell for key, cell in cells.items() if any(cell.lines)}, _below(desk, ranges))
    if layout.kind == "cards":
        block = _card(desk, block)
    block.truth = _truth(desk, row, ranges, meaning, marked)
    return block


def _card(desk: Desk, block: Block) -> Block:
    """The row as a heading with labelled lines under it."""
    lines = []
    for key in ("result", "range", "flag"):
        if key in block.cells and key in desk.layout.columns:
            lines.append(f"{desk.heading(key)}: {' '.join(block.cells[key].lines)}")
    if desk.pick % 2:
        lines = ["    ".join(lines)]
    return Block({"name": replace(block.cells["name"], bold=True)}, lines + block.below)


def _shown(desk: Desk, ranges: list[str]) -> bool:
    columns = desk.layout.columns
    if "bar" in columns:
        return True
    return (bool(ranges) and (desk.layout.range_at != "column" or "range" in columns)) or "low" in columns


def _truth(desk: Desk, row: Row, ranges: list[str], meaning: str | None, marked: Any) -> dict[str, Any]:
    layout, unit_shown = desk.layout, desk.layout.unit_at != "column" or "unit" in desk.layout.columns
    shown = _shown(desk, ranges)
    low, high = row.range.mine if shown else (None, None)
    if "bar" in layout.columns and (None in (low, high) or row.value.number is None):
        low = high = None
    also: list[list[str | None]] = []
    if shown and row.range.kind == "graded":
        top = row.range.steps[0][1][1]
        also = [[None, str(top)]]
        if layout.ranges.sexes == "mine":
            (low, high), also = (None, top), [[None, None]]
    if shown and layout.ranges.one_sided == "zero" and low is None and high is not None and row.range.kind != "graded":
        also = [["0", str(high)]]
    value = str(row.value.number) if row.value.number is not None else row.value.text
    flag_shown = meaning is not None and (layout.flag_at != "column" or "flag" in layout.columns)
    found: dict[str, Any] = {
        "test": row.test,
        "name": _shown_name(desk, row),
        "value": value,
        "comparator": row.value.comparator or None,
        "unit": row.unit if row.unit and unit_shown else None,
        "range": {
            "kind": row.range.kind,
            "low": None if low is None else str(low),
            "high": None if high is None else str(high),
            "text": " ".join(ranges) if ranges and not {"low", "bar"} & set(layout.columns) else None,
        },
        "flag": meaning if flag_shown else None,
        "direction": row.flag,
        "marked": bool(marked),
        "previous": [],
        "section": row.section,
        "specimen": row.specimen,
        "printed": printing.value(row.value, desk.hand, layout.spaced),
    }
    if also:
        found["range_also"] = also
    if "previous" in layout.columns:
        found["previous"] = [
            {"date": day.isoformat(), "value": str(each.number), "comparator": each.comparator or None}
            for day, each in row.previous
        ]
    if row.second and "second" in layout.columns:
        value, unit = row.second
        found["second"] = {"value": str(value.number), "comparator": value.comparator or None, "unit": unit}
    return found


def blocks_of(desk: Desk) -> list[Block]:
    """All rows of a report with their section headings."""
    found: list[Block] = []
    number = 0
    for section, group in groupby(desk.report.rows, key=lambda row: row.section):
        rows = list(group)
        title = _section(desk, section, rows[0].specimen)
        if title:
            found += [Block({"name": Cell([line])}, kind="section") for line in title]
        for row in rows:
            number += 1
            found.append(block_of(desk, row, number))
    return found


def _section(desk: Desk, section: str, specimen: str) -> list[str]:
    layout, words = desk.layout, desk.words
    # urine and stool always say so: their names are those of blood
    if layout.sections == "none" and specimen not in ("urine", "stool"):
        return []
    names = words["sections"][section]
    title = names[desk.pick % len(names)]
    material = words["specimens"][specimen][desk.pick % len(words["specimens"][specimen])]
    if layout.sections == "caps":
        title = title.upper()
    if layout.sections == "dashes":
        title = f"--- {title} ---"
    if layout.specimen == "section":
        title = f"{title} ({material})" if desk.pick % 2 else f"{title} - {material}"
    lines = [title]
    if layout.specimen == "line":
        lines.append(f"{words['sample']}: {material}")
    return lines


def columns_of(desk: Desk) -> list[str]:
    """The layout's columns with those of earlier dates put in, in the order in which they stand."""
    days = len(days_of(desk.report))
    earlier = [f"previous{n}" for n in range(days)]
    if desk.layout.newest == "right":
        earlier.reverse()
    found: list[str] = []
    for column in desk.layout.columns:
        if column == "previous":
            found += earlier
        else:
            found.append(column)
    return found


def headings_of(desk: Desk) -> dict[str, str]:
    """Column -> its heading; earlier results stand under their date."""
    found = {}
    days = [printing.day(day, desk.hand) for day in days_of(desk.report)]
    for column in columns_of(desk):
        if column.startswith("previous"):
            found[column] = days[int(column.removeprefix("previous"))]
        elif column == "result" and desk.layout.dated:
            found[column] = printing.day(desk.report.collected, desk.hand)
        elif column == "no":
            found[column] = "#" if desk.pick % 2 else "No"
        elif column == "bar":
            found[column] = desk.heading("range")
        elif column in ("code", "status", "second"):
            found[column] = ""
        else:
            found[column] = desk.heading(column)
    if desk.layout.unit_at == "value" and "previous0" not in found:
        found["result"] = found.get("result", "")
    return found
