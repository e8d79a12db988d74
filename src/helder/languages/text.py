"""A sentence with its slots filled: runs of words, and numbers that can be called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from unicodedata import bidirectional

import msgspec

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
RIGHT_TO_LEFT = frozenset({"ar"})
_ISOLATE, _POP = "\u2068", "\u2069"


class Words(msgspec.Struct, frozen=True, tag=True):
    """A run of plain text inside a sentence."""

    text: str


class Phone(msgspec.Struct, frozen=True, tag=True):
    """A number to call inside a sentence: what is shown, and what a phone dials."""

    shown: str
    dial: str


Part = Words | Phone


class Text(msgspec.Struct, frozen=True):
    """A rendered text in one language; `language` differs from the page's when the best other one had to serve."""

    parts: tuple[Part, ...]
    language: str

    @property
    def plain(self) -> str:
        return "".join(part.text if isinstance(part, Words) else part.shown for part in self.parts)


def phone(number: str) -> Phone:
    """A number as people write it, and as a phone dials it: digits and a leading plus only."""
    return Phone(number, re.sub(r"[^\d+]", "", number))


@lru_cache(maxsize=20_000)
def _split(template: str) -> tuple[str, ...]:
    return tuple(SLOT.split(template))


def slots(template: str) -> frozenset[str]:
    """The names of the slots in a text."""
    return frozenset(_split(template)[1::2])


def fill(template: str, values: Mapping[str, str | tuple[Part, ...]], language: str) -> Text:
    """Put values into slots. In right-to-left text each value is isolated, so that its digits stay in order.

    Raises KeyError for a slot without a value: a hole in a sentence must never reach a reader.
    """
    return Text(tuple(_join(_parts(_split(template), values, language))), language)


def _parts(pieces: tuple[str, ...], values: Mapping[str, str | tuple[Part, ...]], language: str) -> Iterator[Part]:
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            yield Words(piece)
            continue
        value = values[piece]
        parts = (Words(value),) if isinstance(value, str) else value
        yield from _isolated(parts) if language in RIGHT_TO_LEFT and _runs_left_to_right(parts) else parts


def _isolated(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return (Words(_ISOLATE), *parts, Words(_POP))


def _runs_left_to_right(parts: tuple[Part, ...]) -> bool:
    """Whether digits or Latin letters stand in it, which could change places with the words around them."""
    text = "".join(part.text if isinstance(part, Words) else part.shown for part in parts)
    return _ISOLATE not in text and any(bidirectional(letter) in ("L", "EN", "AN") for letter in text)


def _join(parts: Iterator[Part]) -> Iterator[Part]:
    """Neighbouring runs of words become one; empty ones vanish."""
    run = ""
    for part in parts:
        if isinstance(part, Words):
            run += part.text
            continue
        if run:
            yield Words(run)
        run = ""
        yield part
    if run:
        yield Words(run)


def joined(texts: tuple[Text, ...], language: str) -> Text:
    """Several sentences as one text."""
    parts: list[Part] = []
    for text in texts:
        parts.extend((Words(" "), *text.parts) if parts else text.parts)
    return Text(tuple(_join(iter(parts))), language)
