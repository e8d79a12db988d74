"""Results out of tables: CSV (RFC 4180) and what people make of it, with `,`, `;`, tab or `|` between the cells.

Three forms: a row a result; tests down and dates across; dates down and tests across. Which column is which, the
words say that are handed in. Several tables may stand below each other, each with its own heading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol

from msgspec.structs import replace

from helder.reports.structured.model import Document, Flag, Parsed, Sex, Stated
from helder.reports.structured.reading import MOST_ROWS, Problems, joined, lines_of, plain, split_comparator, within
from helder.reports.structured.table_cells import Dates, Numbers, Row, is_date, rows_of

Form = Literal["long", "wide", "days"]
"""A row a result; tests down, dates across; dates down, tests across."""
FROM_LABEL = {"collected": "date", "patient": "person", "birth_date": "birth_date", "sex": "sex", "lab": "lab"}
FLAGS: dict[str, Flag] = {"high": "high", "low": "low", "abnormal": "abnormal"}
FLAGS |= {"high_critical": "critical_high", "low_critical": "critical_low"}
SEXES: dict[str, Sex] = {"F": "F", "M": "M"}
ABOUT = ("person", "birth_date", "sex", "lab")
DATED = ("person", "birth_date", "sex", "lab", "date")
SHARED = ("unit", "range", "low", "high", "specimen", "method", "comment", "code", "flag")


class Words(Protocol):
    """The printed words of the report's languages, as `reports.vocabulary.Vocabulary` knows them.

    `heading`: `name`, `result`, `unit`, `range`, `low`, `high`, `flag`, `date`, `method`, `specimen`, `comment`,
    `code`. `label`: `patient`, `birth_date`, `sex`, `collected`, `reported`, `lab`. `flag`: `high`, `high_critical`,
    `low`, `low_critical`, `abnormal`, `normal`. Any other word is left alone.
    """

    def heading(self, text: str) -> str | None: ...

    def label(self, text: str) -> str | None: ...

    def flag(self, text: str) -> str | None: ...


class Heading(NamedTuple):
    """A heading: its form, where each column stands, and the columns that hold values."""

    row: Row
    form: Form
    columns: Mapping[str, int]
    values: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()


class Table(NamedTuple):
    """A heading with the rows below it, and those above it that belong to no other table."""

    heading: Heading
    above: Sequence[Row]
    rows: Sequence[Row]


class Reader(NamedTuple):
    """What holds for the whole file."""

    words: Words
    numbers: Numbers
    dates: Dates
    problems: Problems


def parse(data: bytes | str, words: Words) -> Parsed:
    """What the tables state. Never raises: what is of no use is named by its line."""
    problems = Problems()
    rows = rows_of(data, problems) if within(data, problems) else []
    tables = list(_tables(rows, words))
    if rows and not tables:
        problems.add(rows[0].place, "heading")
    cells = [cell for table in tables for row in (table.heading.row, *table.rows) for cell in row.cells]
    reader = Reader(words, Numbers(cells), Dates([*cells, *_cells_above(tables)]), problems)
    documents = [document for table in tables for document in _documents(table, reader)]
    if tables and not any(document.rows for document in documents):
        problems.add("file", "no_results")
    return Parsed(documents=tuple(documents), problems=problems.told())


def _cells_above(tables: Sequence[Table]) -> list[str]:
    return [cell for table in tables for row in table.above for cell in row.cells]


# --- which column is which --------------------------------------------------------------------------------


def _tables(rows: Sequence[Row], words: Words) -> Iterator[Table]:
    roles = lru_cache(maxsize=10_000)(lambda text: _roles(text, words))
    heading: Heading | None = None
    above: list[Row] = []
    below: list[Row] = []
    for row in rows:
        found = _heading(row, [roles(cell) for cell in row.cells], first=heading is None)
        if found is None:
            (above if heading is None else below).append(row)
            continue
        if heading is not None:
            yield Table(heading, above, below)
            above = []
        heading, below = found, []
    if heading is not None:
        yield Table(heading, above, below)


Roles = tuple[str | None, str | None]


def _roles(text: str, words: Words) -> Roles:
    """What a cell says as a heading, and as a label: `Name` may stand over tests, and over persons."""
    bare = plain(text).rstrip(" :")
    if not bare or len(bare) > 80:
        return None, None
    return words.heading(bare), FROM_LABEL.get(words.label(bare) or "")


def _columns(roles: Sequence[Roles]) -> dict[str, int]:
    """Which column is which. What can be read in two ways gives way to what can't."""
    columns: dict[str, int] = {}
    for number in sorted(range(len(roles)), key=lambda each: all(roles[each])):
        role = next((role for role in roles[number] if role and role not in columns), None)
        if role:
            columns[role] = number
    return columns


