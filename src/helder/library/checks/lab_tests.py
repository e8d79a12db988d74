"""Can every laboratory test be told from every other, brought to its home unit, and judged without a gap?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal, DecimalException
from itertools import combinations

from helder.knowledge.formula import FormulaError, compute, holds
from helder.knowledge.kinds import OF_LAB
from helder.knowledge.lab import kinds_of, to_unit
from helder.knowledge.model import Formula, FormulaCase, LabTest, Value, ends
from helder.knowledge.problems import Problem
from helder.languages.folding import fold
from helder.library.checks.base import Base
from helder.person import Person
from helder.quantities import Quantity, QuantityError, parse_unit, same_dimension
from helder.rules import evaluate, overlap

NAMED_IN = ("en", "nl", "de", "fr", "es", "it", "pt", "pl", "tr", "uk", "ar", "hi")
LOINC = re.compile(r"\d{1,7}-\d")
MOST_VARIATION = 200


def units(base: Base) -> Iterator[Problem]:
    """Every unit is one, and every amount of a test can be brought to its home unit."""
    for id_, test in base.knowledge.lab_tests.items():
        file = base.facts("lab_tests", id_)
        if (test.scale == "quantity") != bool(test.unit):
            yield base.problem("unit", file, ("unit",), "a quantity has a home `unit`, a text or a titre has none")
            continue
        codes = [unit for unit in (test.unit, *test.units, *(code.unit for code in test.codes)) if unit]
        for unit in codes:
            try:
                parse_unit(unit)
            except QuantityError as error:
                yield base.problem("unit", file, ("units",), f"`{unit}`: {error}")
        amounts: list[Value] = [row.amount for row in test.ranges] + [row.amount for row in test.critical]
        amounts += [test.plausible] if test.plausible else []
        for end in (end for amount in amounts for end in ends(amount)):
            if not same_dimension(end.unit, test.unit):
                yield base.problem("unit", file, ("ranges",), f"`{end}` is not of the kind of `{test.unit}`")
        if test.scale == "quantity" and test.plausible is None:
            yield base.problem("incomplete", file, (), "no `plausible`: a misread value must be doubted")


def loinc(base: Base) -> Iterator[Problem]:
    """A LOINC code has its check digit (Luhn, mod 10), stands at one test, and there is one for each kind of unit."""
    owner: dict[str, str] = {}
    for id_, test in base.knowledge.lab_tests.items():
        file = base.facts("lab_tests", id_)
        for index, code in enumerate(test.codes):
            if not LOINC.fullmatch(code.loinc) or not checked(code.loinc):
                yield base.problem("loinc", file, ("codes", index), f"`{code.loinc}`: the check digit is wrong")
            if owner.setdefault(code.loinc, id_) != id_:
                yield base.problem("loinc", file, ("codes", index), f"`{code.loinc}` is also {owner[code.loinc]}")
        kinds = [parse_unit(code.unit).kind if code.unit else None for code in test.codes]
        if len(kinds) != len(set(kinds)):
            yield base.problem("loinc", file, ("codes",), "two codes for one kind of unit")


def checked(code: str) -> bool:
    """Whether the last digit of a LOINC code follows from the others (mod 10 after Luhn)."""
    digits, _, check = code.partition("-")
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return -sum(number // 10 + number % 10 for number in doubled) % 10 == int(check)


def names(base: Base) -> Iterator[Problem]:
    """Every test is named in twelve languages; tests with one name are told apart by specimen, scale or unit."""
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for id_, test in base.knowledge.lab_tests.items():
        file = f"lab_tests/{id_}/names.yaml"
        for language in NAMED_IN:
            if not test.names.get(language):
                yield base.problem("missing-name", file, (), f"no names in {language}")
        for language in sorted(set(test.names) - {*NAMED_IN, "any"}):
            yield base.problem("name", file, (language,), f"`{language}` is no language of reports")
        for language, printed in test.names.items():
            for name in printed:
                if not fold(name):
                    yield base.problem("name", file, (language,), f"`{name}` is empty")
                owners[language, fold(name)].add(id_)
    for (language, name), ids in owners.items():
        for first, second in combinations(sorted(ids), 2):
            if not told_apart(base.knowledge.lab_tests[first], base.knowledge.lab_tests[second]):
                file = f"lab_tests/{second}/names.yaml"
                yield base.problem("two-meanings", file, (language,), f"`{name}` also means {first}")


def told_apart(first: LabTest, second: LabTest) -> bool:
    """Whether a row with the name of both can belong to one only, once its specimen, unit or result is known."""
    if first.specimen != second.specimen or first.scale != second.scale:
        return True
    return first.scale == "quantity" and not kinds_of(first) & kinds_of(second)


def ranges(base: Base) -> Iterator[Problem]:
    """No person has two ranges of a test; no critical limit lies inside a range."""
    for id_, test in base.knowledge.lab_tests.items():
        file = base.facts("lab_tests", id_)
        for i, j in overlap([row.when for row in test.ranges]):
            yield base.problem("two-ranges", file, ("ranges", j), f"rows {i + 1} and {j + 1} hold for one person")
        for index, row in enumerate(test.critical):
            claim = test.claims.get(row.claim)
            if claim is None or claim.kind != "red_flag" or claim.level != row.level:
                text = f"`{row.claim}` is no red_flag claim of level {row.level}"
                yield base.problem("unknown-id", file, ("critical", index), text)
            if row.amount.comparator.value not in ("<", "<=", ">", ">="):
                yield base.problem("impossible", file, ("critical", index), "a critical value needs < or >")
            if row.verified and len({citation.id for citation in row.sources}) < 2:
                yield base.problem("two-sources", file, ("critical", index), "two sources, or `verified: no`")
        if any(not row.sources for row in test.ranges):
            yield base.problem("no-source", file, ("ranges",), "a range without a source")
        spread = (test.variation.within, test.variation.analytical) if test.variation else ()
        if any(not Decimal(0) < percent < MOST_VARIATION for percent in spread):
            yield base.problem("impossible", file, ("variation",), "coefficients of variation are percentages above 0")


def explained(base: Base) -> Iterator[Problem]:
    """Each test says what it measures and what a result outside the range means."""
    for id_, test in base.knowledge.lab_tests.items():
        file = base.facts("lab_tests", id_)
        kinds = {claim.kind for claim in test.claims.values()}
        for kind in sorted(kinds - OF_LAB):
            yield base.problem("kind", file, ("claims",), f"a {kind} does not stand at a test")
        if "measures" not in kinds:
            yield base.problem("incomplete", file, ("claims",), "no claim that says what it measures")
        if not kinds & {"high", "low", "abnormal"}:
            yield base.problem("incomplete", file, ("claims",), "nothing says what a result outside the range means")
        for topic in test.topics:
            if topic not in base.knowledge.topics:
                yield base.problem("unknown-id", file, ("topics",), f"nothing is called `{topic}`")


def patterns(base: Base) -> Iterator[Problem]:
    """Every pattern fires on its own cases, and on no case that must not fire."""
    for id_, pattern in base.knowledge.patterns.items():
        file = base.facts("patterns", id_)
        if not pattern.must_fire or not pattern.must_not_fire:
            yield base.problem("case", file, (), "needs must_fire and must_not_fire: a rule carries its own proof")
        for field, wanted in (("must_fire", True), ("must_not_fire", False)):
            for index, case in enumerate(getattr(pattern, field)):
                for test in sorted(set(case) - set(base.knowledge.lab_tests)):
                    yield base.problem("unknown-id", file, (field, index), f"nothing is called `{test}`")
                if (evaluate(pattern.when, Person(judged=case)).truth is True) != wanted:
                    yield base.problem("case", file, (field, index), "fires" if not wanted else "does not fire")


AGE = "age"
SOME_ADULT = Quantity(Decimal(40), "a")
"""Whose case it is where the age is no input of the formula."""
FEWEST_CASES = 2


def formulas(base: Base) -> Iterator[Problem]:
    """A computed result has tests and units that exist, one row for a person, sources, and cases that come out."""
    for id_, formula in base.knowledge.formulas.items():
        file = base.facts("formulas", id_)
        for name, wanted in (("", f"{formula.test} {formula.unit}"), *formula.inputs.items()):
            if name != AGE and (said := _unusable(wanted, base.knowledge.lab_tests)):
                yield base.problem("formula", file, ("inputs", name), said)
        for i, j in overlap([row.when for row in formula.rows]):
            yield base.problem("two-rows", file, ("rows", j), f"rows {i + 1} and {j + 1} hold for one person")
        if not formula.sources:
            yield base.problem("no-source", file, (), "no source; coefficients need one that was seen")
        if len(formula.cases) < FEWEST_CASES:
            yield base.problem("case", file, ("cases",), f"needs {FEWEST_CASES} worked examples or more")
        proven: set[int] = set()
        for index, case in enumerate(formula.cases):
            said = _case(formula, case, proven)
            if said:
                yield base.problem("case", file, ("cases", index), said)
        for index in sorted(set(range(len(formula.rows))) - proven):
            yield base.problem("case", file, ("rows", index), "no case proves this row")


def _unusable(wanted: str, tests: Mapping[str, LabTest]) -> str:
    """What is wrong with `test unit`: nothing if the test exists and its home unit can be brought to that unit."""
    test, _, unit = wanted.partition(" ")
    if test not in tests:
        return f"nothing is called `{test}`"
    try:
        to_unit(Quantity(Decimal(1), tests[test].unit), unit, tests[test])
    except QuantityError as error:
        return f"`{unit}` of {test}: {error}"
    return ""


def _case(formula: Formula, case: FormulaCase, proven: set[int]) -> str:
    """What is wrong with a worked example, and which row it proves."""
    if set(case.inputs) != set(formula.inputs):
        return f"inputs {', '.join(sorted(case.inputs))}, expected {', '.join(sorted(formula.inputs))}"
    age = Quantity(case.inputs[AGE], "a") if AGE in case.inputs else SOME_ADULT
    person = Person(sex=case.sex, age=age, pregnant=False)
    try:
        failed = [condition for condition in formula.only_if if not holds(condition, case.inputs)]
        rows = [index for index, row in enumerate(formula.rows) if evaluate(row.when, person).truth]
        value = compute(formula.rows[rows[0]].formula, case.inputs) if rows else None
    except (FormulaError, DecimalException) as error:
        return str(error) or type(error).__name__
    if failed or value is None:
        return f"`{failed[0]}` fails" if failed else "computes nothing: no row holds, or arithmetic has no result"
    proven.add(rows[0])
    off = abs(round(value, formula.decimals) - case.result)
    return f"is {value:.4f}, expected {case.result}" if off > case.within else ""


CHECKS = (units, loinc, names, ranges, explained, patterns, formulas)
