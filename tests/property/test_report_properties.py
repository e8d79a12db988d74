"""What holds for every report that can be read. Each class quotes the clause that it checks."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from helder.knowledge.compiled import open_knowledge
from helder.knowledge.lab import to_unit
from helder.knowledge.model import Knowledge, LabTest
from helder.person import Person
from helder.quantities import Comparator, Quantity, QuantityError, parse_unit
from helder.reports.judge import judged
from helder.reports.model import Reading, Report
from helder.reports.page import Box, Page, Word
from helder.reports.read import ReportReader
from helder.reports.readers.text import read_text
from helder.reports.readings import against

TESTS = (
    ("sodium", "Sodium", "mmol/L", "mmol/L"),
    ("potassium", "Potassium", "mmol/L", "mmol/L"),
    ("creatinine", "Creatinine", "µmol/L", "umol/L"),
    ("glucose", "Glucose", "mg/dL", "mg/dL"),
    ("haemoglobin", "Hemoglobin", "g/dL", "g/dL"),
    ("platelets", "Platelet count", "10^9/L", "10*9/L"),
    ("alt", "ALT", "U/L", "U/L"),
    ("tsh", "TSH", "mIU/L", "m[IU]/L"),
    ("crp", "C-reactive protein", "mg/L", "mg/L"),
    ("ferritin", "Ferritin", "µg/L", "ug/L"),
    ("vitamin-b12", "Vitamin B12", "pmol/L", "pmol/L"),
    ("hba1c", "HbA1c", "mmol/mol", "mmol/mol"),
)
"""Test | its name, its unit as printed | the unit's code."""
SIGNS = {"": "=", "<": "<", ">": ">", "≤": "<=", "≥": ">=", "< ": "<", "<=": "<=", "> OR = ": ">="}
DASHES = (" - ", "-", " – ", " to ")
WIDTHS = {"name": 22, "result": 16, "flag": 6, "unit": 12, "range": 20}
HEADINGS = {"name": "Test", "result": "Result", "flag": "Flag", "unit": "Unit", "range": "Reference"}
FLAGS = {"": None, "H": "high", "L": "low", "HH": "critical_high", "*": "abnormal"}


class Row(NamedTuple):
    """What a laboratory would print about one test."""

    test: tuple[str, str, str, str]
    sign: str
    value: Decimal
    low: Decimal
    high: Decimal
    dash: str
    flag: str = ""

    def cells(self, mark: str) -> dict[str, str]:
        """What stands in each column."""

        def number(value: Decimal) -> str:
            return f"{value:f}".replace(".", mark)

        return {
            "name": self.test[1],
            "result": self.sign + number(self.value),
            "flag": self.flag,
            "unit": self.test[2],
            "range": number(self.low) + self.dash + number(self.high),
        }


Truth = tuple[object, ...]


def truth(row: Row) -> Truth:
    return row.test[0], SIGNS[row.sign], row.value, row.test[3], row.low, row.high, FLAGS[row.flag]


def seen(reading: Reading) -> Truth:
    limits = reading.range
    ends = (limits.low, limits.high) if limits else (None, None)
    return reading.test, str(reading.comparator), reading.value, reading.ucum, *ends, reading.flag


def amounts(highest: int = 900) -> st.SearchStrategy[Decimal]:
    return st.integers(0, 2).flatmap(lambda places: st.decimals(0, highest, places=places))


@st.composite
def rows(draw: st.DrawFn, signs: tuple[str, ...] = tuple(SIGNS)) -> list[Row]:
    tests = draw(st.lists(st.sampled_from(TESTS), min_size=2, max_size=8, unique=True))
    made = []
    for test in tests:
        low, high = sorted(draw(st.lists(amounts(), min_size=2, max_size=2, unique=True)))
        parts = draw(st.sampled_from(signs)), draw(amounts()), low, high
        made.append(Row(test, *parts, draw(st.sampled_from(DASHES)), draw(st.sampled_from(tuple(FLAGS)))))
    return made


