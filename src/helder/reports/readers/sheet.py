"""A picture → the sheet of paper in it, upright: its edges found if they are sure, sideways and upside down undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from helder.reports.readers.engine import Engine, Picture, Quads, clockwise, cut

LOOK_SIDE = 500  # pixels of the picture in which the sheet is looked for
LEAST_SHEET, MOST_SHEET = 0.25, 0.97  # of the picture
SURE_SHEET = 0.94  # how much of sheet and four-sided figure must be the same
SHEET_SIDE = 2600  # pixels of the longer side of a sheet made flat
CUT_OFF = 3  # boxes at the very edge of a flattened sheet: the sheet was not the whole page
TURNED_FAR = 8.0  # degrees: text is found again on a picture turned back
PROBES = 10  # crops that are read both ways up

Matrix = NDArray[np.float64]
"""3 × 3: a place on the straight picture (pixels) to one on the picture as given."""


class Sheet(NamedTuple):
    """A page made upright: its picture, the boxes of its text in it, and the way back to the picture as given."""

    picture: Picture
    quads: Quads
    back: Matrix


def upright(picture: Picture, engine: Engine) -> Sheet:
    """The page of a picture, flat and upright, with the boxes of its text."""
    sheet = _flat(picture, engine) or Sheet(picture, engine.find(picture), np.eye(3))
    sheet = _turned_back(sheet, engine)
    if not len(sheet.quads):
        return sheet
    sheet = _quarter(sheet, 1) if _sideways(sheet.quads) else sheet
    return _quarter(sheet, 2) if _upside_down(sheet, engine) else sheet


def corners(picture: Picture) -> NDArray[np.float32] | None:
    """The four corners of the sheet of paper in a picture, clockwise from the top left; None unless they are sure."""
    high, wide = picture.shape[:2]
    scale = LOOK_SIDE / max(high, wide)
    target = max(8, round(wide * scale)), max(8, round(high * scale))
    small = np.asarray(cv2.resize(picture, target, interpolation=cv2.INTER_AREA), np.uint8)
    best, found = SURE_SHEET, None
    for mask in _masks(np.asarray(cv2.GaussianBlur(small, (0, 0), 2), np.uint8)):
        sure, quad = _four_sided(mask)
        if sure > best and quad is not None and _another_ground(small, quad):
            best, found = sure, quad
    return None if found is None else clockwise(found / np.float32(scale))


def _masks(small: Picture) -> list[NDArray[np.uint8]]:
    """Where paper might be: what is bright, what is pale, what is bright against the light falling there."""
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    grey = hsv[:, :, 2]
    pale = np.asarray(255 - hsv[:, :, 1], np.uint8)
    both = np.asarray((grey.astype(np.uint16) + pale) // 2, np.uint8)
    kernel = np.ones((9, 9), np.uint8)
    found = []
    for channel in (grey, pale, both):
        _, mask = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        found.append(np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), np.uint8))
    return found


def _four_sided(mask: NDArray[np.uint8]) -> tuple[float, NDArray[np.float32] | None]:
    """The four-sided figure that the largest patch of a mask is, and how much of both is the same."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return 0.0, None
    hull = np.asarray(cv2.convexHull(max(contours, key=cv2.contourArea)), np.int32)
    share_of_all = cv2.contourArea(hull) / float(mask.size)
    if not LEAST_SHEET <= share_of_all <= MOST_SHEET:
        return 0.0, None
    for share in (0.01, 0.02, 0.03, 0.05):
        figure = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, True), True)
        if len(figure) == 4:
            break
    else:
        return 0.0, None
    quad = figure.reshape(4, 2).astype(np.float32)
    drawn = np.zeros_like(mask)
    cv2.fillPoly(drawn, [quad.astype(np.int32)], (255,))
    either = int(np.count_nonzero(drawn | (mask & _filled(hull, mask))))
    same = float(np.count_nonzero(drawn & mask)) / max(1, either)
    return (same, quad) if _plausible(quad) else (0.0, None)


