"""What a person made of the readings of a report: typed over, left as they stood, or dropped. Pure.

A typed value is no longer doubted for how it was read. What the base says about it still holds: a name or a unit that
it does not know, a unit that the test cannot have, a value that cannot be.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Literal

from msgspec import Struct, structs

from helder.quantities import Comparator
from helder.reports.cells import Grammar, Value
from helder.reports.contract import BeforeObject, DocumentObject, RangeObject, ReadingObject, ScanObject
from helder.reports.model import Before, Doubt, Flag, Head, Range, Reading, Report
from helder.reports.naming import Named, Naming, Printed
from helder.reports.numbers import Mark
from helder.reports.read import COMMA_LANGUAGES, ReportReader
from helder.reports.readings import against, as_range

LONGEST = 200  # characters of one field
MOST_ROWS = 1_000


class Kept(Struct, frozen=True, omit_defaults=True):
    """What was read of one result: what a form carries beside the fields that a person can change."""

    name: str = ""
    test: str | None = None
    value: str = ""
    comparator: str | None = None
    unit: str | None = None
    ucum: str | None = None
    range: RangeObject | None = None
    flag: Flag | None = None
    specimen: str | None = None
    collected: str | None = None
    previous: tuple[BeforeObject, ...] = ()


class Typed(Struct, frozen=True, kw_only=True):
    """One result as a person left it. `test` is the one they chose where a name can mean several."""

    name: str
    value: str
    unit: str = ""
    range: str = ""
    test: str = ""
    kept: Kept = Kept()


class About(Struct, frozen=True, omit_defaults=True):
    """The head of a document as a form carries it."""

    language: str | None = None
    lab: str | None = None
    name: str | None = None
    birth_date: str | None = None
    sex: Literal["F", "M"] | None = None
    age: int | None = None
    collected: str | None = None
    reported: str | None = None


class Confirmed(Struct, frozen=True):
    """One document that a person confirmed."""

    about: About
    rows: tuple[Typed, ...]


# --- what a form starts with ------------------------------------------------------------------------------------


def kept(reading: ReadingObject) -> Kept:
    """A reading as a form carries it."""
    return Kept(
        name=reading.name,
        test=reading.test,
        value=reading.value,
        comparator=reading.comparator,
        unit=reading.unit,
        ucum=reading.ucum,
        range=reading.range,
        flag=_FLAGS.get(reading.flag or ""),
        specimen=reading.specimen,
        collected=reading.collected,
        previous=tuple(BeforeObject(before.date, before.value, before.comparator) for before in reading.previous),
    )


def about(document: DocumentObject) -> About:
    """The head of a document as a form carries it."""
    told = document.person
    sex, age = told.get("sex"), told.get("age")
    return About(
        language=document.language,
        lab=document.lab,
        name=str(told["name"]) if told.get("name") else None,
        birth_date=str(told["birth_date"]) if told.get("birth_date") else None,
        sex="F" if sex == "F" else "M" if sex == "M" else None,
        age=age if isinstance(age, int) else None,
        collected=document.collected,
        reported=document.reported,
    )


def shown(value: str, comparator: str | None, language: str) -> str:
    """A value as a reader of a language writes it: `< 0,01` for Dutch. No digit is added or lost."""
    if number_of(value) is not None and mark_of(language) == ",":
        value = value.replace(".", ",")
    return value if comparator in (None, "=") else f"{comparator} {value}"


def mark_of(language: str) -> Mark:
    """The decimal mark that readers of a language write."""
    return "," if language in COMMA_LANGUAGES else "."


def number_of(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


# --- a form read back -------------------------------------------------------------------------------------------


def report(confirmed: Confirmed, reader: ReportReader, language: str) -> Report:
    """The readings of a form, in its order. A row without a name or a value is dropped."""
    rows = [row for row in confirmed.rows[:MOST_ROWS] if row.name.strip() and row.value.strip()]
    found = reader.languages.of([row.name for row in rows])
    languages = tuple(dict.fromkeys(code for code in (confirmed.about.language, language, *found) if code))
    grammar = Grammar(reader.vocabulary(languages), mark_of(language), proven=True)
    head = _head(confirmed.about)
    readings = tuple(_reading(row, head, grammar, reader.naming, language) for row in rows)
    return Report(head=head, readings=readings)


def _head(told: About) -> Head:
    return Head(
        languages=(told.language,) if told.language else (),
        lab=_short(told.lab),
        patient=_short(told.name),
        birth_date=_date(told.birth_date),
        sex=told.sex,
        age=told.age if told.age is not None and 0 <= told.age <= 130 else None,
        collected=_date(told.collected),
        reported=_date(told.reported),
    )


def _reading(row: Typed, head: Head, grammar: Grammar, naming: Naming, language: str) -> Reading:
    before, name = row.kept, _short(row.name) or ""
    same = _plain(row.value) == shown(before.value, before.comparator, language)
    value = _as_read(before, grammar) if same else _typed(row.value, grammar)
    unit = _short(row.unit)
    ucum = before.ucum if (unit or "") == (before.unit or before.ucum or "") else grammar.unit(unit or "")
    named = _named(row, name, naming, grammar, Printed(before.specimen, ucum, value.scale))
    test = naming.tests.get(named.test or "")
    moved = ucum != before.ucum or not before.name
    reading = Reading(
        name=name,
        test=named.test,
        text=value.text,
        value=value.number,
        word=value.word,
        comparator=value.comparator,
        titre=value.titre or bool(test and test.scale == "titre" and value.number is not None),
        unit=unit,
        ucum=named.unit or ucum,
        range=_range(row, grammar),
        flag=before.flag if same else None,
        specimen=_short(before.specimen),
        collected=_date(before.collected) or head.collected,
        earlier=() if moved else tuple(_before(each) for each in before.previous[:20]),
        candidates=named.candidates,
    )
    doubts = (*_unknown(named, unit, ucum), *(against(test, reading) if test else ()))
    return structs.replace(reading, doubts=tuple(dict.fromkeys(doubts)))


def _as_read(before: Kept, grammar: Grammar) -> Value:
    """The value that was left as it stood: exact, with its comparator."""
    number = number_of(before.value)
    if number is None:
        return grammar.value(before.value) or Value(before.value)
    return Value(before.value, number, _sign(before.comparator))


def _typed(text: str, grammar: Grammar) -> Value:
    plain = _plain(text)
    return grammar.value(plain) or Value(plain)


def _named(row: Typed, name: str, naming: Naming, grammar: Grammar, printed: Printed) -> Named:
    """The test that a person chose, else the one that was read, as long as it can have this unit; else by the name."""
    read = row.kept.test if name == row.kept.name else None
    for test in (row.test, read):
        if test and test in naming.tests:
            fitting = naming.fitting(test, printed.unit, printed.scale)
            if fitting is not None:
                return Named(test, unit=fitting or None)
    return naming.choose(name, grammar.words.languages, printed)


def _range(row: Typed, grammar: Grammar) -> Range | None:
    text, read = _short(row.range) or "", row.kept.range
    bounds = grammar.bounds(text) if text else None
    if read and text == read.text:
        low, high = number_of(read.low or ""), number_of(read.high or "")
        if bounds and (bounds.low, bounds.high) == (low, high):
            return as_range(text, bounds)
        return Range(text, low, high, low_open=text.startswith(">"), high_open=text.startswith("<"))
    return as_range(text, bounds) if bounds else Range(text) if text else None


def _before(told: BeforeObject) -> Before:
    return Before(_date(told.date), told.value[:LONGEST], number_of(told.value), _sign(told.comparator))


def _sign(comparator: str | None) -> Comparator:
    return Comparator(comparator) if comparator in set(Comparator) else Comparator.EQ


def _unknown(named: Named, unit: str | None, ucum: str | None) -> Iterator[Doubt]:
    if named.test is None:
        yield "test_ambiguous" if named.why == "ambiguous" else "unit_unfit" if named.candidates else "name_unknown"
    if unit and ucum is None:
        yield "unit_unknown"


def _plain(text: str) -> str:
    """Typed text with the digits and the decimal mark that a grammar reads, whatever keyboard they came from."""
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else "." if c == "٫" else c for c in text.strip()[:LONGEST])
    return "".join(digits)


def _short(text: str | None) -> str | None:
    return text.strip()[:LONGEST] or None if text else None


def _date(text: str | None) -> str | None:
    """An ISO date or instant; None for anything else."""
    try:
        dt.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return text


_FLAGS: dict[str, Flag] = {
    "low": "low",
    "high": "high",
    "critical_low": "critical_low",
    "critical_high": "critical_high",
    "abnormal": "abnormal",
    "normal": "normal",
}


def joined(made: Iterable[ScanObject]) -> ScanObject | None:
    """Several documents as one answer: the first with the others in it; None where there is none."""
    found = tuple(made)
    return structs.replace(found[0], others=found[1:]) if found else None
