"""Where a result stands: by the report's own range, else by Helder's; what cannot wait; what follows from others."""

from __future__ import annotations

import textwrap
from decimal import Decimal
from functools import cache

import pytest
from msgspec import structs

from helder.knowledge.compiled import open_knowledge
from helder.knowledge.model import Knowledge, LabTest, Variation
from helder.languages.speech import Speech
from helder.person import Fact, Person
from helder.quantities import Comparator, Quantity
from helder.reports.change import change, reference_change
from helder.reports.computed import computed
from helder.reports.contract import ReadingObject, ScanObject
from helder.reports.explain import judgements, whole
from helder.reports.judge import DIFFERENTIAL, Judged, judged
from helder.reports.model import Doubt, Flag, Range, Reading
from helder.reports.page import Page
from helder.reports.readers.files import read_file
from helder.reports.readings import side_of
from helder.reports.service import For, Reports


@cache
def knowledge() -> Knowledge:
    return open_knowledge()


@cache
def reports() -> Reports:
    return Reports(Speech(knowledge()))


def aged(years: int, sex: str | None = None) -> Person:
    return Person(age=Quantity(Decimal(years), "a"), sex="F" if sex == "F" else "M" if sex == "M" else None)


NOBODY, MAN, WOMAN = Person(), aged(50, "M"), aged(67, "F")


def result(
    test: str,
    value: str,
    unit: str | None = None,
    within: tuple[str | None, str | None] | str | None = None,
    flag: Flag | None = None,
    doubts: tuple[Doubt, ...] = (),
) -> Reading:
    """A reading: `result("tsh", "< 0.01", "m[IU]/L", within=("0.4", "4.0"))`; `within` a word for a text result."""
    sign, _, number = value.partition(" ") if value[0] in "<>" else ("=", "", value)
    numeric = number[0].isdigit()
    limits: Range | None = None
    if isinstance(within, tuple):
        low, high = within
        limits = Range(f"{low} - {high}", Decimal(low) if low else None, Decimal(high) if high else None)
    elif within:
        limits = Range(within, word=within)
    return Reading(
        name=test,
        test=test,
        text=value,
        value=Decimal(number) if numeric else None,
        word=None if numeric else value,
        comparator=Comparator(sign),
        unit=unit,
        ucum=unit,
        range=limits,
        flag=flag,
        doubts=doubts,
    )


def judge(reading: Reading, person: Person = NOBODY) -> tuple[str, str | None]:
    (found,) = judged([reading], knowledge(), person).readings
    return found.judgement, found.judged_by


def doubts(*readings: Reading) -> dict[str | None, tuple[Doubt, ...]]:
    return {reading.test: reading.doubts for reading in judged(readings, knowledge(), NOBODY).readings}


def scan(text: str, country: str = "NL", person: Person = NOBODY) -> ScanObject:
    pages = [page for page in read_file(textwrap.dedent(text).encode()) if isinstance(page, Page)]
    return reports().scan(pages, For(person, "en", country))


def by_test(made: ScanObject) -> dict[str | None, ReadingObject]:
    return {reading.test: reading for reading in made.readings}


# --- The report's own range ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "judgement"), [("3.4", "low"), ("3.5", "normal"), ("4.2", "normal"), ("5.1", "normal"), ("5.2", "high")]
)
def test_the_range_on_the_report_judges_first_and_its_ends_are_inside(value: str, judgement: str) -> None:
    assert judge(result("potassium", value, "mmol/L", within=("3.5", "5.1"))) == (judgement, "report")


def test_the_range_on_the_report_counts_where_helder_would_say_otherwise() -> None:
    reading = result("potassium", "5.2", "mmol/L")
    assert judge(reading, WOMAN) == ("normal", "helder")
    assert judge(structs.replace(reading, range=Range("3.5 - 5.1", Decimal("3.5"), Decimal("5.1"))), WOMAN) == (
        "high",
        "report",
    )


