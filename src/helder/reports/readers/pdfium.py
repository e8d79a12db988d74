"""The letters and drawn things of a PDF page through pdfium, in few calls; nothing here decides what they mean.

Coordinates come out in points from the top left corner of the page as it is shown (its own rotation and crop applied).
"""

from __future__ import annotations

import ctypes
import math
import re
import struct
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pypdfium2 import PdfPage, PdfTextPage, raw

from helder.reports.page import Box
from helder.reports.readers.glyphs import Glyph, readable
from helder.reports.script import from_right, unmirrored

MAX_LETTERS = 60_000  # on one page: a printed page holds 2,000 to 6,000
MAX_OBJECTS = 60_000
BOLD_WEIGHT = 700
_BOLD_NAMES = ("bold", "black", "heavy", "demi")
_PLAIN_NAMES = ("regular", "book", "roman", "light", "medium", "sans", "serif", "mono")
_HIDDEN_MODES = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_STROKED_MODES = (raw.FPDF_TEXTRENDERMODE_FILL_STROKE, raw.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP)
_FILLED_MODES = (raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_CLIP)
_SPACES = frozenset((0x20, 0xA0, 0x09, 0x0A, 0x0D, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x3000))
_OFF_AXIS = math.radians(8)

# pypdfium2's own prototypes wrap each result in a pointer object; with plain addresses a page takes half the time.
_prototype = ctypes.PYFUNCTYPE


def _plain(function: Any, *types: Any) -> Callable[..., Any]:
    address = ctypes.cast(function, ctypes.c_void_p).value
    return _prototype(*types)(address or 0)


_unicode = _plain(raw.FPDFText_GetUnicode, ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)
_object = _plain(raw.FPDFText_GetTextObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_loose = _plain(raw.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class Frame(NamedTuple):
    """How a page's own coordinates (y upwards, before rotation) become points from its top left corner as shown."""

    left: float
    top: float
    wide: float
    high: float
    quarters: int

    @property
    def size(self) -> tuple[float, float]:
        return (self.high, self.wide) if self.quarters % 2 else (self.wide, self.high)

    def point(self, x: float, y: float) -> tuple[float, float]:
        return turned(x - self.left, self.top - y, self.wide, self.high, self.quarters)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        if not self.quarters:
            return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)
        (xa, ya), (xb, yb) = self.point(left, bottom), self.point(right, top)
        return Box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))


class Look(NamedTuple):
    """How a run of text is drawn: size in points, quarter turns clockwise as shown, what hides it, how bold."""

    size: float
    quarter: int
    upright: bool
    descent: float
    bold: bool
    hidden: bool
    white: bool


class Letter(NamedTuple):
    """A letter as pdfium gives it: its character, its box as shown, its look, the drawn object it belongs to."""

    text: str
    box: Box
    look: Look
    drawn: int
    after_space: bool


class Drawn(NamedTuple):
    """A picture or filled area on the page: its box as shown, its place in the drawing order."""

    kind: str  # "image", "path"
    box: Box
    order: int
    dark: bool
    opaque: bool


def turned(x: float, y: float, wide: float, high: float, quarters: int) -> tuple[float, float]:
    """A point of a wide × high page (y downwards) after turning the page by quarters clockwise."""
    if quarters == 0:
        return x, y
    if quarters == 1:
        return high - y, x
    if quarters == 2:
        return wide - x, high - y
    return y, wide - x


def frame_of(page: PdfPage) -> Frame:
    """The frame of a page: the part of it that is shown and its rotation."""
    rect = raw.FS_RECTF()
    left, bottom = 0.0, 0.0
    right, top = page.get_size()
    if raw.FPDF_GetPageBoundingBox(page, rect):
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
    return Frame(left, top, right - left, top - bottom, raw.FPDFPage_GetRotation(page) % 4)


