"""Is each word in the language of its page? Needs `wordfreq` (in the test requirements; it is large).

A word is foreign when it is rare in the page's language, at least ten times as frequent in another, and not a name,
a brand or Latin. A sentence is foreign when the detector, restricted to Helder's languages, says another language.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import lru_cache

from helder.knowledge.problems import Problem
from helder.languages.detect import detect
from helder.languages.folding import fold
from helder.languages.text import SLOT
from helder.library.checks.base import COMPLETE, HIGH_RISK, Base
from helder.library.reading import WORD, sentences

LANGUAGES = (*COMPLETE, *HIGH_RISK)
MARGIN = 1.0  # Zipf: a factor of ten
RARE, COMMON = 3.0, 2.0
SURE_WORDS = 6
LATIN = re.compile(r"^[A-Za-zÀ-ÿ'’-]+$")


def available() -> bool:
    return importlib.util.find_spec("wordfreq") is not None


@lru_cache(maxsize=200_000)
def _zipf(word: str, language: str) -> float:
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, language))


def _names(base: Base) -> frozenset[str]:
    """All words of all names: they may stand in any language."""
    found: set[str] = set()
    for texts in base.knowledge.texts.values():
        for target, words in texts.items():
            if target.startswith(("emergencies/", "conditions/")):
                continue  # lay phrases, not names
            for name in (words.name, words.title, words.the, *words.names, *words.forms.values()):
                found.update(fold(name).split())
    for country in base.knowledge.countries.values():
        found.update(fold(country.out_of_hours.name).split())
    for anchors in base.knowledge.anchors.values():
        found.update(fold(word) for word in anchors.allowed)
    return frozenset(found)


def foreign_words(base: Base) -> Iterator[Problem]:
    """No word of another language in a text."""
    if not available():
        return
    names = _names(base)
    for wording in base.wordings():
        if wording.language not in LANGUAGES:
            continue
        for word in WORD.findall(SLOT.sub(" ", wording.text)):
            other = foreign(word, wording.language)
            if other and not set(fold(word).split()) & names:
                yield base.at("foreign-word", wording, f"`{word}` looks like {other}")


def foreign(word: str, language: str) -> str | None:
    """The language that a word rather belongs to, or None. Short words and names with capitals inside are let be."""
    if len(word) < 4 or not LATIN.match(word) or word[1:] != word[1:].lower():
        return None
    parts = [part for part in re.split(r"['’-]", word.lower()) if len(part) >= 4]
    for part in parts:
        own = _zipf(part, language)
        best = max((_zipf(part, other), other) for other in LANGUAGES if other != language)
        if own < RARE and best[0] - own >= MARGIN and best[0] >= COMMON:
            return best[1]
    return None


def foreign_sentences(base: Base) -> Iterator[Problem]:
    """No sentence of another language in a text."""
    for wording in base.wordings():
        if wording.language not in LANGUAGES:
            continue
        for part in sentences(SLOT.sub("", wording.text)):
            if len(WORD.findall(part)) < SURE_WORDS:
                continue
            guess = detect(part, LANGUAGES, wording.language)
            if guess != wording.language and _more_of(part, guess, wording.language):
                yield base.at("foreign-sentence", wording, f"a sentence looks like {guess}")


def _more_of(text: str, guess: str, own: str) -> bool:
    """A second opinion: its words are on the whole more frequent in the guessed language."""
    if not available():
        return True
    words = [word.lower() for word in WORD.findall(text)]
    return sum(_zipf(word, guess) for word in words) > sum(_zipf(word, own) for word in words)


CHECKS = (foreign_words, foreign_sentences)
