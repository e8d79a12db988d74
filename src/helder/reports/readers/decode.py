"""Picture files → upright pixels, never more than a limit says, each frame of a file in turn."""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from helder.reports.page import Refused
from helder.reports.readers.engine import Picture
from helder.reports.readers.kind import Kind

A4 = 842.0  # points: the longer side of a page whose file does not say its size
LONGEST = 3000  # pixels: a page photographed with more is made smaller (A4 at 250 dpi)
SMALLEST = 220  # pixels of the longer side: less holds no readable report
ORIENTATION = 0x0112  # in the data of a camera: 1 to 4 upright or upside down, 5 to 8 on a side
_FORMATS: dict[str, str] = {
    "png": "PNG", "jpeg": "JPEG", "webp": "WEBP", "tiff": "TIFF", "gif": "GIF", "bmp": "BMP", "heic": "HEIF",
}  # fmt: skip


class Frame(NamedTuple):
    """A picture of a page: pixels (BGR) and its size in points, as the file says or as if it were an A4 page."""

    picture: Picture
    size: tuple[float, float]


def open_picture(content: bytes, kind: Kind, max_pixels: int) -> Image.Image:
    """An opened picture file, nothing decoded yet. Raises Refused: `bomb`, `damaged`, `heic`."""
    if kind == "heic":
        _allow_heic()
    Image.MAX_IMAGE_PIXELS = None  # checked here, before anything is decoded
    try:
        image = Image.open(io.BytesIO(content), formats=[_FORMATS[kind]])
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, ArithmeticError) as error:
        raise Refused("damaged") from error
    _check_size(image, max_pixels)
    return image


def count_frames(image: Image.Image) -> int:
    """How many pages a picture file holds: those of a TIFF; one of anything else (a moving GIF is its first)."""
    if image.format != "TIFF":
        return 1
    try:
        return max(1, int(getattr(image, "n_frames", 1)))
    except (OSError, ValueError, SyntaxError, ArithmeticError, RuntimeError) as error:
        raise Refused("damaged") from error


def frame(image: Image.Image, number: int, max_pixels: int) -> Frame:
    """A page (numbered from 1) of an opened picture file. Raises Refused: `bomb`, `damaged`, `too_small`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if number > 1:
                image.seek(number - 1)
                _check_size(image, max_pixels)
            if image.format == "JPEG":
                image.draft("RGB", (LONGEST, LONGEST))
            size = _points(image)
            sideways = image.getexif().get(ORIENTATION, 1) >= 5
            upright = ImageOps.exif_transpose(_plain(image))
    except Refused:
        raise
    except (OSError, ValueError, SyntaxError, ArithmeticError, EOFError, KeyError, TypeError, MemoryError) as error:
        raise Refused("damaged") from error
    if max(upright.size) < SMALLEST or min(upright.size) < 16:
        raise Refused("too_small")
    if size is not None and sideways:
        size = size[1], size[0]
    fitting = _fitting(upright, size)
    if size is None:
        size = fitting.width * A4 / max(fitting.size), fitting.height * A4 / max(fitting.size)
    return Frame(np.ascontiguousarray(np.asarray(fitting)[:, :, ::-1]), size)


def _check_size(image: Image.Image, max_pixels: int) -> None:
    wide, high = image.size
    if wide * high > max_pixels:
        raise Refused("bomb", pixels=str(wide * high))
    if wide < 1 or high < 1:
        raise Refused("damaged")


def _plain(image: Image.Image) -> Image.Image:
    """Red, green, blue without transparency; a deep grey brought down to eight bits. Orientation data kept."""
    if image.mode in ("RGB", "L", "1", "CMYK", "YCbCr"):
        plain = image.convert("RGB")
    elif image.mode.startswith("I") or image.mode == "F":
        deep = np.asarray(image, np.float32)
        low, high = float(deep.min()), float(deep.max())
        levels = (deep - low) * (255 / max(high - low, 1e-6))
        plain = Image.fromarray(levels.astype(np.uint8)).convert("RGB")
    else:
        seen = image.convert("RGBA")
        plain = Image.new("RGB", seen.size, "white")
        plain.paste(seen, mask=seen.getchannel("A"))
    plain.info.update({key: image.info[key] for key in ("exif",) if key in image.info})
    return plain


def _points(image: Image.Image) -> tuple[float, float] | None:
    """Width and height in points by the dots an inch that the file states, where those can be true of a scan."""
    try:
        across, down = (float(v) for v in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError):
        return None
    if not (90 <= across <= 1300 and 60 <= down <= 1300):
        return None
    size = image.width * 72 / across, image.height * 72 / down
    return size if 140 <= max(size) <= 1700 else None


def _fitting(image: Image.Image, size: tuple[float, float] | None) -> Image.Image:
    """Made no larger than LONGEST, and as wide as it is high where the dots of a fax are not square."""
    wide, high = image.size
    if size is not None:
        squeeze = (size[0] / wide) / (size[1] / high)
        if squeeze < 0.83:
            high = round(high / squeeze)
        elif squeeze > 1.2:
            wide = round(wide * squeeze)
    scale = min(1.0, LONGEST / max(wide, high))
    target = max(1, round(wide * scale)), max(1, round(high * scale))
    return image if target == image.size else image.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _allow_heic() -> None:
    try:
        from pi_heif import register_heif_opener
    except ImportError as error:
        raise Refused("heic") from error
    register_heif_opener()


ImageFile.LOAD_TRUNCATED_IMAGES = False
