"""Does every caution fire on its own cases, once, and say what to do? Are timings and products possible?"""

from __future__ import annotations

from collections.abc import Iterator

from helder.knowledge.problems import Path, Problem
from helder.languages.text import slots
from helder.library.checks.base import INTERFACE, Base
from helder.person import Fact, Person
from helder.quantities import convert, same_dimension
from helder.rules import Rule, evaluate
from helder.rules.model import Atom, Holds, all_of, any_of, negate, replace

HOURS_A_DAY = 24


def implied(base: Base, rule: Rule) -> Rule:
    """A rule in which whoever has the narrower condition has the wider one too."""

    def wider(atom: Atom) -> Rule:
        if not isinstance(atom, Holds) or atom.fact.name != "has":
            return atom
        narrower = [id_ for id_, facts in base.knowledge.conditions.items() if atom.fact.argument in facts.implies]
        return any_of([atom, *(Holds(Fact("has", id_)) for id_ in narrower)])

    return replace(rule, wider)


def cases(base: Base) -> Iterator[Problem]:
    """Whoever is as a must_fire case says is warned for certain; whoever is as a must_not_fire case says, never."""
    for id_, caution in base.knowledge.cautions.items():
        file = base.facts("cautions", id_)
        when = implied(base, caution.when)
        if not caution.must_fire:
            yield base.problem("case", file, ("must_fire",), "no must_fire case: a rule carries its own proof")
        if not caution.must_not_fire and str(caution.when) != "everyone":
            yield base.problem("case", file, ("must_not_fire",), "no must_not_fire case: a rule carries its own proof")
        for field, against, said in (("must_fire", negate(when), "does not fire"), ("must_not_fire", when, "may fire")):
            for index, case in enumerate(getattr(caution, field)):
                if evaluate(case, Person()).truth is False:
                    yield base.problem("case", file, (field, index), "nobody can be so")
                elif evaluate(all_of((case, against)), Person()).truth is not False:
                    yield base.problem("case", file, (field, index), f"{said} on `{case}`")


def actions(base: Base) -> Iterator[Problem]:
    """A contraindication is contraindicated or to be avoided; every rule says what to do, with `{a}` only."""
    known = base.knowledge
    for id_, caution in known.cautions.items():
        file = base.facts("cautions", id_)
        if caution.kind == "contraindication" and caution.severity not in ("contraindicated", "avoid"):
            yield base.problem("severity", file, ("severity",), "a contraindication is contraindicated or avoid")
        if caution.kind in ("stopping", "monitoring") and caution.severity in ("contraindicated", "avoid"):
            yield base.problem("severity", file, ("severity",), f"{caution.kind} is monitor or info")
        if not caution.do:
            yield base.problem("action", file, ("do",), "needs something to do")
        for group, used in (("mechanisms", (caution.why,)), ("actions", caution.do)):
            for thing in used:
                for language in INTERFACE:
                    words = known.words(language, group, thing)
                    if words and "b" in slots(words.text):
                        text = f"`{thing}` speaks of two things: a caution has only {{a}}"
                        yield base.problem("slot", file, ("do" if group == "actions" else "why",), text)
                        break


def once(base: Base) -> Iterator[Problem]:
    """Two cautions about the same thing for the same people are a mistake."""
    seen: dict[tuple[str, str, str, tuple[str, ...]], str] = {}
    for id_, caution in base.knowledge.cautions.items():
        key = (caution.of, caution.kind, str(caution.when), caution.countries)
        other = seen.setdefault(key, id_)
        if other != id_ and caution.kind != "monitoring":
            yield base.problem("twice", base.facts("cautions", id_), (), f"`{other}` says the same")


def timings(base: Base) -> Iterator[Problem]:
    """Waits are times within a day; the wait to the next meal belongs to what is taken without food."""
    for id_, timing in base.knowledge.timings.items():
        file = base.facts("timings", id_)
        for field in ("before_food", "after_food", "alone", "interval"):
            wait = getattr(timing, field)
            path: Path = (field,)
            if wait is None:
                continue
            if not same_dimension(wait.unit, "h"):
                yield base.problem("unit", file, path, f"`{wait}` is no time")
            elif not 0 < convert(wait, "h").value <= HOURS_A_DAY:
                yield base.problem("impossible", file, path, f"`{wait}` does not fit into a day")
        days = timing.days_apart
        if days and not (same_dimension(days.unit, "d") and convert(days, "d").value > 1):
            yield base.problem("unit", file, ("days_apart",), f"`{days}` is not more than a day")
        if timing.food == "with" and (timing.before_food or timing.after_food):
            yield base.problem("impossible", file, ("food",), "with food, and hours away from it")


def products(base: Base) -> Iterator[Problem]:
    """A product holds two or more things; each strength weighs only what it holds."""
    for id_, product in base.knowledge.products.items():
        file = base.facts("products", id_)
        if len(set(product.holds)) < 2:
            yield base.problem("product", file, ("holds",), "a product of one thing is a brand of that thing")
        for strength, amounts in product.strengths.items():
            for substance, amount in amounts.items():
                path = ("strengths", strength, substance)
                if substance not in product.holds:
                    yield base.problem("product", file, path, f"`{substance}` is not among what it holds")
                if amount.value <= 0:
                    yield base.problem("impossible", file, path, f"`{amount}` is not above zero")


CHECKS = (cases, actions, once, timings, products)
