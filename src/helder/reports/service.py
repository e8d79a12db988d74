"""What the doors ask about reports: pages of words or a stated report in, JSON of the contracts out.

One object over one base, safe to share between threads. Reading files is the business of an edge (`readers/`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec import structs

from helder.languages.speech import Speech
from helder.person import Person, past_childbearing
from helder.quantities import Comparator, Quantity
from helder.reports import confirmed
from helder.reports.cells import Grammar, Value
from helder.reports.computed import computed, would_decide
from helder.reports.confirmed import Confirmed
from helder.reports.contract import LabObject, NotReadObject, RangeObject, ScanObject, plain, sign
from helder.reports.explain import whole
from helder.reports.judge import home_value, judged
from helder.reports.layout import lines_of
from helder.reports.model import Doubt, Head, Reading, Report
from helder.reports.naming import Printed
from helder.reports.page import Page
from helder.reports.read import ReportReader
from helder.reports.readings import against, as_range
from helder.reports.stated import StatedReader
from helder.reports.structured.model import Parsed
from helder.reports.words import ReportWords, Told, loinc_of, value_of

LISTS = frozenset({"prescription", "medicine_list"})
DAYS_A_YEAR = Decimal("365.25")
INFANT = 2
"""Under this age, in years, a day matters: the age is told in days."""


class For(NamedTuple):
    """Who a report is read for: the person it is about as far as told, and the reader's language and country."""

    person: Person
    language: str
    country: str


class Reports:
    """Reads, judges and explains over one base. Keeps nothing of what it is given."""

    def __init__(self, speech: Speech) -> None:
        self.speech = speech
        self.knowledge = speech.knowledge
        self.reader = ReportReader(speech.knowledge)

    # --- scan ----------------------------------------------------------------------------------------

    def scan(self, pages: Sequence[Page], whose: For, unread: Iterable[NotReadObject] = ()) -> ScanObject:
        """The pages of one document → `helder scan`. `unread` are pages and files that no reader could open."""
        report = self.reader.read(pages, whose.country)
        items = _items(pages) if report.head.kind in LISTS else ()
        made = self._words(whose).scan(self.told(report, whose.person), items)
        return structs.replace(made, not_read=(*made.not_read, *unread))

    def stated(self, parsed: Parsed, whose: For) -> tuple[ScanObject, ...]:
        """A stated report, an object for each document in it."""
        texts = [text for row in parsed.rows for text in (row.name, row.value, row.specimen)]
        reader = StatedReader(self.reader.grammar(texts), self.reader.naming, self.knowledge)
        reports = [reader.report(document, parsed) for document in parsed.documents]
        return tuple(self._words(whose).scan(self.told(report, whose.person)) for report in reports)

    def confirmed(self, documents: Sequence[Confirmed], whose: For) -> ScanObject | None:
        """What a person confirmed, judged anew; None where nothing is left of it."""
        reports = (confirmed.report(document, self.reader, whose.language) for document in documents)
        return confirmed.joined(self._words(whose).scan(self.told(report, whose.person)) for report in reports)

    def _words(self, whose: For) -> ReportWords:
        return ReportWords(self.speech, whose.language, whose.country)

    def told(self, report: Report, person: Person) -> Told:
        """A report judged for who it is about, with what follows from it."""
        about = who_it_is_about(report.head, person)
        first = judged(report.readings, self.knowledge, about)
        extra = judged(computed(first.readings, self.knowledge, about), self.knowledge, about)
        moved = (danger._replace(reading=danger.reading + len(first.readings)) for danger in extra.dangers)
        readings = (*first.readings, *extra.readings)
        return Told(
            report=structs.replace(report, readings=readings),
            whole=whole(readings, self.knowledge),
            dangers=(*first.dangers, *moved),
            asks=tuple(sorted({*first.asks, *extra.asks, *would_decide(first.readings, self.knowledge, about)})),
            person=about,
        )

    # --- one result ------------------------------------------------------------------------------------

    def lab(self, data: Mapping[str, Any], whose: For) -> LabObject:
        """`helder lab`: `{name, unit, value, specimen?, range?}` → the test, its codes, where the value stands."""
        told = {key: str(data.get(key) or "").strip() for key in ("name", "unit", "value", "specimen", "range")}
        grammar = self.reader.grammar([told["name"], told["value"]], (str(data.get("language") or whose.language),))
        value = grammar.value(told["value"]) or Value(told["value"])
        ucum = grammar.unit(told["unit"]) if told["unit"] else None
        if told["unit"] and ucum is None:
            return LabObject(test=None, unknown=told["unit"], why="unit_unknown")
        specimen = grammar.words.specimens.get(told["specimen"].casefold())
        scale = value.scale if told["value"] else "quantity" if ucum else None
        named = self.reader.naming.choose(told["name"], grammar.words.languages, Printed(specimen, ucum, scale))
        if named.test is None:
            return LabObject(test=None, unknown=told["name"], why=named.why, candidates=named.candidates)
        doubts: list[Doubt] = ["name_loose"] if named.loose else []
        doubts += ["decimal_mark"] if value.doubtful else []
        reading = _reading(told, named.test, named.unit or ucum, value, grammar)
        return self._lab(structs.replace(reading, doubts=tuple(doubts)), whose)

    def _lab(self, reading: Reading, whose: For) -> LabObject:
        test = self.knowledge.lab_tests[reading.test or ""]
        if reading.value is not None:
            doubts = tuple(dict.fromkeys((*reading.doubts, *against(test, reading))))
            reading = structs.replace(reading, doubts=doubts)
        told = self.told(Report(head=Head(), readings=(reading,)), whose.person)
        found, words, home = told.report.readings[0], self._words(whose), home_value(reading, test)
        return LabObject(
            test=found.test,
            title=words.title(found.test),
            loinc=loinc_of(found, test),
            value=value_of(found) or None,
            comparator=sign(found.comparator),
            ucum=found.ucum,
            home=str(home) if home else None,
            range=RangeObject(plain(found.range.low), plain(found.range.high), found.range.text)
            if found.range
            else None,
            judgement=found.judgement,
            judged_by=found.judged_by,
            doubts=found.doubts,
            says=words.says(found, test, told.person, frozenset(danger.claim for danger in told.dangers)),
            danger=tuple(words.danger(danger, told.report.readings) for danger in told.dangers),
            asks=tuple(words.ask(fact) for fact in told.asks),
        )


