"""Printed numbers: the decimal mark is decided for a whole document, never for a cell, and no digit is ever changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

Mark = Literal[".", ","]

SPACES = "\u0020\u00a0\u2009\u202f"
DIGITS = re.compile(rf"\d+(?:[.,'’{SPACES}]\d+)*(?:[.,]\d+)?")
_GROUPED = re.compile(rf"\d{{1,3}}(?:[{SPACES}'’]\d{{3}})+(?:[.,]\d+)?")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_PLAIN = re.compile(r"\d+")
_ONE_MARK = re.compile(r"(\d+)([.,])(\d+)")
_MANY = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:([.,])\d+)?")


class Number(NamedTuple):
    """A printed number, and whether its decimal mark could have meant thousands."""

    value: Decimal
    doubtful: bool = False


def evidence(texts: Iterable[str]) -> dict[Mark, int]:
    """How many numbers show that this is the decimal mark of a document: `5,3`, `0,125`, `1.234,5`; not `1,234`."""
    found: dict[Mark, int] = {".": 0, ",": 0}
    for text in texts:
        mark = _shown(text)
        if mark:
            found[mark] += 1
    return found


def _shown(text: str) -> Mark | None:
    if one := _ONE_MARK.fullmatch(text):
        whole, mark, rest = one.groups()
        if len(rest) != 3 or whole.startswith("0") or len(whole) > 3:
            return _as_mark(mark)
        return None
    many = _MANY.fullmatch(text)
    if many and many.group(2) and many.group(1) != many.group(2):
        return _as_mark(many.group(2))
    if many and text.count(many.group(1)) > 1:
        return "," if many.group(1) == "." else "."
    return None


def _as_mark(mark: str) -> Mark:
    return "," if mark == "," else "."


def decided(shown: dict[Mark, int], usual: Mark = ".") -> tuple[Mark, bool]:
    """The decimal mark of a document, and whether its numbers prove it. Mixed evidence proves nothing."""
    point, comma = shown["."], shown[","]
    if point == comma:
        return usual, False
    mark: Mark = "." if point > comma else ","
    return mark, min(point, comma) * 5 <= max(point, comma)


def parse_number(text: str, mark: Mark, proven: bool = True) -> Number | None:
    """`1.234,5` with the mark `,` is 1234.5. None where the text is no number in any reading.

    `doubtful` where the other mark would give another number and nothing on the page decides.
    """
    bare = text.strip()
    if _PLAIN.fullmatch(bare):
        return Number(Decimal(bare))
    if _GROUPED.fullmatch(bare):
        joined = re.sub(rf"[{SPACES}'’]", "", bare)
        return parse_number(joined, _shown(joined) or mark, proven)
    if _INDIAN.fullmatch(bare):
        return Number(Decimal(bare.replace(",", "")), doubtful=mark == ",")
    if one := _ONE_MARK.fullmatch(bare):
        return _one_mark(one, mark, proven)
    many = _MANY.fullmatch(bare)
    if many and many.group(1) != many.group(2):
        whole = bare.replace(many.group(1), "").replace(",", ".")
        return Number(Decimal(whole))
    return None


def _one_mark(one: re.Match[str], mark: Mark, proven: bool) -> Number:
    whole, found, rest = one.groups()
    decimal = Decimal(f"{whole}.{rest}")
    if len(rest) != 3 or whole.startswith("0") or len(whole) > 3:
        return Number(decimal, doubtful=proven and found != mark)
    if found == mark:
        return Number(decimal, doubtful=not proven)
    return Number(Decimal(whole + rest), doubtful=not proven)