def _heading(row: Row, roles: Sequence[Roles], first: bool) -> Heading | None:
    """A row as a heading, or None. Below a heading only one that names its tests begins another table."""
    columns = _columns(roles)
    if "name" not in columns and "person" in columns and "birth_date" not in columns:
        columns["name"] = columns.pop("person")
    days = tuple(number for number in range(len(roles)) if is_date(row.cell(number)))
    told = [number for number in range(len(roles)) if row.cell(number)]
    others = tuple(number for number in told if not any(roles[number]) and number not in days)
    if "name" in columns and "result" in columns:
        return _made(row, "long", columns, (columns["result"],), ("name", "result", *DATED, *SHARED))
    if days and 0 not in days and set(others) <= {0} and ("name" in columns or first):
        read = ("name", *ABOUT, *SHARED)
        return _made(row, "wide", {"name": 0} | columns, days, read if len(days) == 1 else (*read[:-1],))
    if first and others and columns.get("date") == told[0] and "result" not in columns and len(told) > 1:
        return _made(row, "days", columns, others, DATED)
    return None


def _made(row: Row, form: Form, columns: Mapping[str, int], values: tuple[int, ...], read: tuple[str, ...]) -> Heading:
    """A heading with the columns that its form reads; every other one that says something is named."""
    kept = {key: number for key, number in columns.items() if key in read}
    known = {*kept.values(), *values}
    unknown = tuple(number for number in range(len(row.cells)) if row.cell(number) and number not in known)
    return Heading(row, form, kept, values, unknown)


# --- documents --------------------------------------------------------------------------------------------


def _documents(table: Table, reader: Reader) -> list[Document]:
    """One document a person; what stands above the table holds for all of them."""
    shared = _labelled(table.above, reader)
    for number in table.heading.unknown:
        reader.problems.add(table.heading.row.place, "not_read", table.heading.row.cell(number))
    form = {"long": _long, "wide": _wide, "days": _days}[table.heading.form]
    grouped: dict[tuple[str, ...], list[Stated]] = {}
    for count, (who, row) in enumerate(form(table, reader)):
        if count >= MOST_ROWS:
            reader.problems.add(row.place, "too_large")
            break
        grouped.setdefault(who, []).append(row)
    return [_document(shared, who, rows, reader) for who, rows in grouped.items()]


def _document(shared: Document, who: tuple[str, ...], rows: Sequence[Stated], reader: Reader) -> Document:
    person, birth, sex, lab = who
    days = {row.collected for row in rows}
    place = rows[0].place
    return replace(
        shared,
        rows=tuple(row if row.collected else replace(row, collected=shared.collected) for row in rows),
        person=person or shared.person,
        birth_date=reader.dates.parse(birth, place, reader.problems) if birth else shared.birth_date,
        sex=_sex(sex, place, reader.problems) if sex else shared.sex,
        lab=lab or shared.lab,
        collected=shared.collected or (days.pop() if len(days) == 1 else None),
    )


def _sex(text: str, place: str, problems: Problems) -> Sex | None:
    found = SEXES.get(text.upper())
    if found is None:
        problems.add(place, "sex")
    return found


def _labelled(rows: Sequence[Row], reader: Reader) -> Document:
    """What stands above a table: labels with their values, side by side or after a colon; the rest are notes."""
    made = Document(place=rows[0].place if rows else "")
    notes: list[str] = []
    for row in rows:
        cells = [plain(cell) for cell in row.cells if plain(cell)]
        label, _, value = cells[0].partition(":")
        values = [part for part in (plain(value), *cells[1:]) if part]
        key = reader.words.label(label.strip())
        told = _about(made, key, values[0], row, reader) if key and values else None
        made = told or made
        notes += [] if told else [joined(cells, " ")]
    return replace(made, notes=tuple(notes))


def _about(made: Document, key: str, value: str, row: Row, reader: Reader) -> Document | None:
    """The document with one label's value; None where it is none that is kept."""
    match key:
        case "patient":
            return replace(made, person=value)
        case "lab":
            return replace(made, lab=value)
        case "sex":
            return replace(made, sex=_sex(value, row.place, reader.problems))
        case "birth_date":
            return replace(made, birth_date=reader.dates.parse(value, row.place, reader.problems))
        case "collected":
            return replace(made, collected=reader.dates.parse(value, row.place, reader.problems))
        case "reported":
            return replace(made, reported=reader.dates.parse(value, row.place, reader.problems))
    return None


# --- rows -------------------------------------------------------------------------------------------------

Found = Iterator[tuple[tuple[str, ...], Stated]]


