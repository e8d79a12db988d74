"""A crop of one line and what it says → words with their place in the crop: where ink parts them, not only spaces.

Pure. Counts in pixels of the crop. Two readers' lines are laid over each other by place.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helder.reports.readers.engine import Letter, Line, Picture

WIDE_GAP = 0.9  # of the crop's height: no ink over this width parts two words, space read or not
LEAST_GAP = 0.08  # of the crop's height: a space that was read must show in the ink
SMALL_FIGURE = 0.8  # of the height of the figures before it
RAISED_FIGURE = 0.2  # of the height of the figures before it: how far its foot stands above theirs


Ink = NDArray[np.bool_]
"""height × width: where there is ink; or width: in which columns."""


class Part(NamedTuple):
    """A word in a crop: text, certainty (that of its least sure letter), left and right edge, what the second saw."""

    text: str
    certainty: float
    x0: float
    x1: float
    second: str | None = None
    raised: bool = False


def parts(crop: Picture, dark: Ink, line: Line, other: Line | None) -> list[Part]:
    """The words of a crop with their edges; `dark` is its ink, `other` the second reader's line of the same crop."""
    high, wide = crop.shape[:2]
    columns: Ink = np.asarray(dark.any(axis=0), np.bool_)
    groups = _groups(line.letters, columns, high, wide)
    edges = _edges(groups, columns, wide)
    found = []
    for group, (x0, x1) in zip(groups, edges, strict=True):
        text = "".join(one.text for one in group)
        seen = None if other is None else _within(other.letters, x0 / wide, x1 / wide, edges, wide)
        found.append(Part(text, min(one.certainty for one in group), x0, x1, seen))
    return found


def ink(crop: Picture) -> Ink:
    """Where a crop has ink: height × width, true where it differs from the paper; light on dark works too."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    dark: Ink = np.asarray(mask > 0, np.bool_)
    if float(grey.max()) - float(grey.min()) < 30:
        return np.zeros(dark.shape, np.bool_)
    return np.logical_not(dark) if dark.mean() > 0.5 else dark


def _groups(letters: Sequence[Letter], columns: Ink, high: int, wide: int) -> list[list[Letter]]:
    """Letters in words: parted where a space was read, or where the paper shows for a wide stretch."""
    groups: list[list[Letter]] = []
    before: Letter | None = None
    spaced = True
    for letter in letters:
        if letter.text.isspace():
            spaced = True
            continue
        if before is not None and not spaced and _blank(columns, before.at, letter.at, wide) > WIDE_GAP * high:
            spaced = True
        if spaced or not groups:
            groups.append([letter])
        else:
            groups[-1].append(letter)
        before, spaced = letter, False
    return groups


def _blank(columns: Ink, a: float, b: float, wide: int) -> int:
    start, end = _longest_blank(columns, a, b, wide)
    return end - start


def _longest_blank(columns: Ink, a: float, b: float, wide: int) -> tuple[int, int]:
    """The longest stretch without ink between two places of a crop (0 to 1), in pixels: start, end."""
    first, last = int(a * wide), max(int(a * wide) + 1, int(b * wide))
    clear = ~columns[first:last]
    if not clear.any():
        middle = (first + last) // 2
        return middle, middle
    steps = np.diff(np.concatenate(([0], clear.astype(np.int8), [0])))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    longest = int(np.argmax(ends - starts))
    return first + int(starts[longest]), first + int(ends[longest])


def _edges(groups: Sequence[Sequence[Letter]], columns: Ink, wide: int) -> list[tuple[float, float]]:
    """Left and right edge of each word, by the ink."""
    if not groups:
        return []
    marked = np.flatnonzero(columns)
    left, right = (int(marked[0]), int(marked[-1]) + 1) if len(marked) else (0, wide)
    cuts = [_longest_blank(columns, a[-1].at, b[0].at, wide) for a, b in pairwise(groups)]
    lefts = [left, *(end for _, end in cuts)]
    rights = [*(start for start, _ in cuts), right]
    return [(float(min(a, b)), float(max(a, b, a + 1))) for a, b in zip(lefts, rights, strict=True)]


def _within(letters: Sequence[Letter], a: float, b: float, edges: Sequence[tuple[float, float]], wide: int) -> str:
    """What the second reader saw in a word's place: its letters that stand nearer to this word than to another."""
    middle = (a + b) / 2

    def here(at: float) -> bool:
        if a <= at <= b:
            return True
        nearest = min(edges, key=lambda edge: max(edge[0] / wide - at, at - edge[1] / wide, 0.0))
        return abs((nearest[0] + nearest[1]) / 2 / wide - middle) < 1e-9

    return "".join(one.text for one in letters if not one.text.isspace() and here(one.at))
