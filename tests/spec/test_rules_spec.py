"""The rule language by its cases; each title says what a reader may rely on. The docs build prints `CHAPTERS`.

A case is a rule, a person as the contracts write one, the answer, and what is asked where it is unknown.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
import pytest

from helder.person import Person, person_from_json
from helder.quantities import parse_quantity
from helder.rules import Rule, RuleError, all_of, any_of, evaluate, facts_of, overlap, parse, references, simplify
from helder.rules.model import Always, Never

YES, NO, UNKNOWN = True, False, None


class Case(NamedTuple):
    title: str
    rule: str
    person: dict[str, Any]
    answer: bool | None
    asks: tuple[str, ...] = ()


class Chapter(NamedTuple):
    title: str
    text: str
    cases: tuple[Case, ...]


def egfr(value: str, unit: str = "mL/min/{1.73_m2}") -> dict[str, Any]:
    return {"results": {"egfr": {"value": value, "unit": unit}}}


CHAPTERS = (
    Chapter(
        "What was not told is unknown",
        "A rule has three answers. Nobody is taken to be healthy because an illness was not mentioned.",
        (
            Case("A rule for everyone holds for you", "everyone", {}, YES),
            Case("A rule for nobody does not", "nobody", {}, NO),
            Case("Not told to be pregnant: we ask", "pregnant", {}, UNKNOWN, ("pregnant",)),
            Case("Told to be pregnant", "pregnant", {"pregnant": True}, YES),
            Case("Told not to be pregnant", "pregnant", {"pregnant": False}, NO),
            Case("An illness that you told", "has(asthma)", {"conditions": ["asthma"]}, YES),
            Case("An illness that you do not have", "has(asthma)", {"without": ["asthma"]}, NO),
            Case(
                "One illness told says nothing about another",
                "has(gout)",
                {"conditions": ["asthma"]},
                UNKNOWN,
                ("has(gout)",),
            ),
            Case("An allergy that you told", "allergic(soya)", {"allergies": ["soya"]}, YES),
            Case(
                "An allergy that was never asked about",
                "allergic(soya)",
                {"allergies": ["peanut"]},
                UNKNOWN,
                ("allergic(soya)",),
            ),
            Case(
                "A kidney value that nobody measured",
                "result(egfr) < 30 mL/min/{1.73_m2}",
                {},
                UNKNOWN,
                ("result(egfr)",),
            ),
        ),
    ),
    Chapter(
        "What follows from what was told",
        "A few answers follow without a question. Nothing else does.",
        (
            Case("A man is not asked whether he is pregnant", "pregnant", {"sex": "M"}, NO),
            Case("Nor whether he breastfeeds", "breastfeeding", {"sex": "M"}, NO),
            Case("A woman is asked", "pregnant", {"sex": "F"}, UNKNOWN, ("pregnant",)),
            Case("Who is pregnant is not asked for her sex", "sex = female", {"pregnant": True}, YES),
            Case("Twelve weeks of pregnancy mean pregnant", "pregnant", {"pregnancy_weeks": 12}, YES),
            Case("Who is not pregnant has no weeks", "pregnancy < 12 weeks", {"pregnant": False}, NO),
            Case("And is not beyond any week either", "not pregnancy < 12 weeks", {"pregnant": False}, YES),
            Case("Once you listed what you take, you take nothing else", "takes(zinc)", {"items": ["iron"]}, NO),
            Case("An empty list means that you take nothing", "takes(zinc)", {"items": []}, NO),
            Case("No list means that we do not know", "takes(zinc)", {}, UNKNOWN, ("takes(zinc)",)),
        ),
    ),
    Chapter(
        "Ages",
        "An age counts completed years, as people tell it: 8 years lasts until the ninth birthday, "
        "and over 65 begins at 66.",
        (
            Case("18 today is 18", "age >= 18 years", {"age": 18}, YES),
            Case("17 is under 18", "age < 18 years", {"age": 17}, YES),
            Case("Up to 8 years includes all who are 8", "age <= 8 years", {"age": 8}, YES),
            Case("Over 65 years begins at 66", "age > 65 years", {"age": 65}, NO),
            Case("Exactly 1 year lasts a year", "age = 1 year", {"age": {"months": 14}}, YES),
            Case("A range holds its beginning", "7 months <= age < 1 year", {"age": {"months": 7}}, YES),
            Case("And not its end", "7 months <= age < 1 year", {"age": {"months": 12}}, NO),
            Case(
                "Under a year is too coarse for months: we ask",
                "age < 7 months",
                {"age": 0},
                UNKNOWN,
                ("age",),
            ),
            Case("Where the months do not matter, we do not ask", "age < 4 years", {"age": 0}, YES),
            Case(
                "Two months may be nine weeks or twelve",
                "age < 10 weeks",
                {"age": {"months": 2}},
                UNKNOWN,
                ("age",),
            ),
        ),
    ),
    Chapter(
        "Numbers",
        "A number has a unit, and a sign before it is part of it.",
        (
            Case("28 is below 30", "result(egfr) < 30 mL/min/{1.73_m2}", egfr("28"), YES),
            Case("30 is not", "result(egfr) < 30 mL/min/{1.73_m2}", egfr("30"), NO),
            Case(
                "A report that says under 15 is enough",
                "result(egfr) < 30 mL/min/{1.73_m2}",
                egfr("<15"),
                YES,
            ),
            Case(
                "A report that says over 60 rules it out",
                "result(egfr) < 30 mL/min/{1.73_m2}",
                egfr(">60"),
                NO,
            ),
            Case(
                "A report that says under 60 does not tell",
                "result(egfr) < 30 mL/min/{1.73_m2}",
                egfr("<60"),
                UNKNOWN,
                ("result(egfr)",),
            ),
            Case(
                "Another unit of the same kind is understood",
                "result(crp) >= 5 mg/L",
                {"results": {"crp": {"value": "0.5", "unit": "mg/dL"}}},
                YES,
            ),
            Case(
                "A value of another kind is not guessed at",
                "result(egfr) < 30 mL/min/{1.73_m2}",
                egfr("28", "mL/min"),
                UNKNOWN,
                ("result(egfr)",),
            ),
            Case("Weight", "weight < 50 kg", {"weight": {"value": "110", "unit": "[lb_av]"}}, YES),
        ),
    ),
    Chapter(
        "And, or, not",
        "`not` binds strongest, then `and`, then `or`; brackets as usual.",
        (
            Case("One no settles an and", "pregnant and age >= 18 years", {"age": 12}, NO),
            Case("One yes settles an or", "pregnant or age >= 18 years", {"age": 30}, YES),
            Case("And binds stronger than or", "age < 1 year or pregnant and age > 40 years", {"age": 0}, YES),
            Case("Brackets change that", "(age < 1 year or pregnant) and age > 40 years", {"age": 0}, NO),
            Case("Not unknown stays unknown", "not pregnant", {}, UNKNOWN, ("pregnant",)),
            Case("Not of a whole", "not (age < 18 years or sex = male)", {"age": 20, "sex": "F"}, YES),
        ),
    ),
    Chapter(
        "Only questions that matter",
        "An unknown becomes a question only if its answer can change the outcome.",
        (
            Case("Too young already: nothing is asked", "age >= 18 years and has(gout)", {"age": 12}, NO),
            Case("Pregnant or not, it holds", "pregnant or not pregnant", {}, YES),
            Case("No man is pregnant", "sex = male and pregnant", {}, NO),
            Case("Every age is below 18 or not", "age < 18 years or age >= 18 years", {}, YES),
            Case("No age is below 4 and above 9", "age < 4 years and age > 9 years", {}, NO),
            Case(
                "The sex follows from a pregnancy: one question",
                "sex = female and pregnant",
                {},
                UNKNOWN,
                ("pregnant",),
            ),
            Case("Only a woman can be pregnant: the sex tells", "sex = female or pregnant", {}, UNKNOWN, ("sex",)),
            Case(
                "What stands in both halves is not asked twice, what drops out not at all",
                "has(gout) and pregnant or has(gout) and not pregnant",
                {},
                UNKNOWN,
                ("has(gout)",),
            ),
            Case(
                "Two questions where either may decide",
                "has(gout) or takes(zinc)",
                {},
                UNKNOWN,
                ("has(gout)", "takes(zinc)"),
            ),
            Case(
                "Weeks are asked together with the pregnancy",
                "pregnancy >= 12 weeks",
                {},
                UNKNOWN,
                ("pregnancy", "pregnant"),
            ),
            Case(
                "And alone when it is known",
                "pregnancy >= 12 weeks",
                {"pregnant": True},
                UNKNOWN,
                ("pregnancy",),
            ),
        ),
    ),
)


@pytest.mark.parametrize("case", [c for chapter in CHAPTERS for c in chapter.cases], ids=lambda c: c.title)
def test_case(case: Case) -> None:
    person, problems = person_from_json(case.person)
    verdict = evaluate(parse(case.rule), person)
    assert problems == []
    assert (verdict.truth, tuple(map(str, verdict.depends_on))) == (case.answer, case.asks)


WRITTEN = (
    (
        "age >= 18 years and sex = female and not pregnant",
        "age >= 18 years and sex = female and not pregnant",
    ),
    ("7 months <= age < 1 year", "age >= 7 months and age < 1 year"),
    ("65 years > age >= 18 years", "age < 65 years and age >= 18 years"),
    ("age>=18years", "age >= 18 years"),
    ("18 years <= age", "age >= 18 years"),
    ("age < 1 a", "age < 1 year"),
    ("age < 36 h", "age < 36 h"),
    ("has(gout) or (pregnant or takes(5-htp))", "has(gout) or pregnant or takes(5-htp)"),
    ("(pregnant or has(gout)) and sex=female", "(pregnant or has(gout)) and sex = female"),
    ("not (not pregnant)", "pregnant"),
    ("not(pregnant and has(gout))", "not (pregnant and has(gout))"),
    ("pregnant and pregnant", "pregnant"),
    ("not everyone", "nobody"),
    ("pregnancy >= 12 weeks", "pregnant and pregnancy >= 12 weeks"),
    ("result(egfr)<30 mL/min/{1.73_m2}", "result(egfr) < 30 mL/min/{1.73_m2}"),
    ("(result(ferritin) > 100 ug/L)", "result(ferritin) > 100 ug/L"),
    ("3.5 kg <= weight <= 3.5 kg", "weight >= 3.5 kg and weight <= 3.5 kg"),
)


@pytest.mark.parametrize(("text", "canonical"), WRITTEN)
def test_a_rule_has_one_way_to_be_written(text: str, canonical: str) -> None:
    rule = parse(text)
    assert str(rule) == canonical
    assert parse(canonical) == rule


REFUSED = (
    ("", 0, "the end", "one of everyone"),
    ("agee < 3 years", 0, '"agee"', "one of everyone"),
    ("height > 150 cm", 0, '"height"', "one of everyone"),
    ("Age >= 18 years", 0, '"Age"', "one of everyone"),
    ("age", 3, "the end", '"<", "<="'),
    ("age < 3", 6, '"3"', "a unit too, as in 18 years"),
    ("age < 3 and pregnant", 6, '"3"', "a unit too, as in 18 years"),
    ("age < 3 kg", 6, '"3 kg"', "an amount such as 18 years"),
    ("weight > 3 years", 9, '"3 years"', "an amount such as 70 kg"),
    ("pregnancy < 3 mg", 12, '"3 mg"', "an amount such as 12 weeks"),
    ("age < 3 yars", 8, '"yars"', "an amount with its unit, such as 18 years"),
    ("age < 1,5 years", 6, '"1,5 years"', "an amount with its unit, such as 18 years"),
    ("age < 1.5 years", 6, '"1.5 years"', "a whole number, in a smaller unit if need be"),
    ("age < -3 years", 6, '"-3 years"', "a whole number, in a smaller unit if need be"),
    ("age < pregnant", 6, '"pregnant"', "an amount with its unit, such as 18 years"),
    ("sex < male", 4, '"<"', '"="'),
    ("sex = boy", 6, '"boy"', '"female" or "male"'),
    ("sex = males", 6, '"males"', '"female" or "male"'),
    ("pregnant < 3 weeks", 9, '"<"', '"and", "or" or the end'),
    ("pregnant breastfeeding", 9, '"breastfeeding"', '"and", "or" or the end'),
    ("pregnant and", 12, "the end", "one of everyone"),
    ("has", 3, "the end", '"(" and an id'),
    ("has()", 4, '")"', "an id such as vitamin-b12"),
    ("has(Gout)", 4, '"Gout"', "an id such as vitamin-b12"),
    ("has(gout", 8, "the end", '")"'),
    ("has(gout, asthma)", 8, '","', '")"'),
    ("(pregnant", 9, "the end", '"and", "or" or ")"'),
    ("pregnant)", 8, '")"', '"and", "or" or the end'),
    ("1 year <= age > 3 years", 14, '">"', '"<" or "<="'),
    ("1 year = age < 3 years", 13, '"<"', '"and", "or" or the end'),
    ("3 years <= age < 1 year", 17, '"1 year"', "an amount that leaves room between the two"),
    ("1 year <= age < 1 year", 16, '"1 year"', "an amount that leaves room between the two"),
    ("1 mg/L < result(x) < 1 mmol/L", 21, '"1 mmol/L"', "an amount that leaves room between the two"),
    ("18 years <= 20 years", 12, '"20 years"', "one of everyone"),
    ("pregnant; drop", 8, '";"', '"and", "or" or the end'),
)


@pytest.mark.parametrize(("text", "position", "found", "expected"), REFUSED)
def test_a_mistake_is_named_with_its_place(text: str, position: int, found: str, expected: str) -> None:
    with pytest.raises(RuleError) as error:
        parse(text)
    assert (error.value.position, error.value.found) == (position, found)
    assert error.value.expected.startswith(expected)


@pytest.mark.parametrize(
    "text", ["(" * 10_000, "(" * 1_500, "not " * 450, "pregnant or " * 5_000, "has(" * 400, "1" * 1_999]
)
def test_a_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        parse(text)


def test_what_remains_of_a_rule_is_a_rule() -> None:
    rule = parse("age >= 18 years and (has(gout) or takes(zinc)) and not pregnant")
    person, _ = person_from_json({"age": 40, "items": ["iron"]})
    assert str(simplify(rule, person)) == "has(gout) and not pregnant"
    child, _ = person_from_json({"age": 4})
    assert simplify(rule, child) == Never()
    assert simplify(parse("age < 5 years"), child) == Always()


def test_a_rule_names_its_facts_and_what_they_refer_to() -> None:
    rule = parse("age >= 18 years and (has(gout) or not takes(zinc)) and result(egfr) < 30 mL/min")
    assert sorted(map(str, facts_of(rule))) == ["age", "has(gout)", "result(egfr)", "takes(zinc)"]
    assert sorted(map(str, references(rule))) == ["has(gout)", "result(egfr)", "takes(zinc)"]


@pytest.mark.parametrize(
    ("rows", "pairs"),
    [
        (["7 months <= age < 1 year", "1 year <= age < 4 years", "age >= 4 years"], []),
        (["age <= 8 years", "age >= 9 years", "age > 8 years"], [(1, 2)]),
        (["age < 12 months", "age >= 1 year"], []),
        (["age < 53 weeks", "age >= 1 year"], [(0, 1)]),
        (["age >= 18 years and sex = male", "age >= 18 years and sex = female"], []),
        (["age >= 18 years and sex = male", "pregnant", "breastfeeding and not pregnant"], []),
        (["age >= 18 years", "age >= 18 years and pregnant"], [(0, 1)]),
        (["pregnant", "breastfeeding"], [(0, 1)]),
        (["pregnancy < 13 weeks", "pregnancy >= 13 weeks", "not pregnant"], []),
    ],
)
def test_two_rows_for_one_person_are_found(rows: list[str], pairs: list[tuple[int, int]]) -> None:
    assert overlap(map(parse, rows)) == pairs


@pytest.mark.parametrize("text", [text for text, _ in WRITTEN])
def test_a_rule_survives_the_compiled_base(text: str) -> None:
    rule = parse(text)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(rule), type=Rule) == rule
    assert msgspec.convert(msgspec.to_builtins(rule), Rule) == rule


def test_an_age_that_is_known_by_one_bound() -> None:
    adult = Person(age=parse_quantity(">= 18 years"))
    assert evaluate(parse("age >= 18 years"), adult).truth is True
    assert evaluate(parse("age < 19 years"), adult).truth is None


def taken(letter: str, count: int) -> list[Rule]:
    return [parse(f"takes({letter}{i})") for i in range(count)]


def test_beyond_its_bounds_a_verdict_is_careful_but_never_wrong() -> None:
    gout, needless = parse("has(gout)"), parse("has(asthma) and not has(asthma)")
    pairs = [all_of(pair) for pair in zip(taken("a", 14), taken("b", 14), strict=True)]
    assert evaluate(any_of([*pairs, needless]), Person()).depends_on == tuple(sorted(facts_of(any_of(pairs))))
    crossed = any_of([all_of([gout, any_of(taken("a", 14))]), *pairs, needless])
    verdict = evaluate(crossed, Person())
    assert (verdict.truth, verdict.depends_on) == (None, tuple(sorted(facts_of(crossed))))


def test_a_rule_over_very_many_facts_is_answered() -> None:
    verdict = evaluate(any_of(taken("a", 900)), Person())
    assert (verdict.truth, len(verdict.depends_on)) == (None, 900)
    assert evaluate(any_of(taken("a", 900)), Person(takes=frozenset({"a899"}))).truth is True
