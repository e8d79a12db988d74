"""Does everything that is named exist, is everything there that must be, and is it still fresh?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from helder.knowledge.kinds import KINDS, SLOTS
from helder.knowledge.load import FILES, FOLDERS
from helder.knowledge.model import Claim
from helder.knowledge.problems import Path, Problem
from helder.library.checks.base import Base
from helder.rules import Rule, references

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COUNTRY = re.compile(r"[A-Z]{2}")
NOT_FROM_A_LABORATORY = frozenset({"qtc"})
"""Measurements that rules may speak of and no laboratory makes."""
LONGEST_REVIEW = dt.timedelta(days=3 * 366)


def ids(base: Base) -> Iterator[Problem]:
    """Ids are lower-case words with hyphens; countries are ISO codes."""
    for group in (*FILES, *FOLDERS):
        pattern = COUNTRY if group == "countries" else ID
        for id_ in getattr(base.knowledge, group):
            if not pattern.fullmatch(id_):
                yield base.problem("id", base.facts(group, id_), (), f"`{id_}`: expected lower-case-with-hyphens")


def kinds(base: Base) -> Iterator[Problem]:
    """Every claim is of a known kind and holds what its kind needs."""
    for topic, facts in base.topics.items():
        file = base.facts("substances", topic)
        for id_, claim in facts.claims.items():
            path = ("claims", id_)
            if claim.kind not in KINDS:
                yield base.problem("kind", file, (*path, "kind"), f"unknown kind `{claim.kind}`")
                continue
            if claim.slot and claim.slot not in SLOTS:
                yield base.problem("kind", file, (*path, "slot"), f"unknown place `{claim.slot}`")
            for field in KINDS[claim.kind].needs:
                if not getattr(claim, field):
                    text = f"{id_}: a {claim.kind} needs `{field.rstrip('_')}`"
                    yield base.problem("kind-needs", file, path, text)


NOT_IN_A_MEDICINE = frozenset(
    {"reference_intake", "upper_limit", "deficiency", "comparison", "unknown", "contraindication", "caution"}
)
"""Kinds that a medicine's page can do without; its contraindications and cautions are rules of their own."""


def complete(base: Base) -> Iterator[Problem]:
    """A topic holds every kind that belongs in one, or a claim that says why it can't."""
    expected = {name for name, kind in KINDS.items() if kind.in_every_topic}
    for topic, facts in base.topics.items():
        file = base.facts("substances", topic)
        present = {claim.kind for claim in facts.claims.values()}
        needed = expected - NOT_IN_A_MEDICINE if facts.kind == "medicine" else expected
        for kind in sorted(needed - present - set(facts.absent)):
            yield base.problem("incomplete", file, ("claims",), f"no {kind}: write one, or name why in `absent`")
        for kind, id_ in facts.absent.items():
            if kind not in KINDS or kind in present:
                yield base.problem("incomplete", file, ("absent", kind), f"`{kind}` is not absent here")
            if id_ not in facts.claims:
                yield base.problem("unknown-id", file, ("absent", kind), f"no claim `{id_}`")
        if not facts.questions:
            yield base.problem("incomplete", file, (), "no questions that people ask")


def sourced(base: Base) -> Iterator[Problem]:
    """Every claim, form, rule and food has a source."""
    for of, id_, claim in base.claims():
        if not claim.sources:
            yield base.problem("no-source", f"{of}/facts.yaml", ("claims", id_), f"{id_}: no source; a fact needs one")
    for group in ("interactions", "cautions", "timings", "foods", "emergencies"):
        for id_, thing in getattr(base.knowledge, group).items():
            if not thing.sources:
                yield base.problem("no-source", base.facts(group, id_), (), "no source; a fact needs one")
    for topic, facts in base.knowledge.substances.items():
        for id_, form in facts.forms.items():
            if not form.sources:
                file = base.facts("substances", topic)
                yield base.problem("no-source", file, ("forms", id_), f"{id_}: no source; a fact needs one")


