"""Topic, language, country → page: claims gathered into the fixed anatomy, typed values laid out as tables.

Pure: the same knowledge gives the same page. Nothing here knows of markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import structs

from helder.knowledge.kinds import KINDS, SLOTS, slot_of
from helder.knowledge.model import Caution, Citation, Claim, Country, Interaction, Knowledge, Substance, Value, ends
from helder.knowledge.pairs import holds_in
from helder.languages.speech import Speech, capitalised
from helder.languages.text import Text
from helder.library.drawings import draw
from helder.library.views import (
    ClaimView,
    Link,
    Page,
    Question,
    Reference,
    Section,
    SourceView,
    Table,
)
from helder.quantities import Quantity, Range, convert
from helder.rules.model import Always

FOODS_SHOWN = 8
EXAMPLE_WEIGHT = Decimal(500)
CAUTION_SLOTS = {
    "contraindication": "who_should_not",
    "caution": "who_should_not",
    "stopping": "how_long",
    "monitoring": "how_long",
}
SEVERITIES = ("contraindicated", "avoid", "separate", "monitor", "info")
LEVELS = ("emergency", "urgent", None)
FREQUENCIES = ("common", "uncommon", "rare", "unknown", None)


class Sources:
    """Numbers the sources of one page in the order in which they are first needed."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._numbers: dict[str, int] = {}

    def refer(self, citations: Iterable[Citation]) -> tuple[Reference, ...]:
        return tuple(self._reference(citation) for citation in citations)

    def _reference(self, citation: Citation) -> Reference:
        number = self._numbers.setdefault(citation.id, len(self._numbers) + 1)
        saw = citation.saw or self._knowledge.sources[citation.id].saw
        return Reference(number, citation.at, citation.supports, saw)

    def views(self) -> tuple[SourceView, ...]:
        return tuple(source_view(self._knowledge, id_, number) for id_, number in self._numbers.items())


def source_view(knowledge: Knowledge, id_: str, number: int) -> SourceView:
    """A source as a reader sees it."""
    source = knowledge.sources[id_]
    publisher = knowledge.publishers.get(source.publisher)
    return SourceView(
        number=number,
        id=id_,
        title=source.title,
        publisher=publisher.name if publisher else source.publisher,
        url=source.url,
        published=source.published,
        read=source.read,
        saw=source.saw,
        language=source.language,
    )


