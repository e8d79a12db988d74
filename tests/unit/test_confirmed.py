"""What a person made of the readings: typed over, left as they stood, or dropped."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from helder.app import open_app
from helder.quantities import Comparator
from helder.reports.confirmed import About, Confirmed, Kept, Typed, about, kept, report, shown
from helder.reports.contract import BeforeObject, RangeObject, ReadingObject
from helder.reports.model import Reading

POTASSIUM = Kept(
    name="Kalium",
    test="potassium",
    value="4.10",
    unit="mmol/l",
    ucum="mmol/L",
    range=RangeObject("3.5", "5.0", "3,5 - 5,0"),
    flag="normal",
    collected="2024-03-05",
    previous=(BeforeObject("2023-01-09", "3.9", None),),
)
AS_READ = Typed(name="Kalium", value="4,10", unit="mmol/l", range="3,5 - 5,0", kept=POTASSIUM)


def read(*rows: Typed, language: str = "nl", told: About | None = None) -> tuple[Reading, ...]:
    reader = open_app().reports.reader
    return report(Confirmed(told or About(language="nl"), rows), reader, language).readings


def only(row: Typed, language: str = "nl") -> Reading:
    (reading,) = read(row, language=language)
    return reading


def test_what_was_left_alone_stays_exactly_as_it_was_read() -> None:
    reading = only(AS_READ)
    assert (reading.value, reading.ucum, reading.test) == (Decimal("4.10"), "mmol/L", "potassium")
    assert str(reading.value) == "4.10"
    assert (reading.range.low, reading.range.high) == (Decimal("3.5"), Decimal("5.0"))
    assert (reading.flag, reading.collected, reading.earlier[0].value) == ("normal", "2024-03-05", Decimal("3.9"))
    assert reading.sure


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("nl", "5,9", "5.9"),
        ("nl", "5.9", "5.9"),
        ("en", "5.9", "5.9"),
        ("en", "5,9", "5.9"),
        ("ar", "٥٫٩", "5.9"),
        ("nl", "5", "5"),
    ],
)
def test_a_typed_value_is_read_with_either_mark(language: str, typed: str, value: str) -> None:
    reading = only(structs.replace(AS_READ, value=typed), language)
    assert reading.value == Decimal(value)
    assert reading.sure
    assert reading.flag is None, "the printed mark was about another value"


@pytest.mark.parametrize("sign", ["<", ">", "<=", ">="])
def test_a_comparator_is_never_lost(sign: str) -> None:
    before = structs.replace(POTASSIUM, value="0.01", comparator=sign)
    left_alone = only(structs.replace(AS_READ, value=shown("0.01", sign, "nl"), kept=before))
    typed = only(structs.replace(AS_READ, value=f"{sign}2,5"))
    assert left_alone.comparator == typed.comparator == Comparator(sign)
    assert (left_alone.value, typed.value) == (Decimal("0.01"), Decimal("2.5"))


def test_another_name_is_another_test_and_another_unit_another_value() -> None:
    assert only(structs.replace(AS_READ, name="Natrium")).test == "sodium"
    unit = only(structs.replace(AS_READ, unit="mg/dl"))
    assert (unit.ucum, unit.test) == ("mg/dL", "potassium")
    assert unit.earlier == (), "an earlier value was in the unit that was read"


def test_a_name_or_unit_that_nobody_knows_is_said() -> None:
    assert only(structs.replace(AS_READ, name="Xyzzyplugh")).doubts == ("name_unknown",)
    assert "unit_unknown" in only(structs.replace(AS_READ, unit="blorp")).doubts


def test_a_value_that_cannot_be_is_still_doubted() -> None:
    assert only(structs.replace(AS_READ, value="410")).doubts == ("implausible",)


def test_a_person_chooses_between_tests_of_one_name() -> None:
    row = Typed(name="Creat", value="90", unit="umol/l", test="creatinine", kept=Kept(name="Creat", value="90"))
    assert only(row).test == "creatinine"
    assert only(structs.replace(row, test="no-such-test", name="Kreatinine")).test == "creatinine"


def test_a_row_without_name_or_value_is_dropped() -> None:
    rows = (AS_READ, structs.replace(AS_READ, name=" "), structs.replace(AS_READ, value=""))
    assert len(read(*rows)) == 1


def test_a_result_in_words_stays_words() -> None:
    row = Typed(name="Nitriet", value="negatief", range="negatief", kept=Kept(name="Nitriet", value="negatief"))
    reading = only(row)
    assert (reading.value, reading.word, reading.text) == (None, "negative", "negatief")


@pytest.mark.parametrize("text", ["", "x" * 5000, "NaN", "Infinity", "1e999", "\x00", "<script>", "--", "²"])
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    bad = Kept(name=text, test=text, value=text, comparator=text, range=RangeObject(text, text, text), collected=text)
    read(Typed(name=f"Kalium{text}", value=f"4{text}", unit=text, range=text, test=text, kept=bad))
    read(AS_READ, told=About(birth_date=text, collected=text, age=-5, lab=text, language=text))


def test_what_a_form_starts_with_comes_back_as_the_same_reading() -> None:
    """A report → its form → unchanged: the same values, units, tests, ranges and judgements."""
    app = open_app()
    printed = ("Kalium 6,9 mmol/l (3,5 - 5,0)", "CRP < 1 mg/l (< 5)", "Hemoglobine 7,1 mmol/l 7,5 - 10,0")
    text = "\n".join(("Uitslag", "Afgenomen 05-03-2024", *printed))
    made = app.scan([("t", text.encode())], {"age": 40, "sex": "F"}, "nl", "NL")
    rows = tuple(typed(reading) for reading in made.readings)
    again = app.confirm([Confirmed(about(made.document), rows)], {"age": 40, "sex": "F"}, "nl", "NL")
    assert again is not None
    assert [essence(one) for one in again.readings] == [essence(one) for one in made.readings]
    assert [danger.level for danger in again.danger] == [danger.level for danger in made.danger]


def typed(reading: ReadingObject) -> Typed:
    return Typed(
        name=reading.name,
        value=shown(reading.value, reading.comparator, "nl"),
        unit=reading.unit or reading.ucum or "",
        range=reading.range.text if reading.range else "",
        kept=kept(reading),
    )


def essence(one: ReadingObject) -> tuple[object, ...]:
    return one.test, one.value, one.comparator, one.unit, one.ucum, one.range, one.judgement, one.collected, one.loinc
