"""PDF → pages of words where the file holds real text; where it holds a picture of text, that picture.

pdfium runs no script and fetches nothing. Still a file from outside: read in the child process only (`child.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pypdfium2
from msgspec import Struct
from msgspec.structs import replace
from pypdfium2 import raw

from helder.reports.page import Box, Page, Refused, Word
from helder.reports.readers.glyphs import words
from helder.reports.readers.pdfium import Drawn, Frame, Letter, drawn_on, frame_of, glyph, letters, turned_box, widened

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RENDER_DPI = 200
MAX_SIDE = 3400  # pixels of a rendered page: A4 at 290 dpi
SMALLEST_TYPE = 2.0  # points: smaller print is not for human eyes
FEW_LETTERS = 60  # a stamp or a page number over a scan, not a report
SCAN_SHARE = 0.5  # of the page: a picture this large may be the page itself
SOME_LETTERS = 300
GARBAGE = 0.12  # share of letters without a meaning that makes a text layer worthless
OUTLINES = 60  # paths on a page without letters: text drawn as shapes
_FIELDS = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP)


class Layer(Struct, frozen=True):
    """What a PDF page offers: its words and whether they are to be trusted rather than a picture of the page."""

    page: Page
    real: bool
    blank: bool


def open_pdf(content: bytes) -> pypdfium2.PdfDocument:
    """An opened PDF. Raises Refused: `encrypted`, `damaged`, `no_pages`."""
    try:
        document = pypdfium2.PdfDocument(content)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        locked = code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Refused("encrypted" if locked else "damaged") from error
    if count < 1:
        raise Refused("damaged")
    return document


def read_layer(document: pypdfium2.PdfDocument, number: int) -> Layer:
    """The text layer of a page (numbered from 1) and what it is worth. Raises Refused: `damaged`."""
    page = _page(document, number)
    try:
        frame = frame_of(page)
        text = page.get_textpage()
        try:
            found = widened(page, frame, letters(text, frame))
        finally:
            text.close()
        drawn, order = drawn_on(page, frame)
        shown = visible(found, drawn, order, frame)
        wide, high = frame.size
        read, straight = to_words(shown, frame)
        result = Page(number, wide, high, tuple(read), "digital", straight)
        return Layer(result, is_real(shown, found, drawn, frame), not found and not drawn)
    finally:
        page.close()


def render(document: pypdfium2.PdfDocument, number: int, dpi: float = RENDER_DPI) -> NDArray[np.uint8]:
    """A page as a picture, height × width × 3 (BGR), at most MAX_SIDE pixels a side."""
    page = _page(document, number)
    try:
        wide, high = page.get_size()
        scale = min(dpi / 72, MAX_SIDE / max(wide, high, 1))
        bitmap = page.render(scale=scale, may_draw_forms=True, rev_byteorder=False, prefer_bgrx=False)
        picture: NDArray[np.uint8] = bitmap.to_numpy().copy()
        bitmap.close()
        return picture
    except pypdfium2.PdfiumError as error:
        raise Refused("damaged") from error
    finally:
        page.close()


def size_of(document: pypdfium2.PdfDocument, number: int) -> tuple[float, float]:
    """Width and height of a page in points as shown."""
    wide, high = document.get_page_size(number - 1)
    return wide, high


def _page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """A loaded page, what is filled in on it (fields, notes) made part of it."""
    try:
        page = document[number - 1]
        if _has_fields(page):
            if document.formenv is None:
                document.init_forms()
                page.close()
                page = document[number - 1]
            raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
            page.close()
            page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise Refused("damaged") from error
    return page


def _has_fields(page: pypdfium2.PdfPage) -> bool:
    for i in range(min(raw.FPDFPage_GetAnnotCount(page), 500)):
        note = raw.FPDFPage_GetAnnot(page, i)
        kind = raw.FPDFAnnot_GetSubtype(note)
        raw.FPDFPage_CloseAnnot(note)
        if kind in _FIELDS:
            return True
    return False


def visible(found: Sequence[Letter], drawn: Sequence[Drawn], order: dict[int, int], frame: Frame) -> list[Letter]:
    """The letters that a person sees: not hidden, not off the page, not under a picture, not white on white."""
    wide, high = frame.size
    cover = [d for d in drawn if d.kind == "image" and d.opaque and _share(d.box, wide, high) >= SCAN_SHARE]
    dark = [d for d in drawn if d.dark] if any(one.look.white for one in found) else []
    return [
        one
        for one in found
        if not one.look.hidden
        and one.look.upright
        and one.look.size >= SMALLEST_TYPE
        and _on_page(one.box, wide, high)
        and not (cover and any(order.get(one.drawn, d.order) < d.order and _inside(one.box, d.box) for d in cover))
        and not (one.look.white and not any(_inside(one.box, d.box) for d in dark))
    ]


def is_real(shown: Sequence[Letter], found: Sequence[Letter], drawn: Sequence[Drawn], frame: Frame) -> bool:
    """Whether the letters are the page's own text rather than garbage, or a layer guessed from a scan by somebody."""
    wide, high = frame.size
    pictures = sum(_share(d.box, wide, high) for d in drawn if d.kind == "image")
    if not shown:
        return not found and not drawn  # a blank page has nothing to look at either
    if sum(_meaningless(one.text) for one in shown) > GARBAGE * len(shown):
        return False
    hidden = sum(one.look.hidden for one in found)
    if pictures >= SCAN_SHARE and (len(shown) < SOME_LETTERS or hidden > len(shown)):
        return False
    if len(shown) < FEW_LETTERS:
        outlines = sum(d.kind == "path" for d in drawn)
        return pictures < 0.1 and outlines < OUTLINES
    return True


def to_words(shown: Sequence[Letter], frame: Frame) -> tuple[list[Word], tuple[float, float] | None]:
    """Letters as words, and the size of the page turned so that most of its text stands upright.

    The size is None where that is the page as given. Words that run another way have `turned` set.
    """
    wide, high = frame.size
    quarters = Counter(one.look.quarter for one in shown)
    main = quarters.most_common(1)[0][0] if quarters else 0
    read: list[Word] = []
    for quarter in sorted(quarters):
        same = [glyph(one, frame) for one in shown if one.look.quarter == quarter]
        own_wide, own_high = (high, wide) if quarter % 2 else (wide, high)
        for word in words(same):
            place = turned_box(word.box, own_wide, own_high, quarter)
            box = word.box if quarter == main else turned_box(place, wide, high, -main % 4)
            read.append(replace(word, box=box, place=place, turned=(quarter - main) % 4))
    straight = None if main == 0 else ((high, wide) if main % 2 else (wide, high))
    return read, straight


def _meaningless(text: str) -> bool:
    return any(c < " " or c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or "\x7f" <= c <= "\x9f" for c in text)


def _share(box: Box, wide: float, high: float) -> float:
    width = min(box.x1, wide) - max(box.x0, 0)
    height = min(box.y1, high) - max(box.y0, 0)
    return max(width, 0) * max(height, 0) / max(wide * high, 1)


def _on_page(box: Box, wide: float, high: float) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return 0 <= x <= wide and 0 <= y <= high


def _inside(box: Box, outer: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1