def test_a_test_that_nobody_knows_is_still_judged_by_its_own_range() -> None:
    unknown = structs.replace(result("potassium", "25", "U/L", within=("10", "20")), test=None)
    assert judge(unknown) == ("high", "report")


@pytest.mark.parametrize(
    ("value", "low", "high", "side"),
    [
        ("< 5", None, "10", 0),
        ("< 5", "1", "10", None),
        ("< 1", "1", "10", -1),
        ("<= 1", "1", "10", None),
        ("< 0.5", "1", "10", -1),
        ("< 20", None, "10", None),
        ("> 5", "1", None, 0),
        ("> 5", "1", "10", None),
        ("> 10", "1", "10", 1),
        (">= 10", "1", "10", None),
        ("> 12", "1", "10", 1),
        ("> 0.5", "1", None, None),
        ("5", "1", "10", 0),
    ],
)
def test_a_sign_before_the_value_leaves_open_what_it_leaves_open(
    value: str, low: str | None, high: str | None, side: int | None
) -> None:
    reading = result("crp", value, "mg/L")
    limits = Range("", Decimal(low) if low else None, Decimal(high) if high else None)
    assert reading.value is not None
    assert side_of(reading.value, reading.comparator, limits) == side


def test_a_limit_that_the_range_leaves_out_is_outside() -> None:
    assert side_of(Decimal(60), Comparator.EQ, Range("> 60", Decimal(60), low_open=True)) == -1
    assert side_of(Decimal(60), Comparator.EQ, Range(">= 60", Decimal(60))) == 0
    assert side_of(Decimal(5), Comparator.EQ, Range("< 5", None, Decimal(5), high_open=True)) == 1


def test_below_what_can_be_measured_is_not_judged_normal_where_it_could_be_low() -> None:
    assert judge(result("tsh", "< 1", "m[IU]/L", within=("0.4", "4.0"))) == ("unknown", None)
    assert judge(result("tsh", "< 0.01", "m[IU]/L", within=("0.4", "4.0"))) == ("low", "report")


# --- Helder's ranges -------------------------------------------------------------------------------------


def test_without_a_range_on_the_report_helder_judges_for_who_it_is_about() -> None:
    haemoglobin = result("haemoglobin", "125", "g/L")
    assert judge(haemoglobin, aged(50, "M")) == ("low", "helder")
    assert judge(haemoglobin, aged(67, "F")) == ("normal", "helder")


def test_helder_asks_for_what_would_settle_it_and_says_nothing_until_then() -> None:
    found = judged([result("haemoglobin", "125", "g/L")], knowledge(), aged(50))
    assert found.readings[0].judgement == "unknown"
    assert Fact("sex") in found.asks


def test_what_all_ranges_agree_on_needs_no_question() -> None:
    found = judged([result("haemoglobin", "140", "g/L")], knowledge(), aged(50))
    assert (found.readings[0].judgement, found.asks) == ("normal", ())


def test_helder_judges_in_any_unit_of_the_test() -> None:
    for value, unit in (("12.5", "g/dL"), ("125", "g/L")):
        assert judge(result("haemoglobin", value, unit), MAN) == ("low", "helder")


@pytest.mark.parametrize("unit", [None, "U/L", "10*9/L"])
def test_without_a_unit_of_the_test_helder_does_not_judge(unit: str | None) -> None:
    assert judge(result("sodium", "140", unit), MAN) == ("unknown", None)


# --- Flags -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", ["low", "high", "critical_low", "critical_high", "normal"])
def test_what_the_laboratory_flags_stands_above_helders_range(flag: Flag) -> None:
    assert judge(result("potassium", "4.4", "mmol/L", flag=flag), MAN) == (flag, "report")


def test_a_star_does_not_become_normal() -> None:
    assert judge(result("potassium", "4.4", "mmol/L", flag="abnormal"), MAN) == ("unknown", None)
    assert judge(result("potassium", "5.9", "mmol/L", flag="abnormal"), MAN) == ("high", "helder")