def references_exist(base: Base) -> Iterator[Problem]:
    """Every id that is named exists."""
    for file, path, id_, known in _named(base):
        if id_ not in known:
            yield base.problem("unknown-id", file, path, f"nothing is called `{id_}`")


def _named(base: Base) -> Iterator[tuple[str, Path, str, Iterable[str]]]:
    known = base.knowledge
    for file, path, citation in base.citations():
        yield file, path, citation.id, known.sources
    for id_, source in known.sources.items():
        yield base.facts("sources", id_), ("publisher",), source.publisher, known.publishers
    for id_, group in known.classes.items():
        for member in group.members:
            yield base.facts("classes", id_), ("members",), member, known.substances
    for id_, country in known.countries.items():
        for field in ("limits", "intakes"):
            for authority in getattr(country, field):
                yield base.facts("countries", id_), (field,), authority, known.authorities
    for id_, food in known.foods.items():
        for nutrient in food.per_100g:
            yield base.facts("foods", id_), ("per_100g", nutrient), nutrient, known.substances
    for id_, condition in known.conditions.items():
        yield from (
            (base.facts("conditions", id_), ("implies",), wider, known.conditions) for wider in condition.implies
        )
    for id_, product in known.products.items():
        yield from ((base.facts("products", id_), ("holds",), held, known.substances) for held in product.holds)
        yield from ((base.facts("products", id_), ("countries",), code, known.countries) for code in product.countries)
    yield from _named_in_topics(base)
    yield from _named_in_interactions(base)
    yield from _named_in_cautions(base)


def _named_in_topics(base: Base) -> Iterator[tuple[str, Path, str, Iterable[str]]]:
    known = base.knowledge
    for topic, facts in base.topics.items():
        file = base.facts("substances", topic)
        yield from ((file, ("needs",), id_, known.needs) for id_ in facts.needs)
        yield from ((file, ("compare",), id_, known.topics) for id_ in facts.compare)
        for question, answers in facts.questions.items():
            yield from ((file, ("questions", question), id_, facts.claims) for id_ in answers)
        for id_, claim in facts.claims.items():
            yield from _named_in_claim(base, file, ("claims", id_), claim, facts.claims)


def _named_in_claim(
    base: Base, file: str, path: Path, claim: Claim, siblings: Iterable[str]
) -> Iterator[tuple[str, Path, str, Iterable[str]]]:
    known = base.knowledge
    if claim.authority:
        yield file, (*path, "authority"), claim.authority, known.authorities
    if claim.form:
        yield file, (*path, "form"), claim.form, base.knowledge.substances[file.split("/")[1]].forms
    if claim.with_:
        yield file, (*path, "with"), claim.with_, known.topics
    yield from ((file, (*path, "disagrees_with"), id_, siblings) for id_ in claim.disagrees_with)
    yield from ((file, (*path, "countries"), code, known.countries) for code in claim.countries)
    rules = [claim.when] if claim.when else []
    for rule in [*rules, *(row.when for row in claim.rows)]:
        yield from _named_in_rule(base, file, (*path, "when"), rule)


def _named_in_interactions(base: Base) -> Iterator[tuple[str, Path, str, Iterable[str]]]:
    known = base.knowledge
    things = {**known.substances, **known.classes}
    for id_, rule in known.interactions.items():
        file = base.facts("interactions", id_)
        yield from ((file, ("between",), thing, things) for thing in rule.between)
        yield from ((file, ("except",), thing, known.substances) for thing in rule.except_)
        yield from ((file, ("do",), action, known.actions) for action in rule.do)
        yield from ((file, ("disagrees_with",), other, known.interactions) for other in rule.disagrees_with)
        yield from ((file, ("countries",), code, known.countries) for code in rule.countries)
        yield file, ("why",), rule.why, known.mechanisms
        for field in ("must_fire", "must_not_fire"):
            for case in getattr(rule, field):
                yield from ((file, (field,), taken, known.substances) for taken in case)
        if rule.when:
            yield from _named_in_rule(base, file, ("when",), rule.when)


