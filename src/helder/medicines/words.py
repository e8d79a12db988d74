"""Notices, totals and questions → sentences with their sources, in a reader's language for a country."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from helder.knowledge.model import Citation, Timing, Value
from helder.languages.speech import Speech, capitalised, sentence
from helder.languages.text import Text, fill, joined, slots
from helder.medicines.model import Ask, Item, Limit, Notice, Span, Total
from helder.person import Fact
from helder.quantities import Quantity, Range, parse_quantity

LONGEST_PLACES = 4


class Said(Struct, frozen=True, kw_only=True):
    """A notice in words: a label, the sentences, where they stand in the base, and who says so."""

    label: str
    text: Text
    citations: tuple[Citation, ...] = ()
    claims: tuple[str, ...] = ()
    certainty: str = "not_graded"
    verified: bool = True


class Words:
    """Says what a check found. Pure: same keys, same words."""

    def __init__(self, speech: Speech, language: str, country: str, items: Mapping[int, Item]) -> None:
        self.speech, self.language, self.country, self.items = speech, language, country, items
        self.knowledge = speech.knowledge

    # --- notices -------------------------------------------------------------------------------------

    def notice(self, notice: Notice, total: Total | None = None) -> Said:
        """The words of a notice. `total` is that of its substance, for a limit."""
        match notice.kind:
            case "interaction" | "separation" | "food":
                return self._interaction(notice)
            case "limit":
                assert total, "a limit notice comes with its total"
                assert total.limit, "and the total with its limit"
                return self._limit(notice, total, total.limit)
            case "dose":
                return self._dose(notice)
            case "overdose":
                return self.poison(notice, notice.certain)
            case "duplicate":
                return self._duplicate(notice)
        return self._about_person(notice)

    def _interaction(self, notice: Notice) -> Said:
        rule = self.knowledge.interactions[notice.rule.partition("/")[2]]
        text = self.speech.together(rule, notice.about, self.language, self.country)
        if notice.kept is not None:
            text = joined((text, self._say("kept" if notice.kept else "not_kept")), self.language)
        names = [capitalised(self.name(notice.about[0]), self.language), self.name(notice.about[1])]
        return Said(
            label=self._say("together", a=names[0], b=names[1]).plain,
            text=text,
            citations=rule.sources,
            claims=(notice.rule,),
            certainty=rule.certainty,
            verified=rule.verified,
        )

    def _about_person(self, notice: Notice) -> Said:
        group, _, id_ = notice.rule.partition("/")
        (substance,) = notice.about
        name = capitalised(self.name(substance), self.language)
        if group == "substances":
            said = self._say("allergy", name=self.name(substance))
            return Said(label=name, text=said, claims=(notice.rule,))
        if group == "cautions":
            caution = self.knowledge.cautions[id_]
            who = self.speech.who(caution.when, self.language)
            label = name if str(caution.when) == "everyone" else self._say("for_who", name=name, who=who).plain
            text = self.speech.caution(caution, substance, self.language, self.country)
            return Said(
                label=label,
                text=text,
                citations=caution.sources,
                claims=(notice.rule,),
                certainty=caution.certainty,
                verified=caution.verified,
            )
        claim = self.knowledge.substances[substance].claims[id_]
        return Said(
            label=name,
            text=self.speech.claim(substance, id_, claim, self.language, self.country),
            citations=claim.sources,
            claims=(notice.rule,),
            certainty=claim.certainty,
            verified=claim.verified,
        )

    def _limit(self, notice: Notice, total: Total, limit: Limit) -> Said:
        claim = self.knowledge.substances[total.substance].claims[limit.claim]
        sure = notice.certain
        texts = [
            self._say(
                "limit.over" if sure else "limit.may",
                amount=self.span(total.amount),
                name=self.name(total.substance),
                limit=self.value(_bare(limit.amount)),
                authority=self.speech.name(limit.authority or "", self.language, "authorities"),
                year=str(limit.year),
            )
        ]
        texts += [self._say("limit.food")] if limit.from_ == "total" else []
        texts += [self._say("limit.prescribed")] if sure else []
        return Said(
            label=self._say("too_much", name=self.name(total.substance)).plain,
            text=joined(tuple(texts), self.language),
            citations=claim.sources,
            claims=(notice.rule,),
            certainty=claim.certainty,
            verified=claim.verified,
        )

    def _dose(self, notice: Notice) -> Said:
        (substance,) = notice.about
        group, _, id_ = notice.rule.partition("/")
        if group == "timings":
            return self._too_often(notice, substance, self.knowledge.timings[id_])
        claim = self.knowledge.substances[substance].claims[id_]
        names = {"name": self.name(substance), "most": self.value(parse_quantity(notice.values["most"]))}
        amount = self.value(_rounded(parse_quantity(notice.values["amount"])))
        key = f"dose.over.{notice.values['per']}" if notice.certain else "dose.may"
        texts = (self._say(key, amount=amount, **names), self._say("dose.ask"))
        return Said(
            label=self._say("too_much", name=self.name(substance)).plain,
            text=joined(texts, self.language),
            citations=claim.sources,
            claims=(notice.rule,),
            verified=claim.verified,
        )

    def _too_often(self, notice: Notice, substance: str, timing: Timing) -> Said:
        assert timing.days_apart, "it is about days"
        text = self._say("too_often", name=self.name(substance), days=self.value(timing.days_apart))
        return Said(
            label=self._say("too_much", name=self.name(substance)).plain,
            text=text,
            citations=timing.sources,
            claims=(notice.rule,),
            verified=timing.verified,
        )

    def poison(self, notice: Notice, sure: bool) -> Said:
        """An amount that is poison; one that only may be (age, weight not told) is a call for advice."""
        (substance,) = notice.about
        claim = self.knowledge.substances[substance].claims[notice.rule.partition("/")[2]]
        amount = self.value(_rounded(parse_quantity(notice.values["amount"])))
        level = claim.level if sure else "urgent"
        text = self._say(f"overdose.{level}", amount=amount, name=self.name(substance))
        return Said(
            label=self._say("too_much", name=self.name(substance)).plain,
            text=text,
            citations=claim.sources,
            claims=(notice.rule,),
            verified=claim.verified,
        )

    def _duplicate(self, notice: Notice) -> Said:
        (substance,) = notice.about
        items = ", ".join(self.items[index].name for index in notice.items)
        name = capitalised(self.name(substance), self.language)
        return Said(
            label=self._say("twice", name=name).plain,
            text=self._say("duplicate", name=name, items=items),
            claims=(notice.rule,),
        )

    # --- questions -----------------------------------------------------------------------------------

    def question(self, ask: Ask) -> Text:
        """The question whose answer would change something."""
        return self._say(f"ask.{ask.about.name}", name=self.about(ask.about))

    def about(self, fact: Fact) -> str:
        """What a fact is about, in words; empty for age, sex and the like."""
        match fact.name:
            case "has":
                return self.speech.name(fact.argument, self.language, "conditions")
            case "allergic" | "takes":
                return self.speech.name(fact.argument, self.language)
            case "result":
                return self.speech.messages.say(f"test.{fact.argument}", self.language)
            case "salt" | "times":
                return self.items[int(fact.argument)].name
        return ""

    # --- parts ---------------------------------------------------------------------------------------

    def name(self, substance: str) -> str:
        return self.speech.name(substance, self.language).partition(" (")[0]

    def value(self, value: Value) -> str:
        return self.speech.amounts.value(value, self.language)

    def span(self, span: Span) -> str:
        """`400 mg`, `241 to 400 mg`: no more digits than a label has."""
        low, high = (_rounded(Quantity(value, span.unit)) for value in (span.low, span.high))
        return self.value(low if low == high else Range(low, high))

    def _say(self, key: str, **values: str) -> Text:
        """A message with values and the country's care routes in its slots."""
        template, found_in = self.speech.messages.pattern(f"check.{key}", self.language)
        care = {
            slot: self.speech.route(slot, self.country, found_in)
            for slot in slots(template) & {"emergency", "poison", "doctor"}
        }
        known = {slot: values[slot] for slot in slots(template) if slot in values}
        return sentence(fill(template, {**known, **care}, found_in))

    def overdose_unknown(self, names: str, held: bool) -> Text:
        """For an amount that is below what we hold as poison, or that we cannot judge: whom to call."""
        return self._say("overdose.below" if held else "overdose.unknown", name=names)

    def overdose_advice(self) -> tuple[Text, ...]:
        """What holds after too much of anything, whatever the amount."""
        return self._say("overdose.signs"), self._say("overdose.purpose")

    def wait(self, minutes: int) -> str:
        """`4 hours`, `90 minutes`, `2.5 hours`."""
        return self.speech.amounts.wait(minutes, self.language)


def _bare(amount: Quantity) -> Quantity:
    """Without its "per day", which the sentence says."""
    return Quantity(amount.value, amount.unit.removesuffix("/d"), amount.comparator)


def _rounded(amount: Quantity) -> Quantity:
    """As many digits as a label has; a whole number above 100."""
    places = 0 if amount.value >= 100 else 1 if amount.value >= 10 else 2 if amount.value >= 1 else LONGEST_PLACES
    value = round(amount.value, places)
    return Quantity(value.quantize(Decimal(1)) if value == int(value) else value.normalize(), amount.unit)
