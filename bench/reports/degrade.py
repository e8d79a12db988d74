"""A PDF's page as a scanner or a telephone sees it. The truth does not change; the same seed gives the same picture.

`render` is the page as it is; `clean_scan` a good scanner (turned up to 1°, light JPEG); `scan` an old one (up to 2.5°,
blur, grey, shadow, specks, JPEG 60); `photo` a telephone above a desk (perspective, curved sheet, uneven warm light,
the shadow of a hand, a little motion, 12 megapixels of which the lens resolves about 200 dpi).
"""

from __future__ import annotations

import math
from io import BytesIO
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

KINDS = ("render", "clean_scan", "scan", "photo")
Chance = np.random.Generator


def rendered(pdf: bytes, page: int = 1, dpi: int = 200) -> Image.Image:
    """A page as a picture; pages count from 1."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page - 1].render(scale=dpi / 72).to_pil().convert("RGB")
    finally:
        document.close()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def picture(pdf: bytes, kind: str, seed: int, page: int = 1, turned: int = 0) -> bytes:
    """A page as JPEG (PNG for `render`); `turned` by 90, 180 or 270 degrees, as people hold telephones."""
    chance = np.random.default_rng([seed, page, KINDS.index(kind)])
    if kind == "render":
        seen, quality = rendered(pdf, page), 0
    elif kind == "clean_scan":
        seen, quality = _clean_scan(rendered(pdf, page), chance), 88
    elif kind == "scan":
        seen, quality = _scan(rendered(pdf, page), chance), 60
    else:
        seen, quality = _photo(rendered(pdf, page, 300), chance), 82
    if turned:
        seen = seen.rotate(turned, expand=True)
    out = BytesIO()
    if quality:
        seen.save(out, "JPEG", quality=quality)
    else:
        seen.save(out, "PNG")
    return out.getvalue()


def scanned_pdf(pdf: bytes, kind: str, seed: int) -> bytes:
    """All pages as pictures in a PDF without text, as a scanner with a feeder saves them."""
    seen = [Image.open(BytesIO(picture(pdf, kind, seed, n + 1))).convert("RGB") for n in range(page_count(pdf))]
    out = BytesIO()
    seen[0].save(out, "PDF", save_all=True, append_images=seen[1:], resolution=200, quality=60)
    return out.getvalue()


def _turn(seen: Image.Image, degrees: float, ground: Any) -> Image.Image:
    return seen.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=ground)


def _noise(seen: Image.Image, chance: Chance, strength: float) -> Image.Image:
    values = np.asarray(seen, dtype=np.int16)
    tile = np.rint(chance.standard_normal((641, 641), dtype=np.float32) * strength).astype(np.int16)
    repeats = (values.shape[0] // 641 + 1, values.shape[1] // 641 + 1)
    grain = np.tile(tile, repeats)[: values.shape[0], : values.shape[1]]
    values = values + (grain if values.ndim == 2 else grain[:, :, None])
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _lit(seen: Image.Image, light: np.ndarray, gains: tuple[float, float, float] = (1, 1, 1)) -> Image.Image:
    """A picture under a light: a map of brightness in small, stretched over it."""
    small = Image.fromarray(np.clip(light * 200, 0, 255).astype(np.uint8)).resize(seen.size, Image.Resampling.BICUBIC)
    field = np.asarray(small, dtype=np.float32) / 200
    values = np.asarray(seen, dtype=np.float32)
    values = values * field if values.ndim == 2 else values * field[:, :, None] * np.array(gains, dtype=np.float32)
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _clean_scan(seen: Image.Image, chance: Chance) -> Image.Image:
    seen = _turn(seen, chance.uniform(-1, 1), "white").filter(ImageFilter.GaussianBlur(0.4))
    return _noise(seen, chance, 2)


def _scan(seen: Image.Image, chance: Chance) -> Image.Image:
    grey = _turn(seen.convert("L"), chance.choice([-1, 1]) * chance.uniform(0.8, 2.5), 235)
    grey = grey.filter(ImageFilter.GaussianBlur(chance.uniform(0.7, 1.05)))
    edge = np.ones((40, 28), dtype=np.float32)
    edge[:, : int(chance.integers(2, 6))] = chance.uniform(0.55, 0.8)
    edge *= np.linspace(1, chance.uniform(0.84, 0.95), 40, dtype=np.float32)[:, None]
    grey = _lit(grey, edge if chance.random() < 0.5 else edge[:, ::-1])
    draw = ImageDraw.Draw(grey)
    for _ in range(int(chance.integers(60, 220))):
        x, y = chance.integers(0, grey.width), chance.integers(0, grey.height)
        size = int(chance.integers(1, 3))
        draw.ellipse((int(x), int(y), int(x) + size, int(y) + size), fill=int(chance.integers(20, 160)))
    return _noise(grey.point(lambda v: min(255, int(18 + v * 0.93))), chance, 6)


def _inverse(chance: Chance, wide: int, high: int, room: tuple[int, int]) -> np.ndarray:
    """The homography from the picture to the sheet on its desk: corners moved by up to 4 % of the width."""
    margin_x, margin_y = room
    target = [
        (margin_x, margin_y),
        (wide - margin_x, margin_y),
        (wide - margin_x, high - margin_y),
        (margin_x, high - margin_y),
    ]
    moved = [(x + chance.uniform(-0.04, 0.04) * wide, y + chance.uniform(-0.03, 0.03) * wide) for x, y in target]
    rows, values = [], []
    for (x, y), (u, v) in zip(moved, [(0, 0), (1, 0), (1, 1), (0, 1)], strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(values)), 1).reshape(3, 3)


def _warp(sheet: Image.Image, chance: Chance, wide: int, high: int) -> Image.Image:
    """The sheet on a desk, seen at an angle and a little curved."""
    border = sheet.width // 3
    desk = Image.new("RGB", (sheet.width + 2 * border, sheet.height + 2 * border), tuple(chance.integers(70, 150, 3)))
    desk = _noise(desk, chance, 9)
    desk.paste(sheet, (border, border))
    matrix = _inverse(chance, wide, high, (int(wide * 0.06), int(high * 0.05)))
    bend, twist = chance.uniform(-0.012, 0.012), chance.uniform(-0.006, 0.006)

    def source(x: float, y: float) -> tuple[float, float]:
        u, v, w = matrix @ (x, y, 1)
        s, t = u / w, v / w
        t += bend * math.sin(math.pi * min(1, max(0, s))) + twist * math.sin(2 * math.pi * s)
        return border + s * sheet.width, border + t * sheet.height

    step_x, step_y, mesh = wide / 14, high / 18, []
    for n in range(14):
        for m in range(18):
            x0, y0, x1, y1 = n * step_x, m * step_y, (n + 1) * step_x, (m + 1) * step_y
            corners = source(x0, y0) + source(x0, y1) + source(x1, y1) + source(x1, y0)
            mesh.append(((round(x0), round(y0), round(x1), round(y1)), corners))
    return desk.transform((wide, high), Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)


def _moved(seen: Image.Image, chance: Chance) -> Image.Image:
    """A little motion: the mean of shifted pictures."""
    angle, length = chance.uniform(0, math.pi), chance.uniform(0.5, 4.5)
    total = np.zeros((seen.height, seen.width, 3), dtype=np.float32)
    for part in (-0.5, 0, 0.5):
        dx, dy = round(math.cos(angle) * length * part * 2), round(math.sin(angle) * length * part * 2)
        total += np.asarray(ImageChops.offset(seen, dx, dy), dtype=np.float32)
    return Image.fromarray((total / 3).astype(np.uint8))


def _light(chance: Chance) -> np.ndarray:
    """Light from one side, and now and then the soft shadow of a hand or a telephone."""
    y, x = np.mgrid[0:60, 0:45].astype(np.float32)
    angle = chance.uniform(0, 2 * math.pi)
    slope = (x / 45 - 0.5) * math.cos(angle) + (y / 60 - 0.5) * math.sin(angle)
    light = 0.92 + slope * chance.uniform(0.12, 0.34)
    if chance.random() < 0.7:
        middle = chance.uniform(0.1, 0.9)
        edge = (x / 45 - middle) * math.cos(angle + 1) + (y / 60 - middle) * math.sin(angle + 1)
        light *= 1 - chance.uniform(0.18, 0.42) / (1 + np.exp(-edge * chance.uniform(18, 60)))
    return light


def _photo(sheet: Image.Image, chance: Chance) -> Image.Image:
    flat = sheet.width > sheet.height
    wide, high = (4032, 3024) if flat else (3024, 4032)
    seen = _warp(sheet, chance, wide, high).filter(ImageFilter.GaussianBlur(chance.uniform(1.0, 2.5)))
    seen = _moved(seen, chance)
    gains = (1.0, float(chance.uniform(0.94, 1.0)), float(chance.uniform(0.82, 1.0)))
    if chance.random() < 0.25:
        gains = gains[::-1]
    return _noise(_lit(seen, _light(chance), gains), chance, chance.uniform(3, 7))
