"""Boxes of text on a crooked page → where they would stand on a straight one. Pure.

A page that is turned, photographed at an angle or bent has lines whose slope changes from place to place. The slope
is learnt from the boxes themselves and from neighbours on a line; each box then follows its line to the middle of
the page, where it has the height at which it counts. Columns are set upright where that lines more edges up.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ROUNDS = 3
STEPS = 24  # of following a line from a box to the middle of the page
RIDGE = 1e-3
FEW = 6  # boxes: with fewer the page is taken to be turned as a whole
SAME_LINE = 0.55  # of the height of a box
BIN = 0.006  # of the page's width: edges this near count as one column


class Field(NamedTuple):
    """The slope of lines (down per right) at each place of a page: a polynomial around its middle."""

    weights: Array
    middle: tuple[float, float]
    scale: float

    def slope(self, x: Array, y: Array) -> Array:
        return np.asarray(_terms(x, y, self.middle, self.scale) @ self.weights, np.float64)


class Upright(NamedTuple):
    """How a page is set straight: the field of its lines, and how far its columns lean and run together."""

    field: Field
    lean: float
    fan: float

    def points(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Where points of the page stand on the straight page: right, down."""
        mx, my = self.field.middle
        across = x + self.lean * (y - my) + self.fan * (y - my) * (x - mx) / self.field.scale
        return across, follow(self.field, x, y)


def straighten(quads: NDArray[np.float32], wide: float, high: float) -> Upright:
    """How a wide × high page is set straight, by the boxes (n × 4 × 2, clockwise from the top left) of its text."""
    middle, scale = (wide / 2, high / 2), max(wide, high, 1.0)
    if not len(quads):
        return Upright(Field(np.zeros(6), middle, scale), 0.0, 0.0)
    corners = quads.astype(np.float64)
    centre = corners.mean(axis=1)
    run = (corners[:, 1] + corners[:, 2] - corners[:, 0] - corners[:, 3]) / 2
    height = np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)
    length = np.linalg.norm(run, axis=1)
    slope = run[:, 1] / np.maximum(run[:, 0], 1e-6)
    field = _fit(centre, slope, length**2, middle, scale)
    if len(quads) >= FEW:
        for _ in range(ROUNDS):
            pairs = _neighbours(field, corners, centre, height)
            if len(pairs) < 3:
                break
            a, b = centre[pairs[:, 0]], centre[pairs[:, 1]]
            between = b - a
            places = np.concatenate([centre, (a + b) / 2])
            slopes = np.concatenate([slope, between[:, 1] / between[:, 0]])
            weights = np.concatenate([length**2 * 0.3, between[:, 0] ** 2])
            field = _fit(places, slopes, weights, middle, scale)
    lean, fan = _columns(corners, field, wide)
    return Upright(field, lean, fan)


def follow(field: Field, x: Array, y: Array) -> Array:
    """The height at which the line through each point crosses the middle of the page."""
    at, level = x.astype(np.float64).copy(), y.astype(np.float64).copy()
    step = (field.middle[0] - at) / STEPS
    for _ in range(STEPS):
        half = level + field.slope(at, level) * step / 2
        level = level + field.slope(at + step / 2, half) * step
        at = at + step
    return level


def _terms(x: Array, y: Array, middle: tuple[float, float], scale: float) -> Array:
    u, v = (x - middle[0]) / scale * 2, (y - middle[1]) / scale * 2
    return np.stack([np.ones_like(u), u, v, u * u, u * v, u**3], axis=1)


def _fit(places: Array, slopes: Array, weights: Array, middle: tuple[float, float], scale: float) -> Field:
    """The field that fits slopes at places, outliers counted less each round."""
    table = _terms(places[:, 0], places[:, 1], middle, scale)
    if len(places) < FEW:
        table[:, 1:] = 0
    weights = weights / weights.max()
    trust: Array = np.ones(len(weights))
    found: Array = np.zeros(table.shape[1])
    for _ in range(4):
        strength = weights * trust
        left = table.T @ (table * strength[:, None])
        left += np.diag([0, 1, 1, 1, 1, 1]) * RIDGE * max(strength.sum(), 1e-9) + np.eye(6) * 1e-12
        found = np.asarray(np.linalg.solve(left, table.T @ (strength * slopes)), np.float64)
        off = np.abs(slopes - table @ found)
        trust[:] = 1 / np.maximum(1, off / max(1.5 * float(np.median(off)), 0.004)) ** 2
    return Field(found, middle, scale)


def _neighbours(field: Field, corners: Array, centre: Array, height: Array) -> NDArray[np.int64]:
    """Pairs of boxes that follow each other on a line, by the field so far: count × 2."""
    level = follow(field, centre[:, 0], centre[:, 1])
    left, right = corners[:, [0, 3], 0].mean(axis=1), corners[:, [1, 2], 0].mean(axis=1)
    apart = left[None, :] - right[:, None]
    near = np.abs(level[None, :] - level[:, None]) < SAME_LINE * np.minimum(height[None, :], height[:, None])
    reach = np.where(near & (apart > -0.2 * height[:, None]), apart, np.inf)
    np.fill_diagonal(reach, np.inf)
    after = reach.argmin(axis=1)
    found = np.flatnonzero(np.isfinite(reach.min(axis=1)))
    pairs: NDArray[np.int64] = np.stack([found, after[found]], axis=1).astype(np.int64)
    return np.asarray(pairs[centre[pairs[:, 1], 0] - centre[pairs[:, 0], 0] > 1.0], np.int64)


def _columns(corners: Array, field: Field, wide: float) -> tuple[float, float]:
    """How columns lean and fan out: what lines most left and right edges up, near what the lines' slope says."""
    mx, my = field.middle
    square = float(field.slope(np.array([mx]), np.array([my]))[0])
    if len(corners) < 2 * FEW:
        return square, 0.0
    edges = np.concatenate([corners[:, [0, 3]].mean(axis=1), corners[:, [1, 2]].mean(axis=1)])
    x, y = edges[:, 0], edges[:, 1]
    side = np.concatenate([np.zeros(len(corners)), np.full(len(corners), 4 * wide)])
    leans = square + np.linspace(-0.12, 0.12, 49)
    fans = np.linspace(-0.3, 0.3, 31)
    start = _lined_up(x + square * (y - my), side, wide)
    best, found = start * 1.1, (square, 0.0)
    for fan in fans:
        fanned = x + fan * (y - my) * (x - mx) / field.scale
        for lean in leans:
            score = _lined_up(fanned + lean * (y - my), side, wide)
            if score > best:
                best, found = score, (float(lean), float(fan))
    return found


def _lined_up(x: Array, side: Array, wide: float) -> float:
    """How many pairs of edges stand in one column: left and right edges (told apart by `side`) counted each."""
    bins = np.round((x + side + wide) / (BIN * wide)).astype(np.int64)
    counts = np.bincount(np.maximum(bins, 0)).astype(np.float64)
    blurred = counts[1:-1] * 0.5 + (counts[:-2] + counts[2:]) * 0.25 if len(counts) > 2 else counts
    return float((blurred**2).sum())
