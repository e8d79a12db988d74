"""Words as people type them → topics: names in every language, lay words, beginnings, one or two typing errors.

What is searched stays here: no log, no network. Words of an emergency bring the danger card before any topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from helder.knowledge.model import Knowledge
from helder.languages.folding import fold
from helder.languages.names import EXACT, TYPO, Match, Name, NameIndex, allowed_errors, names_of, windows
from helder.languages.speech import Speech, capitalised
from helder.languages.text import Phone
from helder.library.views import Danger, Found, Hit

__all__ = ["Name", "Search", "allowed_errors"]

LONGEST_QUERY = 500
HITS = 10
SEARCHED = ("substances", "classes", "needs")


class Search:
    """An index of all names of one knowledge base. Build once, ask often; ~20,000 names in some milliseconds."""

    def __init__(self, speech: Speech, names: tuple[Name, ...] | None = None) -> None:
        self.speech = speech
        self.index = NameIndex(names or names_of(speech.knowledge, SEARCHED))
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
        fits = self.index.fits(fold(words[:LONGEST_QUERY]), language)
        own = [match for match in fits if not match.foreign or match.how == EXACT]
        return tuple(self._hits(own or fits, language))[:limit]

    # --- matching ------------------------------------------------------------------------------------

    def _matches(self, query: str, language: str) -> list[Match]:
        """The whole query if it is a name, else the longest stretch of it that is."""
        if not query:
            return []
        found = self.index.fits(query, language)
        if found and found[0].how < TYPO:
            return found
        stretches = [window for window in windows(query.split()) if len(window) > 1]
        exact = [m for window in stretches for m in self.index.fits(window, language, typos=False) if m.how == EXACT]
        if exact or found:
            return [*found, *exact]
        mended = (m for window in stretches if len(window) > 4 for m in self.index.fits(window, language))
        return sorted(match for match in mended if match.how in (EXACT, TYPO))

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


def _typed(word: str, typed: set[str]) -> bool:
    """Whether a word of a danger phrase was typed, one error forgiven in longer words."""
    return word in typed or (len(word) > 5 and any(OSA.distance(word, other, score_cutoff=1) <= 1 for other in typed))


def _dangers(knowledge: Knowledge) -> Iterator[tuple[str, tuple[str, ...]]]:
    for texts in knowledge.texts.values():
        for target, words in texts.items():
            group, _, id_ = target.partition("/")
            if group == "emergencies":
                yield from ((id_, tuple(fold(name).split())) for name in words.names)
