"""Columns as wide as their words need, and what the head of a report tells."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bench.reports import printing
from bench.reports.compose import Block, Desk, columns_of, headings_of

PAPERS = {"A4": (595.28, 841.89), "letter": (612.0, 792.0), "A5": (419.53, 595.28)}

GAP = 7.0


@dataclass(frozen=True)
class Slot:
    """A column's place."""

    key: str
    x0: float
    x1: float
    align: str

    def moved(self, by: float) -> Slot:
        """The same column further to the right."""
        return Slot(self.key, self.x0 + by, self.x1 + by, self.align)

    @property
    def anchor(self) -> float:
        """Where a text with this alignment is held."""
        return {"l": self.x0, "r": self.x1, "c": (self.x0 + self.x1) / 2}[self.align]


def _align(desk: Desk, column: str) -> str:
    if column in ("result", "low", "high") or column.startswith(("previous", "second")):
        return desk.layout.align
    return "c" if column in ("flag", "status") else "l"


def _need(desk: Desk, blocks: list[Block], column: str, heading: str, cap: float) -> float:
    widest = max((desk.wide(word, True) for word in heading.split()), default=0)
    if column == "bar":
        return max(widest, 13 * desk.size)
    for block in blocks:
        cell = block.cells.get(column)
        if cell is None or block.kind != "row":
            continue
        for line in cell.lines:
            wide = desk.wide(line, cell.bold) + (desk.wide(cell.raised) if cell.raised else 0)
            longest = max(desk.wide(word, cell.bold) for word in line.split(" "))
            widest = max(widest, longest, min(wide, cap))
    return widest + (1 if widest else 0)


def fit(desk: Desk, blocks: list[Block], left: float, right: float) -> tuple[Desk, list[Slot]]:
    """Columns that fit between two edges: smaller letters and narrower names if they must be."""
    columns, heads = columns_of(desk), headings_of(desk)
    if desk.layout.headings == "none":
        heads = dict.fromkeys(heads, "") | {key: text for key, text in heads.items() if key.startswith("previous")}
    space = right - left
    for shrink in (1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58):
        sized = replace(desk, size=desk.size * shrink)
        for cap in (1, 0.75, 0.55):
            caps = {
                "name": desk.layout.name_cap * space * cap,
                "range": desk.layout.range_cap * space * cap,
                "method": 0.2 * space * cap,
            }
            needs = [_need(sized, blocks, each, heads[each], caps.get(each, space)) for each in columns]
            if sum(needs) + GAP * (len(columns) - 1) <= space:
                return sized, _slots(sized, columns, needs, left, right)
    return sized, _slots(sized, columns, needs, left, max(right, left + sum(needs) + GAP * len(columns)))


def _slots(desk: Desk, columns: list[str], needs: list[float], left: float, right: float) -> list[Slot]:
    free = right - left - sum(needs)
    gap = free / max(1, len(columns) - 1)
    gap = min(gap, 2.6 * desk.size) if desk.layout.spread == "tight" else min(gap, 9 * desk.size)
    if desk.layout.mono:
        gap = max(gap, desk.wide("  "))
    slots, x = [], left
    for column, need in zip(columns, needs, strict=True):
        slots.append(Slot(column, x, x + need, _align(desk, column)))
        x += need + gap
    return slots


def fields(desk: Desk) -> list[tuple[str, str, str]]:
    """What the head tells: (what, label, text)."""
    report, labels, hand, n = desk.report, desk.words["labels"], desk.hand, desk.pick

    def label(key: str) -> str:
        return labels[key][n % len(labels[key])]

    sex = desk.words["sex"][report.sex]
    with_time = n % 2 == 0
    show = printing.moment if with_time else printing.day
    found = [
        ("patient", label("patient"), report.patient),
        ("born", label("born"), printing.day(report.born, hand)),
        ("sex", label("sex"), sex[n % len(sex)]),
        ("age", label("age"), str(report.age)),
        ("order", label("order"), report.order),
        ("doctor", label("doctor"), report.doctor),
        ("collected", label("collected"), show(report.collected, hand)),
        ("received", label("received"), show(report.received, hand)),
        ("reported", label("reported"), show(report.reported, hand)),
    ]
    # some labs leave out the one or the other
    gone = {("age", "doctor"), ("received",), ("sex", "received"), ("reported", "age"), ()}
    out = sorted(gone)[n % 5]
    return [each for each in found if each[0] not in out]
