"""Results that a sender states in a format of its own (FHIR, HL7, LDT, a table) → the same readings as from a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import structs

from helder.knowledge.model import Knowledge
from helder.quantities import QuantityError, parse_unit
from helder.reports.cells import Grammar, Value
from helder.reports.model import Doubt, Head, Range, Reading, Report, Unread
from helder.reports.naming import Named, Naming, Printed
from helder.reports.readings import against, as_range
from helder.reports.structured.model import Document, Parsed, Stated

LOINC = frozenset({"http://loinc.org", "LN", "loinc", "LOINC", "urn:oid:2.16.840.1.113883.6.1"})


class StatedReader:
    """Makes readings of stated results. `codes` maps LOINC to tests."""

    def __init__(self, grammar: Grammar, naming: Naming, knowledge: Knowledge) -> None:
        self.grammar, self.naming = grammar, naming
        self.codes = {code.loinc: id_ for id_, test in knowledge.lab_tests.items() for code in test.codes}

    def report(self, document: Document, parsed: Parsed) -> Report:
        """One document. What its parser did not understand is named."""
        head = Head(
            languages=self.grammar.words.languages,
            pages=1,
            lab=document.lab or None,
            patient=document.person or None,
            birth_date=document.birth_date,
            sex=document.sex,
            collected=document.collected or document.reported,
            reported=document.reported,
        )
        readings = tuple(reading for row in document.rows if (reading := self._reading(row, head)))
        return Report(head=head, readings=readings, not_read=tuple(_unread(parsed)))

    def _reading(self, row: Stated, head: Head) -> Reading | None:
        if row.status == "absent" or not row.value:
            return None
        printed = self.grammar.value(row.value) or Value(row.value)
        value = printed._replace(number=row.number, doubtful=False) if row.number is not None else printed
        ucum = self._unit(row)
        named = self._named(row, value, ucum)
        reading = Reading(
            name=row.name,
            test=named.test,
            text=row.value,
            value=value.number,
            word=value.word,
            comparator=row.comparator if row.number is not None else value.comparator,
            titre=value.titre,
            unit=row.unit or row.unit_code or None,
            ucum=named.unit or ucum,
            range=self._range(row),
            flag=row.flag,
            specimen=self.grammar.words.specimens.get(row.specimen.casefold()) or None,
            collected=row.collected or head.collected,
            doubts=tuple(self._doubts(row, value, named, ucum)),
            notes=(row.comment,) if row.comment else (),
            candidates=named.candidates,
        )
        test = self.naming.tests.get(named.test or "")
        if test is None:
            return reading
        doubts = tuple(dict.fromkeys((*reading.doubts, *against(test, reading))))
        return structs.replace(reading, doubts=doubts)

    def _unit(self, row: Stated) -> str | None:
        """The UCUM code that the sender gives, if it is one, else the printed unit understood."""
        if row.unit_code:
            try:
                parse_unit(row.unit_code)
            except QuantityError:
                return self.grammar.unit(row.unit_code)
            return row.unit_code
        return self.grammar.unit(row.unit) if row.unit else None

    def _named(self, row: Stated, value: Value, ucum: str | None) -> Named:
        """By the LOINC code where one is stated and its test can have the unit, else by the name."""
        specimen = self.grammar.words.specimens.get(row.specimen.casefold())
        named = self.naming.choose(row.name, self.grammar.words.languages, Printed(specimen, ucum, value.scale))
        coded = next((self.codes[code] for system, code in row.codes if system in LOINC and code in self.codes), None)
        if coded is None:
            return named
        fitting = self.naming.fitting(coded, ucum, value.scale)
        return Named(coded, unit=fitting or None) if fitting is not None else named

    def _range(self, row: Stated) -> Range | None:
        if row.low is None and row.high is None:
            bounds = self.grammar.bounds(row.range_text) if row.range_text else None
            if bounds is None:
                return Range(row.range_text) if row.range_text else None
            return as_range(row.range_text, bounds)
        text = row.range_text or " - ".join("" if end is None else f"{end:f}" for end in (row.low, row.high))
        return Range(text, row.low, row.high, text.lstrip().startswith(">"), text.lstrip().startswith("<"))

    def _doubts(self, row: Stated, value: Value, named: Named, ucum: str | None) -> Iterator[Doubt]:
        if value.doubtful:
            yield "decimal_mark"
        if named.test is None:
            yield "test_ambiguous" if named.why == "ambiguous" else "unit_unfit" if named.candidates else "name_unknown"
        if named.loose:
            yield "name_loose"
        if row.unit and ucum is None:
            yield "unit_unknown"


def _unread(parsed: Parsed) -> Iterable[Unread]:
    return (Unread(problem.place, None, None, problem.what) for problem in parsed.problems)
