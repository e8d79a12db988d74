"""Readings → judged: by the report's own range, else by Helder's, and by what cannot wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec import structs

from helder.knowledge.lab import to_home, to_unit
from helder.knowledge.model import Critical, Knowledge, LabTest
from helder.person import Fact, Person
from helder.quantities import Comparator, Quantity, QuantityError, Range, compare
from helder.reports import model
from helder.reports.model import Doubt, Judgement, Reading
from helder.reports.readings import side_of
from helder.rules import evaluate

_SIDES: dict[int, Judgement] = {-1: "low", 0: "normal", 1: "high"}
_GOOD = frozenset({"negative", "not_detected", "non_reactive", "normal", "absent", "clear", "yellow"})
_BAD = frozenset({"positive", "detected", "reactive", "present", "many", "moderate", "cloudy", "trace", "few"})
SUM_MAY_BE_OFF, INDEX_MAY_BE_OFF = Decimal(3), Decimal("0.1")
"""Percentages of a differential are rounded; the red cell indices are measured, and computed from rounded values."""
DIFFERENTIAL = tuple(
    f"{cell}-percent" for cell in ("neutrophils", "lymphocytes", "monocytes", "eosinophils", "basophils")
)
INDICES = (
    ("mcv", "fL", "haematocrit", "%", "erythrocytes", "10*12/L", Decimal(10)),
    ("mch", "pg", "haemoglobin", "g/dL", "erythrocytes", "10*12/L", Decimal(10)),
    ("mchc", "g/dL", "haemoglobin", "g/dL", "haematocrit", "%", Decimal(100)),
)
"""Index, its unit, and what it is a ratio of, with the factor that the units leave: arithmetic, not medicine."""


class Danger(NamedTuple):
    """A result that cannot wait: which reading, and the claim that says what to do."""

    reading: int
    test: str
    claim: str
    level: str
    certain: bool
    """False where the value itself, or who it is about, is in doubt."""


class Judged(NamedTuple):
    readings: tuple[Reading, ...]
    dangers: tuple[Danger, ...]
    asks: tuple[Fact, ...]
    """What about the person would settle a judgement."""


def judged(readings: Iterable[Reading], knowledge: Knowledge, person: Person) -> Judged:
    """All readings with where they stand, cross-checked against each other first."""
    checked = cross_checked(tuple(readings), knowledge)
    found: list[Reading] = []
    dangers: list[Danger] = []
    asks: set[Fact] = set()
    for index, reading in enumerate(checked):
        test = knowledge.lab_tests.get(reading.test or "")
        verdict = _verdict(reading, test, person, asks)
        critical = _critical(reading, test, person, asks) if test else None
        if test and critical:
            row, certain = critical
            dangers.append(Danger(index, reading.test or "", row.claim, row.level, certain and reading.sure))
            below = row.amount.comparator in (Comparator.LT, Comparator.LE)
            verdict = ("critical_low" if below else "critical_high"), verdict[1] or "helder"
        found.append(structs.replace(reading, judgement=verdict[0], judged_by=verdict[1]))
    return Judged(tuple(found), tuple(sorted(dangers, key=lambda danger: danger.level)), tuple(sorted(asks)))


Verdict = tuple[Judgement, Literal["report", "helder"] | None]


def _verdict(reading: Reading, test: LabTest | None, person: Person, asks: set[Fact]) -> Verdict:
    limits = reading.range
    if reading.value is not None:
        if limits and (limits.low is not None or limits.high is not None):
            side = side_of(reading.value, reading.comparator, limits)
            return (_SIDES[side], "report") if side is not None else ("unknown", None)
        if reading.flag is not None and reading.flag != "abnormal":  # the laboratory has judged
            return _by_flag(reading)
        side = _by_own_ranges(reading, test, person, asks) if test else None
        if side is not None and not (side == 0 and reading.flag):
            return _SIDES[side], "helder"
    elif reading.word:
        return _by_word(reading)
    return _by_flag(reading)


def _by_flag(reading: Reading) -> Verdict:
    """Only the flag says something."""
    if reading.flag is None or reading.flag == "abnormal":
        return "unknown", None
    return reading.flag, "report"


def _by_word(reading: Reading) -> Verdict:
    """A text result beside the word that the report expects, or beside none: negative is good, positive is not."""
    expected = reading.range.word if reading.range else None
    if expected and reading.word == expected:
        return "normal", "report"
    if expected in _GOOD:
        if reading.word in _GOOD:
            return "normal", "report"
        return (
            ("high", "report") if reading.word in _BAD or str(reading.word).startswith("plus_") else ("unknown", None)
        )
    return _by_flag(reading)


def _by_own_ranges(reading: Reading, test: LabTest, person: Person, asks: set[Fact]) -> int | None:
    """Where the value stands in Helder's own ranges: of the row that holds, or of all that may, if they agree."""
    home = _home(reading, test)
    if home is None:
        return None
    sides: set[int | None] = set()
    open_facts: set[Fact] = set()
    for row in test.ranges:
        verdict = evaluate(row.when, person)
        if verdict.truth is False or not row.verified:
            continue
        sides.add(side_of(home.value, home.comparator, _limits(row.amount)))
        if verdict.truth:
            sides, open_facts = {side_of(home.value, home.comparator, _limits(row.amount))}, set()
            break
        open_facts |= set(verdict.depends_on)
    if len(sides) == 1:
        return sides.pop()
    asks |= open_facts
    return None


