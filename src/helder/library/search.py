"""Words as people type them → topics: names in every language, lay words, beginnings, one or two typing errors.

What is searched stays here: no log, no network. Words of an emergency bring the danger card before any topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from helder.knowledge.model import Knowledge
from helder.languages.speech import Speech, capitalised
from helder.languages.text import Phone
from helder.library.folding import fold
from helder.library.views import Danger, Found, Hit

LONGEST_QUERY = 500
LONGEST_WINDOW = 4
HITS = 10
EXACT, BEGINS, HOLDS, TYPO = range(4)


class Name(NamedTuple):
    """A folded name, what it names, and how it is written."""

    folded: str
    target: str
    written: str
    language: str


class Match(NamedTuple):
    """How well a name fits: smaller is better."""

    how: int
    distance: int
    foreign: bool
    length: int
    name: Name


class Search:
    """An index of all names of one knowledge base. Build once, ask often; ~20,000 names in some milliseconds."""

    def __init__(self, speech: Speech, names: tuple[Name, ...] | None = None) -> None:
        self.speech = speech
        self.names = names or tuple(dict.fromkeys(_names(speech.knowledge)))
        self._folded = [name.folded for name in self.names]
        self._exact: dict[str, list[Name]] = {}
        self._words: dict[str, list[Name]] = {}
        for name in self.names:
            self._exact.setdefault(name.folded, []).append(name)
            for word in set(name.folded.split()):
                self._words.setdefault(word, []).append(name)
        self._dangers = tuple(_dangers(speech.knowledge))

    def find(self, words: str, language: str, country: str) -> Found:
        """Topics for a query, best first; `corrected` when it was understood only after mending."""
        query = fold(words[:LONGEST_QUERY])
        matches = self._matches(query, language)
        hits = tuple(self._hits(matches, language))[:HITS]
        mended = matches[0].name.written if matches and matches[0].how == TYPO else None
        return Found(words[:LONGEST_QUERY], mended, hits, self.danger(query, language, country))

    def suggest(self, words: str, language: str, limit: int = 8) -> tuple[Hit, ...]:
        """Topics while somebody types."""
        fits = self._fits(fold(words[:LONGEST_QUERY]), language)
        own = [match for match in fits if not match.foreign or match.how == EXACT]
        return tuple(self._hits(own or fits, language))[:limit]

    # --- matching ------------------------------------------------------------------------------------

    def _matches(self, query: str, language: str) -> list[Match]:
        """The whole query if it is a name, else the longest stretch of it that is."""
        if not query:
            return []
        found = self._fits(query, language)
        if found and found[0].how < TYPO:
            return found
        windows = [window for window in _windows(query.split()) if len(window) > 1]
        exact = [m for window in windows for m in self._fits(window, language, typos=False) if m.how == EXACT]
        if exact or found:
            return [*found, *exact]
        mended = (m for window in windows if len(window) > 4 for m in self._fits(window, language))
        return sorted(match for match in mended if match.how in (EXACT, TYPO))

    def _fits(self, query: str, language: str, typos: bool = True) -> list[Match]:
        """Names that are the query, begin with it, hold its words, or differ by a typing error or two."""
        if not query:
            return []
        found = [self._match(EXACT, 0, name, language) for name in self._exact.get(query, ())]
        found += [self._match(BEGINS, 0, name, language) for name in self.names if name.folded.startswith(query)]
        found += [self._match(HOLDS, 0, name, language) for name in self._words.get(query, ())]
        if not found and typos:
            found = [
                self._match(TYPO, int(distance), self.names[index], language)
                for _, distance, index in process.extract(
                    query, self._folded, scorer=OSA.distance, score_cutoff=allowed_errors(query), limit=30
                )
            ]
        return sorted(found)

    def _match(self, how: int, distance: int, name: Name, language: str) -> Match:
        return Match(how, distance, name.language != language, len(name.folded), name)

    # --- what was found ------------------------------------------------------------------------------

    def _hits(self, matches: Iterable[Match], language: str) -> Iterator[Hit]:
        seen: set[str] = set()
        for match in matches:
            for topic in self._topics(match.name.target):
                if topic not in seen:
                    seen.add(topic)
                    yield Hit(
                        topic, self.speech.title(topic, language), capitalised(match.name.written, match.name.language)
                    )

    def _topics(self, target: str) -> Iterator[str]:
        """The topic itself; for a need the topics that serve it; for a medicine without a page those it meets."""
        group, _, id_ = target.partition("/")
        knowledge = self.speech.knowledge
        if group == "needs":
            yield from (topic for topic, facts in knowledge.topics.items() if id_ in facts.needs)
        elif id_ in knowledge.topics:
            yield id_
        else:
            sides = {id_, *knowledge.classes_of(id_)}
            for rule in knowledge.interactions.values():
                if sides & set(rule.between):
                    yield from (side for side in rule.between if side in knowledge.topics)

    # --- danger --------------------------------------------------------------------------------------

    def danger(self, query: str, language: str, country: str) -> Danger | None:
        """The card for words of an emergency, in whichever of Helder's languages they are typed."""
        typed = set(fold(query).split())
        for id_, phrase in self._dangers:
            if phrase and all(_typed(word, typed) for word in phrase):
                return self._card(id_, language, country)
        return None

    def _card(self, id_: str, language: str, country: str) -> Danger:
        facts = self.speech.knowledge.emergencies[id_]
        found = self.speech.best("emergencies", id_, language, lambda texts: texts.text)
        template, found_in = found or ("{emergency}", language)
        text = self.speech.filled(template, {}, found_in, country)
        call = next(part for part in self.speech.call(facts.call, country, language) if isinstance(part, Phone))
        return Danger(self.speech.name(id_, language, "emergencies"), text, call)


def allowed_errors(query: str) -> int:
    """How many typing errors are forgiven: none in two letters, one in five, two in nine, three beyond."""
    return sum(len(query) > longest for longest in (2, 5, 9))


def _typed(word: str, typed: set[str]) -> bool:
    """Whether a word of a danger phrase was typed, one error forgiven in longer words."""
    return word in typed or (len(word) > 5 and any(OSA.distance(word, other, score_cutoff=1) <= 1 for other in typed))


def _windows(words: list[str]) -> Iterator[str]:
    for size in range(min(LONGEST_WINDOW, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def _names(knowledge: Knowledge) -> Iterator[Name]:
    for language, texts in knowledge.texts.items():
        for target, words in texts.items():
            group = target.partition("/")[0]
            if group in ("substances", "classes", "needs"):
                for name in (words.name, words.title, *words.names, *words.forms.values()):
                    if fold(name):
                        yield Name(fold(name), target, name, language)


def _dangers(knowledge: Knowledge) -> Iterator[tuple[str, tuple[str, ...]]]:
    for texts in knowledge.texts.values():
        for target, words in texts.items():
            group, _, id_ = target.partition("/")
            if group == "emergencies":
                yield from ((id_, tuple(fold(name).split())) for name in words.names)
