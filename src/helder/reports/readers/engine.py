"""The OCR engine: where text stands in a picture, and what it says, by two readers of different size.

The models are PaddleOCR's PP-OCRv6: *small* comes inside the package `rapidocr`, *tiny* stands in `models/` here (see
docs/decisions/0012). They are driven directly on onnxruntime: one thread setting for all, crops from the full
resolution, the place of every letter, and less memory than the package's own pipeline, which stays the twin in tests.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""height × width × 3, blue green red."""
Quads = NDArray[np.float32]
"""n × 4 × 2: corners of n boxes in pixels, clockwise from the top left of the text as written."""

LONGEST_SIDE = 1600  # pixels, for finding text; reading takes the crops from the full picture
SHORTEST_SIDE = 640
MOST_POINTS = 2_000_000  # a page of A4 or Letter at the longest side; bounds memory for squarer pictures
INK = 0.3  # what the finder calls text, of 0 to 1
SURE_BOX = 0.5
GROWTH = 1.6  # the finder marks the core of a line: its box is grown by area × this / length of its edge
HEIGHT, LEAST_WIDTH = 48, 320  # of a crop as read; a narrower one is padded (values: 91 → 98 % right)
SOFTENED = 0.6  # pixels: noise taken from a crop (of 598 values in scans and photos, 591 → 596 right)
WIDEST = 3200
BATCH_PIXELS = 8 * LEAST_WIDTH  # width of all crops of a batch together
MOST_BOXES = 1200


class Letter(NamedTuple):
    """A letter read: itself, how sure, and where its middle stands along the crop, 0 to 1."""

    text: str
    certainty: float
    at: float


class Line(NamedTuple):
    """What a crop says: its letters and how sure the reader is of all of them (the mean)."""

    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.letters)

    @property
    def certainty(self) -> float:
        return sum(one.certainty for one in self.letters) / len(self.letters) if self.letters else 0.0