def letters(text: PdfTextPage, frame: Frame) -> list[Letter]:
    """The letters of a page in the order of the file, spaces dropped and remembered."""
    page = ctypes.cast(text.raw, ctypes.c_void_p).value
    count = min(max(raw.FPDFText_CountChars(text), 0), MAX_LETTERS)
    rects = (raw.FS_RECTF * count)()
    start, step = ctypes.addressof(rects), ctypes.sizeof(raw.FS_RECTF)
    for i in range(count):
        _loose(page, i, start + i * step)
    looks: dict[int, Look] = {}
    bold: dict[int, bool] = {}
    found: list[Letter] = []
    spaced = False
    codes = _codes(page, count)
    for i, (left, top, right, bottom) in enumerate(struct.iter_unpack("4f", rects)):
        code = codes[i]
        drawn = _object(page, i)
        if not drawn or code in _SPACES:
            spaced = True
            continue
        character = chr(code) if 0x20 < code < 0x7F else _character(code)
        if not character:
            continue
        box = frame.box(left, bottom, right, top)
        look = looks.get(drawn)
        if look is None:
            look = looks[drawn] = _look(text, i, box, frame, bold)
        found.append(Letter(character, box, look, drawn, spaced))
        spaced = False
    return found


def _codes(page: int | None, count: int) -> list[int]:
    """The characters of a page; brackets and signs of lines read from the right as the file has them."""
    codes = [_unicode(page, i) for i in range(count)]
    if all(code < 0x590 or 0x8FF < code < 0xFB1D for code in codes):
        return codes
    text = "".join(chr(code) if 0 < code < 0x110000 else "\ufffd" for code in codes)
    lines = re.split(r"(?<=\n)", text)
    return [ord(c) for line in lines for c in (unmirrored(line) if from_right(line) else line)]


def widened(page: PdfPage, frame: Frame, found: list[Letter]) -> list[Letter]:
    """Letters of Indian scripts as wide as they are drawn.

    Where a file names the letters of a group of shapes, pdfium gives all of them the place of the first shape.
    """
    if not any("\u0900" <= one.text[:1] <= "\u0dff" for one in found):
        return found
    last = {one.drawn: i for i, one in enumerate(found)}
    wider = list(found)
    at: int | None = None
    for item, matrix in _objects(page):
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_TEXT:
            continue
        address = ctypes.cast(item, ctypes.c_void_p).value or 0
        if address in last:
            at = last[address]
        elif at is not None and (box := _bounds(item, matrix, frame)) is not None:
            wider[at] = wider[at]._replace(box=_reaching(wider[at], box))
    return wider


def _reaching(letter: Letter, more: Box) -> Box:
    """The box of a letter with a shape without letters of its own that touches it, along the line."""
    box, near = letter.box, 0.2 * letter.look.size
    apart = max(more.x0 - box.x1, box.x0 - more.x1, more.y0 - box.y1, box.y0 - more.y1)
    if letter.text.isascii() or apart > near:
        return box
    if letter.look.quarter % 2:
        return Box(box.x0, min(box.y0, more.y0), box.x1, max(box.y1, more.y1))
    return Box(min(box.x0, more.x0), box.y0, max(box.x1, more.x1), box.y1)


def _character(code: int) -> str:
    return readable(chr(code)) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def glyph(letter: Letter, frame: Frame) -> Glyph:
    """A letter in the frame of its own text, upright, as `glyphs.words` counts."""
    character, box, look, _, spaced = letter
    if look.quarter:
        box = turned_box(box, *frame.size, -look.quarter % 4)
    return Glyph(character, *box, box.y1 - look.descent, look.size, look.bold, spaced)


def turned_box(box: Box, wide: float, high: float, quarters: int) -> Box:
    """A box after turning its wide × high page by quarters clockwise."""
    if quarters == 0:
        return box
    (xa, ya), (xb, yb) = turned(box.x0, box.y0, wide, high, quarters), turned(box.x1, box.y1, wide, high, quarters)
    return Box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))


