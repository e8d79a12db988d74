"""Amounts with a unit, exact, and never without the sign that stood before them.

Text becomes a `Quantity` (`< 30 mL/min/{1.73_m2}`) or a `Range` (`2 to 3 h`); both print themselves as text
that parses back. Units are UCUM codes (ucum.org), the part that health needs, and the plain words for time.

A unit has a *kind*, and only what is of one kind can be compared or converted. Kinds are finer here than in
UCUM, wherever a conversion would need something that the unit does not tell:
- grams and moles need a molar mass, international units need what one weighs: `convert` takes both;
- equivalents need a valence and osmoles a substance: they stay what they are;
- an annotation is part of the kind: mL/min is not mL/min/{1.73_m2}, ng{FEU}/mL is not ng{DDU}/mL;
- mol per mol is not a percentage: an HbA1c of 53 mmol/mol is not 5.3 %.

Errors:
    ValueError
    └── ParseError          what was found, what was expected, at which position
        └── QuantityError   a number, a unit or a conversion
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import inf
from typing import Literal, NamedTuple, Self

from msgspec import Struct

Basis = Literal["elemental", "compound", "equivalents"]

LONGEST_TEXT, LONGEST_UNIT = 200, 50


class ParseError(ValueError):
    """What was found in a text, what was expected there, and at which character (from 0)."""

    def __init__(self, found: str, expected: str, position: int = 0) -> None:
        super().__init__(f"at {position}: found {found}, expected {expected}")
        self.found, self.expected, self.position = found, expected, position

    def moved(self, by: int) -> Self:
        """The same error, told for a longer text in which this one starts at `by`."""
        return type(self)(self.found, self.expected, self.position + by)


class QuantityError(ParseError):
    """A number, unit or conversion that cannot be."""


# --- Values -----------------------------------------------------------------------------------------------


class Comparator(StrEnum):
    """The sign before a number. It is part of the value: `< 5` is not 5."""

    EQ = "="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    ABOUT = "~"


class Quantity(Struct, frozen=True, tag=True):
    """A number of a unit, with its comparator: `Quantity(Decimal(5), "mg/L", Comparator.LT)`."""

    value: Decimal
    unit: str = "1"
    comparator: Comparator = Comparator.EQ

    def __str__(self) -> str:
        sign = "" if self.comparator is Comparator.EQ else f"{self.comparator} "
        return f"{sign}{self.value:f}" + ("" if self.unit == "1" else f" {self.unit}")


class Range(Struct, frozen=True, tag=True):
    """From low to high, both included; one end may be open (None)."""

    low: Quantity | None
    high: Quantity | None

    def __str__(self) -> str:
        if self.low and self.high:
            low = f"{self.low.value:f}" if self.low.unit == self.high.unit else str(self.low)
            return f"{low} to {self.high}"
        return f">= {self.low}" if self.low else f"<= {self.high}"


class Amount(Struct, frozen=True):
    """A quantity, and what was weighed: the element, the whole compound, or equivalents."""

    quantity: Quantity
    basis: Basis


# --- Units ------------------------------------------------------------------------------------------------

Kind = tuple[tuple[str, int], ...]
"""Base units and their powers, sorted: mg/dL is (("g", 1), ("m", -3))."""


class Unit(NamedTuple):
    """What a unit code means: an amount in base units is (value + zero) * factor."""

    factor: Fraction
    kind: Kind = ()
    zero: Fraction = Fraction(0)


ONE = Unit(Fraction(1))

# Base units, then the others with what they are; a star after those that take a prefix.
_TABLE = """
g* m* s* K* mol* eq* osm* [IU]* [pH] [HPF] [LPF] [CFU] [arb'U]
L*=dm3 l*=dm3 min=60.s h=60.min d=24.h wk=7.d a=8766.h mo=a/12 %=10*-2 kat*=mol/s U*=umol/min [iU]*=[IU]
J*=kg.m2/s2 cal*=4184.mJ Pa*=kg/m/s2 m[Hg]*=133322.Pa [lb_av]=45359237.10*-5.g [in_i]=254.10*-4.m
"""
_ROWS = [row.partition("=") for row in _TABLE.split()]
_UNITS = {code.rstrip("*"): definition for code, _, definition in _ROWS}
_PREFIXED = {code.rstrip("*") for code, _, _ in _ROWS if code.endswith("*")}
_SCALES = {
    "Cel": Unit(Fraction(1), (("K", 1),), Fraction("273.15")),
    "[degF]": Unit(Fraction(5, 9), (("K", 1),), Fraction("459.67")),
}
_PREFIXES = {"T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1}
_PREFIXES |= {"d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15}
_WORDS = {"year": "a", "month": "mo", "week": "wk", "day": "d", "hour": "h", "minute": "min", "second": "s"}
_WORDS |= {f"{word}s": code for word, code in _WORDS.items()}

_COMPONENT = re.compile(
    r"(?:(10[*^]|(?:[A-Za-z%]|\[[A-Za-z_']+\])+)([+-]?[0-9]{1,2})?|([1-9][0-9]{0,8}))?(\{[!-z|~]*\})?"
)
_EXPECTED_UNIT = "a UCUM unit such as mg/d"


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit:
    """What a UCUM code, or a plain word for time, means. Raises QuantityError if it is neither."""
    code = unit_code(text)
    if code in _SCALES:
        return _SCALES[code]
    if len(code) > LONGEST_UNIT or (code.isdigit() and code != "1"):
        raise QuantityError(_rest(code, 0), _EXPECTED_UNIT)
    unit, end = _term(code, 0)
    if end < len(code):
        raise QuantityError(_rest(code, end), "the end of the unit", end)
    return unit


def unit_code(text: str) -> str:
    """The UCUM code for a plain word of time (`years` -> `a`); anything else is left as it is."""
    return _WORDS.get(text, text)


def same_dimension(unit: str, other: str) -> bool:
    """Whether two units are of one kind, so that their amounts can be compared."""
    return parse_unit(unit).kind == parse_unit(other).kind


def _term(text: str, at: int) -> tuple[Unit, int]:
    """The product of components from `at` on, and where it ends."""
    whole, moles, sign = ONE, set[bool](), 1
    if text.startswith("/", at):
        sign, at = -1, at + 1
    while True:
        part, at = _component(text, at)
        whole = _times(whole, part, sign)
        moles |= {power * sign > 0 for name, power in part.kind if name == "mol"}
        if not text.startswith((".", "/"), at):
            mixed = Unit(Fraction(1), (("mol/mol", 1),)) if len(moles) > 1 else ONE
            return _times(whole, mixed), at
        sign, at = (-1 if text[at] == "/" else 1), at + 1


def _component(text: str, at: int) -> tuple[Unit, int]:
    """One component from `at` on: a bracketed term, or a unit or number with its annotation."""
    if text.startswith("(", at):
        unit, end = _term(text, at + 1)
        if not text.startswith(")", end):
            raise QuantityError(_rest(text, end), 'a closing ")"', end)
        return unit, end + 1
    found = _COMPONENT.match(text, at)
    if not found or not found[0]:
        raise QuantityError(_rest(text, at), _EXPECTED_UNIT, at)
    atom, power, number, note = found.groups()
    unit = _times(ONE, _atom(atom, at), int(power or 1)) if atom else Unit(Fraction(number or 1))
    return (_times(unit, Unit(Fraction(1), ((note, 1),))) if note else unit), found.end()


def _atom(code: str, at: int) -> Unit:
    """A unit without power, with or without prefix."""
    if code in _UNITS:
        return parse_unit(_UNITS[code]) if _UNITS[code] else Unit(Fraction(1), ((code, 1),))
    if code in ("10*", "10^"):
        return Unit(Fraction(10))
    for prefix, power in _PREFIXES.items():
        if code.startswith(prefix) and code.removeprefix(prefix) in _PREFIXED:
            return _times(Unit(Fraction(10) ** power), _atom(code.removeprefix(prefix), at))
    raise QuantityError(f'"{code}"', _EXPECTED_UNIT, at)


def _times(unit: Unit, other: Unit, power: int = 1) -> Unit:
    """unit * other**power."""
    powers = dict(unit.kind)
    for name, more in other.kind:
        powers[name] = powers.get(name, 0) + more * power
    kind = tuple(sorted((name, each) for name, each in powers.items() if each))
    return Unit(unit.factor * other.factor**power, kind)


# --- Text -> values ---------------------------------------------------------------------------------------

_HEAD = re.compile(r"\s*(<=|>=|[<>=~]?)\s*(-?[0-9]+(?:\.[0-9]+)?(?![0-9.,]))?\s*")
_TO = re.compile(r"\s+to\s+")


def parse_value(text: str) -> Quantity | Range:
    """`250 mg/d` -> Quantity, `2 to 3 h` -> Range."""
    return parse_range(text) if _TO.search(text) else parse_quantity(text)


def parse_quantity(text: str) -> Quantity:
    """Comparator, plain decimal, unit: `< 30 mL/min/{1.73_m2}`. A bare number is a quantity of unit 1."""
    if len(text) > LONGEST_TEXT:
        raise QuantityError(f"{len(text)} characters", f"at most {LONGEST_TEXT}")
    head = _HEAD.match(text)
    assert head, "each of its parts may be missing"
    if not head[2]:
        raise QuantityError(_rest(text, head.end()), "a number such as 250 or 0.5", head.end())
    unit = text[head.end() :].rstrip() or "1"
    with _moved(head.end()):
        parse_unit(unit)
    return Quantity(Decimal(head[2]), unit_code(unit), Comparator(head[1] or "="))


def parse_range(text: str) -> Range:
    """`2 to 3 h`, `30 min to 2 h`, or with one end open `>= 2 h`, `<= 3 h`: the lower first, of one kind."""
    to = _TO.search(text)
    if not to:
        return _half_range(text)
    low = parse_quantity(text[: to.start()])
    with _moved(to.end()):
        high = parse_quantity(text[to.end() :])
    if low.unit == "1":
        low = Quantity(low.value, high.unit, low.comparator)
    if {low.comparator, high.comparator} != {Comparator.EQ}:
        raise QuantityError("a comparator", "two plain quantities")
    if not compare(low, Comparator.LE, high):
        raise QuantityError(_rest(text, to.end()), "one of the same kind, not below the first", to.end())
    return Range(low, high)


def _half_range(text: str) -> Range:
    end = parse_quantity(text)
    plain = Quantity(end.value, end.unit)
    ranges = {Comparator.GE: Range(plain, None), Comparator.LE: Range(None, plain)}
    if end.comparator not in ranges:
        raise QuantityError(_rest(text, 0), 'two quantities with "to" between, or ">=" or "<=" before one')
    return ranges[end.comparator]


@contextmanager
def _moved(by: int) -> Iterator[None]:
    """Errors inside are told for the longer text."""
    try:
        yield
    except QuantityError as error:
        raise error.moved(by) from None


def _rest(text: str, at: int) -> str:
    return f'"{text[at : at + 30].strip()}"' if text[at:].strip() else "the end"


# --- Comparing --------------------------------------------------------------------------------------------

Bound = tuple[Fraction | float, int]
"""An end of an interval: a number in base units, and -1 just below it, 0 at it, 1 just above it."""
Interval = tuple[Bound, Bound]

ANYTHING: Interval = ((-inf, 0), (inf, 0))


def compare(left: Quantity, op: Comparator, right: Quantity) -> bool | None:
    """Whether `left op right` holds: True, False, or None where the two don't tell.

    Comparators count: `< 5` is below 7, but nobody knows whether it is below 3. `~ 5` tells nothing, and
    neither do amounts of two kinds. Exact in any units. Raises QuantityError only for an unknown unit.
    """
    if not same_dimension(left.unit, right.unit):
        return None
    return compare_intervals(interval(left), op, interval(right))


def interval(quantity: Quantity) -> Interval:
    """All that a quantity may be, in base units of its kind."""
    if quantity.comparator is Comparator.ABOUT:
        return ANYTHING
    at = base_value(quantity)
    low = {Comparator.EQ: (at, 0), Comparator.GE: (at, 0), Comparator.GT: (at, 1)}
    high = {Comparator.EQ: (at, 0), Comparator.LE: (at, 0), Comparator.LT: (at, -1)}
    return low.get(quantity.comparator, ANYTHING[0]), high.get(quantity.comparator, ANYTHING[1])


def compare_intervals(left: Interval, op: Comparator, right: Interval) -> bool | None:
    """Whether `left op right` for all that each may be (True), for none (False), or for some (None)."""
    match op:
        case Comparator.LT:
            return True if left[1] < right[0] else False if left[0] >= right[1] else None
        case Comparator.GT:
            return compare_intervals(right, Comparator.LT, left)
        case Comparator.LE | Comparator.GE:
            opposite = Comparator.GT if op is Comparator.LE else Comparator.LT
            answer = compare_intervals(left, opposite, right)
            return None if answer is None else not answer
        case Comparator.EQ:
            apart = left[1] < right[0] or right[1] < left[0]
            return False if apart else True if left[0] == left[1] == right[0] == right[1] else None
    return None


def base_value(quantity: Quantity) -> Fraction:
    """The number in base units (g, m, s, K, mol …), without the comparator."""
    unit = parse_unit(quantity.unit)
    return (Fraction(quantity.value) + unit.zero) * unit.factor


# --- Converting -------------------------------------------------------------------------------------------

_SHORT, _LONG = Context(prec=28), Context(prec=34)


def convert(
    quantity: Quantity, unit: str, *, molar_mass: Quantity | None = None, one_iu: Quantity | None = None
) -> Quantity:
    """The same amount in another unit; the comparator stays. Raises QuantityError where there is no way.

    `molar_mass` (`24.305 g/mol`) opens the way between grams and moles, `one_iu` (what one international unit
    weighs: `0.025 ug`) between grams and international units. Exact if the result has at most 34 digits; a
    longer one is rounded half even to 34. What lies within 1e-31 of a number of 28 digits is that number, so
    that an endless result (1 d in wk) converts back to what one had (temperatures: to 20 places).
    """
    source, target = parse_unit(quantity.unit), parse_unit(unit)
    factor = _way(source.kind, target.kind, _bridges(molar_mass, one_iu))
    if factor is None:
        raise QuantityError(f'"{quantity.unit}"', f'a unit of the same kind as "{unit}"')
    value = base_value(quantity) * factor / target.factor - target.zero
    return Quantity(_decimal(value), unit_code(unit), quantity.comparator)


def elemental(amount: Amount, fraction: Decimal) -> Amount:
    """What a compound holds of the element: its mass times the mass fraction. An elemental amount stays.

    Raises QuantityError for equivalents, which no fraction turns into a mass.
    """
    if amount.basis == "elemental":
        return amount
    if amount.basis == "equivalents":
        raise QuantityError("equivalents", "an elemental or a compound amount")
    return Amount(scale(amount.quantity, fraction), "elemental")


def scale(quantity: Quantity, by: Decimal) -> Quantity:
    """A quantity so many times; `by` is above zero, so the comparator stays. Rounded as `convert` is."""
    return Quantity(_decimal(Fraction(quantity.value) * Fraction(by)), quantity.unit, quantity.comparator)


def _bridges(molar_mass: Quantity | None, one_iu: Quantity | None) -> list[Unit]:
    bridges = []
    for told, like, per in ((molar_mass, "g/mol", "1"), (one_iu, "g", "[IU]")):
        if told and (not same_dimension(told.unit, like) or told.comparator is not Comparator.EQ or told.value <= 0):
            raise QuantityError(f'"{told}"', f"an amount above zero in {like}")
        if told:
            whole = Unit(base_value(told), parse_unit(like).kind)
            bridges.append(_times(whole, parse_unit(per), -1))
    return bridges


def _way(source: Kind, target: Kind, bridges: list[Unit]) -> Fraction | None:
    """What leads from one kind to the other, each bridge crossed at most once; None if nothing does."""
    for powers in product((0, 1, -1), repeat=len(bridges)):
        way = Unit(Fraction(1), source)
        for bridge, power in zip(bridges, powers, strict=True):
            way = _times(way, bridge, power)
        if way.kind == target:
            return way.factor
    return None


def _decimal(exact: Fraction) -> Decimal:
    top, bottom = Decimal(exact.numerator), Decimal(exact.denominator)
    short = _SHORT.divide(top, bottom)
    near = abs(Fraction(short) - exact) <= abs(exact) / 10**31
    value = short if near else _LONG.divide(top, bottom)
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize(_LONG)