class Recognizer:
    """A recognition model: crops of one line each → what they say."""

    def __init__(self, model: Path, threads: int) -> None:
        self._session = _session(model, threads)
        self._input = self._session.get_inputs()[0].name
        self._characters = ["", *(_narrow(one) for one in _characters(self._session, model)), " "]

    def read(self, crops: Sequence[Picture]) -> list[Line]:
        """What each crop says, in the order given; crops of like width are read together."""
        lines: list[Line] = [Line(())] * len(crops)
        widths = [_width(crop) for crop in crops]
        order = sorted(range(len(crops)), key=widths.__getitem__)
        at = 0
        while at < len(order):
            count = max(1, min(len(order) - at, BATCH_PIXELS // widths[order[at]]))
            while count > 1 and widths[order[at + count - 1]] * count > BATCH_PIXELS:
                count -= 1
            batch = order[at : at + count]
            width = widths[batch[-1]]
            found = self._session.run(None, {self._input: _tensor([crops[i] for i in batch], width)})[0]
            for i, scores in zip(batch, found, strict=True):
                lines[i] = self._decode(scores, width / _drawn_width(crops[i], width))
            at += count
        return lines

    def _decode(self, scores: NDArray[np.float32], stretch: float) -> Line:
        """Letters from a steps × characters table: the best of each step, repeats and blanks dropped."""
        best = scores.argmax(axis=1)
        keep = best != 0
        keep[1:] &= best[1:] != best[:-1]
        steps = np.flatnonzero(keep)
        count = len(best)
        return Line(
            tuple(
                Letter(self._characters[best[s]], float(scores[s, best[s]]), min((s + 0.5) / count * stretch, 1.0))
                for s in steps
            )
        )


class Engine:
    """Finding text, and the two readers; loaded once, in the child process only."""

    def __init__(self, threads: int = 2) -> None:
        small = models_folder()
        self._finder = _session(small / "PP-OCRv6_det_small.onnx", threads)
        self._input = self._finder.get_inputs()[0].name
        self.first = Recognizer(small / "PP-OCRv6_rec_small.onnx", threads)
        self.second = Recognizer(Path(__file__).parent / "models" / "PP-OCRv6_rec_tiny.onnx", threads)

    def find(self, picture: Picture, longest: int = LONGEST_SIDE) -> Quads:
        """The boxes of the text of a picture, in its own pixels, in no order."""
        high, wide = picture.shape[:2]
        scale = min(longest / max(high, wide), max(1.0, SHORTEST_SIDE / min(high, wide)))
        scale = min(scale, (MOST_POINTS / (high * wide)) ** 0.5)
        w, h = (max(32, round(side * scale / 32) * 32) for side in (wide, high))
        small = cv2.resize(picture, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        tensor = (small.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[np.newaxis]
        heat = self._finder.run(None, {self._input: tensor})[0][0, 0]
        return _boxes(heat) * np.array([wide / w, high / h], np.float32)


@cache
def engine(threads: int) -> Engine:
    """The one engine of this process."""
    return Engine(threads)


def models_folder() -> Path:
    """Where the package `rapidocr` keeps its models; the package itself isn't imported."""
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("rapidocr, whose models read pictures of reports, is not installed")
    return Path(spec.origin).parent / "models"


def cut(picture: Picture, quad: NDArray[np.float32]) -> Picture:
    """The part of a picture inside a box of four corners, made level."""
    top, right, bottom, left = (float(np.linalg.norm(quad[i] - quad[(i + 1) % 4])) for i in range(4))
    wide, high = max(1, round(max(top, bottom))), max(1, round(max(left, right)))
    target = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    level = cv2.warpPerspective(picture, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(level, np.uint8)


def _session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # slower by a tenth, half the memory
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads leave the processor
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _characters(session: onnxruntime.InferenceSession, model: Path) -> list[str]:
    """The characters that a model knows: in the model itself, or in the list beside it."""
    inside = session.get_modelmeta().custom_metadata_map.get("character")
    if inside:
        return str(inside).splitlines()
    listed: list[str] = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
    return listed


def _narrow(character: str) -> str:
    """A character of Chinese width (`！`) as the one it stands for in a report."""
    return chr(ord(character) - 0xFEE0) if "\uff01" <= character <= "\uff5e" and len(character) == 1 else character


def _width(crop: Picture) -> int:
    high, wide = crop.shape[:2]
    return int(min(WIDEST, max(LEAST_WIDTH, math.ceil(HEIGHT * wide / high))))


def _drawn_width(crop: Picture, width: int) -> int:
    high, wide = crop.shape[:2]
    return int(max(1, min(width, math.ceil(HEIGHT * wide / high))))


def _tensor(crops: Sequence[Picture], width: int) -> NDArray[np.float32]:
    """Crops as one count × 3 × 48 × width table from -1 to 1, padded with grey (0) on the right."""
    table = np.zeros((len(crops), 3, HEIGHT, width), np.float32)
    for row, crop in zip(table, crops, strict=True):
        drawn = cv2.resize(cv2.GaussianBlur(crop, (0, 0), SOFTENED), (_drawn_width(crop, width), HEIGHT))
        row[:, :, : drawn.shape[1]] = (drawn.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)
    return table


def _boxes(heat: NDArray[np.float32]) -> Quads:
    """Boxes of text from a height × width table of how likely each point is text (differentiable binarization)."""
    mask = cv2.dilate((heat > INK).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found: list[NDArray[np.float32]] = []
    for contour in contours[:MOST_BOXES]:
        (x, y), (a, b), angle = cv2.minAreaRect(contour)
        if min(a, b) < 3 or _mean_inside(heat, _corners(x, y, a, b, angle)) < SURE_BOX:
            continue
        grow = a * b * GROWTH / (2 * (a + b))
        found.append(clockwise(_corners(x, y, a + 2 * grow, b + 2 * grow, angle)))
    return np.array(found, np.float32).reshape(-1, 4, 2)


def _corners(x: float, y: float, a: float, b: float, angle: float) -> NDArray[np.float32]:
    return np.asarray(cv2.boxPoints(((x, y), (a, b), angle)), np.float32)


def _mean_inside(heat: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    high, wide = heat.shape
    x0, y0 = np.floor(corners.min(axis=0)).astype(int).clip(0, (wide - 1, high - 1))
    x1, y1 = np.ceil(corners.max(axis=0)).astype(int).clip(0, (wide - 1, high - 1))
    mask = np.zeros((y1 - y0 + 1, x1 - x0 + 1), np.uint8)
    cv2.fillPoly(mask, [(corners - (x0, y0)).astype(np.int32)], (1,))
    return float(cv2.mean(heat[y0 : y1 + 1, x0 : x1 + 1], mask)[0])


def clockwise(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corners from the top left on, clockwise."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2][np.argsort(by_x[:2, 1])], by_x[2:][np.argsort(by_x[2:, 1])]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)