def drawn_on(page: PdfPage, frame: Frame) -> tuple[list[Drawn], dict[int, int]]:
    """Pictures and filled areas of a page, and the drawing order of its text by object address."""
    found: list[Drawn] = []
    texts: dict[int, int] = {}
    for order, (item, matrix) in enumerate(_objects(page)):
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            texts[ctypes.cast(item, ctypes.c_void_p).value or 0] = order
        elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING):
            box = _bounds(item, matrix, frame)
            if box is not None:
                image = kind == raw.FPDF_PAGEOBJ_IMAGE
                opaque = not raw.FPDFPageObj_HasTransparency(item)
                dark = image or kind == raw.FPDF_PAGEOBJ_SHADING or _filled_dark(item)
                found.append(Drawn("image" if image else "path", box, order, dark, opaque))
    return found, texts


def _objects(page: PdfPage) -> Iterator[tuple[Any, tuple[float, ...] | None]]:
    """The drawn objects of a page and, one level down, of the forms it draws, each with the form's matrix."""
    for i in range(min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS)):
        item = raw.FPDFPage_GetObject(page, i)
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
            yield item, None
            continue
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(item, matrix)
        values = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
        for k in range(min(raw.FPDFFormObj_CountObjects(item), MAX_OBJECTS)):
            yield raw.FPDFFormObj_GetObject(item, k), values


def _bounds(item: Any, matrix: tuple[float, ...] | None, frame: Frame) -> Box | None:
    sides = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item, *sides):
        return None
    left, bottom, right, top = (s.value for s in sides)
    if matrix is None:
        return frame.box(left, bottom, right, top)
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return frame.box(min(xs), min(ys), max(xs), max(ys))


def _filled_dark(item: Any) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, mode, stroke) or mode.value == raw.FPDF_FILLMODE_NONE:
        return False
    colour = _colour(item)
    return colour is not None and colour[3] > 60 and min(colour[:3]) < 200


def _colour(item: Any) -> tuple[int, int, int, int] | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(item, *parts):
        return None
    r, g, b, a = (p.value for p in parts)
    return r, g, b, a


def _look(text: PdfTextPage, index: int, box: Box, frame: Frame, bold_fonts: dict[int, bool]) -> Look:
    """The look of the run that a letter, with its box as shown, belongs to; fonts known to be bold are remembered."""
    item = raw.FPDFText_GetTextObject(text, index)
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    size = abs(raw.FPDFText_GetFontSize(text, index) * (math.hypot(matrix.c, matrix.d) or 1.0))
    angle = -math.atan2(matrix.b, matrix.a)
    quarter = round(angle / (math.pi / 2))
    upright = abs(angle - quarter * math.pi / 2) <= _OFF_AXIS
    quarter = (quarter + frame.quarters) % 4
    mode = raw.FPDFTextObj_GetTextRenderMode(item)
    colour = _colour(item) if mode in _FILLED_MODES else None
    hidden = mode in _HIDDEN_MODES or (colour is not None and colour[3] < 12)
    white = colour is not None and min(colour[:3]) >= 248
    font = raw.FPDFTextObj_GetFont(item)
    key = ctypes.cast(font, ctypes.c_void_p).value or 0
    if key not in bold_fonts:
        bold_fonts[key] = _bold_font(font)
    bold = mode in _STROKED_MODES or bold_fonts[key]
    return Look(size, quarter, upright, _descent(text, index, box, frame, quarter), bold, hidden, white)


def _descent(text: PdfTextPage, index: int, box: Box, frame: Frame, quarter: int) -> float:
    """How far the lower edge of a letter's box lies below its base line, in points."""
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    wide, high = frame.size
    back = -quarter % 4
    return turned_box(box, wide, high, back).y1 - turned(*frame.point(x.value, y.value), wide, high, back)[1]


def _bold_font(font: Any) -> bool:
    """Whether a font is bold by its name; pdfium's weight is guessed from the stems and wrong for many fonts."""
    if not font:
        return False
    buffer = ctypes.create_string_buffer(128)
    raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    name = buffer.value.lower().decode("latin-1")
    if any(part in name for part in _BOLD_NAMES):
        return True
    return raw.FPDFFont_GetWeight(font) >= BOLD_WEIGHT and not any(part in name for part in _PLAIN_NAMES)