def _long(table: Table, reader: Reader) -> Found:
    """A row a result. A row with nothing but a name stands over those below it."""
    columns, panel = table.heading.columns, ""
    for row in table.rows:
        _width(row, table.heading.row, reader.problems)
        name = plain(row.cell(columns["name"]))
        told = [cell for cell in row.cells if cell.strip()]
        if name and len(told) == 1:
            panel = name
        elif not name:
            reader.problems.add(row.place, "no_name")
        else:
            base = _base(row, columns, reader)
            day = row.cell(columns["date"]) if "date" in columns else ""
            collected = reader.dates.parse(day, row.place, reader.problems) if day else None
            value = row.cell(columns["result"])
            if not value:
                reader.problems.add(row.place, "no_value")
            base = replace(base, name=name, panel=panel, collected=collected, place=row.place)
            yield _who(row, columns), _valued(base, value, row.place, reader)


def _wide(table: Table, reader: Reader) -> Found:
    """Tests down, dates across; an empty cell states nothing."""
    heading, panel = table.heading, ""
    columns = heading.columns
    days = {number: _date(heading.row, number, reader) for number in heading.values}
    for row in table.rows:
        _width(row, heading.row, reader.problems)
        name = plain(row.cell(columns["name"]))
        told = [number for number in heading.values if row.cell(number)]
        if name and len([cell for cell in row.cells if cell.strip()]) == 1:
            panel = name
        if told and not name:
            reader.problems.add(row.place, "no_name")
            continue
        base = _base(row, columns, reader) if told else None
        for number in told:
            place = f"{row.place}, column {number + 1}"
            assert base is not None, "there are values"
            filled = replace(base, name=name, panel=panel, collected=days[number], place=place)
            yield _who(row, columns), _valued(filled, row.cell(number), place, reader)


def _days(table: Table, reader: Reader) -> Found:
    """Dates down, tests across. Rows that say `unit` or `range` where a date stands hold for their columns."""
    heading = table.heading
    first = heading.columns["date"]
    shared: dict[str, Row] = {}
    for row in table.rows:
        _width(row, heading.row, reader.problems)
        told = row.cell(first)
        role = None if is_date(told) else reader.words.heading(plain(told))
        if role in ("unit", "range", "low", "high"):
            shared[role] = row
            continue
        day = reader.dates.parse(told, row.place, reader.problems) if told else None
        who = _who(row, heading.columns)
        for number in heading.values:
            value, place = row.cell(number), f"{row.place}, column {number + 1}"
            if value:
                base = _cells({key: each.cell(number) for key, each in shared.items()}, place, reader)
                base = replace(base, name=plain(heading.row.cell(number)), collected=day, place=place)
                yield who, _valued(base, value, place, reader)


def _date(row: Row, column: int, reader: Reader) -> str | None:
    return reader.dates.parse(row.cell(column), row.place, reader.problems)


def _width(row: Row, heading: Row, problems: Problems) -> None:
    if any(cell.strip() for cell in row.cells[len(heading.cells) :]):
        problems.add(row.place, "columns")


def _who(row: Row, columns: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(plain(row.cell(columns[key])) if key in columns else "" for key in ABOUT)


def _base(row: Row, columns: Mapping[str, int], reader: Reader) -> Stated:
    return _cells({key: row.cell(columns[key]) for key in SHARED if key in columns}, row.place, reader)


def _cells(told: Mapping[str, str], place: str, reader: Reader) -> Stated:
    """A row with what stands beside the value: unit, range, flag, specimen, method, code, comment."""
    numbers, problems = reader.numbers, reader.problems
    range_text = plain(told.get("range", ""))
    low, high = numbers.bounds(range_text, place, problems) if range_text else (None, None)
    ends = [plain(told.get(key, "")) for key in ("low", "high")]
    if any(ends):
        low, high = (numbers.parse(end, place, problems) if end else None for end in ends)
        if any(end and number is None for end, number in zip(ends, (low, high), strict=True)):
            range_text = range_text or joined(ends, " - ")
        if low is not None and high is not None and low > high:
            problems.add(place, "range")
            range_text, low, high = range_text or joined(ends, " - "), None, None
    mark = plain(told.get("flag", ""))
    meant = reader.words.flag(mark) if mark else None
    if mark and meant is None:
        problems.add(place, "flag")
    code = plain(told.get("code", ""))
    return Stated(
        name="",
        unit=plain(told.get("unit", "")),
        range_text=range_text,
        low=low,
        high=high,
        flag=FLAGS.get(meant or ""),
        flag_text=mark,
        specimen=plain(told.get("specimen", "")),
        method=plain(told.get("method", "")),
        comment=lines_of(told.get("comment", "")),
        codes=(("", code),) if code else (),
    )


def _valued(base: Stated, value: str, place: str, reader: Reader) -> Stated:
    comparator, text = split_comparator(lines_of(value))
    number = reader.numbers.parse(text, place, reader.problems)
    return replace(base, value=text, number=number, comparator=comparator, status="unknown" if text else "absent")
