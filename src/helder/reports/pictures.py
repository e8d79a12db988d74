"""Pages of a file as pictures small enough to stand inside an answer, for a person to compare with.

An edge, like `readers/`: the pages are drawn in its child process; here they are only made grey and small.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from helder.reports.readers.child import Broken, Child
from helder.reports.readers.files import Limits
from helder.reports.readers.worker import Wish

WIDTH = 1240  # pixels
MOST_BYTES = 108_000  # of one picture: 144 kB in base64
MOST_PIXELS = 5_000_000
TRIES = ((1.0, 55), (1.0, 30), (0.75, 35), (0.5, 35), (0.35, 25))
"""Width against the full one, and the quality, until a picture is small enough."""


def pictures(content: bytes, pages: Sequence[int], limits: Limits | None = None) -> dict[int, bytes]:
    """Page (from 1) → its picture as WebP. A page that cannot be drawn is left out; a person has the file itself."""
    if not pages:
        return {}
    child = Child(limits or Limits())
    found: dict[int, bytes] = {}
    try:
        if child.ask(Wish("open", size=len(content)), content).problem is not None:
            return {}
        for page in pages:
            for picture in child.ask(Wish("show", page, WIDTH)).pictures[:1]:
                if small := _small(picture):
                    found[page] = small
    except Broken:
        return found
    finally:
        child.close()
    return found


def _small(picture: bytes) -> bytes | None:
    try:
        image = Image.open(io.BytesIO(picture), formats=["PNG"])
        if image.width * image.height > MOST_PIXELS:
            return None
        grey = image.convert("L")
    except (OSError, ValueError, SyntaxError):
        return None
    for share, quality in TRIES:
        made = _webp(grey, share, quality)
        if len(made) <= MOST_BYTES:
            return made
    return None


def _webp(grey: Image.Image, share: float, quality: int) -> bytes:
    sized = grey if share == 1 else grey.resize((round(grey.width * share), round(grey.height * share)))
    out = io.BytesIO()
    sized.save(out, "WEBP", quality=quality, method=3)
    return out.getvalue()
