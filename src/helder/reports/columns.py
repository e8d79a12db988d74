"""Which column holds what: from the headings above them, else from what stands in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from helder.quantities import Comparator
from helder.reports.cells import Grammar
from helder.reports.dates import ambiguous, find_date
from helder.reports.layout import Cell, Line, Token
from helder.reports.segments import Segment, segments

TELLING = frozenset({"result", "range", "unit", "previous", "low", "high"})
_NUMBERED = re.compile(r"\d{1,3}[.)]?")
_DIGIT = re.compile(r"\d")
LONGEST_HEADING = 6
FEWEST_ROWS = 3
MOST_HEADING_LINES = 3
MOST_WORDS = 16
FAR_LEFT, BESIDE = 400.0, 30.0
"""Where names without a heading stand beside the first heading, in points."""
OVERLAP = 0.3
ALIGNED = 4.0
"""How far the beginnings of one column stand apart, in points."""


class Column(NamedTuple):
    """A role and the place of its heading from left to right; `date` where the heading is one."""

    role: str
    x0: float
    x1: float
    date: str | None = None


class Table(NamedTuple):
    """The columns of one table; two tables side by side are two of them."""

    columns: tuple[Column, ...]
    x0: float
    x1: float
    headed: bool = True
    dated: bool = True
    """Which column is the newest does not hang on an order of day and month that nothing proves."""

    def holds(self, cell: Cell) -> bool:
        """Whether a cell stands in this table and not in one beside it."""
        return self.x0 <= (cell.x0 + cell.x1) / 2 < self.x1

    def role(self, x0: float, x1: float) -> Column | None:
        """The column that a cell stands in: the one it overlaps most, else the nearest."""
        return min(self.columns, key=lambda column: _distance(column, x0, x1), default=None)

    def column(self, role: str) -> Column | None:
        return next((column for column in self.columns if column.role == role), None)


def _distance(column: Column, x0: float, x1: float) -> tuple[float, float]:
    """Nearest first; of those that overlap, the one that shares most."""
    gap = max(0.0, column.x0 - x1, x0 - column.x1)
    shared = min(column.x1, x1) - max(column.x0, x0)
    middle = abs((column.x0 + column.x1) - (x0 + x1)) / 2
    return (gap, middle if gap else -shared)


def headed_by(lines: Sequence[Line], grammar: Grammar) -> tuple[tuple[Table, ...], int]:
    """The tables that the first of these lines heads, and how many lines their headings take.

    Headings over two or three lines are read downwards: `Your` above `Value`, `12 Apr` above `2024`.
    """
    best: tuple[tuple[Table, ...], int] = ((), 0)
    most = 0
    stacked: Line | None = None
    for used, line in enumerate(lines, start=1):
        stacked = line if stacked is None else _stacked(stacked, line)
        if stacked is None or (used == 1 and not any(_headings(cell, grammar) for cell in line.cells)):
            break
        tables = heading_tables(stacked, grammar)
        named = sum(bool(_headings(cell, grammar)) for cell in stacked.cells) if tables else 0
        if named > most or (used > 1 and 0 < named == most and _goes_on(stacked, line, grammar)):
            best, most = (tables, used), named
    return best


def _goes_on(stacked: Line, lower: Line, grammar: Grammar) -> bool:
    """Whether every cell of the lower line makes one heading with what stands above it."""
    below = {cell.tokens[-1] for cell in lower.cells}
    return all(_heading(cell.tokens, grammar) for cell in stacked.cells if cell.tokens[-1] in below)


def _stacked(upper: Line, lower: Line) -> Line | None:
    """Two lines as one, each cell of the lower one under a cell of the upper; None where one has none above it."""
    height = max(upper.y1 - upper.y0, 1.0)
    if upper.page != lower.page or lower.y0 - upper.y1 > height:
        return None
    cells = list(upper.cells)
    for cell in lower.cells:
        above = [i for i, other in enumerate(cells) if other.x0 < cell.x1 and cell.x0 < other.x1]
        if len(above) != 1:
            return None
        cells[above[0]] = Cell((*cells[above[0]].tokens, *cell.tokens))
    return upper._replace(cells=tuple(cells), y1=max(upper.y1, lower.y1))


def heading_tables(line: Line, grammar: Grammar) -> tuple[Table, ...]:
    """The tables that a line heads, or none if it is no line of headings."""
    by_cell = [_headings(cell, grammar) for cell in line.cells]
    found = [column for columns in by_cell for column in columns]
    roles = {column.role for column in found}
    words = len(found) + sum(not columns for columns in by_cell)
    if len(roles) < 2 or not roles & TELLING or len(found) * 2 < words:
        return ()
    if not roles & {"name", "result", "previous"} and len(roles) < 3:
        return ()
    if any(len(columns) > 1 for columns in by_cell) and not ("result" in roles and roles & {"unit", "range"}):
        return ()  # a title in words that also stand over columns
    found = _with_name(line, by_cell, found)
    found += _unknown(line, by_cell, found)
    return tuple(table._replace(dated=_sure_dates(line, found, grammar)) for table in _split(_dated(found)))


def _unknown(line: Line, by_cell: Sequence[Sequence[Column]], found: Sequence[Column]) -> list[Column]:
    """Columns whose heading says nothing that is known: what stands in them is left to itself."""
    taken = {column.x0 for column in found}
    cells = (cell for cell, columns in zip(line.cells, by_cell, strict=True) if not columns)
    return [Column("other", cell.x0, cell.x1) for cell in cells if cell.x0 not in taken]


def _with_name(line: Line, by_cell: Sequence[Sequence[Column]], found: Sequence[Column]) -> list[Column]:
    """With the column of names where its heading is not known, or where it has none: it is the first."""
    if any(column.role == "name" for column in found):
        return list(found)
    first = min(column.x0 for column in found)
    unknown = [cell for cell, columns in zip(line.cells, by_cell, strict=True) if not columns and cell.x0 < first]
    if unknown:
        return [Column("name", unknown[0].x0, unknown[0].x1), *found]
    return [Column("name", first - FAR_LEFT, first - BESIDE), *found] if first > BESIDE * 2 else list(found)


def _sure_dates(line: Line, columns: Sequence[Column], grammar: Grammar) -> bool:
    """Whether the newest of several columns with dates is known: the order of day and month is, or tells nothing."""
    if grammar.dates.proven or sum(column.date is not None for column in columns) < 2:
        return True
    return not any(ambiguous(cell.text) for cell in line.cells)


def _headings(cell: Cell, grammar: Grammar) -> list[Column]:
    """A cell of headings: as a whole, else (on one line) the headings that its words make without a rest."""
    if len(cell.tokens) > MOST_WORDS:
        return []
    whole = _heading(cell.tokens, grammar)
    if whole or cell.tokens[-1].y0 + cell.tokens[-1].y1 > 2 * cell.tokens[0].y1:
        return [whole] if whole else []
    found: list[Column] = []
    at, tokens = 0, cell.tokens
    while at < len(tokens) and len(tokens) > 1:
        for end in range(min(len(tokens), at + LONGEST_HEADING), at, -1):
            column = _heading(tokens[at:end], grammar)
            if column:
                found.append(column)
                at = end
                break
        else:
            return []
    return found


def _heading(tokens: Sequence[Token], grammar: Grammar) -> Column | None:
    text = " ".join(token.text for token in tokens)
    if text.endswith(":"):  # the label of one thing, not the heading of many
        return None
    x0, x1 = min(token.x0 for token in tokens), max(token.x1 for token in tokens)
    date = find_date(text, grammar.words, grammar.dates.order) if len(tokens) <= 4 and _DIGIT.search(text) else None
    if date:
        return Column("previous", x0, x1, date)
    role = grammar.words.heading(text) if any(c.isalpha() for c in text) else None
    return Column(role, x0, x1) if role and role != "date" else None


def _dated(columns: Sequence[Column]) -> list[Column]:
    """Where no column is called the result, the newest date is: the printed order tells nothing."""
    if any(column.role == "result" for column in columns):
        return list(columns)
    dated = [column for column in columns if column.date]
    undated = [column for column in columns if column.role == "previous" and not column.date]
    newest = max(dated, key=lambda column: column.date or "", default=None)
    if newest is None and undated:
        return list(columns)
    return [column._replace(role="result") if column is newest else column for column in columns]


def _split(columns: Sequence[Column]) -> Iterator[Table]:
    """Side by side: a name, or a result where no column is a name, begins the next table."""
    first = "name" if any(column.role == "name" for column in columns) else columns[0].role
    parts: list[list[Column]] = []
    for column in sorted(columns, key=lambda column: column.x0):
        if not parts or (column.role == first and any(c.role == "result" for c in parts[-1])):
            parts.append([])
        parts[-1].append(column)
    parts = [part for part in parts if any(column.role in TELLING for column in part)]
    for index, part in enumerate(parts):
        x0 = float("-inf") if index == 0 else part[0].x0 - 2
        x1 = float("inf") if index == len(parts) - 1 else parts[index + 1][0].x0 - 2
        yield Table(tuple(part), x0, x1)


# --- Without headings -------------------------------------------------------------------------------------


class _Stack(NamedTuple):
    """Cells below each other, and what they hold."""

    x0: float
    x1: float
    kinds: Counter[str]


def inferred_tables(lines: Sequence[Line], grammar: Grammar, is_name: Callable[[Cell], bool]) -> tuple[Table, ...]:
    """The tables that lines without headings make: known names that stand below each other begin one."""
    starts: list[list[float]] = []
    for x0 in sorted(cell.x0 for line in lines for cell in line.cells if is_name(cell)):
        if starts and x0 - starts[-1][-1] <= ALIGNED:
            starts[-1].append(x0)
        else:
            starts.append([x0])
    edges = [min(group) - ALIGNED for group in starts if len(group) >= FEWEST_ROWS]
    bounds = zip([float("-inf"), *edges[1:]], [*edges[1:], float("inf")], strict=True)
    found = []
    for x0, x1 in bounds:
        within = [line._replace(cells=cells) for line in lines if (cells := _between(line, x0, x1))]
        if table := inferred_table(within, grammar):
            found.append(table._replace(x0=x0, x1=x1))
    return tuple(found)


def _between(line: Line, x0: float, x1: float) -> tuple[Cell, ...]:
    return tuple(cell for cell in line.cells if x0 <= (cell.x0 + cell.x1) / 2 < x1)


def inferred_table(lines: Iterable[Line], grammar: Grammar) -> Table | None:
    """The table that lines without headings make, where enough of them have the same columns."""
    rows = [found for line in lines if len(found := _kinds(line, grammar)) >= 3 and _tells(found)]
    if len(rows) < FEWEST_ROWS:
        return None
    stacks: list[_Stack] = []
    for x0, x1, kind in sorted((part for row in rows for part in row), key=lambda part: part[1] - part[0]):
        over = [at for at, stack in enumerate(stacks) if _shares(stack, x0, x1)]
        if not over:
            stacks.append(_Stack(x0, x1, Counter({kind: 1})))
        elif len(over) == 1:  # a wide cell that lies over two columns tells of neither
            stack = stacks[over[0]]
            stack.kinds[kind] += 1
            stacks[over[0]] = _Stack(min(stack.x0, x0), max(stack.x1, x1), stack.kinds)
    kept = sorted(stack for stack in stacks if sum(stack.kinds.values()) * 4 >= len(rows))
    columns = _roles(kept)
    return Table(tuple(columns), float("-inf"), float("inf"), headed=False) if columns else None


def _shares(stack: _Stack, x0: float, x1: float) -> bool:
    return min(stack.x1, x1) - max(stack.x0, x0) > OVERLAP * min(stack.x1 - stack.x0, x1 - x0)


def _kinds(line: Line, grammar: Grammar) -> list[tuple[float, float, str]]:
    found: list[tuple[float, float, str]] = []
    numbered = len(line.cells) > 2 and _NUMBERED.fullmatch(line.cells[0].text)
    for index, cell in enumerate(line.cells[1:] if numbered else line.cells):
        parts = [Segment("text", cell.tokens)] if index == 0 else segments(cell.tokens, grammar)
        found += [(part.x0, part.x1, _limit(part)) for part in parts]
    return found


def _limit(part: Segment) -> str:
    """A value with `<` or `>` in front may be a limit: which, its column tells."""
    signed = part.value is not None and part.value.comparator is not Comparator.EQ
    return "limit" if part.kind == "value" and signed else part.kind


def _tells(row: Sequence[tuple[float, float, str]]) -> bool:
    kinds = {kind for _, _, kind in row}
    return bool(kinds & {"value", "limit"}) and bool(kinds & {"unit", "range", "limit"})


def _roles(stacks: Sequence[_Stack]) -> list[Column]:
    """The first is the name; ranges and units show themselves; of columns of values the first is the result."""
    columns: list[Column] = []
    taken = {"name"}
    for index, stack in enumerate(stacks):
        kind = "name" if index == 0 else _kind(stack.kinds)
        role = {"value": "result", "text": "comment"}.get(kind, kind)
        if role == "result" and "result" in taken and stack.kinds["limit"] + stack.kinds["range"]:
            role = "range"
        if role in taken and index:
            role = "other"
        taken.add(role)
        columns.append(Column(role, stack.x0, stack.x1))
    return columns if "result" in taken else []


def _kind(kinds: Counter[str]) -> str:
    """A column with a third of two-sided ranges is one of ranges: the rest are `< 5`."""
    if (kinds["range"] + kinds["limit"]) * 3 >= sum(kinds.values()):
        return "range"
    return kinds.most_common(1)[0][0]