class PageMaker:
    """Makes the page of one topic for one language and country."""

    def __init__(self, speech: Speech, topic: str, language: str, country: str) -> None:
        self.speech = speech
        self.knowledge = speech.knowledge
        self.topic = topic
        self.facts: Substance = self.knowledge.substances[topic]
        self.language = language
        self.country = country
        self.place: Country = self.knowledge.countries[country]
        self.sources = Sources(self.knowledge)
        self.reach = speech.reach

    def page(self) -> Page:
        """The whole page. Raises KeyError where the base lacks a text that `helder validate` would have named."""
        sections = tuple(section for section in map(self.section, SLOTS) if _filled(section))
        assert self.facts.reviewed, "a topic has review dates"
        assert self.facts.review_by, "a topic has review dates"
        return Page(
            id=self.topic,
            title=self.speech.title(self.topic, self.language),
            language=self.language,
            direction="rtl" if self.language == "ar" else "ltr",
            country=self.country,
            summary=self.summary().plain,
            sections=sections,
            sources=self.sources.views(),
            checked=self.facts.reviewed,
            next_check=self.facts.review_by,
            clinician=self.facts.clinician,
            missing=sum(view.text.language != self.language for s in sections for view in s.claims),
            kind=self.facts.kind,
            needs=tuple(self._link("needs", need) for need in self.facts.needs),
            compare=tuple(Link(id_, self.speech.title(id_, self.language)) for id_ in self._comparable()),
        )

    def summary(self) -> Text:
        """What it is, for lists and search engines; empty where the topic says nothing of the kind."""
        for id_, claim in self.facts.claims.items():
            if claim.kind == "identity":
                return self.speech.claim(self.topic, id_, claim, self.language, self.country)
        return Text((), self.language)

    def section(self, slot: str) -> Section:
        own = sorted(self._claims(slot), key=_order)
        return Section(
            slot=slot,
            heading=self.speech.messages.say(f"slot.{slot}", self.language),
            claims=(
                *(self.claim(id_, claim) for id_, claim in own),
                *self._interactions(slot),
                *self._cautions(slot),
            ),
            tables=tuple(self._tables(slot)),
            drawing=draw(self.speech, self.topic, self.language, self.country) if slot == "facts" else None,
            questions=self._questions() if slot == "questions" else (),
        )

    # --- claims --------------------------------------------------------------------------------------

    def _claims(self, slot: str) -> Iterator[tuple[str, Claim]]:
        for id_, claim in self.facts.claims.items():
            if slot_of(claim) == slot and self._here(claim.countries) and not KINDS[claim.kind].templated:
                yield id_, claim

    def claim(self, id_: str, claim: Claim) -> ClaimView:
        assert self.facts.reviewed, "a topic has review dates"
        return ClaimView(
            id=f"{self.topic}/{id_}",
            kind=claim.kind,
            text=self.speech.claim(self.topic, id_, claim, self.language, self.country),
            certainty=claim.certainty,
            references=self.sources.refer(claim.sources),
            reviewed=claim.reviewed or self.facts.reviewed,
            verified=claim.verified,
            level=claim.level,
            effect=claim.effect,
            label=self._label(claim),
            serious=claim.serious,
            frequency=claim.frequency,
            disagrees_with=claim.disagrees_with,
        )

    def _label(self, claim: Claim) -> str | None:
        if claim.goal:
            return capitalised(self.speech.label(self.topic, claim.goal, self.language), self.language)
        return self.speech.title(claim.with_, self.language) if claim.with_ else None

    def _interactions(self, slot: str) -> Iterator[ClaimView]:
        if slot != "with_other_medicines":
            return
        mine = set(self.reach.sides(self.topic))
        known = self.knowledge.interactions
        rules = [(id_, known[id_]) for id_ in self.reach.about(self.topic) if self._here(known[id_].countries)]
        for id_, rule in sorted(rules, key=lambda item: self._severity_and_name(item[1], mine)):
            yield self._interaction(id_, rule, mine)

    def _here(self, countries: tuple[str, ...]) -> bool:
        return holds_in(countries, self.country)

    def _partner(self, rule: Interaction, mine: set[str]) -> str:
        first, second = rule.between
        return second if first in mine else first

    def _severity_and_name(self, rule: Interaction, mine: set[str]) -> tuple[int, str]:
        return SEVERITIES.index(rule.severity), self.speech.name(self._partner(rule, mine), self.language).lower()

    def _interaction(self, id_: str, rule: Interaction, mine: set[str]) -> ClaimView:
        assert self.facts.reviewed, "a topic has review dates"
        return ClaimView(
            id=id_,
            kind=rule.kind,
            text=self.speech.interaction(rule, self.language, self.country),
            certainty=rule.certainty,
            references=self.sources.refer(rule.sources),
            reviewed=self.facts.reviewed,
            verified=rule.verified,
            label=capitalised(self.speech.name(self._partner(rule, mine), self.language), self.language),
            severity=rule.severity,
            disagrees_with=rule.disagrees_with,
        )

    def _cautions(self, slot: str) -> Iterator[ClaimView]:
        """Rules about this medicine or a class of it: each says who it is about, what to do, and why."""
        mine = [(id_, rule) for id_, rule in self.reach.cautions(self.topic) if CAUTION_SLOTS[rule.kind] == slot]
        here = [item for item in mine if self._here(item[1].countries)]
        for id_, rule in sorted(here, key=lambda item: SEVERITIES.index(item[1].severity)):
            yield self._caution(id_, rule)

    def _caution(self, id_: str, rule: Caution) -> ClaimView:
        assert self.facts.reviewed, "a topic has review dates"
        everyone = isinstance(rule.when, Always)
        return ClaimView(
            id=f"cautions/{id_}",
            kind=rule.kind,
            text=self.speech.caution(rule, self.topic, self.language, self.country),
            certainty=rule.certainty,
            references=self.sources.refer(rule.sources),
            reviewed=self.facts.reviewed,
            verified=rule.verified,
            label=None if everyone else self.speech.who(rule.when, self.language),
            severity=rule.severity,
        )

    def _questions(self) -> tuple[Question, ...]:
        return tuple(
            Question(id_, self.speech.question(self.topic, id_, self.language), tuple(f"{self.topic}/{c}" for c in ids))
            for id_, ids in self.facts.questions.items()
        )

    # --- tables --------------------------------------------------------------------------------------

    def _tables(self, slot: str) -> Iterator[Table]:
        if slot == "facts":
            yield from self._amount_tables("reference_intake", self.place.intakes)
            yield from self._amount_tables("upper_limit", self.place.limits)
            yield from self._dose_tables("max_dose")
        elif slot == "too_much":
            yield from self._dose_tables("toxic_dose")
        elif slot == "from_food":
            yield from self._foods()
        elif slot == "brands_and_forms":
            yield from self._forms()
            yield from self._brands()

    def _amount_tables(self, kind: str, order: tuple[str, ...]) -> Iterator[Table]:
        """One table per authority, the reader's own first: authorities may differ, and the page shows it."""
        own = {authority: place for place, authority in enumerate(order)}
        claims = [(id_, claim) for id_, claim in self.facts.claims.items() if claim.kind == kind]
        ordered = sorted(claims, key=lambda item: own.get(item[1].authority or "", len(own)))
        for id_, claim in ordered:
            yield self._amounts(id_, claim, claim.authority == ordered[0][1].authority)

    def _amounts(self, id_: str, claim: Claim, own: bool) -> Table:
        say = self.speech.messages.say
        key = f"intake.{claim.type}" if claim.kind == "reference_intake" else f"limit.{claim.from_}"
        authority = self.speech.name(claim.authority or "", self.language, "authorities")
        elemental = claim.basis == "elemental" and any(form.fraction < 1 for form in self.facts.forms.values())
        return Table(
            id=id_,
            caption=self._of_goal(claim, say(key, self.language, authority=authority, year=str(claim.year))),
            head=(say("table.who", self.language), say("table.per_day", self.language)),
            rows=tuple(
                (
                    capitalised(self.speech.people.who(row.when, self.language), self.language),
                    self.speech.amounts.value(_a_day(row.amount), self.language),
                )
                for row in claim.rows
            ),
            references=self.sources.refer(claim.sources),
            note=say("facts.elemental", self.language, name=self._name()) if elemental else "",
            verified=claim.verified,
            own=own,
        )

    def _dose_tables(self, kind: str) -> Iterator[Table]:
        """The most of a medicine, or the amount from which on one must act: a table for each care or level."""
        said: dict[tuple[str, bool], list[tuple[str, Claim]]] = {}
        for id_, claim in self.facts.claims.items():
            if claim.kind == kind and self._here(claim.countries):
                said.setdefault((claim.care or claim.level or "", claim.verified), []).append((id_, claim))
        for (name, _), claims in said.items():
            yield self._doses(name, claims)

    def _doses(self, name: str, claims: list[tuple[str, Claim]]) -> Table:
        say, who = self.speech.messages.say, self.speech.people.who
        citations = {citation.id: citation for _, claim in claims for citation in claim.sources}
        return Table(
            id=claims[0][0],
            caption=say(f"dose.{name}", self.language),
            head=(say("table.who", self.language), say("table.most", self.language)),
            rows=tuple(
                (capitalised(who(row.when, self.language), self.language), self._dose(row.amount))
                for _, claim in claims
                for row in claim.rows
            ),
            references=self.sources.refer(citations.values()),
            verified=all(claim.verified for _, claim in claims),
        )

    def _dose(self, amount: Value) -> str:
        """`1 g at a time`, `4 g per day`."""
        words = self.speech.amounts.value(amount, self.language)
        per_time = not any(end.unit.endswith(("/d", "/wk", "/h")) for end in ends(amount))
        return self.speech.messages.say("dose.at_a_time", self.language, amount=words) if per_time else words

    def _of_goal(self, claim: Claim, caption: str) -> str:
        """A form with a need or limit of its own (nicotinic acid) is named."""
        word = self.speech.form(self.topic, claim.form, self.language) if claim.form else self._label(claim)
        return f"{capitalised(word, self.language)}: {caption}" if word else caption

    def _foods(self) -> Iterator[Table]:
        rich = sorted(
            (food for food in self.knowledge.foods.items() if self.topic in food[1].per_100g),
            key=lambda food: -_in_grams(_of(food[1].per_100g[self.topic], food[1].portion)),
        )[:FOODS_SHOWN]
        if not rich:
            return
        say, value = self.speech.messages.say, self.speech.amounts.value
        rows = []
        citations: list[Citation] = []
        for id_, food in rich:
            amount = food.per_100g[self.topic]
            words = self.speech.best("foods", id_, self.language, lambda texts: texts.portion)
            portion = f"{words[0] if words else ''} ({value(food.portion, self.language)})".strip()
            name = capitalised(self.speech.name(id_, self.language, "foods"), self.language)
            held = f"{value(_of(amount, food.portion), self.language)} · {portion}"
            rows.append((name, held, value(amount, self.language)))
            citations += [citation for citation in food.sources if citation.id not in {c.id for c in citations}]
        heads = ("table.food", "table.per_portion", "table.per_100g")
        yield Table(
            id="foods",
            caption=say("table.foods.caption", self.language, name=self._name()),
            head=tuple(say(head, self.language) for head in heads),
            rows=tuple(rows),
            references=self.sources.refer(Citation(id=c.id) for c in citations),
        )

    def _forms(self) -> Iterator[Table]:
        weighed = {id_: form for id_, form in self.facts.forms.items() if form.fraction < 1}
        if not weighed:
            return
        say = self.speech.messages.say
        citations = {c.id: c for form in weighed.values() for c in form.sources}
        ordered = sorted(weighed.items(), key=lambda item: -item[1].fraction)
        yield Table(
            id="forms",
            caption=say("table.forms.caption", self.language, name=self._name()),
            head=(
                say("table.form", self.language),
                say("table.share", self.language, name=self._name()),
                say("table.weighed", self.language),
            ),
            rows=tuple(self._form(id_, form.fraction) for id_, form in ordered),
            references=self.sources.refer(Citation(id=id_) for id_ in citations),
        )

    def _form(self, id_: str, fraction: Decimal) -> tuple[str, str, str]:
        value = self.speech.amounts.value
        weighed = Quantity(value=_rounded(fraction * EXAMPLE_WEIGHT), unit="mg")
        percent = Quantity(value=_rounded(fraction * 100), unit="%")
        return (
            capitalised(self.speech.form(self.topic, id_, self.language), self.language),
            value(percent, self.language),
            value(weighed, self.language),
        )

    def _brands(self) -> Iterator[Table]:
        """Names of products in the reader's country, each with where it was seen."""
        for id_, claim in self.facts.claims.items():
            if claim.kind == "brand" and self.country in claim.countries:
                names = ", ".join(claim.names)
                country = self.speech.country(self.country, self.language)
                yield Table(
                    id=id_,
                    caption=self.speech.messages.say("brand.in", self.language, country=country, names=names),
                    head=(),
                    rows=(),
                    references=self.sources.refer(claim.sources),
                )

    # --- links ---------------------------------------------------------------------------------------

    def _name(self) -> str:
        return self.speech.name(self.topic, self.language)

    def _link(self, group: str, id_: str) -> Link:
        return Link(id_, capitalised(self.speech.name(id_, self.language, group), self.language))

    def _comparable(self) -> tuple[str, ...]:
        return tuple(id_ for id_ in self.facts.compare if id_ in self.knowledge.topics)


