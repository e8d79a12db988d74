"""The tops and feet of pages: who, when, which lab; and lines that look like results but are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.reports.canvas import Rule, Sheet, Text
from bench.reports.compose import Desk

MARGIN = 42.0
Pair = tuple[str, str, str]


@dataclass(frozen=True)
class Pen:
    """Writes on a sheet in a report's letters."""

    desk: Desk
    sheet: Sheet

    def put(self, x: float, y: float, text: str, scale: float = 1, **look: Any) -> None:
        """A text at a place; `scale` of the report's size."""
        self.sheet.items.append(Text(x, y, text, self.desk.size * scale, self.desk.layout.font, **look))

    def rule(self, x0: float, y0: float, x1: float, y1: float, **look: Any) -> None:
        """A line."""
        self.sheet.items.append(Rule(x0, y0, x1, y1, **({"width": 0.7, "colour": "black"} | look)))

    @property
    def right(self) -> float:
        """The right margin."""
        return self.sheet.width - MARGIN

    def columns(self, pairs: list[Pair], y: float, count: int, indent: float = 0) -> float:
        """Label and value, in so many columns; where it ends."""
        left, line = MARGIN + indent, self.desk.size * 1.45
        step, deep = (self.right - indent - left) / count, -(-len(pairs) // count)
        wide = max(self.desk.wide(f"{each[1]}:") for each in pairs) + 8
        for n, (_, label, text) in enumerate(pairs):
            x, at = left + step * (n // deep), y + line * (n % deep + 1)
            self.put(x, at, f"{label}:")
            scale = min(1.0, (step - wide - 6) / max(1, self.desk.wide(text, True)))
            self.put(x + wide, at, text, scale, bold=True)
        return y + line * deep + 4

    def letterhead(self, x: float, y: float, align: str = "l") -> float:
        """The lab's name, street and telephone."""
        report = self.desk.report
        self.put(x, y + 14, report.lab, 1.5, bold=True, align=align)
        self.put(x, y + 26, report.street, 0.9, align=align)
        self.put(x, y + 37, report.phone, 0.9, align=align)
        self.desk.traps += [report.street, report.phone]
        return y + 42


def head(desk: Desk, sheet: Sheet, pairs: list[Pair]) -> float:
    """Draw the head of the first page; where rows may begin."""
    style = {"boxed": _boxed, "lines": _lined, "sides": _sides, "grid": _grid, "minimal": _minimal, "centred": _centred}
    if desk.layout.header == "none":
        return MARGIN
    return style[desk.layout.header](Pen(desk, sheet), pairs) + 12


def _boxed(pen: Pen, pairs: list[Pair]) -> float:
    top = pen.letterhead(MARGIN, MARGIN - 12) + 4
    pen.put(pen.right, MARGIN + 4, pen.desk.report.title, 1.3, bold=True, align="r")
    end = pen.columns(pairs, top, 2, 6) + 3
    for y in (top, end):
        pen.rule(MARGIN, y, pen.right, y)
    for x in (MARGIN, pen.right):
        pen.rule(x, top, x, end)
    return end


def _lined(pen: Pen, pairs: list[Pair]) -> float:
    y = pen.letterhead(MARGIN, MARGIN - 12)
    pen.put(MARGIN, y + 14, pen.desk.report.title, 1.2, bold=True)
    return pen.columns(pairs, y + 18, 1)


def _sides(pen: Pen, pairs: list[Pair]) -> float:
    y, streets = MARGIN - 12, pen.desk.words["streets"]
    street = streets[pen.desk.pick % len(streets)]
    pen.letterhead(pen.right, y, "r")
    pen.put(MARGIN, y + 26, pen.desk.report.patient, 1.1)
    pen.put(MARGIN, y + 38, street)
    pen.desk.traps.append(street)
    pen.put(MARGIN, y + 66, pen.desk.report.title, 1.5, bold=True)
    return pen.columns(pairs, y + 72, 2)


def _grid(pen: Pen, pairs: list[Pair]) -> float:
    y = pen.letterhead(MARGIN, MARGIN - 12) + 4
    step, scale = (pen.right - MARGIN) / 3, 1.0
    while scale > 0.6 and max(pen.desk.wide(each[2], True) for each in pairs) * scale > step - 8:
        scale -= 0.05
    for n, (_, label, text) in enumerate(pairs):
        x, at = MARGIN + step * (n % 3), y + 26 * (n // 3)
        pen.put(x, at + 9, label, 0.8)
        pen.put(x, at + 20, text, scale, bold=True)
    end = y + 26 * (-(-len(pairs) // 3)) + 2
    pen.rule(MARGIN, end, pen.right, end, width=1)
    return end


def _minimal(pen: Pen, pairs: list[Pair]) -> float:
    pairs[:] = [each for each in pairs if each[0] in ("patient", "born", "collected")]
    y = MARGIN
    for _, label, text in pairs:
        y += pen.desk.size * 1.5
        pen.put(MARGIN, y, f"{label}: {text}")
    return y + 4


def _centred(pen: Pen, pairs: list[Pair]) -> float:
    y = pen.letterhead(pen.sheet.width / 2, MARGIN - 12, "c")
    pen.rule(MARGIN, y + 2, pen.right, y + 2, width=1.2, colour="blue")
    end = pen.columns(pairs, y + 6, 2)
    pen.put(pen.sheet.width / 2, end + 12, pen.desk.report.title.upper(), 1.2, bold=True, align="c")
    return end + 16


def short_head(desk: Desk, sheet: Sheet, pairs: list[Pair]) -> float:
    """The head of a later page: who and which order, in one line."""
    kept = [text for what, _, text in pairs if what in ("patient", "born", "order")]
    Pen(desk, sheet).put(MARGIN, MARGIN + 4, "   ".join(kept), 0.9)
    return MARGIN + 16


def foot(desk: Desk, sheet: Sheet, number: int, count: int) -> None:
    """The foot: a footer, the page's number."""
    pen, page, footers = Pen(desk, sheet), desk.words["labels"]["page"], desk.words["footers"]
    text = page[desk.pick % len(page)].format(n=number, m=count)
    line = footers[(desk.pick + number) % len(footers)]
    y = sheet.height - 24
    pen.put(MARGIN, y, line, 0.8)
    pen.put(pen.right, y, text, 0.8, align="r")
    desk.traps += [line, text]


def tail(desk: Desk) -> list[str]:
    """Lines after the last row: footnotes, the legend of flags, lines about the sample."""
    found = []
    if desk.notes:
        marks = ["¹", "²", "³"] if desk.pick % 2 else ["1)", "2)", "3)"]
        found += [f"{mark} {note}" for mark, note in zip(marks, desk.notes, strict=False)]
    if desk.layout.legend:
        found.append(desk.words["legend"][desk.pick % len(desk.words["legend"])])
    desk.traps += found
    return found
