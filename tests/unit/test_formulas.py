"""Formulas: the language by cases, each formula of the base by its examples, CKD-EPI by a twin in plain floats."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from msgspec import structs

from helder.knowledge import load
from helder.knowledge.formula import FormulaError, compute, holds
from helder.knowledge.model import Formula
from helder.library.checks import lab_tests
from helder.library.checks.base import Base
from helder.person import Person, Sex
from helder.quantities import Quantity
from helder.reports.computed import result

LOADED = load.load(Path(__file__).parents[2] / "knowledge")
KNOWLEDGE = LOADED.knowledge
A, B = Decimal(6), Decimal(4)
ADULT = Quantity(Decimal(40), "a")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("a + b * 2", "14"),
        ("(a + b) * 2", "20"),
        ("-a + b", "-2"),
        ("a - b - 1", "1"),
        ("a / b", "1.5"),
        ("b ^ 2", "16"),
        ("2 * b ^ -1", "0.5"),
        ("2 ^ 3 ^ 2", "512"),
        ("-2 ^ 2", "-4"),
        ("min(a, b, 5)", "4"),
        ("max(a / 12, 1)", "1"),
        ("sqrt(b)", "2"),
        ("ln(1)", "0"),
        ("0.1 + 0.2", "0.3"),
    ],
)
def test_arithmetic_is_exact_and_binds_as_written(formula: str, expected: str) -> None:
    assert compute(formula, {"a": A, "b": B}) == Decimal(expected)


@pytest.mark.parametrize("formula", ["a / 0", "a / (b - 4)", "sqrt(b - a)", "(b - a) ^ 0.5", "0 / 0", "9 ^ 9 ^ 9 ^ 9"])
def test_arithmetic_without_a_result_gives_none(formula: str) -> None:
    assert compute(formula, {"a": A, "b": B}) is None


BAD = ["", "a +", "c", "a(1)", "abs(a)", "a if b else 1", "a // b", "a % b", "a and b", "a < b", "'a'", "a.real", "[a]"]
BAD += ["min(a, b, key=a)", "ln(a, b)", "(lambda: 1)()", "__import__('os')", "a; b", "a = 1", "a[0]", "+a", "a" * 500]


@pytest.mark.parametrize("formula", BAD)
def test_what_is_no_arithmetic_over_the_inputs_is_refused(formula: str) -> None:
    with pytest.raises(FormulaError):
        compute(formula, {"a": A, "b": B})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("a > b", True), ("a <= 6", True), ("a < 6", False), ("a >= 6", True), ("a - b >= 2.5", False)],
)
def test_conditions_compare_exactly(condition: str, expected: bool) -> None:
    assert holds(condition, {"a": A, "b": B}) is expected


@pytest.mark.parametrize("condition", ["a", "a + b", "a == b", "a != b", "1 < a < 9", "a in b", "not a", "c > 1"])
def test_what_is_no_comparison_is_refused(condition: str) -> None:
    with pytest.raises(FormulaError):
        holds(condition, {"a": A, "b": B})


def adult(inputs: dict[str, Decimal], sex: Sex | None) -> Person:
    age = Quantity(inputs["age"], "a") if "age" in inputs else ADULT
    return Person(sex=sex, age=age, pregnant=False)


CASES = [
    pytest.param(formula, index, id=f"{id_}-{index}")
    for id_, formula in KNOWLEDGE.formulas.items()
    for index in range(len(formula.cases))
]


@pytest.mark.parametrize(("formula", "index"), CASES)
def test_worked_examples_come_out(formula: Formula, index: int) -> None:
    case = formula.cases[index]
    value = result(formula, case.inputs, adult(case.inputs, case.sex))
    assert value is not None
    assert abs(value - case.result) <= case.within


@pytest.mark.parametrize("id_", sorted(KNOWLEDGE.formulas))
def test_no_input_of_zero_breaks_a_formula(id_: str) -> None:
    formula = KNOWLEDGE.formulas[id_]
    for case, name in product(formula.cases, formula.inputs):
        if name != "age":
            value = result(formula, {**case.inputs, name: Decimal(0)}, adult(case.inputs, case.sex))
            assert value is None or value.is_finite()


@pytest.mark.parametrize("id_", ["egfr-ckd-epi-2021", "egfr-ckd-epi-2012-cystatin"])
@pytest.mark.parametrize(
    "person",
    [
        Person(sex="F", age=Quantity(Decimal(17), "a"), pregnant=False),
        Person(sex="F", age=ADULT, pregnant=True),
        Person(sex="F", age=ADULT),
        Person(age=ADULT, pregnant=False),
        Person(sex="M"),
    ],
    ids=["child", "pregnant", "perhaps pregnant", "sex unknown", "age unknown"],
)
def test_egfr_is_computed_for_known_adults_who_are_not_pregnant_only(id_: str, person: Person) -> None:
    formula = KNOWLEDGE.formulas[id_]
    assert result(formula, formula.cases[0].inputs, person) is None


def creatinine_twin(scr: float, age: int, sex: Sex) -> float:
    """CKD-EPI 2021, written down a second time from the source."""
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "F" else (0.9, -0.302, 1.0)
    ratio = scr / kappa
    return 142 * math.pow(min(ratio, 1), alpha) * math.pow(max(ratio, 1), -1.2) * math.pow(0.9938, age) * factor


def cystatin_twin(scys: float, age: int, sex: Sex) -> float:
    """CKD-EPI 2012 for cystatin C, written down a second time from the source."""
    bent = math.pow(scys / 0.8, -0.499 if scys <= 0.8 else -1.328)
    return 133 * bent * math.pow(0.996, age) * (0.932 if sex == "F" else 1)


@pytest.mark.parametrize("sex", ["F", "M"])
@pytest.mark.parametrize(
    ("id_", "name", "twin", "top"),
    [("egfr-ckd-epi-2021", "scr", creatinine_twin, 150), ("egfr-ckd-epi-2012-cystatin", "scys", cystatin_twin, 80)],
)
def test_ckd_epi_agrees_with_its_twin(id_: str, name: str, twin: object, top: int, sex: Sex) -> None:
    formula = KNOWLEDGE.formulas[id_]
    assert callable(twin)
    for tenths, age in product(range(3, top, 7), range(18, 101, 9)):
        inputs = {name: Decimal(tenths) / 10, "age": Decimal(age)}
        value = result(formula, inputs, adult(inputs, sex))
        assert value is not None
        assert abs(float(value) - twin(tenths / 10, age, sex)) <= 0.5 + 1e-9


GOOD = KNOWLEDGE.formulas["non-hdl"]
ROW = GOOD.rows[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"test": "no-such-test"}, "nothing is called `no-such-test`"),
        ({"unit": "mg"}, "`mg` of non-hdl"),
        ({"inputs": {"tc": "cholesterol-total %", "hdl": "hdl mmol/L"}}, "`%` of cholesterol-total"),
        ({"inputs": {**GOOD.inputs, "tg": "triglycerides mmol/L"}}, "inputs hdl, tc, expected hdl, tc, tg"),
        ({"rows": (ROW, ROW)}, "rows 1 and 2 hold for one person"),
        ({"rows": (structs.replace(ROW, formula="tc - "),)}, "expected arithmetic"),
        ({"rows": (structs.replace(ROW, formula="tc / 0"),)}, "computes nothing"),
        ({"rows": (structs.replace(ROW, formula="tc + hdl"),)}, "is 6.5000, expected 3.9"),
        ({"only_if": ("tc > 9",)}, "`tc > 9` fails"),
        ({"cases": GOOD.cases[:1]}, "needs 2 worked examples or more"),
        ({"sources": ()}, "no source"),
    ],
)
def test_validate_names_what_is_wrong_with_a_formula(changed: dict[str, object], said: str) -> None:
    one = structs.replace(KNOWLEDGE, formulas={"one": structs.replace(GOOD, **changed)})
    problems = [
        problem.text for problem in lab_tests.formulas(Base(LOADED._replace(knowledge=one), date(2026, 11, 23)))
    ]
    assert any(said in text for text in problems) if said else not problems