def test_a_flag_against_its_range_is_doubted() -> None:
    made = scan(
        """
        Test         Result   Flag   Unit      Reference
        Potassium    4.1      H      mmol/L    3.5 - 5.1
        Sodium       150      H      mmol/L    135 - 145
        Chloride     101      *      mmol/L    98 - 107
        """
    )
    found = {test: reading.doubts for test, reading in by_test(made).items()}
    assert found == {"potassium": ("flag_disagrees",), "sodium": (), "chloride": ("flag_disagrees",)}


# --- Results in words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "expected", "verdict"),
    [
        ("negative", "negative", ("normal", "report")),
        ("not_detected", "negative", ("normal", "report")),
        ("positive", "negative", ("high", "report")),
        ("trace", "negative", ("high", "report")),
        ("plus_2", "negative", ("high", "report")),
        ("yellow", "yellow", ("normal", "report")),
        ("indeterminate", "negative", ("unknown", None)),
        ("positive", None, ("unknown", None)),
    ],
)
def test_a_result_in_words_is_judged_by_the_word_that_was_expected(
    word: str, expected: str | None, verdict: tuple[str, str | None]
) -> None:
    assert judge(result("urine-nitrite", word, within=expected)) == verdict


def test_a_titre_below_the_one_it_is_measured_by_is_not_high() -> None:
    made = scan(
        """
        Serology
        Test                    Result         Reference
        ANA                     1:40           <1:80
        Antibody X              1:160          <1:80
        """
    )
    assert [reading.judgement for reading in made.readings] == ["normal", "high"]


# --- What cannot wait ------------------------------------------------------------------------------------

CRITICAL = """
    Name: Jansen    Sex: F    Age: 67
    Test         Result   Unit      Reference
    Sodium       139      mmol/L    135 - 145
    Potassium    6.8      mmol/L    3.5 - 5.1
    """


@pytest.mark.parametrize(("country", "number"), [("NL", "112"), ("US", "911"), ("GB", "999")])
def test_a_result_that_cannot_wait_comes_with_the_number_to_call(country: str, number: str) -> None:
    made = scan(CRITICAL, country)
    (danger,) = made.danger
    assert (made.readings[danger.reading].test, danger.level, danger.certain) == ("potassium", "emergency", True)
    assert number in danger.sentence.text
    assert number in [call.number for call in danger.call]
    assert danger.sentence.sources, "nothing is said without a source"
    assert made.readings[danger.reading].judgement == "critical_high"


def test_the_most_urgent_comes_first() -> None:
    found = judged(
        [result("haemoglobin", "65", "g/L"), result("potassium", "2.0", "mmol/L")], knowledge(), aged(50, "M")
    )
    assert [(danger.test, danger.level) for danger in found.dangers] == [
        ("potassium", "emergency"),
        ("haemoglobin", "urgent"),
    ]
    assert [reading.judgement for reading in found.readings] == ["critical_low", "critical_low"]


def test_what_cannot_wait_is_found_in_any_unit() -> None:
    for value, unit in (("6.9", "mmol/L"), ("6.9", "meq/L"), ("27", "mg/dL")):
        found = judged([result("potassium", value, unit)], knowledge(), MAN)
        assert [danger.test for danger in found.dangers] == ["potassium"], (value, unit)


def test_a_danger_from_a_doubtful_value_is_told_and_is_not_certain() -> None:
    reading = result("potassium", "6.8", "mmol/L", doubts=("second_reader",))
    (danger,) = judged([reading], knowledge(), MAN).dangers
    assert danger.certain is False


def test_a_danger_for_somebody_of_unknown_age_is_told_and_the_age_is_asked() -> None:
    found = judged([result("potassium", "6.8", "mmol/L", within=("3.5", "5.1"))], knowledge(), NOBODY)
    assert [danger.certain for danger in found.dangers] == [False]
    assert Fact("age") in found.asks


def test_an_impossible_value_is_no_certain_danger() -> None:
    made = scan(CRITICAL.replace("6.8 ", "68 "))
    assert "implausible" in by_test(made)["potassium"].doubts
    assert [danger.certain for danger in made.danger] == [False]


