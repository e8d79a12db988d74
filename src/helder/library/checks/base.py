"""What every check gets: the base, the day, and a way to name the line of what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from helder.knowledge.kinds import KINDS, risk_of
from helder.knowledge.load import FILES, Loaded
from helder.knowledge.model import Citation, Claim, Knowledge, LabTest, Pattern, Substance, Texts
from helder.knowledge.problems import Path, Problem
from helder.languages.speech import Speech

COMPLETE = ("en", "nl")
HIGH_RISK = ("de", "fr", "es")
INTERFACE = ("en", "nl", "de", "fr", "es", "ar")


class Wording(NamedTuple):
    """One text of a claim, with everything a check of words needs."""

    of: str
    id: str
    claim: Claim
    language: str
    text: str


class Base:
    """The base under examination. Checks are functions from it to problems; none changes it."""

    def __init__(self, loaded: Loaded, today: dt.date) -> None:
        self.knowledge: Knowledge = loaded.knowledge
        self.places = loaded.places
        self.today = today
        self.speech = Speech(self.knowledge)
        self.topics: dict[str, Substance] = self.knowledge.topics

    def problem(self, check: str, file: str, path: Path, text: str) -> Problem:
        return Problem(file, self.places.line(file, path), check, text)

    def facts(self, group: str, id_: str) -> str:
        """The file with the facts of a thing."""
        return f"{group}/{id_}.yaml" if group in FILES else f"{group}/{id_}/facts.yaml"

    def words(self, group: str, id_: str, language: str) -> str:
        return f"{group}/{id_}/{language}.yaml"

    def owners(self) -> Iterator[tuple[str, Substance | LabTest | Pattern]]:
        """Everything that has claims, by its folder: `substances/magnesium`."""
        for group in ("substances", "lab_tests", "patterns"):
            for id_, thing in getattr(self.knowledge, group).items():
                if thing.claims:
                    yield f"{group}/{id_}", thing

    def claims(self) -> Iterator[tuple[str, str, Claim]]:
        """The folder, the id and the claim."""
        for of, thing in self.owners():
            for id_, claim in thing.claims.items():
                if claim.kind in KINDS:
                    yield of, id_, claim

    def texts(self, of: str, language: str) -> Texts | None:
        return self.knowledge.texts.get(language, {}).get(of)

    def wordings(self) -> Iterator[Wording]:
        """Every text of every claim, in every language that has it."""
        for of, id_, claim in self.claims():
            for language in INTERFACE:
                words = self.texts(of, language)
                if words and id_ in words.claims:
                    yield Wording(of, id_, claim, language, words.claims[id_])

    def at(self, check: str, wording: Wording, text: str) -> Problem:
        """A problem in a text of a claim."""
        return self.problem(
            check, f"{wording.of}/{wording.language}.yaml", ("claims", wording.id), f"{wording.id}: {text}"
        )

    def citations(self) -> Iterator[tuple[str, Path, Citation]]:
        """Every pointer to a source in the base: file, path, pointer."""
        for topic, facts in self.knowledge.substances.items():
            file = self.facts("substances", topic)
            for id_, claim in facts.claims.items():
                yield from _cited(file, ("claims", id_, "sources"), claim.sources)
            for id_, form in facts.forms.items():
                yield from _cited(file, ("forms", id_, "sources"), form.sources)
        yield from self._cited_in_reports()
        for id_, rule in self.knowledge.interactions.items():
            yield from _cited(self.facts("interactions", id_), ("sources",), rule.sources)
        for group in ("cautions", "timings", "products", "classes", "foods"):
            for id_, thing in getattr(self.knowledge, group).items():
                yield from _cited(self.facts(group, id_), ("sources",), thing.sources)
        for id_, danger in self.knowledge.emergencies.items():
            yield from _cited(self.facts("emergencies", id_), ("sources",), danger.sources)
        for id_, country in self.knowledge.countries.items():
            for route in ("emergency", "out_of_hours", "poison", "crisis"):
                sources = getattr(country, route).sources
                yield from _cited(self.facts("countries", id_), (route, "sources"), sources)

    def _cited_in_reports(self) -> Iterator[tuple[str, Path, Citation]]:
        for id_, test in self.knowledge.lab_tests.items():
            file = self.facts("lab_tests", id_)
            yield from _cited(file, ("sources",), test.sources)
            for field in ("ranges", "critical", "conversions"):
                for index, row in enumerate(getattr(test, field)):
                    yield from _cited(file, (field, index, "sources"), row.sources)
            yield from _cited(file, ("variation", "sources"), test.variation.sources if test.variation else ())
        for of, thing in self.owners():
            if not of.startswith("substances/"):
                for id_, claim in thing.claims.items():
                    yield from _cited(f"{of}/facts.yaml", ("claims", id_, "sources"), claim.sources)
        for id_, formula in self.knowledge.formulas.items():
            yield from _cited(self.facts("formulas", id_), ("sources",), formula.sources)


def _cited(file: str, path: Path, sources: Iterable[Citation]) -> Iterator[tuple[str, Path, Citation]]:
    for index, citation in enumerate(sources):
        yield file, (*path, index), citation


def languages_of(claim: Claim) -> tuple[str, ...]:
    """The languages that must hold a text of this claim."""
    if KINDS[claim.kind].templated:
        return ()
    return (*COMPLETE, *HIGH_RISK) if risk_of(claim) == "high" else COMPLETE


Check = Callable[[Base], Iterator[Problem]]
