"""Quantities: what a text means, what can be compared and converted, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import msgspec
import pytest
from ucumvert import PintUcumRegistry, get_ucum_parser

from helder.quantities import (
    _PREFIXED,
    _PREFIXES,
    _UNITS,
    Amount,
    Comparator,
    Quantity,
    QuantityError,
    Range,
    compare,
    convert,
    elemental,
    parse_quantity,
    parse_range,
    parse_unit,
    parse_value,
    same_dimension,
    scale,
)

q = parse_quantity


class TestParse:
    @pytest.mark.parametrize(
        ("text", "value", "unit", "comparator"),
        [
            ("250 mg/d", "250", "mg/d", "="),
            ("< 30 mL/min/{1.73_m2}", "30", "mL/min/{1.73_m2}", "<"),
            (">=2.5mmol/L", "2.5", "mmol/L", ">="),
            ("~ 5 g", "5", "g", "~"),
            ("2 h", "2", "h", "="),
            ("60 %", "60", "%", "="),
            ("0.025 ug", "0.025", "ug", "="),
            ("2.5", "2.5", "1", "="),
            ("-3 mmol/L", "-3", "mmol/L", "="),
            ("  18 years ", "18", "a", "="),
            ("1 month", "1", "mo", "="),
            ("6 weeks", "6", "wk", "="),
            ("10 10*9.[CFU]/d", "10", "10*9.[CFU]/d", "="),
            ("3 g/(24.h)", "3", "g/(24.h)", "="),
        ],
    )
    def test_a_quantity(self, text: str, value: str, unit: str, comparator: str) -> None:
        assert q(text) == Quantity(Decimal(value), unit, Comparator(comparator))

    @pytest.mark.parametrize(
        ("text", "position", "found"),
        [
            ("", 0, "the end"),
            ("mg", 0, '"mg"'),
            ("< ", 2, "the end"),
            ("1,5 mg", 0, '"1,5 mg"'),
            ("1.5.2 mg", 0, '"1.5.2 mg"'),
            (".5 mg", 0, '".5 mg"'),
            ("1e3", 1, '"e"'),
            ("5 mgg", 2, '"mgg"'),
            ("5 µg", 2, '"µg"'),
            ("5 mg per day", 4, '"per day"'),
            ("5 mg/", 5, "the end"),
            ("5 g/(24.h", 9, "the end"),
            ("2 500", 2, '"500"'),
            ("1 000 mg", 2, '"000 mg"'),
            ("< < 5 mg", 2, '"< 5 mg"'),
            ("5 Cel/h", 2, '"Cel"'),
            ("5 m100", 5, '"0"'),
            ("٥ mg", 0, '"٥ mg"'),
        ],
    )
    def test_what_is_no_quantity(self, text: str, position: int, found: str) -> None:
        with pytest.raises(QuantityError) as error:
            q(text)
        assert (error.value.position, error.value.found) == (position, found)
        assert str(error.value) == f"at {position}: found {found}, expected {error.value.expected}"

    @pytest.mark.parametrize("text", ["9" * 1000, "1 " + "(" * 60 + "g" + ")" * 60, "1 " + "g." * 100 + "g"])
    def test_a_hostile_text_is_refused(self, text: str) -> None:
        with pytest.raises(QuantityError):
            q(text)

    @pytest.mark.parametrize(
        ("text", "low", "high", "printed"),
        [
            ("2 to 3 h", "2 h", "3 h", "2 to 3 h"),
            ("30 min to 2 h", "30 min", "2 h", "30 min to 2 h"),
            ("-1 to 1 mmol/L", "-1 mmol/L", "1 mmol/L", "-1 to 1 mmol/L"),
            ("2 to 3 weeks", "2 wk", "3 wk", "2 to 3 wk"),
        ],
    )
    def test_a_range(self, text: str, low: str, high: str, printed: str) -> None:
        value = parse_value(text)
        assert value == Range(q(low), q(high))
        assert str(value) == printed

    def test_a_range_with_an_open_end(self) -> None:
        assert parse_range(">= 2 h") == Range(q("2 h"), None)
        assert parse_range("<= 3 h") == Range(None, q("3 h"))
        assert [str(parse_range(text)) for text in (">= 2 h", "<= 3 h")] == [">= 2 h", "<= 3 h"]

    @pytest.mark.parametrize("text", ["3 to 2 h", "2 mg to 3 h", "< 2 to 3 h", "2 to", "2 h", "< 2 h", "2 to x h"])
    def test_what_is_no_range(self, text: str) -> None:
        with pytest.raises(QuantityError):
            parse_range(text)

    @pytest.mark.parametrize("text", ["250 mg/d", "< 1.10 mg/L", "2 to 3 h"])
    def test_values_survive_the_compiled_base(self, text: str) -> None:
        value = parse_value(text)
        assert msgspec.json.decode(msgspec.json.encode(value), type=Quantity | Range) == value


class TestCompare:
    @pytest.mark.parametrize(
        ("left", "op", "right", "answer"),
        [
            ("5 mg", "<", "7 mg", True),
            ("5 mg", "<", "5 mg", False),
            ("5 mg", "<=", "5 mg", True),
            ("1000 mg", "=", "1 g", True),
            ("7 d", "=", "1 wk", True),
            ("12 mo", "=", "1 a", True),
            ("98.6 [degF]", "=", "37 Cel", True),
            ("60 %", ">", "0.5", True),
            ("< 5", "<", "7", True),
            ("< 5", "<", "5", True),
            ("< 5", "<", "3", None),
            ("< 5", ">=", "5", False),
            ("<= 5", "<", "5", None),
            ("<= 5", "<=", "5", True),
            ("> 5", ">", "5", True),
            ("> 5", "<=", "5", False),
            (">= 5", ">", "5", None),
            ("< 5", "=", "5", False),
            ("< 5", "=", "4", None),
            ("< 5", "<", "< 7", None),
            ("< 5", "<", ">= 5", True),
            ("> 5", "<", "< 5", False),
            ("~ 5", "<", "1000", None),
            ("~ 5", "=", "5", None),
            ("5", "~", "5", None),
        ],
    )
    def test_a_comparator_is_part_of_the_value(self, left: str, op: str, right: str, answer: bool | None) -> None:
        assert compare(q(left), Comparator(op), q(right)) is answer

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("mL/min", "mL/min/{1.73_m2}"),
            ("ng{FEU}/mL", "ng{DDU}/mL"),
            ("mg/g", "mg/g{creat}"),
            ("mmol/mol", "%"),
            ("meq/L", "mmol/L"),
            ("mosm/kg", "mmol/kg"),
            ("mg", "mmol"),
            ("[IU]", "ug"),
            ("[IU]/L", "U/L"),
            ("[pH]", "1"),
            ("mg", "mg/d"),
        ],
    )
    def test_two_kinds_do_not_tell(self, one: str, other: str) -> None:
        assert not same_dimension(one, other)
        assert compare(Quantity(Decimal(1), one), Comparator.LT, Quantity(Decimal(9), other)) is None
        with pytest.raises(QuantityError):
            convert(Quantity(Decimal(1), one), other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("mL/min/{1.73_m2}", "mL/(min.{1.73_m2})"),
            ("L", "dm3"),
            ("L/L", "%"),
            ("[IU]/L", "m[iU]/mL"),
            ("10*9/L", "/nL"),
            ("ukat/L", "U/L"),
        ],
    )
    def test_one_kind_written_in_two_ways(self, one: str, other: str) -> None:
        assert same_dimension(one, other)


class TestConvert:
    @pytest.mark.parametrize(
        ("quantity", "unit", "result"),
        [
            ("1.5 g", "mg", "1500 mg"),
            ("250 mg/d", "g/wk", "1.75 g/wk"),
            ("< 0.5 mg/dL", "mg/L", "< 5 mg/L"),
            ("37 Cel", "[degF]", "98.6 [degF]"),
            ("40 Cel", "K", "313.15 K"),
            ("2 years", "months", "24 mo"),
            ("1 ukat/L", "U/L", "60 U/L"),
            ("150 [lb_av]", "kg", "68.0388555 kg"),
            ("100 kcal", "kJ", "418.4 kJ"),
            ("0.42 L/L", "%", "42 %"),
            ("120 mm[Hg]", "kPa", "15.99864 kPa"),
        ],
    )
    def test_is_exact(self, quantity: str, unit: str, result: str) -> None:
        assert convert(q(quantity), unit) == q(result)

    def test_an_endless_result_is_rounded_to_34_digits(self) -> None:
        assert str(convert(q("1 d"), "wk")) == "0.1428571428571428571428571428571429 wk"

    def test_grams_and_moles_by_a_molar_mass(self) -> None:
        magnesium = q("24.305 g/mol")
        assert convert(q("< 24.305 mg/L"), "mmol/L", molar_mass=magnesium) == q("< 1 mmol/L")
        assert convert(q("10 mmol"), "mg", molar_mass=magnesium) == q("243.05 mg")

    def test_a_ratio_to_creatinine_by_its_molar_mass(self) -> None:
        assert convert(q("113.12 mg/g"), "mg/mmol", molar_mass=q("113.12 g/mol")) == q("12.7961344 mg/mmol")

    def test_international_units_by_what_one_weighs(self) -> None:
        vitamin_d = q("0.025 ug")
        assert convert(q("400 [IU]/d"), "ug/d", one_iu=vitamin_d) == q("10 ug/d")
        assert convert(q("10 ug/d"), "[IU]/d", one_iu=vitamin_d) == q("400 [IU]/d")

    @pytest.mark.parametrize("wrong", ["24 mg", "< 24 g/mol", "0 g/mol", "-1 g/mol"])
    def test_a_molar_mass_that_is_none_is_refused(self, wrong: str) -> None:
        with pytest.raises(QuantityError):
            convert(q("1 mg"), "mmol", molar_mass=q(wrong))

    def test_an_amount_so_many_times(self) -> None:
        assert scale(q("< 0.1 mg"), Decimal(3)) == q("< 0.3 mg")


class TestElemental:
    def test_400_mg_magnesium_oxide_holds_241_2_mg_magnesium(self) -> None:
        oxide = Amount(q("400 mg"), "compound")
        assert elemental(oxide, Decimal("0.603")) == Amount(q("241.2 mg"), "elemental")

    def test_an_elemental_amount_is_not_reduced_twice(self) -> None:
        label = Amount(q("100 mg"), "elemental")
        assert elemental(label, Decimal("0.603")) is label

    def test_equivalents_have_no_mass_fraction(self) -> None:
        with pytest.raises(QuantityError):
            elemental(Amount(q("900 ug"), "equivalents"), Decimal("0.5"))


# --- The unit table, checked against ucumvert and pint ------------------------------------------------------

REPORTED = """
    /[HPF] /uL 10*12/L 10*3/uL 10*5/uL 10*6/uL 10*9/L L/L U/mL [IU]/L g/dL kU/L mL/min/{1.73_m2} mU/L
    m[IU]/mL meq/L mg/dL mm mm/h mmol/L mmol/mol ng/L nmol/L pmol/L u[IU]/mL ukat/L umol/L mosm/kg kg/m2
    mg/d ug/d
    g/(24.h) mg/g{creat} mg/kg/d mg/kg kcal/d kJ/d 10*9.[CFU]/d [arb'U]/mL mm[Hg] cm
"""
OWN_KINDS = {"[IU]", "[pH]", "[HPF]", "[LPF]", "[CFU]", "[arb'U]", "mol/mol"}
SUBSTANCE = {"mol": 1, "eq": 1, "osm": 1}
DIMENSIONS = {"g": "[mass]", "m": "[length]", "s": "[time]", "K": "[temperature]"}


@cache
def registry() -> Any:
    return PintUcumRegistry()


def every_code() -> Iterator[str]:
    yield from _UNITS
    yield from (prefix + code for code in sorted(_PREFIXED) for prefix in _PREFIXES)
    yield from REPORTED.split()


def is_own(code: str) -> bool:
    """Whether a code speaks of something that pint gives no size: an arbitrary unit or an annotation."""
    return any(own in code for own in OWN_KINDS - {"[IU]", "mol/mol"})


@pytest.mark.parametrize("code", sorted(set(every_code()) | {"Cel", "[degF]", "K"}))
def test_every_code_is_ucum(code: str) -> None:
    parse_unit(code)
    get_ucum_parser().parse(code)


@pytest.mark.parametrize("code", sorted(code for code in set(every_code()) if not is_own(code)))
def test_every_unit_has_the_size_and_dimension_that_pint_gives_it(code: str) -> None:
    unit, theirs = parse_unit(code), (1 * registry().from_ucum(code)).to_base_units()
    kilograms = Fraction(1000) ** -dict(unit.kind).get("g", 0)
    assert float(unit.factor * kilograms) == pytest.approx(float(theirs.magnitude), rel=1e-5)
    ours = {DIMENSIONS[name]: power for name, power in unit.kind if name in DIMENSIONS}
    substance = sum(SUBSTANCE.get(name, 0) * power for name, power in unit.kind)
    if substance:
        ours["[substance]"] = substance
    assert ours == {name: power for name, power in theirs.dimensionality.items() if power}


@pytest.mark.parametrize("degrees", [-40, 0, 37, 41])
def test_temperatures_are_those_of_pint(degrees: int) -> None:
    kelvin = registry().Quantity(degrees, registry().degC).to("kelvin").magnitude
    fahrenheit = registry().Quantity(degrees, registry().degC).to("degF").magnitude
    assert float(convert(Quantity(Decimal(degrees), "Cel"), "K").value) == pytest.approx(kelvin)
    assert float(convert(Quantity(Decimal(degrees), "Cel"), "[degF]").value) == pytest.approx(fahrenheit)
