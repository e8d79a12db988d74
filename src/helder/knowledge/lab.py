"""Laboratory tests as units see them: what a result may be given in, and how it is brought to the home unit."""

from __future__ import annotations

from decimal import Decimal

from msgspec import structs

from helder.knowledge.model import Conversion, LabTest
from helder.quantities import Kind, Quantity, QuantityError, convert, parse_unit, same_dimension, scale

_ACTIVITY = {"U": "[IU]", "[IU]": "U"}
"""Reports print U, IU, UI and E without a difference: which one is meant, the test says."""


def kinds_of(test: LabTest) -> frozenset[Kind]:
    """The kinds of unit that a result of a test can have."""
    return frozenset(parse_unit(unit).kind for unit in (test.unit, *test.units) if unit)


def own_unit(unit: str, test: LabTest) -> str | None:
    """The unit as this test means it (`[IU]/L` of an enzyme is `U/L`), or None if a result cannot be in it."""
    for candidate in (unit, *_swapped(unit)):
        try:
            kind = parse_unit(candidate).kind
        except QuantityError:
            continue
        if kind in kinds_of(test):
            return candidate
    return None


def _swapped(unit: str) -> tuple[str, ...]:
    if "[IU]" in unit:
        return (unit.replace("[IU]", "U"),)
    head, slash, rest = unit.partition("/")
    return (f"{head[:-1]}[IU]{slash}{rest}",) if head.endswith("U") else ()


def to_home(quantity: Quantity, test: LabTest) -> Quantity:
    """A result in the home unit of its test; the comparator stays. Raises QuantityError where there is no way."""
    return to_unit(quantity, test.unit, test)


def to_unit(quantity: Quantity, unit: str, test: LabTest) -> Quantity:
    """A result in another unit of its test. Raises QuantityError where there is no way."""
    if same_dimension(quantity.unit, unit):
        return convert(quantity, unit)
    for line in test.conversions:
        if (found := _along(line, quantity, unit)) is not None:
            return found
    if test.charge and "eq" in unit and "eq" not in quantity.unit:
        moles = to_unit(quantity, unit.replace("eq", "mol"), test)
        return structs.replace(scale(moles, Decimal(test.charge)), unit=unit)
    moles = _moles(quantity, unit, test)
    return convert(moles, unit, molar_mass=test.molar_mass, one_iu=test.international_unit)


def _along(line: Conversion, quantity: Quantity, unit: str) -> Quantity | None:
    """The line between two units, forwards or backwards."""
    if same_dimension(quantity.unit, line.from_) and same_dimension(unit, line.to):
        start = convert(quantity, line.from_)
        return convert(structs.replace(start, value=start.value * line.factor + line.plus, unit=line.to), unit)
    if same_dimension(quantity.unit, line.to) and same_dimension(unit, line.from_):
        start = convert(quantity, line.to)
        return convert(structs.replace(start, value=(start.value - line.plus) / line.factor, unit=line.from_), unit)
    return None


def _moles(quantity: Quantity, unit: str, test: LabTest) -> Quantity:
    """Equivalents as moles, where the test has a charge and moles or grams are asked for."""
    if test.charge and "eq" in quantity.unit and "eq" not in unit:
        as_moles = structs.replace(quantity, unit=quantity.unit.replace("eq", "mol"))
        return scale(as_moles, Decimal(1) / test.charge)
    return quantity
