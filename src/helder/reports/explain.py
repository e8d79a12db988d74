"""A judged report as a whole: groups in the order of a doctor, patterns, what to say of each result.

Keys and ids only: `words.py` says them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, get_args

from helder.knowledge.model import Claim, Knowledge, LabGroup, LabTest
from helder.person import Judged, Person
from helder.reports.model import Judgement, Reading
from helder.rules import Rule, evaluate
from helder.rules.model import all_of, negate

GROUPS: tuple[str, ...] = get_args(LabGroup)
_SIDE: dict[Judgement, Judged] = {
    "low": "low",
    "critical_low": "low",
    "normal": "normal",
    "high": "high",
    "critical_high": "high",
}
_ORDER = ("red_flag", "high", "low", "abnormal", "worry", "moved_by", "ask", "repeat")


class Group(NamedTuple):
    """Readings of one kind, by their place in the report, and how many are outside their range."""

    group: str
    readings: tuple[int, ...]
    outside: int


class Whole(NamedTuple):
    """The report as a whole."""

    groups: tuple[Group, ...]
    patterns: tuple[str, ...]


def side(reading: Reading) -> Judged | None:
    """Low, normal or high, whatever the degree."""
    return _SIDE.get(reading.judgement)


def whole(readings: Sequence[Reading], knowledge: Knowledge) -> Whole:
    """What belongs together. Patterns rest on sure readings only: a doubtful value makes no pattern."""
    placed: dict[str, list[int]] = {}
    for index, reading in enumerate(readings):
        test = knowledge.lab_tests.get(reading.test or "")
        placed.setdefault(test.group if test else "other", []).append(index)
    groups = tuple(
        Group(group, tuple(placed[group]), sum(side(readings[i]) in ("low", "high") for i in placed[group]))
        for group in GROUPS
        if group in placed
    )
    return Whole(groups, tuple(_patterns(readings, knowledge)))


def _patterns(readings: Sequence[Reading], knowledge: Knowledge) -> Iterator[str]:
    """Those that fire, without one that another says more exactly."""
    person = Person(judged=judgements(readings))
    fired = [id_ for id_, pattern in knowledge.patterns.items() if evaluate(pattern.when, person).truth]
    rules = {id_: knowledge.patterns[id_].when for id_ in fired}
    for id_ in fired:
        if not any(_narrower(rules[other], rules[id_]) for other in fired if other != id_):
            yield id_


def _narrower(rule: Rule, than: Rule) -> bool:
    """Whether a rule never holds without another, and the other does without it."""
    nobody = Person()
    implies = evaluate(all_of((rule, negate(than))), nobody).truth is False
    return implies and evaluate(all_of((than, negate(rule))), nobody).truth is not False


def judgements(readings: Iterable[Reading]) -> dict[str, Judged]:
    """Test → where its result stands. A test with two results that disagree is left out."""
    found: dict[str, Judged] = {}
    torn: set[str] = set()
    for reading in readings:
        where = side(reading)
        if reading.test and where and reading.sure and found.setdefault(reading.test, where) != where:
            torn.add(reading.test)
    return {test: where for test, where in found.items() if test not in torn}


def claims_about(reading: Reading, test: LabTest, person: Person, dangers: frozenset[str]) -> tuple[str, ...]:
    """The claims that answer "what does this mean?" for one result: what it is, then what this direction means.

    What moves a test for somebody who takes something comes first among what moves it, and only for them.
    """
    found = [id_ for id_, claim in test.claims.items() if claim.kind == "measures"]
    where = side(reading)
    if where in ("low", "high"):
        kinds = {where, "abnormal" if reading.value is None else where, "worry", "moved_by", "ask", "repeat"}
        wanted = [(id_, claim) for id_, claim in test.claims.items() if claim.kind in kinds or id_ in dangers]
        found += [id_ for id_, claim in sorted(wanted, key=_place) if _for(claim, person)]
    return tuple(found)


def _place(pair: tuple[str, Claim]) -> tuple[int, bool]:
    return _ORDER.index(pair[1].kind), pair[1].when is None


def _for(claim: Claim, person: Person) -> bool:
    """A claim about some people is said to those it certainly holds for."""
    return claim.when is None or evaluate(claim.when, person).truth is True