orders = st.permutations(("result", "flag", "unit", "range"))
marks = st.sampled_from((".", ","))


def printed(lines: list[Row], order: tuple[str, ...] | list[str], mark: str = ".") -> list[str]:
    """The table as lines of monospaced text, a heading first."""
    columns = ("name", *order)
    made = [HEADINGS, *(row.cells(mark) for row in lines)]
    return ["".join(cells[column].ljust(WIDTHS[column]) for column in columns).rstrip() for cells in made]


@cache
def knowledge() -> Knowledge:
    return open_knowledge()


@cache
def reader() -> ReportReader:
    return ReportReader(knowledge())


def read(lines: list[str]) -> Report:
    return reader().read(tuple(read_text("\n".join(lines))))


USUAL = ("result", "flag", "unit", "range")
some = settings(max_examples=60)


class TestPrintingAndReadingIsIdentity:
    """`Reading.value` is exact as printed; the report's own range is kept; columns may stand in any order."""

    @some
    @given(rows(), orders, marks)
    def test_a_printed_table_is_read_as_it_was_meant(self, table: list[Row], order: list[str], mark: str) -> None:
        found = [seen(reading) for reading in read(printed(table, order, mark)).readings]
        assert found == [truth(row) for row in table]

    @some
    @given(rows())
    def test_text_of_the_value_is_what_stands_on_the_page(self, table: list[Row]) -> None:
        texts = [reading.text for reading in read(printed(table, USUAL)).readings]
        assert texts == [row.cells(".")["result"] for row in table]


class TestASignIsNeverLost:
    """`<` is never lost."""

    @some
    @given(rows(signs=("<", ">", "≤", "≥", "< ", "<=", "> OR = ")), orders, st.integers(0, 6))
    def test_what_was_printed_with_a_sign_is_read_with_it(
        self, table: list[Row], order: list[str], indent: int
    ) -> None:
        page = [" " * indent + line for line in printed(table, order)]
        readings = read(page).readings
        assert len(readings) == len(table)
        assert [str(reading.comparator) for reading in readings] == [SIGNS[row.sign] for row in table]

    @given(st.sampled_from(("<", ">", "<=", ">=")), amounts(), st.sampled_from((".", ",")), st.booleans())
    def test_no_value_with_a_sign_is_read_without_it(self, sign: str, value: Decimal, mark: str, spaced: bool) -> None:
        text = f"{sign}{' ' if spaced else ''}{value:f}".replace(".", mark)
        grammar = reader().grammar([text])
        found = grammar.value(text)
        assert found is not None
        assert (str(found.comparator), found.number) == (sign, value)

    @given(st.sampled_from(("<", ">")), amounts(), amounts(), amounts())
    def test_a_sign_is_never_judged_as_if_it_were_not_there(
        self, sign: str, value: Decimal, one: Decimal, other: Decimal
    ) -> None:
        """What is judged of `< x` holds for values below x, near and far."""
        low, high = sorted((one, other))
        reading = Reading(name="Ferritin", test="ferritin", value=value, comparator=Comparator(sign), ucum="ug/L")
        reading = structs.replace(reading, range=_range(low, high))
        verdict = _judgement(reading)
        step = Decimal("0.001")
        near = max(value - step, Decimal(0)) if sign == "<" else value + step
        far = Decimal(0) if sign == "<" else value + 10**6
        possible = {_judgement(structs.replace(reading, value=v, comparator=Comparator.EQ)) for v in (near, far)}
        if value > 0 and verdict in ("low", "normal", "high"):
            assert possible == {verdict}


def _range(low: Decimal, high: Decimal) -> object:
    from helder.reports.model import Range

    return Range(f"{low} - {high}", low, high)


def _judgement(reading: Reading) -> str:
    """Low, normal, high or unknown; how far outside does not count."""
    (found,) = judged([reading], knowledge(), Person()).readings
    return found.judgement.removeprefix("critical_")


