"""How a reading is drawn: its bar, its place on the page, its unit as people write it. Layout only."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from helder.reports.confirmed import number_of
from helder.reports.contract import RangeObject, ReadingObject

MARGIN = 6.0  # points around a crop
EDGE = 2.0  # points around a box
SLOPE = 0.02  # of a line on a photo, from its value to its end
_UCUM = (
    ("10*", "10^"), ("[IU]", "IU"), ("[pH]", ""), ("{INR}", ""), ("mm[Hg]", "mmHg"), ("_m2", " m²"), ("m2", "m²"),
)  # fmt: skip
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Place(NamedTuple):
    """A box on a page, in points."""

    x: float
    y: float
    width: float
    height: float


class Part(NamedTuple):
    """A piece of a page as the `viewBox` of a drawing shows it; `image` is the page's picture, `value` a box in it."""

    image: str
    view: str
    value: Place | None


def place(reading: ReadingObject, page: int) -> Place | None:
    """Where a reading stands on a page; None for one that stands elsewhere or was computed."""
    if not reading.box or reading.computed_from or reading.page != page:
        return None
    return _framed(reading.box)


def _framed(box: tuple[float, float, float, float]) -> Place:
    left, top, right, bottom = box
    sides = (left - EDGE, top - EDGE, right - left + 2 * EDGE, bottom - top + 2 * EDGE)
    return Place(*(round(side, 1) for side in sides))


def crop(reading: ReadingObject, document: int, width: float) -> Part | None:
    """The line of a page so wide on which a reading stands, to its end: units and ranges stand behind the value."""
    if not reading.box or reading.computed_from:
        return None
    left, top, right, bottom = reading.box
    margin = MARGIN + SLOPE * max(width - right, 0)
    view = (left - MARGIN, top - margin, max(width, right) - left + MARGIN, bottom - top + 2 * margin)
    value = _framed(reading.value_box) if reading.value_box else None
    return Part(f"i{document}-{reading.page}", " ".join(f"{side:.1f}" for side in view), value)


def bar(reading: ReadingObject, side: str, said: str) -> Markup:
    """Where a value stands beside its range: a mark whose form says the side, `said` the same in words."""
    value, range_ = number_of(reading.value), reading.range
    ends = zone(value, range_) if value is not None and range_ and side else None
    if ends is None:
        return Markup("")
    start, end, at = ends
    mark = {
        "low": f"M{at + 4:.1f} 2v10l-8-5z",
        "high": f"M{at - 4:.1f} 2v10l8-5z",
        "normal": f"M{at:.1f} 2a5 5 0 1 0 .01 0z",
    }[side]
    return Markup(
        '<svg class="rbar" viewBox="0 0 100 14" role="img" aria-label="{}"><rect class="track" y="5" width="100" '
        'height="4" rx="2"/><rect class="zone" x="{:.0f}" y="4" width="{:.0f}" height="6"/><path d="{}"/></svg>'
    ).format(said, start, end - start, mark)


def zone(value: Decimal, range_: RangeObject) -> tuple[float, float, float] | None:
    """Where the range begins and ends on a bar that is 100 long, and where the value stands; never at its very end."""
    low, high = number_of(range_.low or ""), number_of(range_.high or "")
    if low is not None and high is not None and high > low:
        start, end, at = 30.0, 70.0, 30 + float((value - low) / (high - low)) * 40
    elif high is not None and high > 0:
        start, end, at = 0.0, 65.0, float(value / high) * 65
    elif low is not None and low > 0:
        start, end = 35.0, 100.0
        at = float(value / low) * 35 if value < low else 100 - float(low / value) * 65
    else:
        return None
    return start, end, min(max(at, 6.0), 94.0)


def limits(range_: RangeObject | None) -> str:
    """A range as printed, without the brackets around it."""
    if range_ is None:
        return ""
    return range_.text.strip().strip("()[]").strip() or " – ".join(filter(None, (range_.low, range_.high)))


def unit_shown(printed: str | None, ucum: str | None) -> str:
    """The unit as printed, with raised powers; without one, its code as people write it."""
    return _raised(printed) if printed else ucum_shown(ucum)


def ucum_shown(unit: str | None) -> str:
    """A UCUM code as people write it: `mL/min/{1.73_m2}` → `mL/min/1.73 m²`, `10*9/L` → `10⁹/L`."""
    text = unit or ""
    for code, said in _UCUM:
        text = text.replace(code, said)
    text = re.sub(r"\bu(?=(?:mol|g|L|m|kat)\b|IU\b)", "µ", _raised(text))
    return text.replace("{", "").replace("}", "") if text != "1" else ""


def _raised(text: str) -> str:
    return re.sub(r"\^(\d+)", lambda power: power[1].translate(_POWERS), text)
