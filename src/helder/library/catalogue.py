"""Lists of topics: A to Z, by need, side by side; what changed, which sources, how complete a language is."""

from __future__ import annotations

from collections.abc import Iterator

from helder.knowledge.kinds import SLOTS
from helder.knowledge.model import Claim, Substance
from helder.languages.dates import language_name
from helder.languages.folding import fold
from helder.languages.speech import Speech, capitalised
from helder.library.checks.base import COMPLETE, INTERFACE, languages_of
from helder.library.pages import PageMaker, make_page, source_view
from helder.library.views import (
    Change,
    ClaimView,
    ComparedRow,
    Comparison,
    Entry,
    LanguageState,
    Need,
    SourceView,
)


def entry(speech: Speech, topic: str, language: str) -> Entry:
    """A topic as a line in a list."""
    words = speech.knowledge.words(language, "substances", topic)
    country = next(iter(speech.knowledge.countries))
    summary = PageMaker(speech, topic, language, country).summary()
    return Entry(topic, speech.title(topic, language), summary.plain, summary.language, words.names if words else ())


def entries(speech: Speech, language: str) -> tuple[Entry, ...]:
    """All topics, in the order of the alphabet without accents."""
    found = (entry(speech, topic, language) for topic in speech.knowledge.topics)
    return tuple(sorted(found, key=lambda item: fold(item.title)))


def needs(speech: Speech, language: str) -> tuple[Need, ...]:
    """The reasons why people look, each with its topics; a need without topics is not shown."""
    found = (need(speech, id_, language) for id_ in speech.knowledge.needs)
    return tuple(sorted((one for one in found if one.topics), key=lambda one: fold(one.title)))


def need(speech: Speech, id_: str, language: str) -> Need:
    topics = [topic for topic, facts in speech.knowledge.topics.items() if id_ in facts.needs]
    listed = sorted((entry(speech, topic, language) for topic in topics), key=lambda item: fold(item.title))
    return Need(id_, capitalised(speech.name(id_, language, "needs"), language), tuple(listed))


def compare(speech: Speech, left: str, right: str, language: str, country: str) -> Comparison:
    """Two topics place by place; what either says about the other stands first."""
    pages = (make_page(speech, left, language, country), make_page(speech, right, language, country))
    by_slot = [{section.slot: section for section in page.sections} for page in pages]
    rows = tuple(
        ComparedRow(slot, speech.messages.say(f"slot.{slot}", language), by_slot[0].get(slot), by_slot[1].get(slot))
        for slot in SLOTS
        if slot in by_slot[0] or slot in by_slot[1]
    )
    said = (*_said_about(speech, left, right, language, country), *_said_about(speech, right, left, language, country))
    return Comparison(pages[0], pages[1], said, rows)


def _said_about(speech: Speech, topic: str, other: str, language: str, country: str) -> Iterator[ClaimView]:
    maker = PageMaker(speech, topic, language, country)
    for id_, claim in maker.facts.claims.items():
        if claim.kind == "comparison" and claim.with_ == other:
            yield maker.claim(id_, claim)


def sources(speech: Speech) -> tuple[SourceView, ...]:
    """Every source of the base, by publisher and title."""
    known = speech.knowledge
    listed = sorted(known.sources, key=lambda id_: (known.sources[id_].publisher, fold(known.sources[id_].title)))
    return tuple(source_view(known, id_, number) for number, id_ in enumerate(listed, start=1))


def changes(speech: Speech, language: str) -> tuple[Change, ...]:
    """When each topic was last checked, the newest first."""
    checked = speech.messages.say("changes.checked", language)
    found = (
        Change(facts.reviewed, topic, speech.title(topic, language), checked)
        for topic, facts in speech.knowledge.topics.items()
        if facts.reviewed
    )
    return tuple(sorted(found, key=lambda change: (-change.date.toordinal(), fold(change.title))))


def language_states(speech: Speech) -> tuple[LanguageState, ...]:
    """How many of the texts that English has each language has too."""
    return tuple(_state(speech, language) for language in INTERFACE)


def _state(speech: Speech, language: str) -> LanguageState:
    held = expected = 0
    for topic, facts in speech.knowledge.topics.items():
        words = speech.knowledge.words(language, "substances", topic)
        for id_ in _own_texts(facts):
            expected += 1
            held += bool(words and words.claims.get(id_))
    state = "complete" if held == expected else "partial"
    return LanguageState(language, language_name(language, language), state, held, expected)


def _own_texts(facts: Substance) -> Iterator[str]:
    yield from (id_ for id_, claim in facts.claims.items() if _has_words(claim))


def _has_words(claim: Claim) -> bool:
    return bool(set(languages_of(claim)) & set(COMPLETE))
