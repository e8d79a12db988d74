"""Words on a page → tokens → lines → cells, by geometry alone: no language, no vendor."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from helder.reports.page import Box, Page, Word
from helder.reports.script import from_right, plain_digits, words_as_read

CELL_GAP = 0.75
"""White space that ends a cell, in line heights: a space in print is a quarter to a half of one."""
SAME_LINE = 0.5
_LEADERS = re.compile(r"(?:\.\s?){4,}|[_…]{3,}|(?:·\s?){4,}|-{4,}|={3,}|(?<!\S)[|¦│]+|[|¦│]+(?!\S)")
_SAYS = re.compile(r"(?<=[^\W\d])[=:](?=[<>≤≥]?\d)")
"""`MCV=80`: a name, a sign, a value."""


class Token(NamedTuple):
    """A word without white space: its text, its place on the straightened page, and the word it was cut from."""

    text: str
    x0: float
    x1: float
    y0: float
    y1: float
    word: Word

    @property
    def height(self) -> float:
        return self.y1 - self.y0


class Cell(NamedTuple):
    """Tokens that stand together on a line, in the order they are read."""

    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @property
    def x0(self) -> float:
        return min(token.x0 for token in self.tokens)

    @property
    def x1(self) -> float:
        return max(token.x1 for token in self.tokens)

    @property
    def bold(self) -> bool:
        return all(token.word.bold for token in self.tokens)


class Line(NamedTuple):
    """Cells beside each other, from left to right (from right to left on a mirrored page)."""

    page: int
    cells: tuple[Cell, ...]
    y0: float
    y1: float

    @property
    def text(self) -> str:
        return "  ".join(cell.text for cell in self.cells)

    @property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(token for cell in self.cells for token in cell.tokens)


def place_of(tokens: Iterable[Token]) -> Box:
    """The box around tokens on the page as it was given."""
    boxes = [token.word.place for token in tokens]
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def lines_of(page: Page) -> list[Line]:
    """The lines of a page from top to bottom. Footnote marks and text up the margin are on none."""
    words = (word for word in page.words if not word.raised and not word.turned)
    tokens = sorted((token for word in words for token in tokens_of(word)), key=lambda t: (t.y0 + t.y1) / 2)
    if not tokens:
        return []
    usual = statistics.median(token.height for token in tokens)
    rows: list[list[Token]] = []
    for token in tokens:
        if rows and _on(rows[-1], token, usual):
            rows[-1].append(token)
        else:
            rows.append([token])
    return [_line(page.number, row, usual) for row in rows]


def tokens_of(word: Word) -> Iterator[Token]:
    """A run of text cut at white space and between a number and its unit; the width is shared out by letters."""
    text = _LEADERS.sub(lambda found: " " * len(found.group()), word.text)
    text = _SAYS.sub(lambda found: f"{found.group()} ", text)
    width = (word.box.x1 - word.box.x0) / max(len(text), 1)
    for found in re.finditer(r"\S+", text):
        yield Token(
            plain_digits(found.group()),
            word.box.x0 + found.start() * width,
            word.box.x0 + found.end() * width,
            word.box.y0,
            word.box.y1,
            word,
        )


def _on(row: Sequence[Token], token: Token, usual: float) -> bool:
    """Whether a token's middle lies beside the middle of the line's nearest token."""
    middle = (token.y0 + token.y1) / 2
    near = min(row[-12:], key=lambda other: _apart(other, token))
    height = min(max(near.height, token.height), usual * 1.6)
    return abs(middle - (near.y0 + near.y1) / 2) <= SAME_LINE * height


def _apart(one: Token, other: Token) -> float:
    return max(0.0, other.x0 - one.x1, one.x0 - other.x1)


def _line(page: int, row: list[Token], usual: float) -> Line:
    row = sorted(row, key=lambda token: token.x0)
    cells: list[list[Token]] = []
    for token in row:
        height = min(token.height, usual * 1.3)
        if cells and token.x0 - cells[-1][-1].x1 <= CELL_GAP * height:
            cells[-1].append(token)
        else:
            cells.append([token])
    return Line(
        page,
        tuple(Cell(_as_read(cell)) for cell in cells),
        min(token.y0 for token in row),
        max(token.y1 for token in row),
    )


def _as_read(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens of a cell in the order they are read: Arabic from the right, a Latin unit inside it from the left."""
    texts = [token.word.text if " " not in token.word.text else token.text for token in tokens]
    if not any(map(from_right, texts)) or all(token.word is tokens[0].word for token in tokens):
        return tuple(tokens)  # a run of text that is one word to its source is in order
    return tuple(tokens[i]._replace(text=plain_digits(text)) for i, text in words_as_read(texts))


def mirrored(line: Line) -> Line:
    """The line of a page that is read from right to left, as if from left to right."""
    return line._replace(cells=tuple(Cell(tuple(map(_flipped, cell.tokens))) for cell in reversed(line.cells)))


def _flipped(token: Token) -> Token:
    return token._replace(x0=-token.x1, x1=-token.x0)
