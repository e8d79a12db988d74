"""Rows flowing over frames and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.reports.canvas import Rule, Text
from bench.reports.compose import RAISED, Block, Cell, Desk, headings_of, wrap
from bench.reports.pages import Slot


@dataclass
class Frame:
    """A place that rows flow into."""

    page: int
    left: float
    right: float
    top: float
    bottom: float


class Flow:
    """Puts blocks on pages one after another; `drawn` keeps them per page with row and column."""

    def __init__(self, desk: Desk, slots: list[list[Slot]], frames: list[Frame]) -> None:
        self.desk, self.all_slots, self.frames = desk, slots, frames
        self.at, self.y, self.count = 0, frames[0].top, 0
        self.drawn: dict[int, list[tuple[int, int, Text | Rule]]] = {}
        self.heads()

    @property
    def frame(self) -> Frame:
        """Where rows flow now."""
        return self.frames[self.at]

    @property
    def slots(self) -> list[Slot]:
        """The columns of this frame."""
        return self.all_slots[self.at % len(self.all_slots)]

    def line(self) -> float:
        """The height of a line."""
        return self.desk.size * self.desk.layout.leading

    def put(self, item: Text | Rule, column: int = 0) -> None:
        """Keep an item with its place in the order of rows and columns."""
        self.drawn.setdefault(self.frame.page, []).append((self.count, column, item))

    def text(self, x: float, text: str, align: str = "l", column: int = 0, **look: Any) -> None:
        """Keep a text at the present line."""
        look = {"size": self.desk.size, "font": self.desk.layout.font} | look
        self.put(Text(x, self.y + self.desk.size, text, align=align, **look), column)

    def shade(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A pale box behind what follows."""
        self.put(Rule(x0, y0, x1, y1, colour="pale", fill=True))

    def heads(self) -> None:
        """The headings of the columns at the top of a frame."""
        layout, heads = self.desk.layout, headings_of(self.desk)
        again = self.frame.page and not layout.repeat
        if (layout.headings == "none" and "previous0" not in heads) or again:
            return
        rows = {slot.key: self._head(slot, heads[slot.key]) for slot in self.slots}
        deep = max(map(len, rows.values()))
        if layout.headings == "filled":
            self.shade(self.slots[0].x0 - 3, self.y - 1, self.frame.right + 3, self.y + deep * self.line() + 2)
        for n in range(deep):
            for k, slot in enumerate(self.slots):
                if n < len(rows[slot.key]) and rows[slot.key][n]:
                    self.text(slot.anchor, rows[slot.key][n], slot.align, k, bold=layout.headings != "caps")
            self.y += self.line()
        if layout.headings in ("ruled", "caps"):
            self.put(Rule(self.slots[0].x0, self.y + 1, self.frame.right, self.y + 1, 0.8, "black"))
        self.y += 5
        self.count += 1

    def _head(self, slot: Slot, text: str) -> list[str]:
        return wrap(text, max(slot.x1 - slot.x0, 1), self.desk, True) if text else [""]

    def next_frame(self) -> None:
        """Go on in the next frame, with headings."""
        self.at += 1
        self.y = self.frame.top
        self.heads()

    def height(self, block: Block) -> float:
        """How high a block will be."""
        extra = 2.5 if self.desk.layout.rules in ("lines", "dotted", "grid") else 0
        if block.kind == "section":
            return self.line() + 4
        deep = max([len(self._lines(slot, block.cells.get(slot.key))) for slot in self.slots] + [1])
        return (deep + 0.92 * len(block.below)) * self.line() + extra

    def _lines(self, slot: Slot, cell: Cell | None) -> list[str]:
        if cell is None:
            return []
        limit = max(slot.x1 - slot.x0, 1) - (self.desk.wide(cell.raised) if cell.raised else 0)
        return [part for line in cell.lines for part in wrap(line, limit + 0.5, self.desk, cell.bold)]

    def add(self, blocks: list[Block]) -> None:
        """Put all blocks in order; a heading never stands last in a frame."""
        for n, block in enumerate(blocks):
            after = blocks[n + 1 : n + 2] if block.kind == "section" else []
            if self.y + self.height(block) + sum(map(self.height, after)) > self.frame.bottom:
                self.next_frame()
            (self._row if block.kind == "row" else self._section)(block)
            self.count += 1

    def _section(self, block: Block) -> None:
        frame, text, layout = self.frame, block.cells["name"].lines[0], self.desk.layout
        self.y += 3
        if layout.sections == "box":
            self.shade(frame.left - 2, self.y - 1, frame.left + self.desk.wide(text, True) + 6, self.y + self.line())
        self.text(frame.left, text, bold=layout.sections not in ("dashes", "none"), size=self.desk.size * 1.05)
        self.y += self.line()
        if layout.sections == "underline":
            self.put(Rule(frame.left, self.y, frame.right, self.y, 0.6, "black"))
        self.y += 1

    def _row(self, block: Block) -> None:
        layout, top, slots = self.desk.layout, self.y, self.slots
        if layout.rules == "zebra" and self.count % 2:
            self.shade(slots[0].x0 - 3, top - 1, self.frame.right + 3, top + self.height(block))
        used = 1
        for k, slot in enumerate(slots):
            used = max(used, self._cell(k, block.cells.get(slot.key), top))
        self.y = top + used * self.line()
        for line in block.below:
            self.text(slots[0].x0 + 8, line, size=self.desk.size * 0.88, colour="grey")
            self.y += 0.92 * self.line()
        self._rules(top)
        if block.truth is not None:
            block.truth["page"] = self.frame.page + 1

    def _cell(self, k: int, cell: Cell | None, top: float) -> int:
        """Draw a cell; how many lines it took."""
        slot = self.slots[k]
        lines = self._lines(slot, cell)
        if cell is None or not lines:
            return 0
        if cell.share is not None:
            self._bar(slot, cell, k)
            return 1
        named, indent = slot.key == "name", 0
        for n, line in enumerate(lines):
            self.y = top + n * self.line()
            indent = 6 if n and named and self.desk.layout.indent else 0
            led = named and self.desk.layout.leaders and n == len(lines) - 1 and k + 1 < len(self.slots)
            self._cut(slot.anchor + indent, self._led(k, line) if led else line, k, cell)
        if cell.raised:
            small = self.desk.size * (0.65 if cell.raised.isdigit() else 0.8)
            x = slot.x0 + indent + self.desk.wide(lines[-1], cell.bold) + 1
            self.put(Text(x, self.y + self.desk.size * 0.68, cell.raised, small, self.desk.layout.font), k)
        return len(lines)

    def _bar(self, slot: Slot, cell: Cell, k: int) -> None:
        """The range as a line with its ends in numbers and a mark where the result stands."""
        low, high = cell.lines
        left, right = slot.x0 + self.desk.wide(low) + 4, slot.x1 - self.desk.wide(high) - 4
        middle = self.y + self.desk.size * 0.65
        self.text(slot.x0, low, "l", k)
        self.text(slot.x1, high, "r", k)
        self.put(Rule(left, middle, right, middle, 1.2), k)
        x = left + (right - left) * min(1.0, max(0.0, cell.share or 0.0))
        self.put(Rule(x - 1.5, middle - 3, x + 1.5, middle + 3, colour="blue", fill=True), k)

    def _led(self, k: int, line: str) -> str:
        """A name with the marks that lead the eye to the result."""
        mark = self.desk.layout.leaders
        if mark == ":":
            return f"{line}:"
        room = self.slots[k + 1].x0 - self.slots[k].x0 - self.desk.wide(line) - self.desk.size * 1.5
        return f"{line} {mark * max(3, int(room / self.desk.wide(mark)))}"

    def _cut(self, x: float, text: str, k: int, cell: Cell) -> None:
        """The text, its raised digits apart where the layout sets them small."""
        slot, look = self.slots[k], {"bold": cell.bold, "colour": cell.colour}
        if self.desk.layout.power != "raised" or text == text.translate(RAISED) or slot.align != "l":
            self.text(x, text, slot.align, k, **look)
            return
        for high, part in _by_height(text):
            size = self.desk.size * (0.62 if high else 1)
            place = self.y + self.desk.size * (0.62 if high else 1)
            self.put(Text(x, place, part, size, self.desk.layout.font, cell.bold, cell.colour), k)
            x += self.desk.wide(part, cell.bold, size)

    def _rules(self, top: float) -> None:
        rules, frame = self.desk.layout.rules, self.frame
        if rules in ("lines", "dotted", "grid"):
            self.put(Rule(frame.left, self.y + 1, frame.right, self.y + 1, 0.4, dashed=rules == "dotted"))
            self.y += 2.5
        if rules == "grid":
            for slot in self.slots:
                self.put(Rule(slot.x0 - 3, top - 1.5, slot.x0 - 3, self.y - 1.5, 0.4))


def _by_height(text: str) -> list[tuple[bool, str]]:
    """A text in parts that are set high or not, raised digits as plain ones."""
    found: list[tuple[bool, str]] = []
    for letter in text:
        plain = letter.translate(RAISED)
        high = plain != letter
        if found and found[-1][0] == high:
            found[-1] = (high, found[-1][1] + plain)
        else:
            found.append((high, plain))
    return found
