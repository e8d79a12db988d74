"""The lines of an LDT file (Labordatentransfer of the KBV, the German doctors' association), both generations.

A line is three digits of length, four of field identifier, content, CR LF; the length counts content + 9 bytes (LDT 2
Datensatzbeschreibung 5.12, 2.4.1; LDT 3 Gesamtdokument 3.2, 6.4.1). Character sets: LDT 2 field 9106 with 1 to 4 (2.6);
LDT 3 ISO 8859-15 only (6.6). Dates are YYYYMMDD (2.4.2; 6.4.2), `00` where a part is not known.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from helder.reports.structured.model import Flag, Sex, Status
from helder.reports.structured.reading import BOM, Problems, plain, whole_date

_LINE = re.compile(rb"(\d{3})(\d{4})(.*)", re.DOTALL)
_BREAK = re.compile(rb"\r\n|\n|\r")
GERMAN_SEVEN_BIT = str.maketrans("@[\\]{|}~", "§ÄÖÜäöüß")
"""DIN 66003."""
CHARSETS = {"1": "din-66003", "2": "cp437", "3": "iso-8859-1", "4": "iso-8859-15"}
USUAL = "iso-8859-15"
MOST_LINES = 500_000
MOST_WRONG = 0.5
"""A file of which more lines than this are no LDT lines is none."""

FLAGS: dict[str, Flag | None] = {"N": None, "H": "high", "+": "high", "HH": "high", "++": "high"}
FLAGS |= {"L": "low", "-": "low", "LL": "low", "--": "low", "A": "abnormal", "AA": "abnormal", "!": "abnormal"}
FLAGS |= {"!H": "critical_high", "!+": "critical_high", "!L": "critical_low", "!-": "critical_low"}
"""8422: LDT 3 rule E005 (`HH` strongly raised, `!H` extremely, which demands a warning by K099); LDT 2 chapter 4.1."""
SEXES: dict[str, Sex | None] = {"M": "M", "W": "F", "1": "M", "2": "F", "D": None, "X": None, "U": None}
"""3110: rule E019; 1 and 2 in older files."""
STATUS: dict[str, Status] = {"A": "final", "B": "final", "F": "absent", "K": "corrected", "M": "absent"}
STATUS |= {"P": "preliminary", "S": "absent", "V": "preliminary"}
STATUS |= {"01": "unknown", "02": "absent", "03": "preliminary", "04": "corrected", "05": "preliminary", "06": "final"}
STATUS |= {"07": "final", "08": "corrected", "09": "absent", "10": "preliminary", "11": "absent", "12": "absent"}
"""8418: letters by the KBV's Feld- und Regelkatalog 1.35, numbers by LDT 3 rule E007 (03: not yet seen by a doctor)."""
CANCELLED = ("S", "12")


class Field(NamedTuple):
    """A line: which field, what it says, where it stands."""

    id: str
    content: str
    line: int

    @property
    def place(self) -> str:
        return f"line {self.line}"


def fields(data: bytes | str, problems: Problems) -> list[Field]:
    """The fields of a file; empty, and a problem, where it is no LDT."""
    raw = (data.encode("utf-8", "replace") if isinstance(data, str) else data).removeprefix(BOM)
    found: list[tuple[bytes, bytes, int]] = []
    wrong: list[int] = []
    lengths: list[int] = []
    split = _BREAK.split(raw)
    if len(split) > MOST_LINES:
        problems.add(f"line {MOST_LINES + 1}", "too_large")
    for number, line in enumerate(split[:MOST_LINES], 1):
        match = _LINE.fullmatch(line)
        if match is None:
            wrong += [number] if line.strip(b" \t\x1a") else []
            continue
        size = len(match[3].decode("utf-8", "replace")) if isinstance(data, str) else len(match[3])
        if int(match[1]) != size + 9:
            lengths.append(number)
        found.append((match[2], match[3], number))
    if not any(id_ == b"8000" for id_, _, _ in found) or len(wrong) > MOST_WRONG * len(found):
        problems.add("file", "not_this_format")
        return []
    for number in wrong:
        problems.add(f"line {number}", "cut_off")
    for number in lengths:
        problems.add(f"line {number}", "length")
    charset = "utf-8" if isinstance(data, str) else _charset(found, raw, problems)
    return [Field(id_.decode(), _text(content, charset), number) for id_, content, number in found]


def _charset(found: list[tuple[bytes, bytes, int]], raw: bytes, problems: Problems) -> str:
    """What 9106 tells, else the usual one. A file that is UTF-8 throughout is read as such, and named."""
    told = next((content.strip().decode("ascii", "replace") for id_, content, _ in found if id_ == b"9106"), "")
    charset = CHARSETS.get(told, USUAL)
    if told and told not in CHARSETS:
        problems.add("9106", "encoding", charset)
    if raw.isascii():
        return charset
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        if charset != "din-66003":
            return charset
        problems.add("9106", "encoding", USUAL)
        return USUAL
    problems.add("9106", "encoding", "utf-8")
    return "utf-8"


def _text(content: bytes, charset: str) -> str:
    if charset == "din-66003":
        return content.decode("ascii", "replace").translate(GERMAN_SEVEN_BIT)
    return content.decode(charset)


def day(field: Field, problems: Problems) -> str | None:
    """A date: YYYYMMDD, and DDMMYYYY of older files. No day can be read as both: no month is called 18 to 21."""
    text = field.content.strip()
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        found = whole_date(text[:4], text[4:6], text[6:]) or whole_date(text[4:], text[2:4], text[:2])
        if found:
            return found
    problems.add(field.place, "date", field.id)
    return None


def sex(field: Field, problems: Problems) -> Sex | None:
    found = SEXES.get(field.content.strip().upper())
    if found is None:
        problems.add(field.place, "sex")
    return found


def flag(field: Field, problems: Problems) -> tuple[Flag | None, str]:
    told = plain(field.content)
    if told not in FLAGS:
        problems.add(field.place, "flag")
    return FLAGS.get(told), told


def exact(text: str) -> Decimal | None:
    """A number of type `f`: digits and a point (LDT 3, 6.4.2)."""
    bare = text.strip()
    return Decimal(bare) if len(bare) <= 40 and re.fullmatch(r"[-+]?\d+(?:\.\d+)?", bare, re.ASCII) else None
