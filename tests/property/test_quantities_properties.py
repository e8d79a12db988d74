"""What holds for every quantity. Each class quotes the clause that it checks."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helder.quantities import (
    Comparator,
    Quantity,
    QuantityError,
    Range,
    base_value,
    compare,
    convert,
    parse_quantity,
    parse_range,
    parse_unit,
    parse_value,
    scale,
)

T = TypeVar("T")
FAMILIES = (
    ("ng", "ug", "mg", "g", "kg", "[lb_av]"),
    ("s", "min", "h", "d", "wk", "mo", "a"),
    ("mg/dL", "g/L", "ug/mL", "kg/m3"),
    ("mg/d", "ug/h", "g/wk", "g/(24.h)"),
    ("mL/min/{1.73_m2}", "L/h/{1.73_m2}"),
    ("Cel", "[degF]", "K"),
    ("U/L", "nkat/L", "umol/min/dL"),
    ("kcal", "kJ", "cal"),
    ("1", "%", "10*-3", "L/L"),
    ("10*9/L", "/nL", "10*3/uL"),
)
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "~": "~"}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MEANING = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}

numbers = st.decimals(-(10**9), 10**9, places=6) | st.integers(-20, 20).map(Decimal)
signs = st.sampled_from(Comparator)
ops = st.sampled_from([sign for sign in Comparator if sign is not Comparator.ABOUT])
families = st.sampled_from(FAMILIES)


@st.composite
def quantities(draw: st.DrawFn, units: tuple[str, ...] | None = None) -> Quantity:
    return Quantity(draw(numbers), draw(st.sampled_from(units or draw(families))), draw(signs))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Quantity, Quantity]:
    """Two quantities of one kind, often close to each other."""
    units = draw(families)
    one = draw(quantities(units))
    return one, draw(st.just(Quantity(one.value, one.unit, draw(signs))) | quantities(units))


class TestComparatorIsPartOfTheValue:
    """Design §1.8: "a comparator (`<`, `>=` are part of a value and never stripped)"."""

    @given(quantities())
    def test_text_keeps_it(self, quantity: Quantity) -> None:
        assert parse_quantity(str(quantity)) == quantity

    @given(quantities(), st.data())
    def test_conversion_keeps_it(self, quantity: Quantity, data: st.DataObject) -> None:
        units = next(units for units in FAMILIES if quantity.unit in units)
        assert convert(quantity, data.draw(st.sampled_from(units))).comparator is quantity.comparator

    @given(quantities(), st.integers(1, 9).map(Decimal))
    def test_multiplication_keeps_it(self, quantity: Quantity, by: Decimal) -> None:
        assert scale(quantity, by).comparator is quantity.comparator


class TestThereAndBack:
    """Style, Properties: "converting there and back is identity"."""

    @given(quantities(), st.data())
    def test_in_one_kind(self, quantity: Quantity, data: st.DataObject) -> None:
        units = next(units for units in FAMILIES if quantity.unit in units)
        there = convert(quantity, data.draw(st.sampled_from(units)))
        back = convert(there, quantity.unit)
        if quantity.unit in FAMILIES[5]:
            # A shift of the zero point costs digits of a tiny number, so temperatures are the same to 20 places.
            assert abs(back.value - quantity.value) < Decimal("1e-20")
        else:
            assert back == quantity

    @given(quantities(FAMILIES[2]), st.decimals("0.001", 10**6, places=3))
    def test_between_grams_and_moles(self, quantity: Quantity, mass: Decimal) -> None:
        molar_mass = Quantity(mass, "g/mol")
        there = convert(quantity, "mmol/L", molar_mass=molar_mass)
        assert convert(there, quantity.unit, molar_mass=molar_mass) == quantity

    @given(quantities(FAMILIES[0]), st.decimals("0.001", 10**6, places=3))
    def test_between_grams_and_international_units(self, quantity: Quantity, weight: Decimal) -> None:
        one_iu = Quantity(weight, "ug")
        assert convert(convert(quantity, "[IU]", one_iu=one_iu), quantity.unit, one_iu=one_iu) == quantity


class TestExactDecimals:
    """Contracts: "Amounts are strings with exact decimals"."""

    @given(quantities(("ng", "ug", "mg", "g")), st.sampled_from(("ng", "ug", "mg", "g")))
    def test_a_power_of_ten_loses_nothing(self, quantity: Quantity, unit: str) -> None:
        converted = convert(quantity, unit)
        assert base_value(converted) == base_value(quantity)
        assert Fraction(converted.value) == Fraction(quantity.value) * parse_unit(quantity.unit).factor / (
            parse_unit(unit).factor
        )

    @given(st.lists(numbers, min_size=2, max_size=2), families)
    def test_a_range_keeps_its_ends(self, ends: list[Decimal], units: tuple[str, ...]) -> None:
        low, high = (Quantity(value, units[0]) for value in sorted(ends))
        assert parse_value(str(Range(low, high))) == Range(low, high)
        for half in (Range(low, None), Range(None, high)):
            assert parse_range(str(half)) == half


class TestThreeAnswers:
    """Design §1.3: "Three answers, not two"."""

    @given(pairs(), ops)
    def test_agrees_with_all_that_it_may_be(self, pair: tuple[Quantity, Quantity], op: Comparator) -> None:
        left, right = pair
        found = {MEANING[op](a, b) for a in samples(left, pair) for b in samples(right, pair)}
        assert compare(left, op, right) == (found.pop() if len(found) == 1 else None)

    @given(pairs(), ops)
    def test_can_be_read_from_either_side(self, pair: tuple[Quantity, Quantity], op: Comparator) -> None:
        left, right = pair
        assert compare(left, op, right) is compare(right, Comparator(FLIPPED[op]), left)

    @given(pairs(), st.sampled_from(sorted(OPPOSITE)))
    def test_is_the_opposite_of_its_opposite(self, pair: tuple[Quantity, Quantity], op: str) -> None:
        left, right = pair
        answers = [compare(left, Comparator(each), right) for each in (op, OPPOSITE[op])]
        assert answers == [None, None] or set(answers) == {True, False}

    @given(quantities(), quantities(), ops)
    def test_two_kinds_never_tell(self, left: Quantity, right: Quantity, op: Comparator) -> None:
        assume(parse_unit(left.unit).kind != parse_unit(right.unit).kind)
        assert compare(left, op, right) is None


def samples(quantity: Quantity, pair: tuple[Quantity, Quantity]) -> list[Fraction]:
    """Numbers that a quantity may be, among those that matter to two: at each, several between, and far out."""
    cuts = sorted({base_value(each) for each in pair})
    between = [cuts[0] + (cuts[-1] - cuts[0]) * Fraction(part, 4) for part in (1, 2, 3)]
    near = [cut + shift for cut in cuts for shift in (-1, 0, 1)]
    far = [cuts[0] - 10, cuts[-1] + 10]
    if quantity.comparator is Comparator.ABOUT:
        return [*near, *between, *far]
    tests = MEANING[quantity.comparator]
    return [number for number in (*near, *between, *far) if tests(number, base_value(quantity))]


class TestErrorsPeopleCanUse:
    """Style: "what was found, what was expected, what to do"."""

    @given(st.text(max_size=40) | st.text("0123456789.,<>=~ mgLtod/*{}[]()%", max_size=40))
    def test_any_text_is_a_value_or_an_error_with_a_place_in_it(self, text: str) -> None:
        parsed = attempt(parse_value, text)
        if isinstance(parsed, QuantityError):
            assert 0 <= parsed.position <= len(text)
            assert parsed.found
            assert parsed.expected
        else:
            assert parse_value(str(parsed)) == parsed

    @given(st.text("gmolLsdhkuc0123456789/.*[]{}()%", max_size=30))
    def test_any_unit_is_known_or_refused(self, text: str) -> None:
        unit = attempt(parse_unit, text)
        if isinstance(unit, QuantityError):
            assert 0 <= unit.position <= len(text)
        else:
            assert unit.factor > 0


def attempt(parser: Callable[[str], T], text: str) -> T | QuantityError:
    try:
        return parser(text)
    except QuantityError as error:
        return error


def test_a_value_without_end_has_34_digits() -> None:
    with pytest.raises(QuantityError):
        convert(parse_quantity("1 mg"), "mL")
    assert len(convert(parse_quantity("1 d"), "wk").value.as_tuple().digits) == 34