def _limits(amount: Quantity | Range) -> model.Range:
    """A range of the base as bounds without a unit: the home unit is understood."""
    if isinstance(amount, Range):
        return model.Range("", amount.low.value if amount.low else None, amount.high.value if amount.high else None)
    upper = amount.comparator in (Comparator.LT, Comparator.LE)
    strict = amount.comparator in (Comparator.LT, Comparator.GT)
    if upper:
        return model.Range("", None, amount.value, high_open=strict)
    return model.Range("", amount.value, None, low_open=strict)


def _home(reading: Reading, test: LabTest) -> Quantity | None:
    """The value in the home unit of its test; None without a unit or a way."""
    unit = reading.ucum or (test.unit if test.unit in ("1", "[pH]") else None)
    if reading.value is None or unit is None or test.scale != "quantity":
        return None
    try:
        return to_home(Quantity(reading.value, unit, reading.comparator), test)
    except QuantityError:
        return None


home_value = _home


def _critical(reading: Reading, test: LabTest, person: Person, asks: set[Fact]) -> tuple[Critical, bool] | None:
    """The first critical limit that is passed by somebody who the person may be, and whether that is certain."""
    home = _home(reading, test)
    if home is None:
        return None
    for row in sorted(test.critical, key=lambda row: row.level):
        holds = evaluate(row.when, person)
        passed = compare(home, row.amount.comparator, structs.replace(row.amount, comparator=_EQ))
        if holds.truth is not False and passed:
            asks |= set() if holds.truth else set(holds.depends_on)
            return row, holds.truth is True
    return None


_EQ = Comparator.EQ


# --- Values beside each other -----------------------------------------------------------------------------


def cross_checked(readings: tuple[Reading, ...], knowledge: Knowledge) -> tuple[Reading, ...]:
    """Doubts that no single row shows: percentages that do not make a whole, indices that do not follow."""
    doubts: dict[int, list[Doubt]] = {}
    at: dict[str, int] = {}
    for index, reading in enumerate(readings):
        if reading.test and reading.value is not None and reading.comparator is Comparator.EQ:
            at.setdefault(reading.test, index)
    if all(test in at for test in DIFFERENTIAL):
        total = sum((readings[at[test]].value or Decimal(0) for test in DIFFERENTIAL), Decimal(0))
        if total > 100 + SUM_MAY_BE_OFF:
            for test in DIFFERENTIAL:
                doubts.setdefault(at[test], []).append("sum_disagrees")
    for ratio, unit, over, over_unit, under, under_unit, factor in INDICES:
        triple = (ratio, over, under)
        if not all(test in at for test in triple):
            continue
        values = _in_units(readings, at, knowledge, dict(zip(triple, (unit, over_unit, under_unit), strict=True)))
        if values and abs(values[1] * factor / values[2] - values[0]) > INDEX_MAY_BE_OFF * values[0]:
            for test in triple:
                doubts.setdefault(at[test], []).append("indices_disagree")
    return tuple(
        structs.replace(reading, doubts=tuple(dict.fromkeys((*reading.doubts, *doubts.get(index, ())))))
        for index, reading in enumerate(readings)
    )


def _in_units(
    readings: tuple[Reading, ...], at: Mapping[str, int], knowledge: Knowledge, units: Mapping[str, str]
) -> list[Decimal] | None:
    found: list[Decimal] = []
    for test, unit in units.items():
        reading = readings[at[test]]
        if reading.ucum is None or not reading.value:
            return None
        try:
            found.append(to_unit(Quantity(reading.value, reading.ucum), unit, knowledge.lab_tests[test]).value)
        except QuantityError:
            return None
    return found
