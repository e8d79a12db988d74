"""`helder missed` and `helder overdose`: sentences from claims, with the country's numbers to call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from helder.languages.sourced import SourceObject, sources_of
from helder.languages.text import Phone, Text
from helder.medicines.advice import Advice, Poison, missed, poisoned, speaking
from helder.medicines.asked import Asked, Taker
from helder.medicines.contract import (
    AskObject,
    CallObject,
    ProblemFieldObject,
    UnknownObject,
    problem_objects,
    unknown_objects,
)
from helder.medicines.model import SEVERITIES, Ask, Item
from helder.medicines.words import Words


class SentenceObject(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence, the claims that it comes from and their sources; `frame`: a fixed phrase without a claim."""

    text: str
    language: str
    claims: tuple[str, ...] = ()
    sources: tuple[SourceObject, ...] = ()
    call: tuple[CallObject, ...] = ()
    frame: bool = False


class AdviceObject(msgspec.Struct, frozen=True, kw_only=True):
    """What is said about one item. `decision`: take or skip, where hours decide; `level`: emergency or urgent."""

    item: int
    name: str
    decision: str | None = None
    level: str | None = None
    sentences: tuple[SentenceObject, ...] = ()


class AdvisedObject(msgspec.Struct, frozen=True, kw_only=True):
    """Advice per item, in the order told; what was not recognised stands in `unknown`."""

    urgency: str
    items: tuple[AdviceObject, ...]
    unknown: tuple[UnknownObject, ...]
    problems: tuple[ProblemFieldObject, ...]
    general: tuple[SentenceObject, ...] = ()
    asks: tuple[AskObject, ...] = ()


SCHEMAS: dict[str, type[msgspec.Struct]] = {"advice": AdvisedObject, "sentence": SentenceObject}


class Adviser:
    """Says what to do, for one person in one country and language."""

    def __init__(self, taker: Taker, words: Words, asked: Asked) -> None:
        self.taker, self.words, self.asked = taker, words, asked
        self.speech = words.speech

    # --- a missed dose -------------------------------------------------------------------------------

    def missed(self, late: Mapping[int, int]) -> AdvisedObject:
        """`late`: item → minutes after its usual time."""
        items = self.asked.recognised.items
        made = tuple(self._missed(item, missed(self.taker, item, late.get(item.index)), late) for item in items)
        return self._advised("none", made)

    def _missed(self, item: Item, advice: tuple[Advice, ...], late: Mapping[int, int]) -> AdviceObject:
        said: list[SentenceObject] = []
        decisions = {each.decision for each in advice}
        decision = decisions.pop() if len(decisions) == 1 else None
        for each in advice:
            if decision and each.decided_by:
                wait = self.words.wait(late[item.index])
                text = self.speech.messages.say(f"med.late.{decision}", self.words.language, late=wait)
                said.append(self._of_claims(text, each.substance, (each.decided_by,)))
            said += self._claims(each.substance, each.claims)
            if not each.claims:
                said.append(self._frame("med.missed_general", name=self.words.name(each.substance)))
        return AdviceObject(item=item.index, name=item.name, decision=decision, sentences=tuple(said))

    # --- too much --------------------------------------------------------------------------------------

    def overdose(self) -> AdvisedObject:
        """The amounts of the items as taken at once. Nothing here ever says that an amount is harmless.

        What may be poison for a child is a call for advice until age and weight are told.
        """
        items = self.asked.recognised.items
        found = [poisoned(self.taker, item) for item in items]
        made = tuple(self._poisoned(item, poisons) for item, poisons in zip(items, found, strict=True))
        urgency = "emergency" if any(each.level == "emergency" for each in made) else "urgent"
        general = tuple(self._said(text, frame=True) for text in self.words.overdose_advice())
        return msgspec.structs.replace(self._advised(urgency, made), general=general, asks=tuple(self._asks(found)))

    def _asks(self, found: Iterable[tuple[Poison, ...]]) -> Iterator[AskObject]:
        """What would tell whether the amount is poison for this person: the weight, the age."""
        for fact in sorted({fact for poisons in found for poison in poisons for fact in poison.notice.depends_on}):
            yield AskObject(str(fact), self.words.question(Ask(about=fact)).plain, ())

    def _poisoned(self, item: Item, poisons: tuple[Poison, ...]) -> AdviceObject:
        worst = _worst_each(poisons)
        said: list[SentenceObject] = []
        for poison in worst:
            words = self.words.poison(poison.notice, poison.sure)
            said.append(self._said(words.text, words.claims, sources_of(self.speech.knowledge, words.citations)))
        if not worst:
            names = ", ".join(self.words.name(substance) for substance in item.substances)
            said.append(self._said(self.words.overdose_unknown(names, self._held(item)), frame=True))
        for substance in item.substances:
            said += self._claims(substance, tuple(speaking(self.taker, substance, "overdose")))
        level = (
            "emergency"
            if any(poison.sure and poison.notice.severity == "contraindicated" for poison in worst)
            else "urgent"
        )
        return AdviceObject(item=item.index, name=item.name, level=level, sentences=tuple(said))

    def _held(self, item: Item) -> bool:
        """Whether the base holds a poisonous amount of all that the item brings, and the item tells its amount."""
        return all(part.amount and speaking(self.taker, part.substance, "toxic_dose") for part in item.parts)

    # --- sentences ---------------------------------------------------------------------------------------

    def _claims(self, substance: str, ids: tuple[str, ...]) -> Iterator[SentenceObject]:
        for id_ in ids:
            claim = self.speech.knowledge.substances[substance].claims[id_]
            text = self.speech.claim(substance, id_, claim, self.words.language, self.taker.country)
            yield self._said(text, (f"{substance}/{id_}",), sources_of(self.speech.knowledge, claim.sources))

    def _of_claims(self, text: str, substance: str, ids: tuple[str, ...]) -> SentenceObject:
        claims = self.speech.knowledge.substances[substance].claims
        sources = [citation for id_ in ids for citation in claims[id_].sources]
        return SentenceObject(
            text=text,
            language=self.words.language,
            claims=tuple(f"{substance}/{id_}" for id_ in ids),
            sources=sources_of(self.speech.knowledge, sources),
        )

    def _frame(self, key: str, **values: str) -> SentenceObject:
        text = self.speech.messages.say(key, self.words.language, **values)
        return SentenceObject(text=text, language=self.words.language, frame=True)

    def _said(
        self, text: Text, claims: tuple[str, ...] = (), sources: tuple[SourceObject, ...] = (), frame: bool = False
    ) -> SentenceObject:
        calls = tuple(CallObject(part.dial, part.shown) for part in text.parts if isinstance(part, Phone))
        return SentenceObject(
            text=text.plain, language=text.language, claims=claims, sources=sources, call=calls, frame=frame
        )

    def _advised(self, urgency: str, made: tuple[AdviceObject, ...]) -> AdvisedObject:
        recognised = self.asked.recognised
        return AdvisedObject(
            urgency=urgency,
            items=made,
            unknown=unknown_objects(recognised.unknown),
            problems=problem_objects(self.asked.problems),
        )


def _worst_each(found: tuple[Poison, ...]) -> tuple[Poison, ...]:
    """One a substance: what is sure before what may be, then the most dangerous."""
    worst: dict[tuple[str, ...], Poison] = {}
    for poison in sorted(found, key=lambda each: (not each.sure, SEVERITIES.index(each.notice.severity))):
        worst.setdefault(poison.notice.about, poison)
    return tuple(worst.values())