def _reading(told: Mapping[str, str], test: str, ucum: str | None, value: Value, grammar: Grammar) -> Reading:
    bounds = grammar.bounds(told["range"]) if told["range"] else None
    return Reading(
        name=told["name"],
        test=test,
        text=value.text,
        value=value.number,
        word=value.word,
        comparator=value.comparator if told["value"] else Comparator.EQ,
        titre=value.titre,
        unit=told["unit"] or None,
        ucum=ucum,
        range=as_range(told["range"], bounds) if bounds else None,
    )


def _items(pages: Sequence[Page]) -> tuple[str, ...]:
    """The lines of a list of medicines that hold an amount, to be confirmed one by one."""
    lines = [line.text for page in pages for line in lines_of(page)]
    return tuple(line for line in lines if any(c.isdigit() for c in line) and any(c.isalpha() for c in line))


def who_it_is_about(head: Head, person: Person) -> Person:
    """The person as told, with what the report itself says where nothing was told: sex, and the age on the day."""
    about = structs.replace(person, sex=person.sex or head.sex, age=person.age or _age_on(head))
    return past_childbearing(about)


def _age_on(head: Head) -> Quantity | None:
    if head.birth_date and head.collected and len(head.collected) == len(head.birth_date):
        days = (dt.date.fromisoformat(head.collected) - dt.date.fromisoformat(head.birth_date)).days
        if days >= 0:
            years = int(days / DAYS_A_YEAR)
            return Quantity(Decimal(years), "a") if years >= INFANT else Quantity(Decimal(days), "d")
    return Quantity(Decimal(head.age), "a") if head.age is not None else None
