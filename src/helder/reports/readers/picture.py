"""A picture of a page → its words, with their place on the page made straight and on the picture as given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helder.reports.page import Box, Page, Word
from helder.reports.readers import raised
from helder.reports.readers.engine import Engine, Picture, cut
from helder.reports.readers.level import straighten
from helder.reports.readers.lines import Part, ink, parts
from helder.reports.readers.sheet import Matrix, upright

LEAST_CONTRAST = 10.0  # of 255: what parts a blank page from one with a faint line on it
MOST_RAISED = 80  # on a page
UNSURE = 0.3  # a word whose letters are less sure than this is dirt or a drawing


class _Seen(NamedTuple):
    part: Part
    quad: NDArray[np.float64]


def read_picture(picture: Picture, number: int, engine: Engine, size: tuple[float, float]) -> Page:
    """The words of a picture (BGR, upright by its own account) of `size` points, read by both readers."""
    sheet = upright(picture, engine)
    high, wide = sheet.picture.shape[:2]
    crops = [cut(sheet.picture, quad) for quad in sheet.quads]
    read = _words_of(crops, engine)
    seen = [
        _Seen(part, _share(quad.astype(np.float64), part, crop.shape[1]))
        for quad, crop, found in zip(sheet.quads, crops, read, strict=True)
        for part in found
        if part.certainty >= UNSURE
    ]
    per_pixel = _per_pixel(picture, sheet.back, size, (wide, high))
    boxes = _straight([one.quad for one in seen], sheet.quads, (wide, high), per_pixel)
    places = [_place(one.quad, sheet.back, size, picture) for one in seen]
    words = tuple(
        Word(one.part.text, box, place, one.part.certainty, one.part.second, raised=one.part.raised)
        for one, box, place in zip(seen, boxes, places, strict=True)
    )
    return Page(number, size[0], size[1], words, "picture", (wide * per_pixel, high * per_pixel))


def has_ink(picture: Picture) -> bool:
    """Whether a picture holds anything but one even colour; asked before the engine is."""
    small = cv2.resize(picture, (400, 400), interpolation=cv2.INTER_AREA)
    low, high = np.percentile(small, (0.1, 99.9))
    return bool(high - low >= LEAST_CONTRAST)


def _words_of(crops: Sequence[Picture], engine: Engine) -> list[list[Part]]:
    """The words of each crop as both readers see them, raised figures read once more by themselves."""
    dark = [ink(crop) for crop in crops]
    lines = zip(crops, dark, engine.first.read(crops), engine.second.read(crops), strict=True)
    found = [parts(crop, mask, first, second) for crop, mask, first, second in lines]
    spots = [
        (i, part, spot)
        for i, (mask, words) in enumerate(zip(dark, found, strict=True))
        for part in words
        if (spot := raised.find(mask, part)) is not None
    ][:MOST_RAISED]
    looks = [raised.look(crops[i], spot) for i, _, spot in spots]
    for (i, part, spot), first, second in zip(spots, engine.first.read(looks), engine.second.read(looks), strict=True):
        at = found[i].index(part)
        found[i][at : at + 1] = raised.apart(part, spot, first, second)
    return [[part for word in words for part in raised.spelled(word)] for words in found]


def _share(quad: NDArray[np.float64], part: Part, wide: int) -> NDArray[np.float64]:
    """The part of a line's box that a word takes, its corners clockwise from the top left."""
    a, b = part.x0 / wide, part.x1 / wide
    top, low = quad[1] - quad[0], quad[2] - quad[3]
    return np.array([quad[0] + top * a, quad[0] + top * b, quad[3] + low * b, quad[3] + low * a])


def _straight(
    quads: Sequence[NDArray[np.float64]],
    lines: NDArray[np.float32],
    size: tuple[int, int],
    per_pixel: float,
) -> list[Box]:
    """Where words stand on the straight page, in points; words of a line share its height there."""
    if not quads:
        return []
    corners = np.array(quads)
    way = straighten(lines, *size)
    left, right = corners[:, [0, 3]].mean(axis=1), corners[:, [1, 2]].mean(axis=1)
    middle = (left + right) / 2
    half = np.linalg.norm(corners[:, [3, 2]].mean(axis=1) - corners[:, [0, 1]].mean(axis=1), axis=1) / 2
    x0, _ = way.points(left[:, 0], left[:, 1])
    x1, _ = way.points(right[:, 0], right[:, 1])
    _, y = way.points(middle[:, 0], middle[:, 1])
    table = np.stack([x0, y - half, np.maximum(x1, x0 + 1), y + half], axis=1) * per_pixel
    return [Box(*(float(v) for v in row)) for row in table]


def _place(quad: NDArray[np.float64], back: Matrix, size: tuple[float, float], picture: Picture) -> Box:
    """Where a word stands on the picture as given, in points."""
    high, wide = picture.shape[:2]
    points = np.hstack([quad, np.ones((4, 1))]) @ back.T
    points = points[:, :2] / points[:, 2:]
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    across, down = size[0] / wide, size[1] / high
    return Box(float(x0) * across, float(y0) * down, float(x1) * across, float(y1) * down)


def _per_pixel(picture: Picture, back: Matrix, size: tuple[float, float], straight: tuple[int, int]) -> float:
    """Points a pixel of the straight page: as on the page as given, in its middle."""
    x, y = straight[0] / 2, straight[1] / 2
    a, b = (back @ np.array([x + d, y, 1.0]) for d in (-50, 50))
    given = float(np.linalg.norm(a[:2] / a[2] - b[:2] / b[2])) / 100
    return given * size[0] / float(picture.shape[1])