@pytest.mark.parametrize(("value", "dangers"), [("> 6.5", 1), ("< 7.0", 0), ("< 2.5", 1), ("> 2.0", 0)])
def test_a_sign_before_the_value_is_a_danger_only_where_it_must_be_one(value: str, dangers: int) -> None:
    assert len(judged([result("potassium", value, "mmol/L")], knowledge(), MAN).dangers) == dangers


def test_normal_results_are_no_danger() -> None:
    assert scan(CRITICAL.replace("6.8", "4.8")).danger == ()


def test_every_critical_limit_is_found_by_the_value_that_passes_it() -> None:
    """For each limit of the base: the value on its wrong side is a danger of that level or a higher one."""
    found = 0
    for id_, test in knowledge().lab_tests.items():
        for row in test.critical:
            up = row.amount.comparator in (Comparator.GT, Comparator.GE)
            value = row.amount.value * (Decimal("1.01") if up else Decimal("0.99")) or Decimal(1)
            reading = result(id_, f"{value:f}", row.amount.unit)
            (danger,) = judged([reading], knowledge(), NOBODY).dangers or (None,)
            assert danger is not None, (id_, row.claim)
            assert danger.claim in test.claims
            assert danger.level <= row.level
            found += 1
    assert found > 30


# --- Values beside each other ----------------------------------------------------------------------------


def differential(*shares: str) -> list[Reading]:
    return [result(test, share, "%") for test, share in zip(DIFFERENTIAL, shares, strict=True)]


def test_a_differential_of_more_than_a_whole_is_doubted() -> None:
    assert set(doubts(*differential("60", "33", "8", "4", "1")).values()) == {("sum_disagrees",)}


@pytest.mark.parametrize("shares", [("55", "33", "8", "3", "1"), ("55.2", "33.4", "8.1", "3.0", "1.1"), ("40",) * 0])
def test_a_differential_of_a_whole_is_not_doubted(shares: tuple[str, ...]) -> None:
    readings = differential(*shares) if shares else differential("60", "33", "8", "4", "1")[:4]
    assert set(doubts(*readings).values()) == {()}


def red_cells(mcv: str = "88.9", haemoglobin: str = "13.5") -> list[Reading]:
    return [
        result("haemoglobin", haemoglobin, "g/dL"),
        result("erythrocytes", "4.5", "10*6/uL"),
        result("haematocrit", "40", "%"),
        result("mcv", mcv, "fL"),
        result("mch", "30", "pg"),
        result("mchc", "33.8", "g/dL"),
    ]


def test_red_cell_indices_that_follow_from_each_other_are_not_doubted() -> None:
    assert set(doubts(*red_cells()).values()) == {()}


def test_a_red_cell_index_that_does_not_follow_is_doubted_with_all_it_rests_on() -> None:
    found = doubts(*red_cells(mcv="98.9"))
    assert {test for test, why in found.items() if why} == {"mcv", "haematocrit", "erythrocytes"}


def test_the_indices_are_compared_in_every_unit() -> None:
    si = [
        result("haemoglobin", "8.4", "mmol/L"),
        result("erythrocytes", "4.5", "10*12/L"),
        result("haematocrit", "0.40", "L/L"),
        result("mcv", "89", "fL"),
        result("mch", "1.87", "fmol"),
        result("mchc", "21", "mmol/L"),
    ]
    assert set(doubts(*si).values()) == {()}
    wrong = [structs.replace(reading, value=Decimal("2.4")) if reading.test == "mch" else reading for reading in si]
    assert "indices_disagree" in doubts(*wrong)["mch"]


def test_a_lost_decimal_mark_shows_in_the_indices() -> None:
    assert "indices_disagree" in doubts(*red_cells(haemoglobin="135"))["haemoglobin"]


# --- What is computed ------------------------------------------------------------------------------------


def values(person: Person, *readings: Reading) -> dict[str | None, tuple[str, str | None, tuple[str, ...]]]:
    return {made.test: (made.text, made.ucum, made.computed_from) for made in computed(readings, knowledge(), person)}