def _named_in_cautions(base: Base) -> Iterator[tuple[str, Path, str, Iterable[str]]]:
    known = base.knowledge
    things = {**known.substances, **known.classes}
    for id_, caution in known.cautions.items():
        file = base.facts("cautions", id_)
        yield file, ("of",), caution.of, things
        yield file, ("why",), caution.why, known.mechanisms
        yield from ((file, ("do",), action, known.actions) for action in caution.do)
        yield from ((file, ("except",), thing, known.substances) for thing in caution.except_)
        yield from ((file, ("countries",), code, known.countries) for code in caution.countries)
        for rule in (caution.when, *caution.must_fire, *caution.must_not_fire):
            yield from _named_in_rule(base, file, ("when",), rule)
    for id_, timing in known.timings.items():
        yield base.facts("timings", id_), ("of",), timing.of, things


def _named_in_rule(base: Base, file: str, path: Path, rule: Rule) -> Iterator[tuple[str, Path, str, Iterable[str]]]:
    known = base.knowledge
    things: dict[str, Iterable[str]] = {
        "has": known.conditions,
        "takes": {**known.substances, **known.classes},
        "result": {*known.lab_tests, *NOT_FROM_A_LABORATORY},
        "low": known.lab_tests,
        "high": known.lab_tests,
    }
    for fact in sorted(references(rule)):
        if fact.name in things:
            yield file, path, fact.argument, things[fact.name]


def reviews(base: Base) -> Iterator[Problem]:
    """Review dates are there, in order, not passed, and not years away."""
    for topic, facts in base.topics.items():
        file = base.facts("substances", topic)
        yield from _review(base, file, (), facts.reviewed, facts.review_by)
        for id_, claim in facts.claims.items():
            if claim.reviewed or claim.review_by:
                dates = (claim.reviewed or facts.reviewed, claim.review_by or facts.review_by)
                yield from _review(base, file, ("claims", id_), *dates)
    for code, country in base.knowledge.countries.items():
        yield from _review(base, base.facts("countries", code), (), country.reviewed, country.review_by)


def _review(
    base: Base, file: str, path: Path, reviewed: dt.date | None, review_by: dt.date | None
) -> Iterator[Problem]:
    if reviewed is None or review_by is None:
        yield base.problem("review", file, path, "needs `reviewed` and `review_by`")
        return
    if review_by < base.today:
        yield base.problem("review", file, (*path, "review_by"), f"review was due on {review_by}")
    if reviewed > base.today:
        yield base.problem("review", file, (*path, "reviewed"), f"{reviewed} lies in the future")
    if review_by - reviewed > LONGEST_REVIEW:
        yield base.problem("review", file, (*path, "review_by"), "more than three years between reviews")


def conflicts(base: Base) -> Iterator[Problem]:
    """A disagreement is said on both sides."""
    for topic, facts in base.topics.items():
        for id_, claim in facts.claims.items():
            for other in claim.disagrees_with:
                found = facts.claims.get(other)
                if found and id_ not in found.disagrees_with:
                    file = base.facts("substances", topic)
                    text = f"`{other}` does not disagree back"
                    yield base.problem("one-sided-conflict", file, ("claims", id_, "disagrees_with"), text)
    for id_, rule in base.knowledge.interactions.items():
        for other in rule.disagrees_with:
            found_rule = base.knowledge.interactions.get(other)
            if found_rule and id_ not in found_rule.disagrees_with:
                file = base.facts("interactions", id_)
                yield base.problem("one-sided-conflict", file, ("disagrees_with",), f"`{other}` does not disagree back")


def supported_values(base: Base) -> Iterator[Problem]:
    """A source that bears only some values names values that exist."""
    for of, id_, claim in base.claims():
        fields = {*claim.values, "amount", "rows", "hours"}
        for index, citation in enumerate(claim.sources):
            for name in citation.supports:
                if name not in fields:
                    path = ("claims", id_, "sources", index)
                    text = f"{id_}: supports `{name}`, which is no value of this claim"
                    yield base.problem("unknown-value", f"{of}/facts.yaml", path, text)


CHECKS = (ids, kinds, complete, sourced, references_exist, reviews, conflicts, supported_values)
