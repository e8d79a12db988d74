"""What `helder plan` promises: the objects of contracts.md, made from a plan, with a published schema."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from helder.languages.sourced import SourceObject, sources_of
from helder.languages.speech import Speech
from helder.medicines.asked import Asked
from helder.medicines.contract import ProblemFieldObject, UnknownObject, problem_objects, unknown_objects
from helder.medicines.model import Item
from helder.medicines.plan.day import clock
from helder.medicines.plan.make import Conflict, GaveUp, Plan
from helder.medicines.plan.rules import DayRule
from helder.medicines.plan.words import PlanWords


class TakeObject(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to take: which item of the input, its name as told, and how (with food, once a week)."""

    item: int
    name: str
    how: str
    every_days: int
    taken: bool = False


class MomentObject(msgspec.Struct, frozen=True, kw_only=True):
    time: str
    anchor: str
    take: tuple[TakeObject, ...]


class ReasonObject(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that the plan keeps, or that it cannot keep, with its sources."""

    kind: str
    items: tuple[int, ...]
    text: str
    claims: tuple[str, ...]
    sources: tuple[SourceObject, ...]


class RepairObject(msgspec.Struct, frozen=True, kw_only=True):
    """A change that would help; `whole`: then everything has a plan."""

    kind: str
    items: tuple[int, ...]
    cost: int
    whole: bool
    text: str


class PlanObject(msgspec.Struct, frozen=True, kw_only=True):
    """`helder plan`: `moments` and `reasons`, or `conflict` and `repairs`."""

    proven: bool | None
    moments: tuple[MomentObject, ...] = ()
    as_needed: tuple[TakeObject, ...] = ()
    reasons: tuple[ReasonObject, ...] = ()
    conflict: tuple[ReasonObject, ...] = ()
    repairs: tuple[RepairObject, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: tuple[UnknownObject, ...] = ()
    problems: tuple[ProblemFieldObject, ...] = ()


SCHEMAS: dict[str, type[msgspec.Struct]] = {"plan": PlanObject}


class Planned(NamedTuple):
    """A plan with everything that is needed to tell it: `rules` are those that it was made for."""

    asked: Asked
    made: Plan | Conflict | GaveUp
    rules: tuple[DayRule, ...]

    @property
    def items(self) -> dict[int, Item]:
        return {item.index: item for item in self.asked.recognised.items}


def plan(speech: Speech, planned: Planned, language: str) -> PlanObject:
    """A plan in words."""
    made, asked = planned.made, planned.asked
    tell = _Teller(PlanWords(speech, language, planned.items), planned)
    plain = tell.plan(made) if isinstance(made, Plan) else tell.no_plan(made)
    return msgspec.structs.replace(
        plain,
        unknown=unknown_objects(asked.recognised.unknown),
        problems=problem_objects(asked.problems),
    )


class _Teller:
    """Puts one plan into the contract's objects."""

    def __init__(self, words: PlanWords, planned: Planned) -> None:
        self.speech, self.words = words.speech, words
        self.items, self.rules = planned.items, planned.rules
        self.had = {item: len(minutes) for item, minutes in planned.asked.taken.items()}

    def take(self, item: Item, taken: bool = False) -> TakeObject:
        how = self.words.how(item, self.rules)
        name = self.words.name(item.index)
        return TakeObject(item=item.index, name=name, how=how, every_days=item.every_days, taken=taken)

    def moments(self, made: Plan) -> tuple[MomentObject, ...]:
        return tuple(
            MomentObject(
                time=clock(moment.minute),
                anchor=self.words.anchor(made, moment),
                take=tuple(
                    self.take(self.items[dose.item], dose.number < self.had.get(dose.item, 0)) for dose in moment.doses
                ),
            )
            for moment in made.moments
        )

    def kept(self, made: Plan) -> tuple[ReasonObject, ...]:
        gaps = [self._reason(gap.rule, self.words.gap(gap)) for gap in made.gaps]
        own = [self.rule(rule) for rule in self.rules if rule.kind not in ("apart", "visits", "taken")]
        return (*gaps, *own)

    def rule(self, rule: DayRule) -> ReasonObject:
        return self._reason(rule, self.words.rule(rule))

    def _reason(self, rule: DayRule, text: str) -> ReasonObject:
        group, _, id_ = rule.source.partition("/")
        thing = getattr(self.speech.knowledge, group)[id_] if group else None
        return ReasonObject(
            kind=rule.kind,
            items=rule.items,
            text=text,
            claims=(rule.source,) if rule.source else (),
            sources=sources_of(self.speech.knowledge, thing.sources) if thing else (),
        )

    def repairs(self, made: Conflict) -> tuple[RepairObject, ...]:
        return tuple(
            RepairObject(
                kind=repair.kind,
                items=repair.items,
                cost=repair.cost,
                whole=repair.whole,
                text=self.words.repair(repair, made.day.meals),
            )
            for repair in made.repairs
        )

    def notes(self, made: Plan) -> tuple[str, ...]:
        proof = self.words.say("proven" if made.proven else "not_proven")
        nights = dict.fromkeys(self.words.short_night(gap) for gap in made.short_night)
        return (proof, *nights, self.words.say("check_first"))

    def plan(self, made: Plan) -> PlanObject:
        return PlanObject(
            proven=made.proven,
            moments=self.moments(made),
            as_needed=tuple(self.take(self.items[index]) for index in made.as_needed),
            reasons=self.kept(made),
            notes=self.notes(made),
        )

    def no_plan(self, made: Conflict | GaveUp) -> PlanObject:
        if isinstance(made, GaveUp):
            return PlanObject(proven=None, notes=(self.words.say("gave_up"),))
        return PlanObject(
            proven=None, conflict=tuple(self.rule(rule) for rule in made.rules), repairs=self.repairs(made)
        )
