"""Claims, rules about two things, and care routes → sentences in a reader's language.

The only place where texts are looked up. A text that a language lacks comes from the best other one and says so
(`Text.language`); it is never left out and never machine-translated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from helder.knowledge.model import Caution, Claim, Country, Interaction, Knowledge, Route, Texts, Value
from helder.knowledge.pairs import Reach
from helder.languages.amounts import Amounts
from helder.languages.dates import country_name
from helder.languages.messages import Messages
from helder.languages.people import People
from helder.languages.text import Part, Text, Words, fill, joined, phone, slots
from helder.rules import Rule

T = TypeVar("T")
_SEPARATIONS = {
    frozenset({"before", "after"}): "both",
    frozenset({"before"}): "before",
    frozenset({"after"}): "after",
    frozenset({"hours"}): "same",
    frozenset[str](): "unknown",
}
CARE_SLOTS = frozenset({"emergency", "poison", "doctor"})


class Speech:
    """Everything that can be said from one knowledge base. Pure: same keys, same words."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.messages = Messages(knowledge.messages)
        self.amounts = Amounts(self.messages)
        self.people = People(self.messages, self.amounts, self.name)
        self.reach = Reach(knowledge)
        self._order = ("en", *(code for code in knowledge.texts if code != "en"))

    def fallback(self, language: str) -> Iterator[str]:
        """Languages to look in, the reader's own first, then English, then the rest."""
        yield language
        yield from (code for code in self._order if code != language)

    def best(self, group: str, id_: str, language: str, pick: Callable[[Texts], T]) -> tuple[T, str] | None:
        """The first non-empty pick from a thing's texts, and the language it was found in."""
        for candidate in self.fallback(language):
            words = self.knowledge.words(candidate, group, id_)
            found = pick(words) if words else None
            if found:
                return found, candidate
        return None

    def group_of(self, id_: str) -> str:
        return "substances" if id_ in self.knowledge.substances else "classes"

    def name(self, id_: str, language: str, group: str | None = None) -> str:
        """The name as it stands inside a sentence."""
        found = self.best(group or self.group_of(id_), id_, language, lambda words: words.name)
        return found[0] if found else id_

    def with_article(self, id_: str, language: str) -> str:
        """The name inside a sentence: with its article where the language wants one, without an added explanation."""
        words = self.knowledge.words(language, self.group_of(id_), id_)
        name = (words.the if words else "") or self.name(id_, language)
        return name.partition(" (")[0]

    def title(self, topic: str, language: str) -> str:
        found = self.best("substances", topic, language, lambda words: words.title or words.name)
        return capitalised(found[0], found[1]) if found else topic

    def country(self, country: str, language: str) -> str:
        return country_name(country, language)

    def label(self, topic: str, goal: str, language: str) -> str:
        """A goal of an effect claim in words."""
        found = self.best("substances", topic, language, lambda words: words.goals.get(goal))
        return str(found[0]) if found else goal

    def form(self, substance: str, form: str, language: str) -> str:
        """A chemical form in words."""
        found = self.best("substances", substance, language, lambda words: words.forms.get(form))
        return str(found[0]) if found else form

    def claim(self, topic: str, id_: str, claim: Claim, language: str, country: str) -> Text:
        """The sentence of a claim of a topic. Raises KeyError if no language has it."""
        return self.said(f"substances/{topic}/{id_}", claim, language, country)

    def said(self, place: str, claim: Claim, language: str, country: str) -> Text:
        """The sentence of a claim at its place, `lab_tests/potassium/high`. Raises KeyError if no language has it."""
        group, of, id_ = place.split("/")
        found = self.best(group, of, language, lambda words: words.claims.get(id_))
        if not found:
            raise KeyError(f"no text for the claim {place}")
        return self.filled(str(found[0]), claim.values, found[1], country)

    def question(self, topic: str, id_: str, language: str) -> Text:
        found = self.best("substances", topic, language, lambda words: words.questions.get(id_))
        if not found:
            raise KeyError(f"no text for the question {topic}/{id_}")
        return Text((Words(str(found[0])),), found[1])

    def filled(self, template: str, values: dict[str, Value], language: str, country: str) -> Text:
        """A template with its typed values and the country's care routes in their slots."""
        filling: dict[str, str | tuple[Part, ...]] = {}
        for slot in slots(template):
            if slot in values:
                filling[slot] = self.amounts.value(values[slot], language)
            elif slot in CARE_SLOTS:
                filling[slot] = self.route(slot, country, language)
        return fill(template, filling, language)

    # --- two things together -------------------------------------------------------------------------

    def interaction(self, rule: Interaction, language: str, country: str) -> Text:
        """What to do, then why: one template says a thousand interactions."""
        return self.together(rule, rule.between, language, country)

    def together(self, rule: Interaction, about: tuple[str, ...], language: str, country: str) -> Text:
        """The same for the two things that are really taken: the members, where the rule speaks of classes."""
        names = dict(zip("ab", (self.with_article(id_, language) for id_ in about), strict=True))
        said = [self._apart(rule, names, language)] if rule.kind == "separation" else []
        said += [
            self._thing("actions", action, names, language, country) for action in rule.do if action != "keep-apart"
        ]
        said.append(self._thing("mechanisms", rule.why, names, language, country))
        return joined(tuple(said), language)

    def caution(self, caution: Caution, substance: str, language: str, country: str) -> Text:
        """What to do, then why, for somebody who takes this substance; who it is about stands before it."""
        names = {"a": self.with_article(substance, language)}
        said = [self._thing("actions", action, names, language, country) for action in caution.do]
        return joined((*said, self._thing("mechanisms", caution.why, names, language, country)), language)

    def who(self, rule: Rule, language: str) -> str:
        """Who a rule holds for, as the heading of what is said about them."""
        return capitalised(self.people.who(rule, language), language)

    def _apart(self, rule: Interaction, names: dict[str, str], language: str) -> Text:
        """The hours, per direction; one sentence where both directions ask for the same."""
        first, second = rule.between
        before = rule.hours.get(f"{first}_then_{second}")
        after = rule.hours.get(f"{second}_then_{first}")
        hours = {"hours": before} if before == after else {"before": before, "after": after}
        said = {name: self.amounts.at_least(hour, language) for name, hour in hours.items() if hour is not None}
        template, found_in = self.messages.pattern(f"separation.{_SEPARATIONS[frozenset(said)]}", language)
        return sentence(fill(template, {**names, **said}, found_in))

    def _thing(self, group: str, id_: str, names: dict[str, str], language: str, country: str) -> Text:
        found = self.best(group, id_, language, lambda words: words.text)
        if not found:
            raise KeyError(f"no text for {group}/{id_}")
        template, found_in = found
        care = {slot: self.route(slot, country, found_in) for slot in slots(template) & CARE_SLOTS}
        return sentence(fill(template, {**names, **care}, found_in))

    # --- whom to call --------------------------------------------------------------------------------

    def route(self, slot: str, country: str, language: str) -> tuple[Part, ...]:
        """A care route as the object of "call": the emergency number, the poison line, the doctor."""
        facts = self.knowledge.countries[country]
        if slot == "emergency":
            return self._numbers(facts.emergency)
        route = facts.poison if slot == "poison" else facts.out_of_hours
        via = route.via.replace("-", "_")
        if slot == "poison" and via == "own_number":
            via = "phone"
        numbers = facts.emergency if via == "emergency" else route
        template, found_in = self.messages.pattern(f"care.{slot}.{via}", language)
        return fill(template, {"name": route.name, "number": self._numbers(numbers)}, found_in).parts

    def call(self, whom: str, country: str, language: str) -> tuple[Part, ...]:
        """Parts with a number to call for a danger: the poison line or the crisis line where the country has one."""
        facts = self.knowledge.countries[country]
        own = {"poison": facts.poison, "crisis": facts.crisis}.get(whom)
        return self._numbers(own if own and own.numbers else facts.emergency)

    def care(self, country: str, language: str) -> tuple[Text, ...]:
        """What to do in this country, most urgent first: emergency, poison, crisis, a doctor today."""
        facts = self.knowledge.countries[country]
        return (
            self._care("care.emergency", language, number=self._numbers(facts.emergency)),
            self._care("care.poison_line", language, poison=self.route("poison", country, language)),
            self._crisis(facts, language),
            self._care("care.doctor_line", language, doctor=self.route("doctor", country, language)),
        )

    def _crisis(self, facts: Country, language: str) -> Text:
        if facts.crisis.via == "emergency" or not facts.crisis.numbers:
            return self._care("care.crisis.emergency", language, number=self._numbers(facts.emergency))
        number = self._all_numbers(facts.crisis)
        return self._care("care.crisis", language, name=(Words(facts.crisis.name),), number=number)

    def _care(self, key: str, language: str, **values: tuple[Part, ...]) -> Text:
        template, found_in = self.messages.pattern(key, language)
        return fill(template, values, found_in)

    def _all_numbers(self, route: Route) -> tuple[Part, ...]:
        """Every number of a route: a country may have one per language, or one that is free."""
        spaced = [part for number in route.numbers for part in (Words(" / "), phone(number))]
        return tuple(spaced[1:])

    def _numbers(self, route: Route) -> tuple[Part, ...]:
        return (phone(route.numbers[0]),) if route.numbers else (Words(route.name),)


def capitalised(text: str, language: str = "") -> str:
    """With a capital at the start, the rest as it is: `vitamin D` → `Vitamin D`, Dutch `ijzer` → `IJzer`."""
    first = 2 if language == "nl" and text.startswith("ij") else 1
    return text[:first].upper() + text[first:]


def sentence(text: Text) -> Text:
    """A text that begins with a capital, also where a slot stands first."""
    if not text.parts or not isinstance(text.parts[0], Words):
        return text
    return Text((Words(capitalised(text.parts[0].text, text.language)), *text.parts[1:]), text.language)
