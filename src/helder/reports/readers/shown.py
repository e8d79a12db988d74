"""Pictures for a person to compare with: a whole page, and the places where values were read. Child process only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from helder.reports.page import Box, Refused
from helder.reports.readers.engine import Picture

WIDEST = 1240  # pixels
MARGIN = 3.0  # points around a place
MOST_PIXELS = 4_000_000


def whole(picture: Picture, width: int = WIDEST) -> bytes:
    """A page as PNG, at most so many pixels wide (and never more than 1,240)."""
    return _png(_narrowed(picture, min(width or WIDEST, WIDEST)))


def cuts(picture: Picture, size: tuple[float, float], places: Sequence[Box]) -> Iterator[bytes]:
    """The places (points, as `Word.place` counts) of a page of `size` points, each as PNG with a small margin."""
    high, wide = picture.shape[:2]
    across, down = wide / size[0], high / size[1]
    for place in places:
        x0, x1 = (_held((x + m) * across, wide) for x, m in ((place.x0, -MARGIN), (place.x1, MARGIN)))
        y0, y1 = (_held((y + m) * down, high) for y, m in ((place.y0, -MARGIN), (place.y1, MARGIN)))
        if x1 <= x0 or y1 <= y0:
            raise Refused("no_place")
        yield _png(_narrowed(picture[y0:y1, x0:x1], WIDEST))


def _held(value: float, most: int) -> int:
    return max(0, min(most, round(value)))


def _narrowed(picture: Picture, width: int) -> Picture:
    high, wide = picture.shape[:2]
    scale = min(1.0, width / wide, (MOST_PIXELS / (wide * high)) ** 0.5)
    if scale >= 1.0:
        return picture
    target = max(1, round(wide * scale)), max(1, round(high * scale))
    return np.asarray(cv2.resize(picture, target, interpolation=cv2.INTER_AREA), np.uint8)


def _png(picture: Picture) -> bytes:
    done, packed = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 4])
    if not done:
        raise Refused("damaged")
    return packed.tobytes()
