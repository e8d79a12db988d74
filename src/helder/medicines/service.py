"""What the doors ask about medicines: JSON of the contracts in, JSON of the contracts out.

One object over one base; made once, safe to share between threads. The clock comes from the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec
from msgspec import structs

from helder.languages.folding import fold
from helder.languages.names import NameIndex, allowed_errors, names_of
from helder.languages.speech import Speech
from helder.medicines import contract, urgent
from helder.medicines.asked import Asked, Taker
from helder.medicines.check import check, who_takes
from helder.medicines.importers.model import ImportedRule
from helder.medicines.importers.pairs import Indexed, hits
from helder.medicines.items import Recognised, Recogniser, minutes_of
from helder.medicines.model import Check, Guess
from helder.medicines.plan import contract as plan_contract
from helder.medicines.plan import fhir
from helder.medicines.plan.calendar import Edition, calendar
from helder.medicines.plan.contract import Planned
from helder.medicines.plan.day import Day, day_from_json
from helder.medicines.plan.make import Plan, Planner
from helder.medicines.plan.rules import LOOSE, rules_of
from helder.medicines.plan.solve import Spare
from helder.medicines.plan.words import PlanWords
from helder.medicines.typed import number
from helder.medicines.words import Words
from helder.person import Person, Problem, past_childbearing, person_from_json
from helder.rules import evaluate

ELSEWHERE = frozenset({"items", "day", "taken", "now", "late", "language", "country"})
SHORT = 5
MOST_LATE = Decimal(24 * 7)
SCHEMAS: dict[str, type[msgspec.Struct]] = {**contract.SCHEMAS, **plan_contract.SCHEMAS, **urgent.SCHEMAS}


class Medicines:
    """Checks and plans over one base."""

    def __init__(self, speech: Speech, imported: Callable[[], Iterable[ImportedRule]] = tuple) -> None:
        self.speech = speech
        self._imported = imported
        self.knowledge = speech.knowledge

    @cached_property
    def recogniser(self) -> Recogniser:
        return Recogniser(self.speech)

    @cached_property
    def imported(self) -> Indexed:
        """The rules of files that the owner imported: said beside the reviewed ones, never among them."""
        return Indexed(self._imported())

    @cached_property
    def _conditions(self) -> NameIndex:
        return NameIndex(names_of(self.knowledge, ("conditions",)))

    # --- asking --------------------------------------------------------------------------------------

    def check(self, data: object, language: str, country: str) -> contract.CheckObject:
        """`helder check`: a person of the contracts → notices, totals, unknown names, questions."""
        asked, made = self.checked(data, language, country)
        recognised = asked.recognised
        said = hits(self.imported, recognised.items, recognised.unknown)
        return contract.check(self.speech, made, asked.problems, contract.Reader(language, country), said)

    def checked(self, data: object, language: str, country: str) -> tuple[Asked, Check]:
        asked = self.asked(data, language)
        return asked, check(self.speech.reach, country, asked.person, asked.recognised)

    def plan(self, data: object, language: str, country: str, spare: Spare) -> plan_contract.PlanObject:
        """`helder plan`: a person of the contracts with a day → moments, or the conflict and what would help."""
        planned = self.planned(data, language, country, spare)
        return self.told(planned, language)

    def planned(self, data: object, language: str, country: str, spare: Spare) -> Planned:
        asked = self.asked(data, language)
        items = asked.recognised.items
        taker = Taker(self.speech.reach, country, asked.person)
        made = Planner(taker, spare).plan(items, asked.day, asked.taken, asked.now)
        rules = rules_of(taker, items, asked.day, LOOSE)
        return Planned(asked, made, rules)

    def told(self, planned: Planned, language: str) -> plan_contract.PlanObject:
        return plan_contract.plan(self.speech, planned, language)

    def calendar(self, planned: Planned, language: str, edition: Edition) -> bytes | None:
        """The plan as a calendar file; None where there is no plan."""
        if not isinstance(planned.made, Plan):
            return None
        words = PlanWords(self.speech, language, planned.items)
        return calendar(planned.made, planned.items, words, edition)

    def fhir(self, planned: Planned) -> dict[str, Any]:
        """Items and plan as a FHIR R4 bundle."""
        plan = planned.made if isinstance(planned.made, Plan) else None
        return fhir.bundle(planned.asked.recognised.items, plan)

    def missed(self, data: object, language: str, country: str) -> urgent.AdvisedObject:
        """`helder missed`: items, and in `late` how many hours after its time each is: `{"0": "5"}`."""
        asked = self.asked(data, language)
        told = _unwrapped(data).get("late")
        late, problems = _late(told, {item.index for item in asked.recognised.items})
        return self._adviser(asked._replace(problems=(*asked.problems, *problems)), language, country).missed(late)

    def overdose(self, data: object, language: str, country: str) -> urgent.AdvisedObject:
        """`helder overdose`: items with the amounts that were taken at once."""
        return self._adviser(self.asked(data, language), language, country).overdose()

    def _adviser(self, asked: Asked, language: str, country: str) -> urgent.Adviser:
        items = {item.index: item for item in asked.recognised.items}
        taker = Taker(self.speech.reach, country, asked.person)
        return urgent.Adviser(taker, Words(self.speech, language, country, items), asked)

    def suggest(self, words: str, language: str) -> tuple[Guess, ...]:
        """Things that are taken whose names begin like the words, as they are written; some that sound like them."""
        return self.recogniser.suggest(words, language)

    # --- understanding -------------------------------------------------------------------------------

    def asked(self, data: object, language: str) -> Asked:
        """The person, items and day in some JSON. Never raises: what is of no use is named."""
        told = _unwrapped(data)
        recognised = self.recogniser.recognise(told.get("items"), language)
        rest = {key: value for key, value in told.items() if key not in ELSEWHERE}
        person, problems = person_from_json(rest, lambda field, name: self.ids(field, name, language))
        if not isinstance(data, dict):
            problems.append(Problem("person", "an object with fields such as items and age"))
        day = day_from_json(told.get("day"), problems)
        person = who_takes(self.speech.reach, past_childbearing(self._shown(person)), recognised.items)
        taken = _taken(told.get("taken"), recognised, day, problems)
        now = _now(told.get("now"), day, problems)
        return Asked(person, recognised, day, (*recognised.problems, *problems), taken, now)

    def ids(self, field: str, name: str, language: str) -> frozenset[str]:
        """What a name in a field of a person stands for: the thing itself, and all that follows from it."""
        match field:
            case "conditions" | "without":
                return self._condition(name, wider=field == "conditions")
            case "results":
                return frozenset({fold(name).replace(" ", "-")})
        found = self.recogniser.recognise([name], language)
        named = {substance for item in found.items for substance in item.substances}
        classes = self._classes(fold(name))
        members = {member for id_ in classes for member in self.knowledge.classes[id_].members}
        plain = {fold(name).replace(" ", "-")} if field in ("allergies", "tolerates") else set()
        return frozenset(named | classes | members | plain | {s for id_ in named for s in self.speech.reach.sides(id_)})

    def _classes(self, query: str) -> set[str]:
        """The classes of a name, also in the singular: `penicillin`, `statine`."""
        index = self.recogniser.index
        names = index.exact(query) or [match.name for match in index.near(query, "", int(len(query) > SHORT), 20)]
        return {id_ for group, _, id_ in (name.target.partition("/") for name in names) if group == "classes"}

    def _shown(self, person: Person) -> Person:
        """The person with the conditions that their results show."""
        known = self.knowledge.conditions.items()
        shown = {id_ for id_, facts in known if facts.when and evaluate(facts.when, person).truth is True}
        return structs.replace(person, conditions=person.conditions | self._implied(shown)) if shown else person

    def _condition(self, name: str, wider: bool) -> frozenset[str]:
        query = fold(name)
        if name in self.knowledge.conditions:
            found = {name}
        else:
            exact = {match.target for match in self._conditions.exact(query)}
            near = self._conditions.near(query, "", min(allowed_errors(query), 2), 10) if not exact else []
            best = {match.name.target for match in near if match.distance == min(m.distance for m in near)}
            targets = exact or best
            found = {target.partition("/")[2] for target in targets} if len(targets) == 1 else set()
        return self._implied(found) if wider else frozenset(found)

    def _implied(self, ids: set[str]) -> frozenset[str]:
        """Conditions with all wider ones that then hold too."""
        everything: set[str] = set()
        rest = list(ids)
        while rest:
            id_ = rest.pop()
            if id_ not in everything:
                everything.add(id_)
                rest += self.knowledge.conditions[id_].implies
        return frozenset(everything)


def _unwrapped(data: object) -> Mapping[str, Any]:
    """The fields of a person, whether they stand by themselves or in `person` beside language and country."""
    told: Mapping[str, Any] = data if isinstance(data, dict) else {}
    inner = told.get("person")
    if not isinstance(inner, dict):
        return told
    return {**inner, **{key: value for key, value in told.items() if key != "person"}}


def _taken(told: object, recognised: Recognised, day: Day, problems: list[Problem]) -> dict[int, tuple[int, ...]]:
    """`[{"item": 0, "at": "10:15"}]` → item → minutes of the person's own day."""
    if told is None:
        return {}
    known = {item.index for item in recognised.items}
    found: dict[int, list[int]] = {}
    for index, entry in enumerate(told if isinstance(told, list) else [None]):
        item = entry.get("item") if isinstance(entry, dict) else None
        minute = minutes_of(entry.get("at")) if isinstance(entry, dict) else None
        if type(item) is not int or item not in known or minute is None:
            problems.append(Problem(f"taken[{index}]", 'an item of the list and a time: {"item": 0, "at": "10:15"}'))
        else:
            found.setdefault(item, []).append(day.on(minute))
    return {item: tuple(minutes) for item, minutes in found.items()}


def _late(told: object, known: set[int]) -> tuple[dict[int, int], list[Problem]]:
    """`{"0": "5"}` → item → minutes late."""
    problems: list[Problem] = []
    found: dict[int, int] = {}
    for key, hours in (told if isinstance(told, dict) else {}).items():
        value = number(str(hours)) if isinstance(hours, (str, int, float)) and not isinstance(hours, bool) else None
        if not str(key).isdecimal() or int(key) not in known or value is None or not 0 < value <= MOST_LATE:
            problems.append(Problem(f"late[{len(found)}]", 'an item of the list and hours: {"0": "5"}'))
        else:
            found[int(key)] = int(value * 60)
    return found, problems


def _now(told: object, day: Day, problems: list[Problem]) -> int | None:
    if told is None:
        return None
    minute = minutes_of(told)
    if minute is None:
        problems.append(Problem("now", "a time of the day such as 10:20"))
        return None
    return day.on(minute)


def within(seconds: float, now: Callable[[], float]) -> Spare:
    """Time left until so many seconds from now, by the caller's clock."""
    end = now() + seconds
    return lambda: now() < end