def test_the_anion_gap_is_computed_from_its_inputs_and_names_them() -> None:
    salts = [
        result("sodium", "140", "mmol/L"),
        result("chloride", "104", "mmol/L"),
        result("bicarbonate", "24", "mmol/L"),
    ]
    assert values(NOBODY, *salts) == {"anion-gap": ("12", "mmol/L", ("sodium", "chloride", "bicarbonate"))}


def test_kidney_function_is_computed_in_any_unit_for_an_adult_whose_sex_is_known() -> None:
    """CKD-EPI 2021: creatinine 0.8 mg/dL, a man of 40 → 115."""
    for value, unit in (("0.8", "mg/dL"), ("70.72", "umol/L"), ("8", "mg/L")):
        assert values(aged(40, "M"), result("creatinine", value, unit))["egfr"][0] == "115"
    for person in (aged(40), aged(12, "M"), Person(sex="M"), NOBODY):
        assert "egfr" not in values(person, result("creatinine", "0.8", "mg/dL"))


def test_what_is_printed_is_not_computed_again() -> None:
    readings = [result("creatinine", "0.8", "mg/dL"), result("egfr", "90", "mL/min/{1.73_m2}")]
    assert "egfr" not in values(aged(40, "M"), *readings)


@pytest.mark.parametrize(
    "change",
    [
        {"doubts": ("second_reader",)},
        {"comparator": Comparator.LT},
        {"ucum": None},
        {"ucum": "U/L"},
        {"test": "urine-sodium"},
        {"collected": "2025-01-01"},
    ],
)
def test_from_a_doubtful_or_unfit_value_nothing_is_computed(change: dict[str, object]) -> None:
    sodium = structs.replace(result("sodium", "140", "mmol/L"), **change)
    others = [result("chloride", "104", "mmol/L"), result("bicarbonate", "24", "mmol/L")]
    assert "anion-gap" in values(NOBODY, result("sodium", "140", "mmol/L"), *others)
    assert "anion-gap" not in values(NOBODY, sodium, *others)


def test_a_formula_is_not_used_where_it_does_not_hold() -> None:
    """Friedewald's LDL: not above 4.5 mmol/L of triglycerides."""
    lipids = [result("cholesterol-total", "6.0", "mmol/L"), result("hdl", "1.2", "mmol/L")]
    assert "ldl" in values(MAN, *lipids, result("triglycerides", "1.5", "mmol/L"))
    assert "ldl" not in values(MAN, *lipids, result("triglycerides", "4.6", "mmol/L"))


def test_a_computed_value_is_judged_and_says_what_it_rests_on() -> None:
    made = scan(
        """
        Age: 58   Sex: M
        Test         Result   Unit      Reference
        Creatinine   1.4      mg/dL     0.7 - 1.3
        Potassium    4.1      mmol/L    3.5 - 5.1
        """
    )
    (egfr,) = made.computed
    assert (egfr.test, egfr.value, egfr.computed_from) == ("egfr", "58", ("creatinine",))
    assert (egfr.judgement, egfr.judged_by) == ("low", "helder")
    assert egfr.box is None, "it stands nowhere on the page"


# --- Earlier results -------------------------------------------------------------------------------------


def varying(within: str, analytical: str, verified: bool = True) -> LabTest:
    variation = Variation(within=Decimal(within), analytical=Decimal(analytical), sources=(), verified=verified)
    return structs.replace(knowledge().lab_tests["creatinine"], variation=variation)


def umol(value: str, comparator: Comparator = Comparator.EQ) -> Quantity:
    return Quantity(Decimal(value), "umol/L", comparator)


def test_the_reference_change_is_the_square_root_of_both_variations_twice_at_95_percent() -> None:
    """1.96 × √2 × √(3² + 4²) = 13.859"""
    variation = varying("4", "3").variation
    assert variation is not None
    assert reference_change(variation) == Decimal("13.9")


