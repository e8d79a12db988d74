"""Rows → readings: which test, which unit, which range, and every reason to doubt it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import structs

from helder.knowledge.lab import kinds_of, own_unit, to_home
from helder.knowledge.model import LabTest
from helder.quantities import Comparator, Quantity, QuantityError, compare, parse_unit
from helder.quantities import Range as Plausible
from helder.reports.cells import Bounds, Grammar, Value
from helder.reports.layout import Token, place_of
from helder.reports.model import Before, Doubt, Flag, Head, Range, Reading
from helder.reports.naming import Named, Naming, Printed
from helder.reports.repair import repaired
from helder.reports.rows import Row
from helder.reports.segments import unit_of_range

SURE_LETTERS = 0.85
"""Below this certainty of a reader the value is doubted."""
_LITRE = re.compile(r"(?<=/)[1I|](?=$)")
"""A litre read as a one: no unit is per one."""
_NO_RESULT = frozenset({"pending", "not_done", "see_comment"})
_FLAGS: dict[str, Flag] = {
    "high": "high",
    "low": "low",
    "high_critical": "critical_high",
    "low_critical": "critical_low",
    "abnormal": "abnormal",
    "normal": "normal",
}
_MISREAD = re.compile(r"[OolISBZ|]")
_IN_NAME = re.compile(r"[(\[]\s*(?P<inside>[^()\[\]]+?)\s*[)\]]|,\s*(?P<tail>[^,]+)$|(?<=\S)\s+(?:in\s+)?(?P<last>%)$")
_PERCENT = re.compile(r"%|٪")


class Reader:
    """Makes readings of the rows of one document."""

    def __init__(self, grammar: Grammar, naming: Naming, head: Head) -> None:
        self.grammar, self.naming, self.head = grammar, naming, head
        self.units = grammar.words.units
        self.languages = grammar.words.languages

    def readings(self, rows: Iterable[Row]) -> tuple[Reading, ...]:
        return tuple(reading for row in rows if (reading := self.reading(row)) is not None)

    def reading(self, row: Row) -> Reading | None:
        """One row as read; None for a result that was announced and not given."""
        value = row.value.value or self.grammar.value(row.value.text) or Value(row.value.text)
        if value.word in _NO_RESULT:
            return None
        unit = self._unit(row, value)
        named = self._named(row, value, unit)
        bounds = self._range(row)
        flag = self._flag(row, value)
        reading = Reading(
            name=row.name_text,
            test=named.test,
            text=value.text,
            value=value.number,
            word=value.word,
            comparator=value.comparator,
            titre=value.titre,
            unit=unit.printed,
            ucum=named.unit or unit.ucum,
            range=bounds,
            flag=flag,
            specimen=row.specimen,
            section=row.section,
            collected=self.head.collected,
            page=row.page,
            box=place_of([*row.name, *row.value.tokens]),
            value_box=place_of(row.value.tokens),
            earlier=tuple(self._before(row)),
            notes=row.notes,
            candidates=named.candidates,
        )
        return structs.replace(reading, doubts=tuple(dict.fromkeys(self._doubts(row, reading, value, unit, named))))

    # --- unit ----------------------------------------------------------------------------------------

    def _unit(self, row: Row, value: Value) -> _Unit:
        """The unit beside the value, else the one in the name or in the range."""
        if row.unit is not None and row.unit.kind == "unit":
            litre = _LITRE.sub("l", row.unit.text)
            misread = litre != row.unit.text and self.grammar.unit(litre) is not None
            return _Unit(litre, self.grammar.unit(litre), True) if misread else _Unit(row.unit.text, row.unit.unit)
        if value.number is None and row.unit is None:
            return _Unit(None, None)
        if inside := self._unit_in_name(row.name_text):
            return inside[0]
        if _PERCENT.search(row.name_text) and row.unit is None:
            return _Unit("%", "%")
        for part in row.ranges:
            found = self._unit_in_range(part.text)
            if found:
                return found
        if row.unit is not None:
            return self._misread(row)
        return _Unit(None, None)

    def _unit_in_name(self, name: str) -> tuple[_Unit, str] | None:
        """`Glucose (mg/dL)`, `Glucose, mg/dL` → the unit, and the name without it; none that no such test has."""
        for found in _IN_NAME.finditer(name):
            printed = found.group("inside") or found.group("tail") or found.group("last")
            code = self.grammar.unit(printed)
            bare = (name[: found.start()] + name[found.end() :]).strip(" ,")
            if code and self._of_the_test(bare, code):
                return _Unit(printed, code), bare
        return None

    def _of_the_test(self, name: str, code: str) -> bool:
        """Whether a test of this name is reported in the unit that stands in its name; pH and ratios have none."""
        found, _ = self.naming.candidates(name, self.languages)
        kinds = {kind for id_ in found for kind in kinds_of(self.naming.tests[id_])}
        if not found or code == "%":
            return code == "%" or "/" in code
        return bool(parse_unit(code).kind) and code != "[pH]" and parse_unit(code).kind in kinds

    def _unit_in_range(self, text: str) -> _Unit | None:
        rest = unit_of_range(text) if any(map(str.isdigit, text)) else ""
        code = self.grammar.unit(rest) if rest else None
        return _Unit(rest, code) if code else None

    def _misread(self, row: Row) -> _Unit:
        """A text where the unit stands that is none: repaired among the units of the tests that the name means."""
        assert row.unit is not None, "only called with a text in the unit's place"
        found, _ = self.naming.candidates(row.name_text, self.languages, misread=True)
        near = repaired(row.unit.text, [self.naming.tests[id_] for id_ in found], self.units)
        return _Unit(near[0], near[1], True) if near else _Unit(row.unit.text, None)

    # --- test ----------------------------------------------------------------------------------------

    def _named(self, row: Row, value: Value, unit: _Unit) -> Named:
        name = row.name_text
        within = self._unit_in_name(name)
        if within and within[0].ucum == unit.ucum:
            name = within[1]
        misread = any(token.word.second is not None or token.word.certainty < 1 for token in row.name)
        return self.naming.choose(name, self.languages, Printed(row.specimen, unit.ucum, value.scale, misread))

    # --- range and flag --------------------------------------------------------------------------------

    def _range(self, row: Row) -> Range | None:
        if row.low or row.high:
            return self._from_two_columns(row)
        if not row.ranges:
            return None
        text = " ".join(part.text for part in row.ranges)
        bounds = row.ranges[0].bounds if len(row.ranges) == 1 else self.grammar.bounds(text)
        bounds = bounds or self.grammar.bounds(text)
        if bounds is None:
            return Range(text)
        return as_range(text, self._for_sex(bounds))

    def _for_sex(self, bounds: Bounds) -> Bounds:
        """Of ranges for men and women, the one for whom the report is about; none where that is not known."""
        for sex, low, high in bounds.by_sex:
            if sex == self.head.sex:
                return bounds._replace(low=low, high=high)
        return bounds

    def _from_two_columns(self, row: Row) -> Range:
        ends = [part.value.number if part and part.value else None for part in (row.low, row.high)]
        text = " - ".join(part.text for part in (row.low, row.high) if part)
        return Range(text, ends[0], ends[1])

    def _flag(self, row: Row, value: Value) -> Flag | None:
        found = row.flag.flag if row.flag else None
        if found is None and row.value.flag and value.number is not None:
            found = row.value.flag
        flag = _FLAGS.get(found or "")
        return "abnormal" if flag in ("high", "low") and value.number is None else flag

    def _before(self, row: Row) -> Iterator[Before]:
        for earlier in row.earlier:
            value = earlier.segment.value
            if value:
                yield Before(earlier.date, value.text, value.number, value.comparator)

    # --- doubts --------------------------------------------------------------------------------------

    def _doubts(self, row: Row, reading: Reading, value: Value, unit: _Unit, named: Named) -> Iterator[Doubt]:
        yield from _seen(row.value.tokens)
        if value.doubtful:
            yield "decimal_mark"
        if row.rivals:
            yield "several_values"
        if not row.dated:
            yield "date_order"
        if named.test is None:
            yield "test_ambiguous" if named.why == "ambiguous" else "unit_unfit" if named.candidates else "name_unknown"
        if named.loose:
            yield "name_loose"
        if unit.repaired:
            yield "unit_repaired"
        elif row.unit is not None and unit.ucum is None:
            yield "unit_unknown"
        test = self.naming.tests.get(named.test or "")
        if test:
            yield from against(test, reading)
        yield from _range_doubts(row, reading)


class _Unit(NamedTuple):
    printed: str | None
    ucum: str | None
    repaired: bool = False


def _seen(tokens: Sequence[Token]) -> Iterator[Doubt]:
    """What the readers of the picture say about the value."""
    for token in tokens:
        word = token.word
        if word.certainty < SURE_LETTERS:
            yield "faint"
        if word.second is not None and _bare(word.second) != _bare(word.text):
            yield "second_reader"
        if _MISREAD.search(token.text) and any(c.isdigit() for c in token.text):
            yield "letters_in_number"


def _bare(text: str) -> str:
    """Digits, marks and signs only: what two readers must agree on."""
    return re.sub(r"[^\d.,<>≤≥+\-−:/]", "", text)


def as_range(text: str, bounds: Bounds) -> Range:
    return Range(text, bounds.low, bounds.high, bounds.low_open, bounds.high_open, bounds.word)


def against(test: LabTest, reading: Reading) -> Iterator[Doubt]:
    """What is known about the test: units it can have, values that can be."""
    if test.scale != "quantity" or reading.value is None:
        return
    if reading.ucum is None:
        if test.unit not in ("1", "{INR}", "[pH]"):
            yield "unit_missing"
        return
    try:
        home = to_home(Quantity(reading.value, reading.ucum), test)
    except QuantityError:
        if own_unit(reading.ucum, test) is None:
            yield "unit_unfit"
        return
    if isinstance(test.plausible, Plausible) and not _inside(home, test.plausible):
        yield "implausible"


def _inside(value: Quantity, plausible: Plausible) -> bool:
    above = plausible.low is None or compare(value, Comparator.GE, plausible.low) is True
    below = plausible.high is None or compare(value, Comparator.LE, plausible.high) is True
    return above and below


def side_of(value: Decimal, comparator: Comparator, limits: Range) -> int | None:
    """-1 below, 0 within, 1 above a range; None where the comparator leaves it open (`< 5` beside 1 to 10)."""
    below = limits.low is not None and (value < limits.low or (limits.low_open and value == limits.low))
    above = limits.high is not None and (value > limits.high or (limits.high_open and value == limits.high))
    if comparator in (Comparator.LT, Comparator.LE):
        if below or (limits.low is not None and value == limits.low and comparator is Comparator.LT):
            return -1
        return None if above or limits.low is not None else 0
    if comparator in (Comparator.GT, Comparator.GE):
        if above or (limits.high is not None and value == limits.high and comparator is Comparator.GT):
            return 1
        return None if below or limits.high is not None else 0
    return -1 if below else 1 if above else 0


_DIRECTION = {"low": -1, "critical_low": -1, "high": 1, "critical_high": 1, "normal": 0}


def _range_doubts(row: Row, reading: Reading) -> Iterator[Doubt]:
    """The printed flag against the printed range; a range that was seen and not understood."""
    limits = reading.range
    if limits is None:
        return
    if limits.low is None and limits.high is None and limits.word is None:
        if any(character.isdigit() for character in limits.text) and reading.value is not None:
            yield "range_unread"
        return
    for part in row.ranges:
        for token in part.tokens:
            if token.word.second is not None and _bare(token.word.second) != _bare(token.word.text):
                yield "range_disagrees"
    if reading.value is None or reading.flag is None:
        return
    side = side_of(reading.value, reading.comparator, limits)
    flagged = _DIRECTION.get(reading.flag)
    if side is not None and flagged is not None and side != flagged:
        yield "flag_disagrees"
    if side == 0 and reading.flag == "abnormal":
        yield "flag_disagrees"
