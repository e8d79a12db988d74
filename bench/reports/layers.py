"""PDFs whose text is not what it seems: pages turned by a flag, scans with the unseen text of a scanner's own reading.

Scanning apps put what they read behind the picture, invisible and with mistakes: a reader that trusts it takes a lost
decimal mark for the truth. The truth stays what the picture shows.
"""

from __future__ import annotations

from io import BytesIO
from random import Random

import pypdfium2
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bench.reports import canvas, degrade
from bench.reports.canvas import Sheet, Text

SLIPS = {",": "", ".": "", "1": "l", "0": "O", "5": "S", "8": "B", "6": "b", "µ": "u", "l": "I", "<": ""}


def rotated(pdf: bytes, degrees: int) -> bytes:
    """The same file with every page marked as turned, as a printer driver does for a sheet that lies on its side."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        page.set_rotation(degrees)
    out = BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def slipped(text: str, rng: Random, share: float) -> str:
    """A text with some letters lost or taken for others."""
    return "".join(SLIPS[c] if c in SLIPS and rng.random() < share else c for c in text)


def scan_with_text(sheets: list[Sheet], pdf: bytes, seed: int, share: float = 0.03) -> bytes:
    """A scan whose pages carry invisible text with mistakes: `share` of the letters that are easily mistaken."""
    rng, out = Random(seed), BytesIO()
    page = Canvas(out, invariant=1)
    for number, sheet in enumerate(sheets):
        picture = degrade.picture(pdf, "clean_scan", seed, number + 1)
        page.setPageSize((sheet.width, sheet.height))
        page.drawImage(ImageReader(BytesIO(picture)), 0, 0, sheet.width, sheet.height)
        for item in sheet.items:
            if isinstance(item, Text):
                _unseen(page, sheet, item, slipped(item.text, rng, share))
        page.showPage()
    page.save()
    return out.getvalue()


def _unseen(page: Canvas, sheet: Sheet, item: Text, text: str) -> None:
    wide = canvas.width(item.text, item.font, item.size, item.bold)
    left = item.x - {"l": 0, "r": wide, "c": wide / 2}[item.align]
    line = page.beginText(left, sheet.height - item.y)
    line.setTextRenderMode(3)
    line.setFont(canvas.font_for(item.font, item.bold, text), item.size)
    line.textOut(text)
    page.drawText(line)
