"""What every format needs: bytes → text, printed values → parts, dates, flags, and the problems met on the way."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from helder.quantities import Comparator
from helder.reports.structured.model import Flag, Problem, What

MOST = 20_000_000
"""Bytes (of a text: characters) that are read; a report of a person's whole life is smaller."""
NAMED = 20
"""How many places of one problem are named one by one; the rest is counted."""
MOST_DIGITS = 40
MOST_ROWS, MOST_PARTS, LONGEST_TEXT = 100_000, 1_000, 20_000
"""Results of a file, values or components of one result, characters of one running text. The rest is cut and named."""
BOM = b"\xef\xbb\xbf"

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_SIGNED = re.compile(r"\s*(<=|>=|=<|=>|[<>≤≥⩽⩾＜＞~≈])\s*(?=[-+]?[.,]?\d)(.*)", re.DOTALL)
_SIGNS = {"<": "<", "＜": "<", "<=": "<=", "=<": "<=", "≤": "<=", "⩽": "<="}
_SIGNS |= {">": ">", "＞": ">", ">=": ">=", "=>": ">=", "≥": ">=", "⩾": ">=", "~": "~", "≈": "~"}
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?", re.ASCII)
_PLAIN = r"[-+]?\d+(?:\.\d+)?"
_BETWEEN = re.compile(rf"\s*({_PLAIN})\s*[-–—]\s*({_PLAIN})\s*", re.ASCII)
_BOUND = re.compile(rf"\s*(<=?|>=?|[≤≥])\s*({_PLAIN})\s*", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?", re.ASCII)
_TIME = re.compile(r"[T ]?[\d:.]{0,16}\s*(?:Z|[-+]\d\d:?\d\d)?", re.ASCII)

NONE_OF_OURS = (
    "N B D U W AC IE QCF TOX I MS NCL NS R SYN-R S SDD SYN-S VS CAR Carrier EX HX LX HM IND E NEG ND POS DET EXP UNE "
    "NR RR WR OBX C CC UU DD null"
)
FLAGS: dict[str, Flag | None] = dict.fromkeys(NONE_OF_OURS.split())
FLAGS |= {"L": "low", "LU": "low", "L<": "low", "<": "low", "LL": "critical_low"}
FLAGS |= {
    "H": "high",
    "HU": "high",
    "H>": "high",
    ">": "high",
    "HH": "critical_high",
    "A": "abnormal",
    "AA": "abnormal",
}
"""Codes of HL7 table 0078 (versions 2.3 to 2.9) and of v3-ObservationInterpretation, which FHIR uses."""


class Problems:
    """Collects what was not understood; of each kind the first places by name, the rest counted."""

    def __init__(self) -> None:
        self._named: list[Problem] = []
        self._counts: dict[tuple[What, str], int] = {}

    def add(self, place: str, what: What, found: str = "") -> None:
        key = (what, plain(found)[:60])
        seen = self._counts[key] = self._counts.get(key, 0) + 1
        if seen <= NAMED:
            self._named.append(Problem(plain(place)[:120], *key))

    def told(self) -> tuple[Problem, ...]:
        more = ((what, found, count - NAMED) for (what, found), count in self._counts.items() if count > NAMED)
        return (*self._named, *(Problem("…", what, found, count) for what, found, count in more))


def within(data: bytes | str, problems: Problems) -> bool:
    """Whether there is something to read, and not too much of it; if not, a problem."""
    if len(data) > MOST:
        problems.add("file", "too_large")
    elif not data or data.isspace():
        problems.add("file", "empty")
    else:
        return True
    return False


def decoded(data: bytes, encoding: str, place: str, problems: Problems) -> str:
    """The text in the encoding that was told. Bytes that do not fit: UTF-8 if all fits, else Latin-1, and a problem."""
    for name in dict.fromkeys((encoding, "utf-8")):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            problems.add(place, "encoding", "utf-8" if name == encoding != "utf-8" else "iso-8859-1")
    return data.decode("iso-8859-1")


def plain(text: object) -> str:
    """A text on one line, without control characters and marks that turn its direction; empty for what is no text."""
    return " ".join(_CONTROL.sub(" ", text).split()) if isinstance(text, str) else ""


def lines_of(text: str) -> str:
    """A text of several lines, each as `plain` gives it; empty lines at the ends go."""
    return "\n".join(plain(line) for line in re.split(r"\r\n|\r|\n", text)).strip("\n")


def longer(text: str, more: str, place: str, problems: Problems) -> str:
    """A text with another line, as long as it stays readable."""
    if len(text) + len(more) > LONGEST_TEXT:
        problems.add(place, "cut_off")
        return text
    return joined([text, more])


def joined(parts: list[str] | tuple[str, ...], by: str = "\n") -> str:
    return by.join(part for part in parts if part)


def split_comparator(text: str) -> tuple[Comparator, str]:
    """`<0.01` → (`<`, `0.01`); a text with no sign in front of a number stays as it is."""
    found = _SIGNED.fullmatch(text)
    return (Comparator(_SIGNS[found[1]]), found[2].strip()) if found else (Comparator.EQ, text)


def number_of(text: str) -> Decimal | None:
    """A number with a point as its decimal mark, all digits kept; None for anything else."""
    bare = text.strip()
    return Decimal(bare) if len(bare) <= MOST_DIGITS and _NUMBER.fullmatch(bare) else None


def bounds_of(text: str) -> tuple[Decimal | None, Decimal | None] | None:
    """`3.5-5.0`, `< 5`, `> 2` → low and high; None for no range of numbers with points, or one upside down."""
    if len(text) > 3 * MOST_DIGITS:
        return None
    if between := _BETWEEN.fullmatch(text):
        low, high = Decimal(between[1]), Decimal(between[2])
        return (low, high) if low <= high else None
    if bound := _BOUND.fullmatch(text):
        number = Decimal(bound[2])
        return (None, number) if bound[1][0] in "<≤" else (number, None)
    return None


def range_of(text: str, place: str, problems: Problems) -> tuple[Decimal | None, Decimal | None]:
    """The bounds of a printed range; two numbers upside down are named."""
    found = bounds_of(text)
    if found is None and _BETWEEN.fullmatch(text[: 3 * MOST_DIGITS]):
        problems.add(place, "range")
    return found or (None, None)


def date_of(text: str) -> str | None:
    """`20240115…` or `2024-01-15…` → `2024-01-15`; months and years alone stay so. None for what is no date."""
    found = _DATE.match(text.strip())
    if (
        not found
        or not _TIME.fullmatch(text.strip(), found.end())
        or (not found[3] and len(text.strip()) > found.end())
    ):
        return None
    return whole_date(*found.groups())


def whole_date(year: str, month: str | None, day: str | None) -> str | None:
    """A date that the calendar has, as far as it is told; `00` means not told."""
    month, day = (part if part and part != "00" else None for part in (month, day))
    if not 1850 <= int(year) <= 2150 or (day and not month):
        return None
    try:
        dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)
