"""Names as they compare: no accents, no capitals, no punctuation, digits of every script the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_GAPS = re.compile(r"(?:[^\w\u0900-\u0dff]|_)+")
"""What stands between words; the vowel signs of Indian scripts are no gaps, though `\\w` leaves them out."""
_SPECIAL = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "ı": "i", "đ": "d"}
    | {"ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": ""}
)
"""Letters that are written in two ways: `ß` and `ss`, `ة` and `ه` at the end of Arabic words, a stretched `ـ`."""


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """`Magnésium-Citrat` → `magnesium citrat`; `ب١٢` keeps its letters, its digits become 12."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    kept = "".join(_digit(c) for c in decomposed if not unicodedata.combining(c) and c.isprintable())
    return _GAPS.sub(" ", kept).strip()


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character
