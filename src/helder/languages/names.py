"""Names as people type them → what they name: in every language, by their beginning, with one or two typing errors.

What is typed stays here: no log, no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from helder.knowledge.model import Knowledge
from helder.languages.folding import fold

_BRACKETED = re.compile(r"\s*\(.*?\)")
LONGEST_WINDOW = 4
EXACT, BEGINS, HOLDS, TYPO = range(4)


class Name(NamedTuple):
    """A folded name, what it names (`substances/zinc`), and how it is written."""

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


class NameIndex:
    """An index over names. Build once, ask often; ~20,000 names in some milliseconds."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.names = tuple(dict.fromkeys(names))
        self._folded = [name.folded for name in self.names]
        self._exact: dict[str, list[Name]] = {}
        self._words: dict[str, list[Name]] = {}
        for name in self.names:
            self._exact.setdefault(name.folded, []).append(name)
            for word in set(name.folded.split()):
                self._words.setdefault(word, []).append(name)

    def exact(self, query: str) -> list[Name]:
        """What a folded query names, letter by letter."""
        return self._exact.get(query, [])

    def fits(self, query: str, language: str, typos: bool = True) -> list[Match]:
        """Names that are the query, begin with it, hold its words, or differ by a typing error or two; best first."""
        if not query:
            return []
        found = [self._match(EXACT, 0, name, language) for name in self._exact.get(query, ())]
        found += [self._match(BEGINS, 0, name, language) for name in self.names if name.folded.startswith(query)]
        found += [self._match(HOLDS, 0, name, language) for name in self._words.get(query, ())]
        if not found and typos:
            found = self.near(query, language, allowed_errors(query), 30)
        return sorted(found)

    def near(self, query: str, language: str, errors: int, limit: int) -> list[Match]:
        """Names that differ from the query by at most so many typing errors."""
        close = process.extract(query, self._folded, scorer=OSA.distance, score_cutoff=errors, limit=limit)
        return [self._match(TYPO, int(distance), self.names[index], language) for _, distance, index in close]

    def _match(self, how: int, distance: int, name: Name, language: str) -> Match:
        return Match(how, distance, name.language != language, len(name.folded), name)


def allowed_errors(query: str) -> int:
    """How many typing errors are forgiven: none in two letters, one in five, two in nine, three beyond."""
    return sum(len(query) > longest for longest in (2, 5, 9))


def windows(words: list[str]) -> Iterator[str]:
    """Stretches of a few words, the longest first."""
    for size in range(min(LONGEST_WINDOW, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def names_of(knowledge: Knowledge, groups: tuple[str, ...]) -> Iterator[Name]:
    """All names of the things in some groups, in every language; brands and products stand in no language."""
    for language, texts in knowledge.texts.items():
        for target, words in texts.items():
            if target.partition("/")[0] in groups:
                bare = (_BRACKETED.sub("", form) for form in words.forms.values())
                for name in (words.name, words.title, *words.names, *words.forms.values(), *bare):
                    if fold(name):
                        yield Name(fold(name), target, name, language)
    if "substances" in groups:
        yield from _brands(knowledge)
    if "products" in groups:
        for id_, product in knowledge.products.items():
            yield from (Name(fold(name), f"products/{id_}", name, "") for name in product.names if fold(name))


def _brands(knowledge: Knowledge) -> Iterator[Name]:
    for id_, facts in knowledge.substances.items():
        for names in facts.brands.values():
            yield from (Name(fold(name), f"substances/{id_}", name, "") for name in names if fold(name))
