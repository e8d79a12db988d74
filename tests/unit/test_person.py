"""The person: what was told, what follows from it, and what a form got wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helder.person import Fact, Person, Problem, fact, person_from_json
from helder.quantities import Quantity, parse_quantity

q = parse_quantity


def read(**fields: Any) -> Person:
    person, problems = person_from_json(fields)
    assert problems == []
    return person


def wrong(**fields: Any) -> tuple[Person, list[str]]:
    person, problems = person_from_json(fields)
    return person, [problem.field for problem in problems]


class TestFact:
    def test_nothing_told_is_nothing_known(self) -> None:
        names = ("age", "sex", "pregnant", "pregnancy", "breastfeeding", "weight")
        assert [fact(Person(), name) for name in names] == [None] * 6
        named = ("has", "allergic", "takes", "result")
        assert [fact(Person(), name, "zinc") for name in named] == [None] * 4

    def test_a_condition_is_there_absent_or_not_told(self) -> None:
        person = Person(conditions=frozenset({"asthma"}), without=frozenset({"gout"}))
        assert [fact(person, "has", id_) for id_ in ("asthma", "gout", "diabetes")] == [True, False, None]

    def test_an_allergy_is_there_absent_or_not_told(self) -> None:
        person = Person(allergies=frozenset({"soya"}), tolerates=frozenset({"peanut"}))
        assert [fact(person, "allergic", id_) for id_ in ("soya", "peanut", "shellfish")] == [
            True,
            False,
            None,
        ]

    def test_who_told_what_is_taken_takes_nothing_else(self) -> None:
        person = Person(takes=frozenset({"doxycycline", "tetracyclines"}))
        assert [fact(person, "takes", id_) for id_ in ("tetracyclines", "zinc")] == [True, False]
        assert fact(Person(takes=frozenset()), "takes", "zinc") is False

    def test_a_man_is_not_pregnant_and_does_not_breastfeed(self) -> None:
        man = Person(sex="M")
        assert (fact(man, "pregnant"), fact(man, "breastfeeding")) == (False, False)

    def test_a_woman_may_be_pregnant(self) -> None:
        assert fact(Person(sex="F"), "pregnant") is None

    @pytest.mark.parametrize("person", [Person(pregnant=True), Person(breastfeeding=True), Person(pregnancy=q("8 wk"))])
    def test_who_is_pregnant_or_breastfeeds_is_a_woman(self, person: Person) -> None:
        assert fact(person, "sex") == "F"

    def test_weeks_of_pregnancy_mean_pregnant(self) -> None:
        assert fact(Person(pregnancy=q("8 wk")), "pregnant") is True

    def test_a_told_answer_stands_above_what_follows(self) -> None:
        assert fact(Person(sex="M", pregnant=True), "pregnant") is True
        assert fact(Person(sex="M", pregnant=True), "sex") == "M"

    def test_there_is_no_other_fact(self) -> None:
        with pytest.raises(KeyError):
            fact(Person(), "height")

    def test_a_fact_prints_as_a_rule_writes_it(self) -> None:
        assert [str(Fact("age")), str(Fact("result", "egfr"))] == ["age", "result(egfr)"]


class TestFromJson:
    def test_the_person_of_the_contract(self) -> None:
        person = read(
            age=67,
            sex="F",
            pregnant=False,
            pregnancy_weeks=None,
            breastfeeding=False,
            conditions=["chronic-kidney-disease"],
            allergies=["shellfish"],
            items=[{"name": "zinc", "dose": "10", "unit": "mg", "times_per_day": 1}, "iron"],
            results={"egfr": {"value": "28", "unit": "mL/min/{1.73_m2}"}},
            weight={"value": "70.5", "unit": "kg"},
            day={"wake": "07:00", "bed": "23:00"},
        )
        assert person == Person(
            age=q("67 years"),
            sex="F",
            pregnant=False,
            breastfeeding=False,
            conditions=frozenset({"chronic-kidney-disease"}),
            allergies=frozenset({"shellfish"}),
            takes=frozenset({"zinc", "iron"}),
            results={"egfr": q("28 mL/min/{1.73_m2}")},
            weight=q("70.5 kg"),
        )

    def test_an_empty_form_is_nobody_in_particular(self) -> None:
        assert read() == Person()

    @pytest.mark.parametrize(
        ("told", "age"),
        [(0, "0 a"), (67, "67 a"), ({"months": 2}, "2 mo"), ({"weeks": 5}, "5 wk"), ({"days": 3}, "3 d")],
    )
    def test_an_age(self, told: Any, age: str) -> None:
        assert read(age=told).age == q(age)

    def test_no_list_of_items_is_not_told_and_an_empty_one_is_nothing(self) -> None:
        assert read().takes is None
        assert read(items=None).takes is None
        assert read(items=[]).takes == frozenset()

    def test_names_become_ids_and_their_classes(self) -> None:
        known = {"Doxy": frozenset({"doxycycline", "tetracyclines"})}
        person, problems = person_from_json(
            {"items": ["Doxy", "Xyzzy"]}, lambda field, name: known.get(name, frozenset())
        )
        assert person.takes == frozenset({"doxycycline", "tetracyclines"})
        assert problems == [Problem("items[1]", "a name that is known here")]

    @pytest.mark.parametrize(
        ("told", "result"),
        [
            ({"value": "<0.01", "unit": "mg/L"}, "< 0.01 mg/L"),
            ({"value": "0.01", "unit": "mg/L", "comparator": "<"}, "< 0.01 mg/L"),
            ({"value": 5, "unit": "mmol/L", "comparator": None}, "5 mmol/L"),
            ({"value": 0.00001, "unit": "mmol/L"}, "0.00001 mmol/L"),
            ({"value": "7.4", "unit": "[pH]"}, "7.4 [pH]"),
        ],
    )
    def test_a_result_keeps_its_comparator(self, told: Any, result: str) -> None:
        assert read(results={"crp": told}).results == {"crp": q(result)}

    @pytest.mark.parametrize(
        ("field", "told"),
        [
            ("age", 300),
            ("age", -1),
            ("age", "67"),
            ("age", True),
            ("age", 67.5),
            ("age", {"months": 99999}),
            ("age", {"years": 1, "months": 2}),
            ("age", {"moons": 2}),
            ("age", []),
            ("sex", "X"),
            ("sex", 1),
            ("sex", []),
            ("pregnant", "yes"),
            ("pregnant", 1),
            ("pregnancy_weeks", 60),
            ("pregnancy_weeks", -2),
            ("breastfeeding", {}),
            ("weight", 70),
            ("weight", {"value": "0", "unit": "kg"}),
            ("weight", {"value": "70", "unit": "m"}),
            ("weight", {"value": "7000", "unit": "kg"}),
            ("conditions", "asthma"),
            ("allergies", {"soya": True}),
            ("items", "zinc"),
            ("results", ["egfr"]),
        ],
    )
    def test_a_bad_field_is_named_and_the_rest_is_kept(self, field: str, told: Any) -> None:
        person, fields = wrong(**({"age": 40, "weight": {"value": "70", "unit": "kg"}} | {field: told}))
        assert fields == [field]
        assert person.age == (None if field == "age" else q("40 a"))
        assert person.weight == (None if field == "weight" else q("70 kg"))

    @pytest.mark.parametrize(
        "told",
        [
            None,
            "28",
            {"value": "28"},
            {"value": "28", "unit": 3},
            {"value": "1,5", "unit": "mg/L"},
            {"value": None, "unit": "mg/L"},
            {"value": True, "unit": "mg/L"},
            {"value": float("nan"), "unit": "mg/L"},
            {"value": float("inf"), "unit": "mg/L"},
            {"value": "5", "unit": "furlong"},
            {"value": "<5", "unit": "mg/L", "comparator": "<"},
        ],
    )
    def test_a_bad_result_is_named_by_its_place(self, told: Any) -> None:
        person, fields = wrong(results={"crp": {"value": "5", "unit": "mg/L"}, "egfr": told})
        assert (person.results, fields) == ({"crp": q("5 mg/L")}, ["results[1]"])

    @pytest.mark.parametrize("name", [3, None, "", {"dose": "400"}, ["zinc"]])
    def test_a_bad_name_is_named_by_its_place(self, name: Any) -> None:
        person, fields = wrong(items=["zinc", name])
        assert (person.takes, fields) == (frozenset({"zinc"}), ["items[1]"])

    @pytest.mark.parametrize("data", [None, [], "person", 3])
    def test_what_is_no_object(self, data: Any) -> None:
        assert person_from_json(data) == (
            Person(),
            [Problem("person", "an object with fields such as age and sex")],
        )

    def test_a_number_longer_than_python_prints_is_a_problem_too(self) -> None:
        huge = 10**5000
        assert wrong(age=huge, weight={"value": huge, "unit": "kg"}) == (Person(), ["age", "weight"])

    def test_a_misspelt_field_is_not_overlooked(self) -> None:
        assert wrong(pregnnt=True) == (Person(), ["person"])

    def test_of_answers_that_contradict_each_other_the_careful_one_stays(self) -> None:
        assert wrong(sex="M", pregnant=True) == (Person(pregnant=True), ["sex"])
        assert wrong(pregnant=False, pregnancy_weeks=9) == (Person(pregnancy=q("9 wk")), ["pregnant"])

    def test_a_problem_never_tells_what_was_entered(self) -> None:
        canary = "canary-7391"
        data = {
            "age": canary,
            "sex": canary,
            "pregnant": canary,
            "pregnancy_weeks": canary,
            "weight": {"value": canary, "unit": canary},
            "conditions": canary,
            "items": [{"name": canary}],
            "results": {canary: {"value": canary, "unit": canary}, "crp": canary},
            canary: canary,
        }
        _, problems = person_from_json(data, lambda field, name: frozenset())
        assert len(problems) == 10
        assert canary not in " ".join(map(str, problems))


def test_a_person_is_made_of_what_json_can_hold() -> None:
    person, problems = person_from_json(json.loads('{"age": {"months": 2}, "items": ["zinc"], "sex": null}'))
    assert (person, problems) == (Person(age=Quantity(q("2").value, "mo"), takes=frozenset({"zinc"})), [])