class TestWhatChangesNothing:
    """Pure: same words, same readings. Never a row without a value of its own."""

    @some
    @given(st.data(), rows())
    def test_the_order_of_the_rows_changes_nothing(self, data: st.DataObject, table: list[Row]) -> None:
        shuffled = data.draw(st.permutations(table))
        one, other = (Counter(map(seen, read(printed(part, USUAL)).readings)) for part in (table, shuffled))
        assert one == other

    @some
    @given(rows(), st.integers(1, 9))
    def test_a_blank_line_changes_nothing(self, table: list[Row], at: int) -> None:
        lines = printed(table, USUAL)
        spaced = [*lines[:at], "", *lines[at:]]
        assert list(map(seen, read(spaced).readings)) == list(map(seen, read(lines).readings))

    @pytest.mark.parametrize(
        "footer",
        [
            "Page 1 of 2",
            "Main Street 12, 1012 AB Amsterdam",
            "Tel. 020-1234567   www.lab.example",
            "IBAN NL91 ABNA 0417 1643 00",
            "Printed on 21-03-2026 14:05",
            "ISO 15189 accredited, no. 12345",
            "This report may only be copied as a whole.",
            "Dr. A. Jansen, clinical chemist",
            "* marks a value outside the range",
            "=" * 60,
        ],
    )
    @settings(max_examples=15)
    @given(table=rows())
    def test_a_footer_changes_nothing(self, footer: str, table: list[Row]) -> None:
        lines = printed(table, USUAL)
        for page in ([*lines, footer], [*lines, "", footer], [footer, "", *lines]):
            assert list(map(seen, read(page).readings)) == [truth(row) for row in table]

    @settings(max_examples=20)
    @given(rows())
    def test_reading_twice_reads_the_same(self, table: list[Row]) -> None:
        lines = printed(table, USUAL)
        assert read(lines) == read(lines)

    @settings(max_examples=20)
    @given(st.data(), rows())
    def test_the_order_of_the_words_in_the_file_changes_nothing(self, data: st.DataObject, table: list[Row]) -> None:
        (page,) = read_text("\n".join(printed(table, USUAL)))
        mixed = structs.replace(page, words=tuple(data.draw(st.permutations(page.words))))
        assert reader().read((mixed,)).readings == reader().read((page,)).readings

    @settings(max_examples=20)
    @given(rows(), st.floats(0.3, 4), st.integers(0, 200), st.integers(0, 200))
    def test_the_size_and_the_place_of_the_page_change_nothing(
        self, table: list[Row], size: float, right: int, down: int
    ) -> None:
        (page,) = read_text("\n".join(printed(table, USUAL)))
        words = []
        for word in page.words:
            x0, y0, x1, y1 = word.box
            box = Box(x0 * size + right, y0 * size + down, x1 * size + right, y1 * size + down)
            words.append(structs.replace(word, box=box, place=box))
        moved = structs.replace(page, words=tuple(words))
        assert [seen(part) for part in reader().read((moved,)).readings] == [truth(row) for row in table]


def pairs() -> list[tuple[str, str, str]]:
    """Every test with every two of its units between which there is a way."""
    found = []
    for id_, test in knowledge().lab_tests.items():
        units = tuple(dict.fromkeys(unit for unit in (test.unit, *test.units) if unit))
        if test.scale == "quantity":
            found += [
                (id_, one, other) for one in units for other in units if one != other and converts(one, other, test)
            ]
    return found


def converts(one: str, other: str, test: LabTest) -> bool:
    try:
        to_unit(Quantity(Decimal(1), one), other, test)
    except QuantityError:
        return False
    return True


