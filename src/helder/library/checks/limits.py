"""Do amounts make sense: a basis, a unit, one number for one reader, a limit above the need?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from helder.knowledge.model import Claim, Value, ends
from helder.knowledge.problems import Path, Problem
from helder.library.checks.base import Base
from helder.library.drawings import amount_for
from helder.person import Person, Sex
from helder.quantities import Quantity, QuantityError, Range, convert, parse_unit, same_dimension
from helder.rules import Rule, overlap

DAILY = ("g/d", "g/kg/d", "[IU]/d")
DOSES = ("max_dose", "toxic_dose")
DOSE_UNITS = ("g", "g/kg", "g/d", "g/kg/d", "[IU]", "[IU]/d", "mL", "mL/d", "1", "1/d")
SEXES: tuple[Sex, ...] = ("F", "M")
AGES = (1, 5, 10, 15, 20, 40, 60, 80)


def one_number_for_one_reader(base: Base) -> Iterator[Problem]:
    """All that an authority says about one need or limit, in one claim or several, gives a reader one number."""
    for topic, facts in base.topics.items():
        said: dict[tuple[str, ...], list[tuple[str, int, Rule]]] = {}
        for id_, claim in facts.claims.items():
            # Forms with limits of their own (nicotinic acid, nicotinamide) tell themselves apart by `goal`.
            named = (
                claim.kind,
                claim.authority or "",
                claim.from_ or "",
                claim.goal or "",
                claim.form or "",
                claim.care or "",
            )
            for index, row in enumerate(claim.rows):
                key = (*named, claim.level or "", _meaning(row.amount) if claim.kind in DOSES else "")
                said.setdefault(key, []).append((id_, index, row.when))
        for rows in said.values():
            for first, second in overlap([rule for _, _, rule in rows]):
                (other, _, _), (id_, index, _) = rows[first], rows[second]
                file = base.facts("substances", topic)
                text = f"{id_}: row {index + 1} and a row of {other} both hold for one person"
                yield base.problem("two-limits", file, ("claims", id_, "rows", index), text)


def _meaning(amount: Value) -> str:
    """What an amount limits: one dose or a day, by weight or not."""
    return str(sorted({parse_unit(end.unit).kind for end in ends(amount)}))


def dose_amounts(base: Base) -> Iterator[Problem]:
    """The most of a medicine is an amount for one dose, a day or a week, by weight or not; positive."""
    for of, id_, claim in base.claims():
        for index, row in enumerate(claim.rows if claim.kind in DOSES else ()):
            path: Path = ("claims", id_, "rows", index)
            file = f"{of}/facts.yaml"
            if not any(_is(row.amount, unit) for unit in DOSE_UNITS):
                yield base.problem("unit", file, path, f"{id_}: `{row.amount}` is no dose")
            if any(number <= 0 for number in _numbers(row.amount)):
                yield base.problem("impossible", file, path, f"{id_}: `{row.amount}` is not above zero")


def daily_amounts(base: Base) -> Iterator[Problem]:
    """Intakes and limits are amounts per day, positive."""
    for of, id_, claim in base.claims():
        for index, row in enumerate(() if claim.kind in DOSES else claim.rows):
            path: Path = ("claims", id_, "rows", index)
            file = f"{of}/facts.yaml"
            if not any(_is(row.amount, unit) for unit in DAILY):
                yield base.problem("unit", file, path, f"{id_}: `{row.amount}` is no amount per day")
            if any(number <= 0 for number in _numbers(row.amount)):
                yield base.problem("impossible", file, path, f"{id_}: `{row.amount}` is not above zero")


def values(base: Base) -> Iterator[Problem]:
    """Every amount can be written in words, and none is negative."""
    for of, id_, claim in base.claims():
        file = f"{of}/facts.yaml"
        for name, value in claim.values.items():
            path: Path = ("claims", id_, "values", name)
            if any(number < 0 for number in _numbers(value)):
                yield base.problem("impossible", file, path, f"{id_}: {name} is below zero")
            if isinstance(value, Range) and _backwards(value):
                yield base.problem("impossible", file, path, f"{id_}: {name} runs from high to low")
            yield from _writable(base, file, path, value)
        for index, row in enumerate(claim.rows):
            yield from _writable(base, file, ("claims", id_, "rows", index), row.amount)


def _writable(base: Base, file: str, path: Path, value: Value) -> Iterator[Problem]:
    try:
        base.speech.amounts.value(value, "en")
    except (KeyError, ValueError) as error:
        yield base.problem("unit", file, path, str(error).strip("'\""))


def _numbers(value: Value) -> tuple[Decimal, ...]:
    return tuple(end.value for end in ends(value))


def _is(value: Value, unit: str) -> bool:
    return all(same_dimension(end.unit, unit) for end in ends(value))


def _backwards(value: Range) -> bool:
    low, high = value.low, value.high
    if low is None or high is None:
        return False
    try:
        return convert(low, high.unit).value >= high.value
    except QuantityError:
        return True


def above_the_need(base: Base) -> Iterator[Problem]:
    """A limit over everything together is above what the same authority says a person needs."""
    for topic, facts in base.topics.items():
        needs = {c.authority: c for c in facts.claims.values() if c.kind == "reference_intake"}
        for id_, limit in facts.claims.items():
            need = needs.get(limit.authority)
            if limit.kind == "upper_limit" and limit.from_ == "total" and need:
                yield from _below_need(base, topic, id_, limit, need)


def _below_need(base: Base, topic: str, id_: str, limit: Claim, need: Claim) -> Iterator[Problem]:
    for age in AGES:
        for sex in SEXES:
            years = Quantity(value=Decimal(age), unit="a")
            person = Person(age=years, sex=sex, pregnant=False, breastfeeding=False)
            most, least = amount_for(limit, person), amount_for(need, person)
            if (
                most
                and least
                and same_dimension(most.unit, least.unit)
                and most.value < convert(least, most.unit).value
            ):
                file = base.facts("substances", topic)
                text = f"{id_}: at {age} years the limit {most} is below the need {least}"
                yield base.problem("limit-below-need", file, ("claims", id_), text)
                return


def forms(base: Base) -> Iterator[Problem]:
    """The active part of a form is more than nothing and at most all of it."""
    for topic, facts in base.knowledge.substances.items():
        for id_, form in facts.forms.items():
            if not 0 < form.fraction <= 1:
                file = base.facts("substances", topic)
                yield base.problem("impossible", file, ("forms", id_), f"{id_}: a fraction lies between 0 and 1")


def foods(base: Base) -> Iterator[Problem]:
    """100 g of a food hold less than 100 g, and a portion fits on a plate."""
    for id_, food in base.knowledge.foods.items():
        file = base.facts("foods", id_)
        if not same_dimension(food.portion.unit, "g") or not 0 < convert(food.portion, "g").value <= 1000:
            yield base.problem("impossible", file, ("portion",), "a portion weighs between 0 and 1000 g")
        for nutrient, amount in food.per_100g.items():
            path: Path = ("per_100g", nutrient)
            if not same_dimension(amount.unit, "g"):
                yield base.problem("unit", file, path, f"{nutrient}: `{amount}` is no mass")
            elif not 0 < convert(amount, "g").value < 100:
                yield base.problem("impossible", file, path, f"{nutrient}: `{amount}` in 100 g cannot be")


CHECKS = (
    one_number_for_one_reader,
    dose_amounts,
    daily_amounts,
    values,
    above_the_need,
    forms,
    foods,
)
