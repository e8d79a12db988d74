"""The wiring: one object that every door talks to, and the only place that chooses what stands behind it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from helder.knowledge import Knowledge, open_knowledge
from helder.knowledge.compiled import default_root
from helder.knowledge.model import Caution, Interaction, Timing
from helder.languages.dates import country_name, language_name, long_date
from helder.languages.detect import detect
from helder.languages.folding import fold
from helder.languages.speech import Speech
from helder.languages.text import Text
from helder.library import catalogue, contract
from helder.library.checks.base import INTERFACE
from helder.library.pages import make_page
from helder.library.search import Search
from helder.library.views import (
    Change,
    Comparison,
    Entry,
    Found,
    Hit,
    LanguageState,
    Link,
    Need,
    Page,
    SourceView,
)
from helder.medicines import model as medicine_words
from helder.medicines import service as medicines
from helder.medicines.importers import local as imported_files
from helder.medicines.plan.contract import Planned
from helder.medicines.service import Medicines, within
from helder.reports import contract as report_contract
from helder.reports.confirmed import Confirmed
from helder.reports.contract import ScanObject
from helder.reports.export import as_fhir
from helder.reports.pictures import pictures as pictures_of
from helder.reports.readers.child import read as read_in_child
from helder.reports.scanner import File, Scanner
from helder.reports.scanner import Told as ScanTold
from helder.reports.service import For, Reports

USUAL_COUNTRY = {"en": "GB", "nl": "NL", "de": "DE", "fr": "FR", "es": "ES", "ar": "MA"}


SCHEMAS: dict[str, type[msgspec.Struct]] = {**contract.SCHEMAS, **medicines.SCHEMAS, **report_contract.SCHEMAS}
SEVERITIES = medicine_words.SEVERITIES
PLAN_SECONDS = 2.0
FAR = 3  # letters; further away is no guess


class NotFound(LookupError):
    """Something that was asked for does not exist; `nearest` holds what may have been meant."""

    def __init__(self, kind: str, asked: str, nearest: tuple[Link, ...] = ()) -> None:
        super().__init__(f"no {kind} `{asked[:60]}`")
        self.kind, self.asked, self.nearest = kind, asked[:60], nearest


class Counts(NamedTuple):
    """How large the base is; `unverified` claims are shown as unconfirmed, `unread` rest on an excerpt only."""

    topics: int
    claims: int
    interactions: int
    sources: int
    unverified: int


class App:
    """What Helder can do, for any door. Made once per process; safe to share between threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.speech = Speech(knowledge)
        self.languages: tuple[str, ...] = INTERFACE
        self.countries: tuple[str, ...] = tuple(knowledge.countries)
        self.version = version("helder")
        self.knowledge_version = knowledge.version

    # --- the library ---------------------------------------------------------------------------------

    def page(self, topic: str, language: str, country: str) -> Page:
        """A topic page. Raises NotFound for a topic, language or country that Helder does not have."""
        self.known(language, country)
        return make_page(self.speech, self._topic(topic, language), language, country)

    def entries(self, language: str) -> tuple[Entry, ...]:
        return catalogue.entries(self.speech, self._language(language))

    def needs(self, language: str) -> tuple[Need, ...]:
        return catalogue.needs(self.speech, self._language(language))

    def need(self, need_id: str, language: str) -> Need:
        if need_id not in self.knowledge.needs:
            raise NotFound("need", need_id)
        return catalogue.need(self.speech, need_id, self._language(language))

    def compare(self, left: str, right: str, language: str, country: str) -> Comparison:
        self.known(language, country)
        sides = (self._topic(left, language), self._topic(right, language))
        return catalogue.compare(self.speech, *sides, language, country)

    def sources(self) -> tuple[SourceView, ...]:
        return catalogue.sources(self.speech)

    def changes(self, language: str) -> tuple[Change, ...]:
        return catalogue.changes(self.speech, self._language(language))

    def language_states(self) -> tuple[LanguageState, ...]:
        return catalogue.language_states(self.speech)

    # --- search --------------------------------------------------------------------------------------

    @cached_property
    def search(self) -> Search:
        return Search(self.speech)

    def find(self, words: str, language: str, country: str) -> Found:
        self.known(language, country)
        return self.search.find(words, language, country)

    def suggest(self, words: str, language: str, limit: int = 8) -> tuple[Hit, ...]:
        return self.search.suggest(words, self._language(language), limit)

    # --- words ---------------------------------------------------------------------------------------

    def message(self, key: str, language: str, **values: Any) -> str:
        return self.speech.messages.say(key, language, **values)

    def care(self, country: str, language: str) -> tuple[Text, ...]:
        self.known(language, country)
        return self.speech.care(country, language)

    def date(self, date: dt.date, language: str) -> str:
        return long_date(date, language)

    def country_name(self, country: str, language: str) -> str:
        return country_name(country, language)

    def language_name(self, code: str, language: str) -> str:
        return language_name(code, language)

    def language_of(self, text: str, usual: str) -> str:
        """Which of Helder's languages a text is in."""
        return detect(text, self.languages, usual)

    def usual_country(self, language: str) -> str:
        """Where most readers of a language are; language and country stay two settings."""
        return USUAL_COUNTRY.get(language, self.countries[0])

    # --- medicines -----------------------------------------------------------------------------------

    @cached_property
    def medicines(self) -> Medicines:
        return Medicines(self.speech, lambda: imported_files.load().rules)

    def check_json(self, data: object, language: str, country: str) -> dict[str, Any]:
        """`helder check`. Never raises for what the data hold: fields of no use come back in `problems`."""
        self.known(language, country)
        return _plain(self.medicines.check(data, language, country))

    def plan_json(self, data: object, language: str, country: str) -> dict[str, Any]:
        """`helder plan`, within the time that a person waits."""
        return self.told(self.planned(data, language, country), language)

    def told(self, planned: Planned, language: str) -> dict[str, Any]:
        """A plan in words."""
        return _plain(self.medicines.told(planned, language))

    def items_json(self, words: str, language: str) -> list[dict[str, str]]:
        """Names of things that are taken, while somebody types: medicines, supplements, products."""
        guesses = self.medicines.suggest(words, language)
        return [{"topic": guess.id, "title": guess.name, "why": ""} for guess in guesses]

    def import_file(self, kind: str, path: Path) -> dict[str, Any]:
        """`helder import`: read a file that a person brought; what became of it. Never raises for what it holds."""
        made = imported_files.run(kind, path, None, self.medicines.recogniser)
        return {**_plain(made), "items": [item.told() for item in made.items]}

    def missed_json(self, data: object, language: str, country: str) -> dict[str, Any]:
        """`helder missed`: what to do about a missed dose, per item."""
        self.known(language, country)
        return _plain(self.medicines.missed(data, language, country))

    def overdose_json(self, data: object, language: str, country: str) -> dict[str, Any]:
        """`helder overdose`: whom to call and why, for amounts taken at once."""
        self.known(language, country)
        return _plain(self.medicines.overdose(data, language, country))

    def planned(self, data: object, language: str, country: str) -> Planned:
        """A plan as an object, for doors that also want its calendar or FHIR."""
        self.known(language, country)
        return self.medicines.planned(data, language, country, within(PLAN_SECONDS, time.monotonic))

    # --- reports -------------------------------------------------------------------------------------

    @cached_property
    def reports(self) -> Reports:
        return Reports(self.speech)

    @cached_property
    def scanner(self) -> Scanner:
        """Reads files; pictures and PDFs in a child process behind gates."""
        return Scanner(self.reports, read_in_child)

    def scan_json(
        self, files: Sequence[File], person: object, language: str, country: str, told: ScanTold | None = None
    ) -> dict[str, Any]:
        """`helder scan`: files → what they say. Never raises for what a file holds. `told` hears of each page."""
        return _plain(self.scan(files, person, language, country, told))

    def scan_fhir(self, files: Sequence[File], person: object, language: str, country: str) -> bytes:
        """`helder scan --fhir`: the first document of the files as a FHIR R4 bundle."""
        return as_fhir(self.scan(files, person, language, country), self.speech)

    def scan(
        self, files: Sequence[File], person: object, language: str, country: str, told: ScanTold | None = None
    ) -> ScanObject:
        self.known(language, country)
        whose = For(self.medicines.asked(person, language).person, language, country)
        return self.scanner.scan(files, whose, told)

    def confirm(self, documents: Sequence[Confirmed], person: object, language: str, country: str) -> ScanObject | None:
        """Readings that a person confirmed or corrected, judged again; None where they dropped all."""
        self.known(language, country)
        return self.reports.confirmed(documents, For(self.medicines.asked(person, language).person, language, country))

    def as_fhir(self, made: ScanObject) -> bytes:
        """One document as a FHIR R4 bundle."""
        return as_fhir(made, self.speech)

    def pictures(self, content: bytes, pages: Sequence[int]) -> dict[int, bytes]:
        """Pages (from 1) of a file as small grey pictures (WebP), as far as there are any. Made in a child process."""
        return pictures_of(content, pages)

    @cached_property
    def measured(self) -> frozenset[str]:
        """The topics that a lab test says something about."""
        return frozenset(topic for test in self.knowledge.lab_tests.values() for topic in test.topics)

    def test_title(self, test: str, language: str) -> str:
        """The name of a lab test as a heading."""
        name = self.speech.name(test, self._language(language), "lab_tests")
        return name[:1].upper() + name[1:]

    def lab_json(self, data: Mapping[str, Any], language: str, country: str) -> dict[str, Any]:
        """`helder lab`: one result as told → its test, code and where it stands."""
        self.known(language, country)
        whose = For(self.medicines.asked(data.get("person") or {}, language).person, language, country)
        return _plain(self.reports.lab(data, whose))

    # --- contracts -----------------------------------------------------------------------------------

    def topic_json(self, topic: str, language: str, country: str) -> dict[str, Any]:
        return contract.topic(self.page(topic, language, country))

    def find_json(self, words: str, language: str, country: str) -> dict[str, Any]:
        return contract.found(self.find(words, language, country))

    def schema(self, name: str) -> dict[str, Any]:
        """A published JSON schema. Raises NotFound."""
        if name not in SCHEMAS:
            raise NotFound("schema", name, tuple(Link(known, known) for known in SCHEMAS))
        return msgspec.json.schema(SCHEMAS[name])

    @property
    def schemas(self) -> tuple[str, ...]:
        return tuple(SCHEMAS)

    @cached_property
    def counts(self) -> Counts:
        claims = [claim for facts in self.knowledge.topics.values() for claim in facts.claims.values()]
        known = self.knowledge
        rules: list[Interaction | Caution | Timing] = [*known.interactions.values(), *known.cautions.values()]
        rules += known.timings.values()
        unverified = sum(not claim.verified for claim in claims) + sum(not rule.verified for rule in rules)
        return Counts(len(known.topics), len(claims), len(known.interactions), len(known.sources), unverified)

    # --- what exists ---------------------------------------------------------------------------------

    def known(self, language: str, country: str) -> None:
        """Raises NotFound for a language or country that Helder does not have."""
        self._language(language)
        if country not in self.knowledge.countries:
            raise NotFound("country", country, tuple(Link(code, code) for code in self.countries))

    def _language(self, language: str) -> str:
        if language not in self.languages:
            raise NotFound("language", language, tuple(Link(code, code) for code in self.languages))
        return language

    def _topic(self, asked: str, language: str) -> str:
        """The id of a topic, asked for by id or by a name that means nothing else."""
        if asked in self.knowledge.topics:
            return asked
        named = {hit.topic for hit in self.search.suggest(asked, language) if fold(hit.why) == fold(asked)}
        if len(named) == 1:
            return named.pop()
        raise NotFound("topic", asked, self._nearest(asked, language))

    def _nearest(self, asked: str, language: str) -> tuple[Link, ...]:
        hits = self.search.find(asked, language, self.countries[0]).hits
        if hits:
            return tuple(Link(hit.topic, hit.title) for hit in hits[:3])
        topics = list(self.knowledge.topics)
        close = process.extract(fold(asked), topics, scorer=OSA.distance, score_cutoff=FAR, limit=3)
        return tuple(Link(topic, self.speech.title(topic, language)) for topic, _, _ in close)


@lru_cache(maxsize=1)
def open_app(root: Path | None = None) -> App:
    """The application over the knowledge base at `root` (default: the shipped one). Raises FileNotFoundError."""
    return App(open_knowledge(root))


def validate(root: Path | None, today: dt.date) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """All problems of a base, and the checks that could not run here."""
    from helder.knowledge.load import load
    from helder.library.checks import not_run, problems_of

    return problems_of(load(root or default_root()), today), not_run()


def seal(root: Path | None, only: tuple[str, ...]) -> int:
    """Sign files after a second reading; says how many seals changed."""
    from helder.knowledge.load import load
    from helder.library.checks import seals

    root = root or default_root()
    return seals.write(root, load(root).knowledge, only)


def _plain(made: msgspec.Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(made)
    return plain


def json_bytes(data: Any) -> bytes:
    """Contract objects as JSON: exact decimals as strings, UTF-8."""
    return msgspec.json.encode(data)
