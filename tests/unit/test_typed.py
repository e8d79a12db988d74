"""What people write about what they take, line by line. The line is in the test."""

from decimal import Decimal

import pytest

from helder.app import open_app
from helder.medicines.typed import Amount, Reader, number


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(open_app().knowledge.messages)


@pytest.mark.parametrize(
    ("line", "name", "amount", "unit", "times"),
    [
        ("D3 1000 IE", "d3", "1000", "[IU]", None),
        ("vitamin D3 1,000 IU", "vitamin d3", "1000", "[IU]", None),
        ("metoprolol 50 mg 2x daags", "metoprolol", "50", "mg", "2"),
        ("metoprolol 50 mg twee keer per dag", "metoprolol", "50", "mg", "2"),
        ("ibuprofène 400 mg 3 fois par jour", "ibuprofène", "400", "mg", "3"),
        ("Ibuprofen 400 mg 3 mal täglich", "ibuprofen", "400", "mg", "3"),
        ("ibuprofeno 400 mg 3 veces al día", "ibuprofeno", "400", "mg", "3"),
        ("ibuprofen 400 mg three times a day", "ibuprofen", "400", "mg", "3"),
        ("ibuprofen 400 mg four times a day", "ibuprofen", "400", "mg", "4"),
        ("ibuprofen 400 mg vier keer per dag", "ibuprofen", "400", "mg", "4"),
        ("levothyroxine 0,125 mg elke dag", "levothyroxine", "0.125", "mg", "1"),
        ("levothyroxine 0.125 mg every day", "levothyroxine", "0.125", "mg", "1"),
        ("lévothyroxine 75 µg le matin", "lévothyroxine", "75", "ug", "1"),
        ("Magnesiumcitraat 300 mg bij het avondeten", "magnesiumcitraat", "300", "mg", "1"),
        ("باراسيتامول ٥٠٠ مغ", "باراسيتامول", "500", "mg", None),
    ],
)
def test_a_line_is_read_in_any_language(reader, line, name, amount, unit, times) -> None:
    read = reader.read(line)
    assert (read.name, read.amounts) == (name, (Amount(Decimal(amount), unit),))
    assert read.times == (Decimal(times) if times else None)


def test_a_dutch_prescription_line(reader) -> None:
    read = reader.read("ijzerfumaraat 200 mg 1dd2 voor de nacht")
    assert (read.name, read.times, read.count, read.parts_of_day) == ("ijzerfumaraat", 1, 2, ("bedtime",))


def test_a_german_scheme_says_when_and_how_often(reader) -> None:
    read = reader.read("Metformin 850 mg 1-0-1")
    assert (read.name, read.times, read.parts_of_day) == ("metformin", 2, ("morning", "evening"))


def test_a_weekly_tablet(reader) -> None:
    read = reader.read("alendronate 70 mg once a week")
    assert (read.every_days, read.times) == (7, 1)


def test_as_needed_is_kept(reader) -> None:
    read = reader.read("2 tabletten paracetamol 500mg zo nodig")
    assert (read.name, read.count, read.as_needed) == ("paracetamol", 2, True)


def test_two_strengths_of_a_combination_are_two_amounts(reader) -> None:
    read = reader.read("Augmentin 500/125 mg three times daily")
    assert (read.name, read.strength) == ("augmentin", "500/125")
    assert [amount.number for amount in read.amounts] == [500, 125]


def test_hours_in_a_line_are_times_of_the_day(reader) -> None:
    assert reader.read("zinc 10 mg 10:15").at == (615,)


@pytest.mark.parametrize(
    ("text", "value"), [("0.5", "0.5"), ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("½", "0.5")]
)
def test_numbers_with_marks_that_mean_one_thing(text, value) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.500", "1,500", "1.2.3", "", "-", "1e5", "9" * 40])
def test_digits_that_can_be_read_in_two_ways_are_no_number(text) -> None:
    """`1,5` read as 15 and `1.500` read as 1.5 are how people get a thousand times too much."""
    assert number(text, "mg") is None


@pytest.mark.parametrize(
    "line", ["", " ", "💊" * 50, "a" * 100_000, "1" * 500, "((((", "mg mg mg", "\x00\x01", "½" * 60]
)
def test_no_line_is_too_odd_to_read(reader, line) -> None:
    assert reader.read(line) is not None
