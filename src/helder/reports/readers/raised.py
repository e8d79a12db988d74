"""Small figures above the line in a picture: the power of a ten, or the mark of a footnote glued to a value. Pure.

A reader of lines sees `5,4¹` as 5,41 and `×10⁹/l` as x10/l. Where the ink shows a small figure above the line, it is
cut out to be read by itself (by the caller), then set in its place: as a power, or apart from the value. Where that
does not come out even, the word stays as it was read and is doubted.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helder.reports.readers.engine import Line, Picture
from helder.reports.readers.lines import Ink, Part

LEAST, MOST = 0.36, 0.82  # of the height of a figure: how high a raised one is
FOOT = 0.27  # of it: how far above the line a raised one ends
HEAD = 0.4  # of it: how far above or below the top of the others a raised one may begin
SPECK = 0.12  # of it
FULL = (0.86, 1.2)  # of it: how high a figure on the line is
DOUBTED = 0.5  # the certainty left to a word whose raised figure did not come out even
READ_TWICE = 0.9  # the certainty of a power that both readers saw alike, cut out and enlarged
ENLARGED = 3

_UP = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_PLAIN = str.maketrans(_UP, "0123456789+-")
_SPELLED_POWER = re.compile(rf"((?:.*[^\d.,])?10)([{_UP}]+)(/.*|)$")
_SPELLED_MARK = re.compile(rf"([<>≤≥]?\d[\d.,]*)([{_UP}]+)$")
_POWER = re.compile(r"((?:.*[^\d.,])?10)([^/]{0,3})(/.*)$")
_TIMES = re.compile(r"(.*[x×X*·]10)(.{0,3})$")
_VALUE = re.compile(r"[<>≤≥]?\d+(?:[.,]\d+)*$")
_FIGURE = re.compile(r"[-–−]?\d{1,2}$")


class Spot(NamedTuple):
    """A raised figure in a crop: its box in pixels, of how many pieces of ink, how many full figures before it."""

    x0: int
    y0: int
    x1: int
    y1: int
    pieces: int
    full_before: int
    last: bool
    """Nothing follows it in its word."""


def spelled(part: Part) -> list[Part]:
    """A word in which the reader itself saw raised figures (`7,5²`, `10³/l`), these set in their place."""
    second = None if part.second is None else _spelled(part.second)[0]
    text, mark = _spelled(part.text)
    if text == part.text:
        return [part if second == part.second else part._replace(second=second)]
    if not mark:
        return [part._replace(text=text, second=second)]
    edge = part.x1 - (part.x1 - part.x0) * 0.6 * len(mark) / max(1, len(part.text))
    value = part._replace(text=text, second=second, x1=edge)
    return [value, Part(mark, part.certainty, edge, part.x1, None, raised=True)]


def find(dark: Ink, part: Part) -> Spot | None:
    """The raised figure in a word of a crop, if its ink shows one behind something else."""
    if not any(c.isdigit() for c in part.text) or len(part.text) < 2:
        return None
    boxes = _boxes(dark, part)
    if len(boxes) < 2:
        return None
    heights = boxes[:, 3] - boxes[:, 1]
    tall = boxes[heights >= 0.8 * heights.max()]
    high = float(np.median(tall[:, 3] - tall[:, 1]))
    head, foot = float(np.median(tall[:, 1])), float(np.median(tall[:, 3]))
    raised = (
        (heights >= LEAST * high)
        & (heights <= MOST * high)
        & (boxes[:, 3] < foot - FOOT * high)
        & (np.abs(boxes[:, 1] - head) <= HEAD * high)
        & (boxes[:, 2] - boxes[:, 0] <= 0.8 * high)
    )
    raised[0] = False
    at = np.flatnonzero(raised)
    if not 1 <= len(at) <= 2 or at[-1] - at[0] != len(at) - 1:
        return None
    spot = boxes[at]
    full = (heights[: at[0]] >= FULL[0] * high) & (heights[: at[0]] <= FULL[1] * high)
    (x0, y0), (x1, y1) = spot[:, :2].min(axis=0), spot[:, 2:].max(axis=0)
    return Spot(int(x0), int(y0), int(x1), int(y1), len(at), int(full.sum()), int(at[-1]) == len(boxes) - 1)


def look(crop: Picture, spot: Spot) -> Picture:
    """The raised figure alone, enlarged, with paper around it."""
    margin = max(2, round(0.35 * (spot.y1 - spot.y0)))
    side = max(1, margin // 3)
    high, wide = crop.shape[:2]
    x0, x1 = max(0, spot.x0 - side), min(wide, spot.x1 + side)
    y0, y1 = max(0, spot.y0 - margin), min(high, spot.y1 + margin // 2)
    cut = np.asarray(cv2.resize(crop[y0:y1, x0:x1], None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC))
    paper = np.median(crop.reshape(-1, 3), axis=0).tolist()
    around = cut.shape[0] // 2
    return np.asarray(cv2.copyMakeBorder(cut, 0, 0, around, around, cv2.BORDER_CONSTANT, value=paper), np.uint8)


def apart(part: Part, spot: Spot, first: Line, second: Line) -> list[Part]:
    """A word with a raised figure, which both readers read alone, as words: a power in its place, or a mark apart."""
    seen, other = _figure(first.text), _figure(second.text)
    power = _POWER.match(part.text) or (_TIMES.match(part.text) if spot.last else None)
    if power:
        return [_power(part, power, seen, other)]
    if not spot.last or not _VALUE.match(part.text):
        return [part]
    figures = sum(c.isdigit() for c in part.text)
    glued = figures - spot.full_before
    if glued == 0:
        return [part]
    if glued != spot.pieces or glued >= figures:
        return [part._replace(certainty=min(part.certainty, DOUBTED))]
    text = part.text[:-glued]
    same = part.second is not None and part.second[: len(text)] == text and len(part.second) <= len(part.text)
    sure = min(part.certainty, DOUBTED)
    value = part._replace(text=text, certainty=sure, x1=float(spot.x0), second=text if same else part.second)
    mark = Part(seen or part.text[-glued:], first.certainty, float(spot.x0), float(spot.x1), other or None, raised=True)
    return [value, mark]


def _spelled(text: str) -> tuple[str, str]:
    """A text with raised figures as the reader wrote them → the text with a power, or without its mark; the mark."""
    power = _SPELLED_POWER.match(text)
    if power and (power[3] or _TIMES.match(power[1])):
        return f"{power[1]}^{power[2].translate(_PLAIN)}{power[3]}", ""
    mark = _SPELLED_MARK.match(text)
    return (mark[1], mark[2].translate(_PLAIN)) if mark else (text, "")


def _figure(text: str) -> str:
    plain = text.strip().translate(_PLAIN).replace("–", "-").replace("−", "-")
    return plain if _FIGURE.match(plain) else ""


def _power(part: Part, found: re.Match[str], seen: str, other: str) -> Part:
    """A ten with its power as both readers saw it alone; without that, as it was read and doubted."""
    before, on, after = (*found.groups(), "")[:3]
    doubted = part._replace(certainty=min(part.certainty, DOUBTED))
    if not seen and not other:
        return part if on.startswith("^") and on[1:].lstrip("-").isdigit() else doubted
    text, twin = (f"{before}^{figure}{after}" if figure else None for figure in (seen or other, other))
    if seen != other:
        return doubted._replace(text=text or "", second=twin or part.second)
    return part._replace(text=text or "", second=twin, certainty=max(part.certainty, READ_TWICE))


def _boxes(dark: Ink, part: Part) -> NDArray[np.int64]:
    """The pieces of ink of a word, left to right, specks left out: n × (x0, y0, x1, y1)."""
    x0, x1 = max(0, int(part.x0) - 1), int(part.x1) + 1
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark[:, x0:x1].astype(np.uint8), connectivity=8)
    found = [(x + x0, y, x + x0 + w, y + h) for x, y, w, h, _ in stats[1:count].tolist()]
    highest = max((d - b for _, b, _, d in found), default=0)
    kept = sorted(box for box in found if box[3] - box[1] >= SPECK * highest)
    return np.array(kept, np.int64).reshape(-1, 4)
