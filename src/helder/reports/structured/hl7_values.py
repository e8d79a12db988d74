"""Values of OBX-5 by their type in OBX-2 (table 0125), coded fields and units: what they state."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from helder.quantities import Comparator
from helder.reports.structured.hl7_text import Message, Segment
from helder.reports.structured.reading import (
    LOINC,
    MOST_PARTS,
    Problems,
    date_of,
    joined,
    lines_of,
    number_of,
    plain,
    split_comparator,
)

SYSTEMS = {"LN": LOINC, "LOINC": LOINC, "SCT": "http://snomed.info/sct"}
"""Table 0396 → addresses of the same code systems in FHIR; any other stays as written."""
_POWER = re.compile(r"(?:.*[xX*]\s?)?10", re.ASCII)
_EXPONENT = re.compile(r"[-+]?\d{1,2}(?:\s?/.*)?", re.ASCII)


TEXTS = ("ST", "TX", "FT", "")


class Coded(NamedTuple):
    """A coded field (CE 2A.15, CWE 2A.13): its words, and the codes with their systems."""

    text: str
    codes: tuple[tuple[str, str], ...]


class Value(NamedTuple):
    """One value of OBX-5."""

    text: str
    number: Decimal | None = None
    comparator: Comparator = Comparator.EQ
    codes: tuple[tuple[str, str], ...] = ()


def coded(field: str, message: Message) -> Coded:
    """Identifier^text^system^alternate identifier^text^system, since 2.5 original text as the ninth."""
    first = field.split(message.marks.repetition, maxsplit=1)[0]
    parts = [plain(part) for part in message.parts(first)]
    parts += [""] * (9 - len(parts))
    pairs = ((SYSTEMS.get(parts[at + 2], parts[at + 2]), parts[at]) for at in (0, 3))
    words = (parts[at] for at in (1, 4, 8, 0, 3))
    return Coded(next(filter(None, words), ""), tuple(dict.fromkeys(pair for pair in pairs if pair[1])))


def unit(segment: Segment, place: str, problems: Problems) -> tuple[str, str]:
    """OBX-6: the unit as printed, and its UCUM code where the system says UCUM.

    A sender that forgets to escape writes `10^9/L`, which the separator cuts in two: put together again, and named.
    """
    message = segment.message
    parts = [plain(part) for part in message.parts((segment.repeats(6) or [""])[0])]
    parts += [""] * (6 - len(parts))
    if _POWER.fullmatch(parts[0]) and _EXPONENT.fullmatch(parts[1]):
        problems.add(place, "unit", "OBX-6")
        parts = [f"{parts[0]}{message.marks.component}{parts[1]}", *parts[2:], ""]
    codes = [parts[at] for at in (0, 3) if parts[at + 2].upper() == "UCUM"]
    return next(filter(None, (parts[0], parts[1], parts[3], parts[4])), ""), codes[0] if codes else ""


def values(segment: Segment, place: str, problems: Problems) -> list[Value] | None:
    """The values of an OBX, one a repetition; texts of several lines are one. None for a file, which is not opened."""
    kind = segment.part(2).upper()
    told = [each for each in segment.repeats(5) if each.strip() and each.strip() != '""']
    if kind in ("ED", "RP"):
        found = joined([segment.part(5, 2), segment.part(5, 3)], "/")
        problems.add(place, "attachment", found or kind)
        return None
    if len(told) > MOST_PARTS:
        problems.add(place, "cut_off", "OBX-5")
        told = told[:MOST_PARTS]
    if not told:
        return []
    if kind in TEXTS:
        if not kind:
            problems.add(place, "not_read", "OBX-2")
        text = joined([_lines(each, segment.message, kind) for each in told])
        return [_text(text)] if text else []
    if kind in ("CE", "CWE", "CNE", "CF", "IS", "ID"):
        return _choices(told, segment.message)
    read = READ.get(kind)
    if read is None:
        problems.add(place, "not_read", f"OBX-2 {kind}")
        made = [_text(plain(" ".join(segment.message.parts(each)))) for each in told]
    else:
        made = [read(each, segment.message, place, problems) for each in told]
    return [value for value in made if value.text]


def _lines(told: str, message: Message, kind: str) -> str:
    """A text; in formatted text (FT) a component separator may end a line (2.7.6)."""
    return lines_of("\n".join(message.parts(told)) if kind == "FT" else message.text(told))


def _text(text: str) -> Value:
    comparator, rest = split_comparator(text)
    return Value(rest, None, comparator)


def _choices(told: list[str], message: Message) -> list[Value]:
    found = [coded(each, message) for each in told]
    comparator, text = split_comparator(joined([each.text for each in found], "; "))
    return [Value(text, None, comparator, tuple(pair for each in found for pair in each.codes))] if text else []


def _numeric(told: str, message: Message, place: str, problems: Problems) -> Value:
    """NM (2A.47): sign, digits, a point. `<12` is none and should have come as SN; its sign is kept all the same."""
    comparator, text = split_comparator(plain(" ".join(message.parts(told))))
    number = number_of(text)
    if number is None or comparator is not Comparator.EQ:
        problems.add(place, "number", "NM")
    return Value(text, number, comparator)


def _structured(told: str, message: Message, place: str, problems: Problems) -> Value:
    """SN (2A.71): comparator^number^separator or suffix^number: `>^100`, `^100^-^200`, `^1^:^128`, `^2^+`."""
    sign, first, separator, second = (*message.parts(told), "", "", "", "")[:4]
    signs = {"": Comparator.EQ, "=": Comparator.EQ} | {each: Comparator(each) for each in ("<", "<=", ">", ">=")}
    numbers = [number_of(each) for each in (first, second)]
    regular = sign in signs and numbers[0] is not None and separator in ("", "-", "+", "/", ":", ".")
    if not regular or (second and (numbers[1] is None or not separator)):
        problems.add(place, "comparator" if sign not in signs else "number", "SN")
        comparator, text = split_comparator(plain(f"{sign}{first}{separator}{second}"))
        return Value(text, number_of(text), comparator)
    text = f"{first}{separator}{second}"
    return Value(text, None if separator else numbers[0], signs[sign])


def _day(told: str, message: Message, place: str, problems: Problems) -> Value:
    text = message.part(told, 1)
    found = date_of(text)
    if found is None:
        problems.add(place, "date")
    return Value(found or plain(text))


READ: dict[str, Callable[[str, Message, str, Problems], Value]] = {
    "NM": _numeric,
    "SN": _structured,
    "DT": _day,
    "TS": _day,
    "DTM": _day,
}
