"""What a reader sees on a page: words with their place, before anybody says what they mean."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct


class Box(NamedTuple):
    """A place on a page in points (1/72 inch) from the top left corner: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float


class Word(Struct, frozen=True):
    """A run of text that stands together: a word, or a whole cell where the source tells no finer.

    `box` is where it stands on the page made straight (lines level, columns upright); `place` is where it stands on
    the page as it was given, for showing. They are one and the same in a digital file.
    """

    text: str
    box: Box
    place: Box
    certainty: float = 1.0
    """How sure the reader is of the letters, 0 to 1; 1 where they were not guessed from a picture."""
    second: str | None = None
    """What a second, independent reader saw at this place; None where there was only one."""
    bold: bool = False
    raised: bool = False
    """Small and above the line, touching another word: a footnote's mark, never a part of the value before it."""
    turned: int = 0
    """Quarter turns clockwise against the other lines of the page: text in a margin that runs up or down."""


class Page(Struct, frozen=True):
    """One page as read: its number from 1, its size in points as given, and its words in no order."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: Literal["digital", "picture", "text"]
    straight: tuple[float, float] | None = None
    """Width and height of the page made straight, in which `Word.box` counts; None where it is the page as given."""


class Refused(Exception):
    """A file that cannot be read, by a key (`encrypted`, `empty`, `too_large` …) whose words stand in messages."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key, self.values = key, values
