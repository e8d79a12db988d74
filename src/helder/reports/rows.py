"""Lines → rows: a name, a value, and what else the line says about it. Never a row without a value of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct, structs

from helder.languages.folding import fold
from helder.quantities import Comparator, parse_unit
from helder.reports.cells import Bounds, Grammar, Value
from helder.reports.columns import MOST_HEADING_LINES, Column, Table, headed_by, inferred_tables
from helder.reports.dates import find_date
from helder.reports.layout import CELL_GAP, Cell, Line, Token
from helder.reports.naming import Naming, clean
from helder.reports.script import from_right
from helder.reports.segments import Segment, segments, whole_range

NEAR = 2.1
"""How far below a row its second line may stand, in line heights."""
SMALLER = 0.93
MOST_BROKEN = 40
INDENTED = (3.0, 16.0)
"""How far in, in points, the second line of a name begins where it is set in."""
LABELS = frozenset({"result", "range", "unit", "flag", "previous", "method"})
LONGEST_NAME, LONGEST_INLINE = 90, 7
_FILLERS = frozenset({"is", "was", "of", "van", "ist", "war", "est", "es", "e", "de", "waarde", "wert"})
_ROW_NUMBER = re.compile(r"\d{1,3}[.)]?")
_COUNTED = re.compile(r"0\d")
_WORD = re.compile(r"[^\W\d_]{2,}")


class Earlier(NamedTuple):
    """A result of another day that the report prints beside the new one."""

    date: str | None
    segment: Segment


class Row(Struct, frozen=True):
    """What one line, with what belongs to it above and below, says about one test. All parts as printed."""

    page: int
    name: tuple[Token, ...]
    value: Segment
    unit: Segment | None = None
    ranges: tuple[Segment, ...] = ()
    flag: Segment | None = None
    earlier: tuple[Earlier, ...] = ()
    section: str | None = None
    specimen: str | None = None
    low: Segment | None = None
    high: Segment | None = None
    notes: tuple[str, ...] = ()
    rivals: int = 0
    """Other values on the line of which no heading says what they are."""
    placed: bool = True
    """The value stands where results stand."""
    dated: bool = True
    """Which of several columns is the newest is known."""

    @property
    def name_text(self) -> str:
        return clean(" ".join(token.text for token in self.name))


class _State(Struct):
    """Where on the page we are: the columns that hold, the section, names that wait for their value."""

    tables: tuple[Table, ...] = ()
    section: str | None = None
    specimen: str | None = None
    waiting: tuple[Line, ...] = ()


class RowReader:
    """Reads the rows of one document. Pure: same lines, same rows."""

    def __init__(self, grammar: Grammar, naming: Naming) -> None:
        self.grammar, self.naming = grammar, naming
        self.words = grammar.words
        self.languages = grammar.words.languages

    def read(self, pages: Iterable[Sequence[Line]]) -> tuple[Row, ...]:
        """The rows of all pages in order. Columns and sections hold on until others are printed."""
        rows: list[Row] = []
        state = _State()
        for lines in pages:
            state.waiting = ()
            heads = [headed_by(lines[at : at + MOST_HEADING_LINES], self.grammar) for at in range(len(lines))]
            if not any(tables for tables, _ in heads):
                state.tables = state.tables or inferred_tables(lines, self.grammar, self._names)
            for tables, part in _parts(lines, heads):
                if tables:
                    state.tables, state.waiting = tables, ()
                for table in state.tables or (None,):
                    self._block(part, table, state, rows)
        return tuple(rows)

    def _block(self, lines: Sequence[Line], table: Table | None, state: _State, rows: list[Row]) -> None:
        """The lines below a heading, as far as they stand in one of the tables side by side."""
        own = structs.replace(state, tables=(table,) if table else ())
        for line in _unbroken(lines) if table is None else lines:
            cells = line.cells if table is None else tuple(cell for cell in line.cells if table.holds(cell))
            if cells:
                self._line(line._replace(cells=cells), own, rows)
        state.section, state.specimen, state.waiting = own.section, own.specimen, own.waiting

    # --- one line ------------------------------------------------------------------------------------

    def _line(self, line: Line, state: _State, rows: list[Row]) -> None:
        if self._range_below(line, rows) or self._page_number(line):
            return
        if self.words.is_comment(line.cells[0].text) and not self._names(line.cells[0]):
            self._note(line, rows)
            return
        if any(self._goes_on(line, table, rows) for table in state.tables):
            return
        if self._heading_of_section(line, state):
            return
        found = list(self._labelled(line, state)) or [
            row for table in state.tables for row in self._in_table(line, table, state)
        ]
        if not found and not any(self._belongs(line, table, rows, state) for table in state.tables):
            found = list(self._inline(line, state))
        if found:
            rows.extend(found)
            state.waiting = ()
        elif self._only_name(line, state.tables[0]) if state.tables else self._is_name(line):
            state.waiting = (*state.waiting, line)[-2:]

    def _range_below(self, line: Line, rows: list[Row]) -> bool:
        """`Reference range: 3.5 - 5.1` on a line of its own belongs to the row above. True if it was used."""
        tokens = line.tokens
        for at in range(1, min(len(tokens) - 1, LONGEST_INLINE) + 1):
            head = " ".join(token.text for token in tokens[:at])
            role = self.words.headings.get(fold(head))
            if role == "flag" and token_ends(tokens[at - 1]) and rows and rows[-1].flag is None:
                (part, *_) = segments(tokens[at:], self.grammar)
                if part.flag and rows[-1].page == line.page:
                    rows[-1] = structs.replace(rows[-1], flag=part)
                    return True
            if role == "range":
                rest = tokens[at:]
                text = " ".join(token.text for token in rest).strip(" :")
                if rows and rows[-1].page == line.page and not rows[-1].ranges and self.grammar.bounds(text):
                    kept = tuple(token for token in rest if token.text != ":")
                    rows[-1] = structs.replace(rows[-1], ranges=(Segment("range", kept),))
                    return True
        return False

    def _page_number(self, line: Line) -> bool:
        """A footer: `Page 1 of 2`."""
        for cell in line.cells:
            words = cell.text.split()
            if len(words) > 1 and self.words.label(words[0]) == "page" and words[1][:1].isdigit():
                return not self._names(line.cells[0])
        return False

    def _names(self, cell: Cell) -> bool:
        return bool(self.naming.known(clean(cell.text), self.languages))

    def _is_name(self, line: Line) -> bool:
        return len(line.cells) == 1 and bool(self.naming.candidates(line.cells[0].text, self.languages)[0])

    def _note(self, line: Line, rows: list[Row]) -> None:
        if rows and rows[-1].page == line.page:
            rows[-1] = structs.replace(rows[-1], notes=(*rows[-1].notes, line.text))

    def _heading_of_section(self, line: Line, state: _State) -> bool:
        """A line with a section's name and no value: it tells the specimen of what follows."""
        text = clean(line.text)
        if any(c.isdigit() for c in text) and find_date(text, self.words) is None:
            return False
        folded = fold(re.sub(r"[(\[].*", "", text)) or fold(text)
        section = self.words.sections.get(folded)
        specimen = self.words.specimens.get(folded) or self._specimen_in(text)
        if section is None and not (specimen and len(line.cells) == 1):
            return False
        if any(self.grammar.value(cell.text) for cell in line.cells[1:]):
            return False
        state.section = section or state.section
        state.specimen = specimen or (_OF_SECTION.get(section or "") if section else state.specimen)
        state.waiting = ()
        return True

    def _specimen_in(self, text: str) -> str | None:
        """The specimen that a short heading names: `Urin (Spontanurin)`, `Material: Serum`."""
        words = fold(text).split()
        if len(words) > 4:
            return None
        for length in (3, 2, 1):
            for at in range(len(words) - length + 1):
                form = " ".join(words[at : at + length])
                if len(form) > 1 and (found := self.words.specimens.get(form)):  # `Sex: F` is no specimen
                    return found
        return None

    def _only_name(self, line: Line, table: Table) -> bool:
        """A line with nothing but words where names stand."""
        column = table.column("name")
        inside = all(_role(table, cell).role == "name" for cell in line.cells)
        return bool(column and inside and len(line.text) <= LONGEST_NAME and _WORD.search(line.text))

    # --- in a table ----------------------------------------------------------------------------------

    def _in_table(self, line: Line, table: Table, state: _State) -> Iterator[Row]:
        cells = [cell for cell in line.cells if table.holds(cell)]
        if not cells:
            return
        name, rest = self._name_and_rest(cells, table)
        parts = [(part, table.role(part.x0, part.x1)) for cell in rest for part in segments(cell, self.grammar)]
        placed = self._rejoined([(part, column) for part, column in parts if column])
        row = self._assembled(line.page, name, placed, state)
        if row is None:
            return
        waiting = [token for before in state.waiting for token in before.tokens if table.x0 <= token.x0 < table.x1]
        joined = (*waiting, *row.name)
        if not table.dated:
            row = structs.replace(row, dated=False)
        if waiting and self._better(joined, row.name):
            row = structs.replace(row, name=joined)
        if self._footnoted(row.name):
            row = structs.replace(row, name=row.name[:-1])
        if self._acceptable(row, table):
            yield row

    def _rejoined(self, parts: list[tuple[Segment, Column]]) -> list[tuple[Segment, Column]]:
        """A range whose ends and dash stand in columns of their own: `136`, `-`, `145`."""
        for at in range(len(parts) - 1):
            if found := self._one_sided(parts, at) or self._two_ends(parts, at):
                return [*parts[:at], (found, parts[at + 1][1]), *parts[at + 2 :]]
        for at in range(len(parts) - 2):
            trio = [part for part, _ in parts[at : at + 3]]
            if parts[at][1].role in ("result", "previous") or not (_plain_number(trio[0]) and _plain_number(trio[2])):
                continue
            tokens = tuple(token for part in trio for token in part.tokens)
            bounds = whole_range(" ".join(token.text for token in tokens), self.grammar)
            if bounds and not _is_number(trio[1]):
                whole = (Segment("range", tokens, bounds=bounds), parts[at + 1][1])
                return [*parts[:at], whole, *parts[at + 3 :]]
        return parts

    def _one_sided(self, parts: Sequence[tuple[Segment, Column]], at: int) -> Segment | None:
        """`<` and `5` in cells of their own, where no result stands."""
        (sign, column), (number, beside) = parts[at], parts[at + 1]
        if {column.role, beside.role} & {"result", "previous"} or _is_number(sign) or not _plain_number(number):
            return None
        tokens = (*sign.tokens, *number.tokens)
        text = " ".join(token.text for token in tokens)
        bounds = self.grammar.bounds(text) if sign.text[:1] in "<>≤≥" else whole_range(text, self.grammar)
        return Segment("range", tokens, bounds=bounds) if bounds and bounds.known and not bounds.word else None

    def _two_ends(self, parts: Sequence[tuple[Segment, Column]], at: int) -> Segment | None:
        """Two numbers in the column of the ranges, around a bar: its ends."""
        (low, column), (high, beside) = parts[at], parts[at + 1]
        if {column.role, beside.role} & {"result", "previous"} or not (_plain_number(low) and _plain_number(high)):
            return None
        dashed = whole_range(f"{low.text} {high.text}", self.grammar)
        if dashed:
            return Segment("range", (*low.tokens, *high.tokens), bounds=dashed)
        if column.role != "range" or beside.role != "range":
            return None
        ends = [part.value.number for part in (low, high) if part.value and part.value.number is not None]
        tokens = (*low.tokens, *high.tokens)
        text = " - ".join(part.text for part in (low, high))
        return Segment("range", tokens, bounds=Bounds(text, ends[0], ends[1])) if ends[0] < ends[1] else None

    def _name_and_rest(self, cells: Sequence[Cell], table: Table) -> tuple[tuple[Token, ...], list[tuple[Token, ...]]]:
        """The tokens of the name, and the runs of tokens of all other cells."""
        name: list[Token] = []
        rest: list[tuple[Token, ...]] = []
        has_name = table.column("name") is not None
        for index, cell in enumerate(cells):
            is_name = _role(table, cell).role == "name" if has_name else index == 0
            if is_name and not (name and self._all_values(cell)):
                if not name and index + 1 < len(cells) and _ROW_NUMBER.fullmatch(cell.text):
                    continue
                if len(cells) > 1 and not any(map(str.isalnum, cell.text)) and self.grammar.flag(cell.text):
                    rest.append(cell.tokens)
                    continue
                marks = self._marks(cell.tokens)
                rest += [marks] if marks else []
                head, inside = self._without_tail(cell.tokens[len(marks) :])
                rest += [inside] if inside else []
                head, tail = self._cut(head)
                name += head
                rest += [tail] if tail else []
            else:
                rest.append(cell.tokens)
        return tuple(name), rest

    def _marks(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """A flag in front of the name: `▲ Sodium`, `* Sodium`."""
        first = tokens[0].text
        mark = len(tokens) > 1 and not any(map(str.isalnum, first)) and self.grammar.flag(first)
        return tuple(tokens[:1]) if mark else ()

    def _without_tail(self, tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
        """A name with its range in brackets behind it, `Sodium (136 - 145 mmol/L)`: the name, and what is inside."""
        opened = [at for at, token in enumerate(tokens) if at and token.text[0] in "(["]
        if not opened or tokens[-1].text[-1] not in ")]":
            return tokens, ()
        inside = list(tokens[opened[-1] :])
        inside[0] = inside[0]._replace(text=inside[0].text[1:])
        inside[-1] = inside[-1]._replace(text=inside[-1].text[:-1])
        kept = tuple(token for token in inside if token.text)
        kinds = {part.kind for part in segments(kept, self.grammar)} if kept else set()
        limits = [part for part in segments(kept, self.grammar) if part.bounds] if kept else []
        if "text" in kinds or not limits:
            return tokens, ()
        whole = tuple(tokens[opened[-1] :])
        as_range = whole_range(" ".join(token.text for token in whole), self.grammar)
        return tuple(tokens[: opened[-1]]), whole if as_range else kept

    def _all_values(self, cell: Cell) -> bool:
        return all(part.kind != "text" for part in segments(cell.tokens, self.grammar))

    def _cut(self, tokens: Sequence[Token]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
        """A cell that holds name and value without a gap: the longest beginning that names a test, and the rest."""
        text = " ".join(token.text for token in tokens)
        if self.naming.known(clean(text), self.languages) or not re.search(r"\s[<>≤≥]?\d", text):
            return tuple(tokens), ()
        for end in range(len(tokens) - 1, 0, -1):
            head = clean(" ".join(token.text for token in tokens[:end]))
            if _ends_name(tokens[end - 1]) and self.naming.known(head, self.languages):
                after = segments(tokens[end:], self.grammar)
                if after and after[0].kind == "value":
                    return tuple(tokens[:end]), tuple(tokens[end:])
        parts = segments(tokens, self.grammar)
        if len(parts) >= 3 and parts[0].kind == "text" and parts[1].kind == "value" and parts[2].kind == "unit":
            return parts[0].tokens, tuple(tokens[len(parts[0].tokens) :])
        return tuple(tokens), ()

    def _assembled(
        self, page: int, name: tuple[Token, ...], parts: Sequence[tuple[Segment, Column]], state: _State
    ) -> Row | None:
        """The parts of a line with the columns they stand in → a row, if there is a value."""
        chosen = _choose(parts)
        if chosen.value is None or not name:
            return None
        return Row(
            page=page,
            name=name,
            value=chosen.value,
            unit=chosen.unit,
            ranges=chosen.ranges,
            flag=chosen.flag,
            earlier=chosen.earlier,
            low=chosen.low,
            high=chosen.high,
            section=state.section,
            specimen=state.specimen,
            rivals=chosen.rivals,
            placed=chosen.placed,
        )

    def _footnoted(self, name: tuple[Token, ...]) -> bool:
        """A name that ends in the number of a footnote: it is known without it and not with it."""
        mark = name[-1].text.strip("()[]")
        symbol = name[-1].text == f"({mark})" and mark.isupper()  # Potassium (K)
        return len(name) > 1 and len(mark) == 1 and not symbol and self._better(name[:-1], name)

    def _better(self, joined: tuple[Token, ...], alone: tuple[Token, ...]) -> bool:
        """Whether a name makes sense with the line above it and not without."""
        return self._knows(joined) and not self._knows(alone)

    def _knows(self, tokens: Sequence[Token]) -> bool:
        return bool(self.naming.known(clean(" ".join(token.text for token in tokens)), self.languages))

    def _acceptable(self, row: Row, table: Table) -> bool:
        """A row of a table names a known test, or has words for a name and a unit or a range beside its value."""
        text = row.name_text
        if self._knows(row.name) and len(text) <= LONGEST_NAME:
            return True
        if self.words.label(text) or sum(map(str.isalpha, text)) < 2 or len(text) > LONGEST_NAME:
            return self._knows(row.name) and len(text) <= LONGEST_NAME
        known, _ = self.naming.candidates(text, self.languages)
        unit = row.unit is not None and self._of_a_laboratory(row.unit.unit)
        if not known and not _is_number(row.value) and (not table.headed or self._out_of_place(row)):
            return False
        if not known and row.unit is not None and row.unit.unit and not unit:
            return False
        beside = (
            unit or any(part.bounds or self.grammar.bounds(part.text) for part in row.ranges) or row.low or row.high
        )
        return bool(known) or (bool(beside) and row.placed and (table.headed or unit))

    def _out_of_place(self, row: Row) -> bool:
        """Words that no result consists of beside a range of numbers: an address, an account."""
        word = row.value.value and row.value.value.word
        return not word and any(part.bounds and part.bounds.low is not None for part in row.ranges)

    def _labelled(self, line: Line, state: _State) -> Iterator[Row]:
        """`Result: 4.1 mmol/L  Reference: 3.5 - 5.1`, with the name on the line above or in front."""
        name = list(state.waiting[-1].tokens) if state.waiting else []
        parts: list[tuple[Segment, Column]] = []
        for cell in line.cells:
            role, rest = self._label_of(cell)
            if role is None and parts:
                parts += [(part, parts[-1][1]) for part in segments(cell.tokens, self.grammar)]
            elif role is None:
                name += cell.tokens
            else:
                column = Column(role, cell.x0, cell.x1)
                parts += [(part, column) for part in segments(rest, self.grammar)]
        if any(column.role == "result" for _, column in parts):
            row = self._assembled(line.page, tuple(name), parts, state)
            if row and self._knows(row.name):
                yield row

    def _label_of(self, cell: Cell) -> tuple[str | None, tuple[Token, ...]]:
        """The heading that a cell begins with, closed by a colon, and what stands behind it."""
        for at, token in enumerate(cell.tokens[:LONGEST_INLINE], start=1):
            if token.text.endswith(":"):
                role = self.words.headings.get(fold(" ".join(part.text for part in cell.tokens[:at])))
                return (role, cell.tokens[at:]) if role in LABELS else (None, ())
        return None, ()

    def _of_a_laboratory(self, unit: str | None) -> bool:
        """Whether results come in this unit; a plain mass, length or time is a person's, not a laboratory's."""
        kind = parse_unit(unit).kind if unit is not None else ()
        person = len(kind) == 1 and kind[0][1] == 1
        return unit is not None and not person and (not kind or kind in self.naming.unit_kinds)

    # --- lines that belong to the row above ------------------------------------------------------------

    def _belongs(self, line: Line, table: Table, rows: list[Row], state: _State) -> bool:
        """A second line of the row above: more of its name, or more of its range. True if it was used."""
        cells = [cell for cell in line.cells if table.holds(cell)]
        if not rows or not cells or rows[-1].page != line.page or not self._near(rows[-1], line):
            return False
        if self._range_alone(cells, rows):
            return True
        roles = {_role(table, cell).role for cell in cells}
        if roles == {"name"} and self._smaller(line, rows[-1]):
            self._note(line, rows)
            return True
        parts = [part for cell in cells for part in segments(cell.tokens, self.grammar)]
        names = table.column("name")
        beside = names is None or cells[0].x0 >= names.x1
        if (
            beside
            and roles <= {"range", "comment", "method", "other"}
            and all(p.kind in ("range", "text", "value") for p in parts)
        ):
            tokens = tuple(token for cell in cells for token in cell.tokens)
            text = " ".join(token.text for token in tokens)
            if "range" in roles and self.grammar.bounds(text):
                rows[-1] = structs.replace(rows[-1], ranges=(*rows[-1].ranges, Segment("range", tokens)))
                return True
        if roles == {"name"}:
            joined = (*rows[-1].name, *(token for cell in cells for token in cell.tokens))
            if self._better(joined, rows[-1].name) or self._continues(line, rows[-1]):
                rows[-1] = structs.replace(rows[-1], name=joined)
                return True
        return False

    def _goes_on(self, line: Line, table: Table, rows: list[Row]) -> bool:
        """The rest of the name above, where both together are the name of a test. True if it was used."""
        cells = [cell for cell in line.cells if table.holds(cell)]
        if not rows or not cells or rows[-1].page != line.page or not self._near(rows[-1], line):
            return False
        if {_role(table, cell).role for cell in cells} != {"name"} or self._smaller(line, rows[-1]):
            return False
        joined = (*rows[-1].name, *(token for cell in cells for token in cell.tokens))
        heading = fold(line.text) in self.words.sections or self._specimen_in(line.text) is not None
        if not self._knows(joined) or (heading and self._knows(rows[-1].name)):
            return False
        rows[-1] = structs.replace(rows[-1], name=joined)
        return True

    def _range_alone(self, cells: Sequence[Cell], rows: list[Row]) -> bool:
        """Nothing but a range, wherever it stands: `(3.5 - 5.1)`, `Women: 4.0 - 5.2`. True if it was used."""
        tokens = tuple(token for cell in cells for token in cell.tokens)
        bounds = whole_range(" ".join(token.text for token in tokens), self.grammar)
        before = [part.text for part in rows[-1].ranges]
        if bounds is None or (before and not (bounds.by_sex or bounds.conditional)):
            return False
        rows[-1] = structs.replace(rows[-1], ranges=(*rows[-1].ranges, Segment("range", tokens, bounds=bounds)))
        return True

    def _smaller(self, line: Line, row: Row) -> bool:
        """Smaller print than the name above: a method or a remark, never the rest of a name."""
        return max(token.height for token in line.tokens) < SMALLER * max(token.height for token in row.name)

    def _near(self, row: Row, line: Line) -> bool:
        bottom = max(token.y1 for token in (*row.name, *(t for part in row.ranges for t in part.tokens)))
        height = max(line.y1 - line.y0, 1.0)
        return line.y0 - bottom <= NEAR * height - height and line.y0 > row.name[0].y0

    def _continues(self, line: Line, row: Row) -> bool:
        """A name that goes on: an open bracket, a hyphen, a small letter, set in; and the name alone is unknown."""
        if self._knows(row.name) or find_date(line.text, self.words):
            return False
        text, start = row.name_text, line.text.lstrip()
        set_in = line.cells[0].x0 - row.name[0].x0
        return (
            INDENTED[0] <= set_in <= INDENTED[1]
            or text.count("(") > text.count(")")
            or text.endswith(("-", ",", "/"))
            or start[:1] in "("
            or start[:1].islower()
        )

    # --- without a table -----------------------------------------------------------------------------

    def _inline(self, line: Line, state: _State) -> Iterator[Row]:
        """Known tests followed closely by a value with a unit or a range, anywhere on a line: letters, lists."""
        for cells in self._chunks(line):
            tokens = tuple(token for cell in cells for token in cell.tokens)
            row = self._whole_cell(line, tokens, state) if len(cells) == 1 else None
            if row:
                yield row
                continue
            at = 0
            while at < len(tokens):
                row, at = self._inline_at(line, tokens, at, state)
                if row:
                    yield row

    def _chunks(self, line: Line) -> Iterator[tuple[Cell, ...]]:
        """Cells that say all about one test each stand alone; any others are read on as one text."""
        rest: list[Cell] = []
        for cell in line.cells:
            parts = segments(cell.tokens, self.grammar)
            if parts[0].kind == "text" and {"value", "range"} <= {part.kind for part in parts}:
                if rest:
                    yield tuple(rest)
                rest = []
                yield (cell,)
            else:
                rest.append(cell)
        if rest:
            yield tuple(rest)

    def _whole_cell(self, line: Line, tokens: tuple[Token, ...], state: _State) -> Row | None:
        """A cell that is a name, a value, a unit and a range and nothing else, whether or not the name is known."""
        parts = segments(tokens, self.grammar)
        kinds = [part.kind for part in parts]
        if kinds[:2] != ["text", "value"] or sorted(set(kinds)) != sorted(kinds) or "range" not in kinds:
            return None
        of = {part.kind: part for part in parts}
        if "unit" not in of or not self._of_a_laboratory(of["unit"].unit) or not _is_number(of["value"]):
            return None
        return Row(
            page=line.page,
            name=of["text"].tokens,
            value=of["value"],
            unit=of["unit"],
            ranges=(of["range"],),
            flag=of.get("flag"),
            section=state.section,
            specimen=state.specimen,
        )

    def _inline_at(self, line: Line, tokens: Sequence[Token], at: int, state: _State) -> tuple[Row | None, int]:
        for end in range(min(len(tokens), at + LONGEST_INLINE), at, -1):
            name = clean(" ".join(token.text for token in tokens[at:end]))
            if not _ends_name(tokens[end - 1]):
                continue
            if self.naming.known(name, self.languages):
                row, used = self._after_name(line, tokens[at:end], tokens[end:], state)
                if row:
                    return row, end + used
        return None, at + 1

    def _after_name(
        self, line: Line, name: Sequence[Token], after: Sequence[Token], state: _State
    ) -> tuple[Row | None, int]:
        skip = 0
        while skip < min(2, len(after)) and _is_filler(after[skip]) and not _is_value(after[skip], self.grammar):
            skip += 1
        parts = segments(after[skip : skip + 14], self.grammar)
        mark = parts[0] if len(parts) > 1 and parts[0].flag and not any(map(str.isalnum, parts[0].text)) else None
        if mark and parts[1].kind == "value":
            parts = parts[1:]
        if not parts or parts[0].kind != "value" or parts[0].value is None:
            return None, 0
        used, chosen = [parts[0]], {"value": parts[0]}
        for part in parts[1:]:
            kind = "flag" if part.flag and part.kind in ("flag", "value") and part.value is None else part.kind
            kind = "flag" if part.kind == "value" and part.flag and part.value and part.value.number is None else kind
            kind = "flag" if kind == "unit" and part.flag and "unit" in chosen else kind
            if kind in chosen or kind in ("text", "value") or (kind == "flag" and self._knows(part.tokens)):
                break
            chosen[kind] = part
            used.append(part)
        number = parts[0].value.number is not None
        unitless = self._unitless(" ".join(token.text for token in name))
        if "unit" not in chosen and "range" not in chosen and not (unitless and len(line.cells) <= 4):
            return None, 0
        if not number and not unitless:
            return None, 0
        if "unit" in chosen and "range" not in chosen and not self._comes_in(name, chosen["unit"].unit):
            return None, 0
        row = Row(
            page=line.page,
            name=tuple(name),
            value=parts[0],
            unit=chosen.get("unit"),
            ranges=(chosen["range"],) if "range" in chosen else (),
            flag=chosen.get("flag") or mark,
            section=state.section,
            specimen=state.specimen,
        )
        return row, (len(mark.tokens) if mark else 0) + skip + sum(len(part.tokens) for part in used)

    def _comes_in(self, name: Sequence[Token], unit: str | None) -> bool:
        """Whether a test of this name is reported in the unit: `Potassium 600 mg` is a medicine."""
        tests = self.naming.known(clean(" ".join(token.text for token in name)), self.languages)
        return any(self.naming.fitting(test, unit, "quantity") is not None for test in tests)

    def _unitless(self, name: str) -> bool:
        """Whether every test of the name is reported without a unit: INR, pH, a text."""
        tests = [self.naming.tests[id_] for id_ in self.naming.known(clean(name), self.languages)]
        return bool(tests) and all(test.scale != "quantity" or test.unit in ("1", "{INR}", "[pH]") for test in tests)


def _parts(
    lines: Sequence[Line], heads: Sequence[tuple[tuple[Table, ...], int]]
) -> Iterator[tuple[tuple[Table, ...], list[Line]]]:
    """The lines of a page by the headings they stand under; those before the first heading have none."""
    tables: tuple[Table, ...] = ()
    part: list[Line] = []
    index = 0
    while index < len(lines):
        found, used = heads[index]
        if found:
            yield tables, part
            tables, part = found, []
        else:
            part.append(lines[index])
        index += max(used, 1)
    yield tables, part


def token_ends(token: Token) -> bool:
    return token.text.endswith(":")


def _unbroken(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines of running text; one that breaks inside brackets goes on with the next."""
    held: Line | None = None
    for line in lines:
        if held is not None and held.page == line.page:
            whole = held._replace(cells=(*held.cells, *line.cells), y1=line.y1)
        else:
            whole = line
        held = None
        if whole.text.count("(") > whole.text.count(")") and len(whole.cells) < MOST_BROKEN:
            held = whole
        else:
            yield whole
    if held is not None:
        yield held


def _is_filler(token: Token) -> bool:
    """`:`, `=`, `is` between a name and its value; never the sign of a comparator."""
    return token.text in (":", "=", "-", "–") or fold(token.text) in _FILLERS


def _ends_name(token: Token) -> bool:
    """Whether a name can end here: the sign of a comparator belongs to the value."""
    return any(map(str.isalnum, token.text)) or token.text in (")", "]", "%", "#")


def _is_value(token: Token, grammar: Grammar) -> bool:
    return grammar.value(token.text) is not None


_OF_SECTION = {"urine": "urine", "stool": "stool", "blood_count": "blood", "blood_gas": "blood"}


def _role(table: Table, cell: Cell) -> Column:
    found = table.role(cell.x0, cell.x1)
    assert found is not None, "a table has columns"
    return found


class _Chosen(NamedTuple):
    value: Segment | None
    unit: Segment | None
    ranges: tuple[Segment, ...]
    flag: Segment | None
    earlier: tuple[Earlier, ...]
    low: Segment | None
    high: Segment | None
    rivals: int
    placed: bool


def _choose(parts: Sequence[tuple[Segment, Column]]) -> _Chosen:
    """Which part is what. The column decides between a value and a one-sided range; shape decides the rest."""

    def in_role(*roles: str) -> list[Segment]:
        return [part for part, column in parts if column.role in roles]

    results = [part for part in in_role("result") if part.kind in ("value", "text")]
    results = sorted(results, key=_no_number)
    if len(results) > 1 and _COUNTED.fullmatch(results[0].text) and _is_number(results[1]):
        results = [*results[1:], results[0]]  # the number of a row or a footnote stands before the value
    loose = [part for part in in_role("name", "unit", "flag", "specimen", "other") if _is_number(part)]
    numbers = any(_is_number(part) for part, column in parts if column.role == "previous")
    results = results or [part for part in in_role("result") if part.kind == "range" and not numbers]
    told = [part for part in results if part.kind in ("value", "range")]
    value = next(iter([*told, *loose, *results]), None)
    if value is not None and not _is_number(value) and value in results:
        value = _worded(value, results)
    earlier = tuple(
        Earlier(column.date, part) for part, column in parts if column.role == "previous" and part.kind == "value"
    )
    low = next((part for part in in_role("low") if _plain_number(part)), None)
    high = next((part for part in in_role("high") if _plain_number(part)), None)
    ranges = _joined([part for part in in_role("range") if part is not value])
    limits = [part for part in in_role("low", "high") if part.kind in ("range", "value") and not _plain_number(part)]
    ranges = ranges or limits[:1]
    ranges = ranges or [part for part, _ in parts if part.kind == "range" and part is not value]
    unit = next((part for part in in_role("unit") if part.kind == "unit"), None)
    unit = unit or next((part for part, _ in parts if part.kind == "unit" and not part.flag), None)
    unit = unit or next((part for part, column in parts if column.role == "unit" and _inside(part, column)), None)
    flag = next(
        (
            part
            for part, column in parts
            if part is not value and part.flag and column.role != "range" and part is not unit
        ),
        None,
    )
    if flag is None and unit is not None and unit.flag and any(p.kind == "unit" for p, _ in parts if p is not unit):
        flag = unit
    placed = value is not None and any(part.tokens[0] in value.tokens for part in results)
    rival = [*results, *in_role("unit", "flag")]
    rival += [part for part in in_role("name") if len(part.text) > 1]
    rivals = sum(1 for part in rival if part is not value and _is_number(part))
    return _Chosen(value, unit, tuple(ranges), flag, earlier, low, high, rivals, placed)


def _joined(parts: Sequence[Segment]) -> list[Segment]:
    """All that stands in the column of the ranges is one range: `M: 13,5 - 17,5 F: 12,0 - 15,5`."""
    ranges = [part for part in parts if part.kind == "range"]
    if len(parts) < 2 or (len(ranges) == 1 and not any(part.kind == "text" for part in parts)):
        return ranges or list(parts)
    return [Segment("range", tuple(token for part in parts for token in part.tokens))]


def _plain_number(part: Segment) -> bool:
    return _is_number(part) and part.value is not None and part.value.comparator is Comparator.EQ


def _inside(part: Segment, column: Column) -> bool:
    """A text that stands right under the heading of the units."""
    return part.kind == "text" and part.x0 < column.x1 and column.x0 < part.x1


def _worded(value: Segment, results: Sequence[Segment]) -> Segment:
    """A text result whole: `pale yellow` is not yellow. Marks beside it stay marks."""
    parts = [part for part in results if part.kind in ("value", "text") and not _is_number(part)]
    if not any(from_right(part.text) for part in parts):  # those stand in the order they are read
        parts.sort(key=lambda part: part.x0)
    parts = [part for part in parts if any(map(str.isalnum, part.text))] or parts[:1]
    parts = [part for part in parts if part.text[0] != "("] or parts[:1]
    if len(parts) < 2:
        return value
    joined = parts[:1]
    for part in parts[1:]:
        if part.x0 - joined[-1].x1 > CELL_GAP * part.tokens[0].height:
            break
        joined.append(part)
    tokens = tuple(token for part in joined for token in part.tokens)
    text = " ".join(token.text for token in tokens)
    return Segment("value", tokens, value=Value(text, word=value.value.word if value.value else None))


def _is_number(part: Segment) -> bool:
    return part.kind == "value" and part.value is not None and part.value.number is not None


def _no_number(part: Segment) -> int:
    """Numbers first, then words that are results, then other text."""
    if _is_number(part):
        return 0
    return 1 if part.kind == "value" else 2
