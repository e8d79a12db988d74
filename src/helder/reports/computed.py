"""Values that follow from others on the report: eGFR, corrected calcium, anion gap. Always marked as computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal

from helder.knowledge.formula import compute, holds
from helder.knowledge.lab import to_unit
from helder.knowledge.model import Formula, Knowledge
from helder.person import Fact, Person
from helder.quantities import Comparator, Quantity, QuantityError, convert
from helder.reports.model import Reading
from helder.rules import evaluate

AGE = "age"


def computed(readings: Iterable[Reading], knowledge: Knowledge, person: Person) -> tuple[Reading, ...]:
    """What can be computed and is not printed, in the order of the formulas. A doubtful input computes nothing.

    Only values without a comparator go in: `< 5` is not 5.
    """
    read = tuple(readings)
    printed = {reading.test for reading in read}
    return tuple(_all(knowledge, _usable(read), printed, person))


def would_decide(readings: Iterable[Reading], knowledge: Knowledge, person: Person) -> frozenset[Fact]:
    """What about the person keeps a value from being computed for which all results are there."""
    usable, printed = _usable(readings), {reading.test for reading in readings}
    facts: set[Fact] = set()
    for formula in knowledge.formulas.values():
        ready = formula.test not in printed and _inputs(formula, knowledge, usable, person) is not None
        verdicts = [evaluate(row.when, person) for row in formula.rows] if ready else []
        if not any(verdict.truth for verdict in verdicts):
            facts.update(fact for verdict in verdicts if verdict.truth is None for fact in verdict.depends_on)
    return frozenset(facts)


def _usable(readings: Iterable[Reading]) -> dict[str, Reading]:
    """The results that may go into a formula: sure, exact, with a unit; the first of each test."""
    found: dict[str, Reading] = {}
    for reading in readings:
        if reading.test and reading.sure and reading.comparator is Comparator.EQ and reading.ucum:
            found.setdefault(reading.test, reading)
    return found


def _all(
    knowledge: Knowledge, usable: dict[str, Reading], printed: set[str | None], person: Person
) -> Iterator[Reading]:
    done: set[str] = set()
    for formula in knowledge.formulas.values():
        if formula.test in printed or formula.test in done:
            continue
        inputs = _inputs(formula, knowledge, usable, person)
        value = result(formula, inputs, person) if inputs is not None else None
        if value is None:
            continue
        done.add(formula.test)
        names = tuple(test for test in formula.inputs if test != AGE)
        sources = [usable[formula.inputs[name].split(" ")[0]] for name in names]
        yield Reading(
            name="",
            test=formula.test,
            value=value,
            text=f"{value:f}",
            ucum=formula.unit,
            collected=sources[0].collected,
            page=sources[0].page,
            computed_from=tuple(source.test or "" for source in sources),
            unconfirmed=not formula.verified,
        )


def _inputs(
    formula: Formula, knowledge: Knowledge, usable: dict[str, Reading], person: Person
) -> dict[str, Decimal] | None:
    """Every input in the unit that the formula wants, or None if one is missing. `scr: creatinine mg/dL`."""
    found: dict[str, Decimal] = {}
    days: set[str | None] = set()
    for name, wanted in formula.inputs.items():
        if name == AGE:
            if person.age is None:
                return None
            found[name] = convert(person.age, "a").value
            continue
        test, _, unit = wanted.partition(" ")
        reading = usable.get(test)
        if reading is None or reading.value is None or reading.ucum is None:
            return None
        days.add(reading.collected)
        try:
            quantity = Quantity(reading.value, reading.ucum)
            found[name] = to_unit(quantity, unit, knowledge.lab_tests[test]).value
        except QuantityError:
            return None
    return found if len(days) == 1 else None


def result(formula: Formula, inputs: dict[str, Decimal], person: Person) -> Decimal | None:
    """The formula over inputs for a person, rounded as it is reported; None if no row holds or a condition fails."""
    if not all(holds(condition, inputs) for condition in formula.only_if):
        return None
    for row in formula.rows:
        if evaluate(row.when, person).truth:
            value = compute(row.formula, inputs)
            return None if value is None else value.quantize(Decimal(1).scaleb(-formula.decimals), ROUND_HALF_EVEN)
    return None
