"""How hard a text is to read: LIX for every language, Flesch's formula in each language's own version.

LIX: words per sentence + percentage of words over six letters (Björnsson 1968). Flesch Reading Ease 1948; Douma 1960
for Dutch; Amstad 1978 for German; Kandel & Moles 1958 for French; Szigriszt-Pazos 1993 for Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?:؟])[\s”»)]+")
_VOWELS = {
    "en": r"[aeiouy]+",
    "nl": r"[aeiouyáéíóúàèëïöü]+",
    "de": r"[aeiouyäöü]+",
    "fr": r"[aeiouyàâéèêëîïôùûü]+",
    "es": r"[aeiouáéíóúü]+",
}
_EASE: dict[str, Callable[[float, float], float]] = {
    "en": lambda words, syllables: 206.835 - 1.015 * words - 84.6 * syllables,
    "nl": lambda words, syllables: 206.84 - 0.93 * words - 77 * syllables,
    "de": lambda words, syllables: 180 - words - 58.5 * syllables,
    "fr": lambda words, syllables: 207 - 1.015 * words - 73.6 * syllables,
    "es": lambda words, syllables: 206.835 - words - 62.3 * syllables,
}


class Level(NamedTuple):
    """`lix` under 30 is easy; `ease` over 70 is easy (None where the language has no formula here)."""

    words: int
    sentences: int
    lix: float
    ease: float | None
    longest: int


def sentences(text: str) -> list[str]:
    """The sentences of a text: a colon ends one too, as it does for the breath."""
    return [part for part in SENTENCE_END.split(text) if WORD.search(part)]


def longest_sentence(text: str) -> int:
    """How many words the longest sentence has."""
    return max((len(WORD.findall(part)) for part in sentences(text)), default=0)


def level(texts: list[str], language: str) -> Level:
    """The reading level of texts taken together. No text at all is level nought."""
    parts = [part for text in texts for part in sentences(text)]
    words = [word for part in parts for word in WORD.findall(part)]
    if not words:
        return Level(0, 0, 0.0, None, 0)
    per_sentence = len(words) / len(parts)
    long_words = 100 * sum(len(word) > 6 for word in words) / len(words)
    ease = None
    if language in _EASE:
        vowels = re.compile(_VOWELS[language])
        syllables = sum(max(1, len(vowels.findall(word.lower()))) for word in words) / len(words)
        ease = _EASE[language](per_sentence, syllables)
    longest = max(len(WORD.findall(part)) for part in parts)
    return Level(len(words), len(parts), per_sentence + long_words, ease, longest)