def make_page(speech: Speech, topic: str, language: str, country: str) -> Page:
    """The page of a topic. Raises KeyError for a topic or country that the base does not have."""
    return PageMaker(speech, topic, language, country).page()


def _a_day(amount: Value) -> Value:
    """The amount without its "per day", for a column that says so in its head."""
    if isinstance(amount, Range):
        ends = [
            structs.replace(end, unit=end.unit.removesuffix("/d")) if end else None for end in (amount.low, amount.high)
        ]
        return Range(*ends)
    return structs.replace(amount, unit=amount.unit.removesuffix("/d"))


def _filled(section: Section) -> bool:
    return bool(section.claims or section.tables or section.questions)


def _order(item: tuple[str, Claim]) -> tuple[int, int, int]:
    """Most dangerous first, then most common; within that the author's order (sorting is stable)."""
    claim = item[1]
    contraindication_first = 0 if claim.kind == "contraindication" else 1
    return LEVELS.index(claim.level), contraindication_first, FREQUENCIES.index(claim.frequency)


def _in_grams(amount: Quantity) -> Decimal:
    return convert(Quantity(value=amount.value, unit=amount.unit), "g").value if amount.unit != "[IU]" else amount.value


def _of(per_100g: Quantity, portion: Quantity) -> Quantity:
    """What a portion holds, rounded to what a kitchen scale can tell."""
    grams = convert(portion, "g").value
    return Quantity(value=_rounded(per_100g.value * grams / 100), unit=per_100g.unit)


def _rounded(value: Decimal) -> Decimal:
    """Two significant digits below 100, whole numbers above: no more precision than the source has."""
    places = -1 if value >= 1000 else 0 if value >= 10 else 1 if value >= 1 else 2
    return round(value, places).normalize() + 0