@pytest.mark.parametrize(
    ("later", "direction", "percent", "real"),
    [
        ("113", "up", "13.0", False),
        ("115", "up", "15.0", True),
        ("85", "down", "-15.0", True),
        ("100", "same", "0.0", False),
    ],
)
def test_a_change_counts_only_beyond_what_varies_by_itself(
    later: str, direction: str, percent: str, real: bool
) -> None:
    found = change(umol("100"), umol(later), varying("4", "3"))
    assert found is not None
    assert (found.direction, found.percent, found.real) == (direction, Decimal(percent), real)


def test_without_a_known_variation_nobody_says_whether_a_change_is_real() -> None:
    unknown = structs.replace(knowledge().lab_tests["creatinine"], variation=None)
    for test in (unknown, varying("4", "3", verified=False)):
        found = change(umol("100"), umol("150"), test)
        assert found is not None
        assert (found.by_chance, found.real) == (None, None)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [(umol("100", Comparator.LT), umol("50")), (umol("100"), umol("50", Comparator.GT)), (umol("0"), umol("50"))],
)
def test_from_below_a_limit_no_change_is_counted(earlier: Quantity, later: Quantity) -> None:
    assert change(earlier, later, varying("4", "3")) is None


def test_an_earlier_result_on_the_report_shows_its_change() -> None:
    made = scan(
        """
        Test         Result   Unit      Reference     Previous 25-01-2026
        Creatinine   120      umol/L    60 - 110      100
        Sodium       139      mmol/L    135 - 145     <140
        """
    )
    (before,) = by_test(made)["creatinine"].previous
    assert (before.date, before.value, before.change, before.real) == ("2026-01-25", "100", "20.0", True)
    (limit,) = by_test(made)["sodium"].previous
    assert (limit.value, limit.comparator, limit.change) == ("140", "<", None)


# --- The report as a whole -------------------------------------------------------------------------------


def test_results_stand_in_groups_that_count_what_is_outside() -> None:
    found = judged(
        [
            result("potassium", "5.9", "mmol/L", within=("3.5", "5.1")),
            result("haemoglobin", "140", "g/L", within=("120", "150")),
            result("sodium", "139", "mmol/L", within=("135", "145")),
        ],
        knowledge(),
        WOMAN,
    )
    groups = {group.group: (group.readings, group.outside) for group in whole(found.readings, knowledge()).groups}
    assert groups == {"blood_count": ((1,), 0), "electrolytes": ((0, 2), 1)}


def iron(ferritin: str, *doubt: Doubt) -> Judged:
    readings = [
        result("haemoglobin", "100", "g/L", within=("120", "150")),
        result("mcv", "70", "fL", within=("80", "100")),
        result("ferritin", ferritin, "ug/L", within=("15", "150"), doubts=doubt),
    ]
    return judged(readings, knowledge(), WOMAN)


def test_results_that_belong_together_make_a_pattern() -> None:
    assert "iron-anaemia" in whole(iron("5").readings, knowledge()).patterns
    assert "iron-anaemia" not in whole(iron("50").readings, knowledge()).patterns


def test_a_doubtful_value_makes_no_pattern() -> None:
    assert "iron-anaemia" not in whole(iron("5", "second_reader").readings, knowledge()).patterns


def test_two_results_of_one_test_that_disagree_are_left_out() -> None:
    low = structs.replace(result("sodium", "130", "mmol/L"), judgement="low")
    high = structs.replace(result("sodium", "150", "mmol/L"), judgement="high")
    assert judgements([low, low]) == {"sodium": "low"}
    assert judgements([low, high]) == {}


def test_a_result_outside_its_range_says_what_that_means_with_sources() -> None:
    made = scan(CRITICAL.replace("6.8", "5.9"))
    said = by_test(made)["potassium"].says
    assert [sentence.kind for sentence in said][:2] == ["measures", "high"]
    assert all(sentence.sources for sentence in said)
    assert [sentence.kind for sentence in by_test(made)["sodium"].says] == ["measures"]
