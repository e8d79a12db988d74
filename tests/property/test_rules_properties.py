"""What holds for every rule and every person. Each class quotes the clause of the design that it checks.

The slow twin at the end of this file answers by brute force: it walks through all who fit what was told.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import floor
from random import Random
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from helder.person import Fact, Person, fact
from helder.quantities import Comparator, Quantity, parse_quantity
from helder.rules import Rule, RuleError, Verdict, all_of, any_of, evaluate, negate, overlap, parse, simplify
from helder.rules.model import All, Always, Compare, Holds, Never, Not, OfSex, atoms
from helder.rules.model import Any as AnyOf

# --- Rules and people ---------------------------------------------------------------------------------------

SIGNS = st.sampled_from(["<", "<=", ">", ">=", "="])
FLAGS = ("pregnant", "breastfeeding", "has(gout)", "has(asthma)", "takes(zinc)", "allergic(soya)")
ATOMS = st.one_of(
    st.sampled_from([*FLAGS, "sex = female", "sex = male", "everyone", "nobody"]),
    st.builds("age {} {}".format, SIGNS, st.sampled_from(["6 months", "1 year", "4 years", "30 weeks"])),
    st.builds("pregnancy {} {} weeks".format, SIGNS, st.sampled_from([12, 20])),
    st.builds("result(egfr) {} {}".format, SIGNS, st.sampled_from(["30 mL/min", "60 mL/min", "3 L/h"])),
)


def rules(conditions: st.SearchStrategy[str]) -> st.SearchStrategy[Rule]:
    return st.recursive(
        conditions.map(parse),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(all_of),
            st.lists(inner, min_size=1, max_size=3).map(any_of),
            inner.map(negate),
        ),
        max_leaves=6,
    )


RULES = rules(ATOMS)
LINKED = rules(st.sampled_from(["sex = female", "sex = male", "pregnant", "breastfeeding", "pregnancy < 12 weeks"]))
AGES = ["0 a", "3 a", "4 a", "5 mo", "11 mo", "12 mo", "28 wk", "30 wk"]
RESULTS = ["30 mL/min", "45 mL/min", "< 60 mL/min", ">= 30 mL/min", "~ 30 mL/min", "30 mmol/L", "4 L/h"]
FLAG = st.sampled_from([None, True, False])


@st.composite
def people(draw: st.DrawFn) -> Person:
    """A person whose answers agree with each other, with something told and something not."""
    sex = draw(st.sampled_from([None, "F", "M"]))
    woman = st.just(False) | st.none() if sex == "M" else FLAG
    pregnant = draw(woman)
    weeks = None if sex == "M" or pregnant is False else draw(st.sampled_from([None, 11, 12, 25]))
    conditions = draw(st.dictionaries(st.sampled_from(["gout", "asthma"]), st.booleans()))
    soya = draw(FLAG)
    return Person(
        age=draw(st.none() | st.sampled_from(AGES).map(parse_quantity)),
        sex=sex,
        pregnant=pregnant,
        pregnancy=None if weeks is None else parse_quantity(f"{weeks} weeks"),
        breastfeeding=draw(woman),
        conditions=frozenset(id_ for id_, held in conditions.items() if held),
        without=frozenset(id_ for id_, held in conditions.items() if not held),
        allergies=frozenset({"soya"} if soya else ()),
        tolerates=frozenset({"soya"} if soya is False else ()),
        takes=draw(st.sampled_from([None, frozenset(), frozenset({"zinc"})])),
        results=draw(st.just({}) | st.sampled_from(RESULTS).map(lambda text: {"egfr": parse_quantity(text)})),
    )


FEWER = {"0 a": ["5 mo", "11 mo", "30 wk"], "5 mo": ["22 wk", "160 d"], "3 a": ["40 mo"]}
"""Ages, and some that they may turn out to be."""


def learnt(person: Person, told: Person) -> Person:
    """The first person after telling what the second knows, as far as it was unknown and fits."""
    names = ("age", "sex", "breastfeeding", "pregnant", "pregnancy", "takes")
    for name in names:
        if fact(person, name) is None if name != "takes" else person.takes is None:
            fits = name != "pregnancy" or fact(person, "pregnant") is not False
            fits = fits and not (name == "sex" and told.sex == "M" and fact(person, "sex") == "F")
            person = structs.replace(person, **{name: getattr(told, name)}) if fits else person
    held = person.conditions | (told.conditions - person.without)
    return structs.replace(
        person,
        conditions=held,
        without=person.without | (told.without - held),
        allergies=person.allergies | (told.allergies - person.tolerates),
        tolerates=person.tolerates | (told.tolerates - person.allergies),
        results=person.results or told.results,
    )


# --- Properties ---------------------------------------------------------------------------------------------


class TestLearning:
    """Style, Properties: "learning an unknown never contradicts what was already certain"."""

    @given(RULES, people(), people())
    def test_more_told_changes_no_certain_answer(self, rule: Rule, person: Person, told: Person) -> None:
        before, after = evaluate(rule, person), evaluate(rule, learnt(person, told))
        assert before.truth is None or after == before

    @given(RULES, people(), st.sampled_from(sorted(FEWER)), st.data())
    def test_a_finer_age_changes_no_certain_answer(
        self, rule: Rule, person: Person, age: str, data: st.DataObject
    ) -> None:
        finer = data.draw(st.sampled_from(FEWER[age]))
        before, after = (evaluate(rule, structs.replace(person, age=parse_quantity(each))) for each in (age, finer))
        assert before.truth is None or after == before

    @given(RULES, people(), people())
    def test_what_remains_of_a_rule_gives_the_same_answer(self, rule: Rule, person: Person, told: Person) -> None:
        rest, later = simplify(rule, person), learnt(person, told)
        assert evaluate(rest, person) == evaluate(rule, person)
        assert simplify(rest, person) == rest
        assert evaluate(rest, later) == evaluate(rule, later)


class TestQuestions:
    """Design §1.3: "An unknown that would change the outcome becomes a question; one that wouldn't is never asked"."""

    @settings(max_examples=300)
    @given(RULES, people())
    def test_the_slow_twin_agrees(self, rule: Rule, person: Person) -> None:
        verdict = evaluate(rule, person)
        truth, needed = twin(rule, person)
        assert (verdict.truth, verdict.depends_on) == (truth, tuple(sorted(needed)))

    @given(LINKED, people())
    def test_and_on_answers_that_follow_from_each_other(self, rule: Rule, person: Person) -> None:
        truth, needed = twin(rule, person)
        assert evaluate(rule, person) == Verdict(truth, tuple(sorted(needed)))

    @given(RULES, people())
    def test_all_answers_together_decide(self, rule: Rule, person: Person) -> None:
        asked = evaluate(rule, person).depends_on
        outcomes = defaultdict(set)
        for world in worlds(rule, person):
            outcomes[tuple(world.get(each) for each in asked)].add(holds(rule, world))
        assert all(len(each) == 1 for each in outcomes.values())

    @given(RULES, people())
    def test_only_an_unknown_answer_asks(self, rule: Rule, person: Person) -> None:
        verdict = evaluate(rule, person)
        assert (verdict.truth is None) == bool(verdict.depends_on)


class TestLogic:
    """Reference, The rule language: "`and` binds stronger than `or`, `not` strongest; brackets as usual"."""

    @given(RULES, RULES, people())
    def test_de_morgan(self, one: Rule, other: Rule, person: Person) -> None:
        neither = all_of([negate(one), negate(other)])
        assert evaluate(negate(any_of([one, other])), person) == evaluate(neither, person)
        not_both = any_of([negate(one), negate(other)])
        assert evaluate(negate(all_of([one, other])), person) == evaluate(not_both, person)

    @given(RULES, people())
    def test_twice_not_is_nothing(self, rule: Rule, person: Person) -> None:
        assert negate(negate(rule)) == rule
        assert evaluate(Not(Not(rule)), person) == evaluate(rule, person)

    @given(RULES, people())
    def test_not_turns_the_answer_and_asks_the_same(self, rule: Rule, person: Person) -> None:
        plain, turned = evaluate(rule, person), evaluate(negate(rule), person)
        assert turned.truth is (None if plain.truth is None else not plain.truth)
        assert turned.depends_on == plain.depends_on

    @given(st.lists(RULES, min_size=2, max_size=4), people(), st.randoms(use_true_random=False))
    def test_the_order_does_not_matter(self, rules: list[Rule], person: Person, chance: Random) -> None:
        shuffled = chance.sample(rules, len(rules))
        for joined in (all_of, any_of):
            assert evaluate(joined(rules), person) == evaluate(joined(shuffled), person)

    @given(st.lists(RULES, max_size=3))
    def test_two_rows_overlap_if_one_person_fits_both(self, rows: list[Rule]) -> None:
        pairs = list(combinations(range(len(rows)), 2))
        assert overlap(rows) == [(i, j) for i, j in pairs if twin(all_of([rows[i], rows[j]]))[0] is not False]


PIECES = (
    *("and", "or", "not", "(", ")", "age", "sex", "pregnant", "has(x)", "<", "<=", "="),
    *("3", "-1", "years", "kg", "%", "female", "everyone"),
)


class TestText:
    """Rules reference: "It is one line of text"."""

    @given(RULES)
    def test_a_rule_is_the_rule_of_its_text(self, rule: Rule) -> None:
        assert parse(str(rule)) == rule

    @given(RULES)
    def test_a_rule_survives_the_compiled_base(self, rule: Rule) -> None:
        assert msgspec.json.decode(msgspec.json.encode(rule), type=Rule) == rule

    @given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES)).map(" ".join))
    def test_any_text_is_a_rule_or_an_error_with_a_place_in_it(self, text: str) -> None:
        parsed = attempt(parse, text)
        if isinstance(parsed, RuleError):
            assert 0 <= parsed.position <= len(text)
        else:
            assert parse(str(parsed)) == parsed


def attempt(parser: Callable[[str], Rule], text: str) -> Rule | RuleError:
    try:
        return parser(text)
    except RuleError as error:
        return error


# --- The slow twin ------------------------------------------------------------------------------------------

World = dict[Fact, Any]
"""One person of whom all is known: numbers are exact, ages and weeks in days."""

DAYS = {"a": Fraction("365.25"), "mo": Fraction("365.25") / 12, "wk": Fraction(7), "d": Fraction(1)}
ML_PER_MINUTE = {"mL/min": Fraction(1), "L/h": Fraction(1000, 60)}
MEANING = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}
SEX, PREGNANT, FEEDS, WEEKS, AGE, EGFR = map(
    Fact, ["sex", "pregnant", "breastfeeding", "pregnancy", "age", "result"], ["", "", "", "", "", "egfr"]
)


def holds(rule: Rule, world: World) -> bool:
    match rule:
        case Always():
            return True
        case Never():
            return False
        case Not(inner):
            return not holds(inner, world)
        case All(rules):
            return all(holds(each, world) for each in rules)
        case AnyOf(rules):
            return any(holds(each, world) for each in rules)
        case Holds(asked):
            return bool(world[asked])
        case OfSex(sex):
            return bool(world[SEX] == sex)
        case Compare(asked, op, quantity) if asked == EGFR:
            return bool(MEANING[op](world[asked], measured(quantity)))
        case Compare(asked, op, quantity):
            return bool(MEANING[op](floor(world[asked] / DAYS[quantity.unit]), quantity.value))
    raise AssertionError(rule)


def measured(quantity: Quantity) -> Fraction:
    return Fraction(quantity.value) * ML_PER_MINUTE[quantity.unit]


def fits(world: World, person: Person) -> bool:
    """Whether somebody of whom all is known may be the person of whom something was told."""
    if world[SEX] == "M" and (world[PREGNANT] or world[FEEDS]):
        return False
    if person.pregnancy and not world[PREGNANT]:
        return False
    for asked, value in world.items():
        told = getattr(person, asked.name) if not asked.argument else fact(person, asked.name, asked.argument)
        if asked in (AGE, WEEKS) and told is not None:
            if floor(value / DAYS[told.unit]) != told.value:
                return False
        elif asked == EGFR:
            tells = told is not None and told.unit in ML_PER_MINUTE and told.comparator is not Comparator.ABOUT
            if tells and not MEANING[told.comparator](value, measured(told)):
                return False
        elif told is not None and told != value:
            return False
    return True


def worlds(rule: Rule, person: Person) -> Iterator[World]:
    """Everybody that a rule can tell apart and who fits what was told."""
    choices: dict[Fact, list[Any]] = {SEX: ["F", "M"], PREGNANT: [True, False], FEEDS: [True, False]}
    cuts: dict[Fact, set[Fraction]] = defaultdict(set)
    for atom in atoms(rule):
        if isinstance(atom, Compare) and atom.fact == EGFR:
            cuts[EGFR].add(measured(atom.quantity))
        elif isinstance(atom, Compare):
            number, days = Fraction(atom.quantity.value), DAYS[atom.quantity.unit]
            cuts[atom.fact] |= {number * days, (number + 1) * days}
        elif isinstance(atom, Holds):
            choices.setdefault(atom.fact, [True, False])
    for asked, told in ((AGE, person.age), (WEEKS, person.pregnancy)):
        if asked in cuts and told:
            cuts[asked] |= {
                Fraction(told.value) * DAYS[told.unit],
                Fraction(told.value + 1) * DAYS[told.unit],
            }
    egfr = person.results.get("egfr")
    if EGFR in cuts and egfr and egfr.unit in ML_PER_MINUTE:
        cuts[EGFR].add(measured(egfr))
    choices |= {asked: points(sorted(each)) for asked, each in cuts.items()}
    everybody = (dict(zip(choices, values, strict=True)) for values in product(*choices.values()))
    return (world for world in everybody if fits(world, person))


def points(cuts: list[Fraction]) -> list[Fraction]:
    """Each cut, and a number below, between and above."""
    between = [(low + high) / 2 for low, high in pairwise(cuts)]
    return sorted({cuts[0] / 2, *cuts, *between, cuts[-1] + 1})


def twin(rule: Rule, person: Person | None = None) -> tuple[bool | None, set[Fact]]:
    """The answer, and the facts by which two who fit can differ alone and get different answers."""
    outcomes = [(world, holds(rule, world)) for world in worlds(rule, person or Person())]
    truths = {truth for _, truth in outcomes}
    needed = set()
    for asked in outcomes[0][0]:
        alike = defaultdict(set)
        for world, truth in outcomes:
            alike[tuple(value for each, value in world.items() if each != asked)].add(truth)
        if any(len(each) > 1 for each in alike.values()):
            needed.add(asked)
    return (truths.pop() if len(truths) == 1 else None), needed