class TestConvertingThereAndBackIsIdentity:
    """Converting there and back is identity."""

    @settings(max_examples=400)
    @given(st.sampled_from(pairs()), st.decimals(Decimal("0.01"), 5000, places=2), st.sampled_from(list(Comparator)))
    def test_there_and_back(self, pair: tuple[str, str, str], value: Decimal, sign: Comparator) -> None:
        id_, one, other = pair
        test = knowledge().lab_tests[id_]
        start = Quantity(value, one, sign)
        back = to_unit(to_unit(start, other, test), one, test)
        assert back.comparator is sign
        assert back.unit == one
        assert abs(back.value - value) <= value * Decimal("1e-12")

    def test_no_result_in_a_unit_of_its_test_is_doubted_for_its_unit(self) -> None:
        for id_, test in knowledge().lab_tests.items():
            for unit in test.units if test.scale == "quantity" else ():
                reading = Reading(name=id_, test=id_, value=Decimal(1), ucum=unit)
                assert "unit_unfit" not in tuple(against(test, reading)), (id_, unit)

    def test_more_in_one_unit_is_more_in_every_other(self) -> None:
        for id_, one, other in pairs():
            test = knowledge().lab_tests[id_]
            small, large = (to_unit(Quantity(Decimal(value), one), other, test).value for value in (10, 20))
            assert small < large, (id_, one, other)

    def test_every_unit_is_one_that_a_program_can_read(self) -> None:
        for _, one, _ in pairs():
            assert parse_unit(one).kind is not None


TELLING = """
Sodium Potassium 4.1 <0.01 mmol/L 3.5 - 5.1 Test Result Unit Reference H L + ++ 1:80 % ( ) : Urine negative Patient:
01/02/2026 12,5 1.234,5 - – < > = Page Serum Comment: * ↑ 10^9/L x 10 9/L M: F: Total cholesterol
"""
WORDS = st.one_of(
    st.sampled_from(TELLING.split()),
    st.text(min_size=1, max_size=12),
    st.text(alphabet="0123456789.,<>-+/:()% ", min_size=1, max_size=12),
)
PLACES = st.floats(-50, 900, allow_nan=False)


@st.composite
def pages(draw: st.DrawFn) -> Page:
    words = []
    for _ in range(draw(st.integers(0, 40))):
        x, y = draw(PLACES), draw(st.one_of(PLACES, st.sampled_from((0.0, 12.0, 24.0, 36.0))))
        box = Box(x, y, x + draw(st.floats(0.1, 200)), y + draw(st.sampled_from((8.0, 12.0, 0.5))))
        certainty = draw(st.sampled_from((1.0, 0.4)))
        words.append(Word(draw(WORDS), box, box, certainty=certainty, second=draw(st.none() | WORDS)))
    return Page(1, 595.0, 842.0, tuple(words), draw(st.sampled_from(("digital", "picture", "text"))))


class TestNothingRaises:
    """Never raises for what a file holds."""

    @settings(max_examples=150)
    @given(pages())
    def test_random_words_at_random_places_never_raise_and_are_read_the_same_twice(self, page: Page) -> None:
        once, again = reader().read((page,)), reader().read((page,))
        assert once == again
        for reading in once.readings:
            assert reading.name
            assert reading.text

    @settings(max_examples=100)
    @given(st.lists(WORDS, max_size=60), st.lists(st.sampled_from((" ", "  ", "     ", "\n", "\t")), max_size=60))
    def test_random_text_never_raises(self, words: list[str], spaces: list[str]) -> None:
        text = "".join(word + space for word, space in zip(words, [*spaces, *["  "] * len(words)], strict=False))
        report = reader().read(tuple(read_text(text)))
        assert len(report.readings) <= len(words)

    @given(st.text(max_size=40))
    def test_a_value_or_a_range_of_any_letters_never_raises(self, text: str) -> None:
        grammar = reader().grammar([text])
        value, bounds = grammar.value(text), grammar.bounds(text)
        assert value is None or value.number is not None or value.word
        if bounds is not None and bounds.low is not None and bounds.high is not None:
            assert bounds.low <= bounds.high