def _filled(hull: NDArray[np.int32], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    drawn = np.zeros_like(mask)
    cv2.fillPoly(drawn, [hull], (255,))
    return drawn


def _plausible(quad: NDArray[np.float32]) -> bool:
    """Corners of 55 to 125 degrees, as a sheet seen from not too far aside has."""
    for i in range(4):
        a, b = quad[i - 1] - quad[i], quad[(i + 1) % 4] - quad[i]
        cosine = float(a @ b / max(np.linalg.norm(a) * np.linalg.norm(b), 1e-6))
        if abs(cosine) > 0.574:
            return False
    return True


def _another_ground(small: Picture, quad: NDArray[np.float32]) -> bool:
    """Whether what lies around the figure is darker or of another colour than what lies in it."""
    inside = np.zeros(small.shape[:2], np.uint8)
    cv2.fillPoly(inside, [quad.astype(np.int32)], (255,))
    near, far = (np.asarray(cv2.dilate(inside, np.ones((n, n), np.uint8))) > 0 for n in (7, 21))
    edge, core = (np.asarray(cv2.erode(inside, np.ones((n, n), np.uint8))) > 0 for n in (9, 41))
    around, within = far & ~near, edge & ~core
    if np.count_nonzero(around) < 50 or np.count_nonzero(within) < 50:
        return False
    a, b = np.median(small[around], axis=0), np.median(small[within], axis=0)
    return bool(np.abs(a - b).max() > 25)


def _flat(picture: Picture, engine: Engine) -> Sheet | None:
    """The sheet flattened, or None where none is sure or where text runs over its edge."""
    quad = corners(picture)
    if quad is None:
        return None
    top, right, bottom, left = (float(np.linalg.norm(quad[i] - quad[(i + 1) % 4])) for i in range(4))
    wide, high = max(top, bottom), max(left, right)
    scale = min(1.3, SHEET_SIDE / max(wide, high))
    size = max(32, round(wide * scale)), max(32, round(high * scale))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    warped = cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    flat = np.asarray(warped, np.uint8)
    quads = engine.find(flat)
    edge = 0.002 * max(size)
    outside = (quads[:, :, 0].min(axis=1) <= edge) | (quads[:, :, 0].max(axis=1) >= size[0] - edge)
    if int(outside.sum()) >= CUT_OFF or not len(quads):
        return None
    return Sheet(flat, quads, np.asarray(np.linalg.inv(matrix), np.float64))


def _turned_back(sheet: Sheet, engine: Engine) -> Sheet:
    """A page whose lines run far off level (or off plumb), turned back and its text found anew."""
    angle = _angle(sheet.quads)
    if abs(angle) <= TURNED_FAR:
        return sheet
    high, wide = sheet.picture.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    size = round(high * sine + wide * cosine), round(high * cosine + wide * sine)
    turn[:, 2] += (size[0] - wide) / 2, (size[1] - high) / 2
    warped = cv2.warpAffine(sheet.picture, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    level = np.asarray(warped, np.uint8)
    matrix = np.vstack([turn, [0, 0, 1]])
    return Sheet(level, engine.find(level), sheet.back @ np.linalg.inv(matrix))


def _angle(quads: Quads) -> float:
    """The usual angle of long boxes to the nearer of level and plumb, in degrees; 0 where there are few."""
    runs = _runs(quads)
    length = np.linalg.norm(runs, axis=1)
    heights = np.minimum(length, np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)) if len(quads) else length
    long = length > 3 * np.maximum(heights, 1)
    if int(long.sum()) < 5:
        return 0.0
    angles = np.degrees(np.arctan2(runs[long, 1], runs[long, 0]))
    return float(np.median((angles + 45) % 90 - 45))


def _runs(quads: Quads) -> NDArray[np.float32]:
    """Along each box: the vector of its longer side."""
    if not len(quads):
        return np.zeros((0, 2), np.float32)
    across, down = quads[:, 1] - quads[:, 0], quads[:, 3] - quads[:, 0]
    longer = np.linalg.norm(across, axis=1) >= np.linalg.norm(down, axis=1)
    return np.asarray(np.where(longer[:, None], across, down), np.float32)


def _sideways(quads: Quads) -> bool:
    """Whether most of the text, by length, runs up or down the page."""
    runs = np.abs(_runs(quads))
    length = np.linalg.norm(runs, axis=1)
    return float(length[runs[:, 1] > runs[:, 0]].sum()) > 0.5 * float(length.sum())


def _upside_down(sheet: Sheet, engine: Engine) -> bool:
    """Whether the longest boxes read better the other way up, by the small fast reader."""
    length = np.linalg.norm(sheet.quads[:, 1] - sheet.quads[:, 0], axis=1)
    height = np.linalg.norm(sheet.quads[:, 3] - sheet.quads[:, 0], axis=1)
    order = np.argsort(-np.where(length < 14 * height, length, 0))[:PROBES]
    crops = [cut(sheet.picture, sheet.quads[i]) for i in order]
    turned = [np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]
    return _readable(turned, engine) > _readable(crops, engine) + 0.02


def _readable(crops: Sequence[Picture], engine: Engine) -> float:
    lines = engine.second.read(crops)
    return sum(line.certainty * min(len(line.letters), 12) for line in lines) / max(1, 12 * len(lines))


def _quarter(sheet: Sheet, turns: int) -> Sheet:
    """A page turned by quarters anticlockwise, its boxes with it."""
    picture, quads, back = sheet
    for _ in range(turns):
        wide = picture.shape[1]
        picture = np.ascontiguousarray(np.rot90(picture))
        moved = np.stack([quads[:, :, 1], wide - quads[:, :, 0]], axis=2)
        quads = np.array([clockwise(quad) for quad in moved], np.float32).reshape(-1, 4, 2)
        # a place (x, y) of the turned picture was (wide - y, x) before
        back = back @ np.array([[0, -1, wide], [1, 0, 0], [0, 0, 1]], np.float64)
    return Sheet(picture, quads, back)
