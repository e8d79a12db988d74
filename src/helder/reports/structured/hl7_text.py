"""The outer form of HL7 version 2 (chapter 2): bytes → messages of segments, fields, components; escapes undone.

Sections as numbered in version 2.5: delimiters 2.5.4, escape sequences 2.7, MSH 2.15.9, character sets table 0211.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from helder.reports.structured.reading import BOM, Problems, decoded

CHARSETS = {"ASCII": "ascii", "UNICODE": "utf-8", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8"}
CHARSETS |= {f"8859/{part}": f"iso-8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)}
CHARSETS |= {"UNICODE UTF-16": "utf-16", "UNICODE UTF-32": "utf-32", "GB 18030-2000": "gb18030"}
"""MSH-18, table 0211. What needs code extension (ISO IR87 and its like) is not read."""
MOST_SKIPPED = 10
LONGEST_FIELD = 50_000
"""Of a field that goes on over lines; longer ones are cut."""
_BREAK = re.compile(r"\r\n|\r|\n")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
_ENVELOPE = ("FHS", "BHS", "BTS", "FTS")


class Delimiters(NamedTuple):
    """MSH-1 and MSH-2."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    sub: str = "&"
    truncation: str = "#"


class Segment(NamedTuple):
    """One segment. `fields[3]` is its third field, still escaped; `fields[0]` its name."""

    name: str
    fields: list[str]
    line: int
    message: Message

    def raw(self, number: int) -> str:
        """A field as sent; empty where it is missing or `""` (2.5.3: the null value)."""
        told = self.fields[number] if number < len(self.fields) else ""
        return "" if told.strip() == '""' else told

    def repeats(self, number: int) -> list[str]:
        told = self.raw(number)
        return told.split(self.message.marks.repetition) if told else []

    def part(self, number: int, component: int = 1) -> str:
        """A component of a field's first repetition, its first subcomponent, in plain text."""
        first = (self.repeats(number) or [""])[0]
        return self.message.part(first, component)


class Message:
    """The segments between one MSH and the next."""

    def __init__(self, number: int, marks: Delimiters, charset: str, problems: Problems) -> None:
        self.number, self.marks, self.charset = number, marks, charset
        self.segments: list[Segment] = []
        self._problems = problems
        names = "FSTREPHN"
        told = re.escape(marks.escape)
        self._sequence = re.compile(
            rf"{told}(?:([{names}])|X((?:[0-9A-Fa-f]{{2}})+)|\.([a-z]{{2}})\s?([-+]?\d{{0,4}})|([CMZ])[^{told}]{{0,80}}){told}"
        )
        self._plain = dict(zip("FSTREP", (marks.field, marks.component, marks.sub, marks.repetition), strict=False))
        self._plain |= {"E": marks.escape, "P": marks.truncation, "H": "", "N": ""}

    def part(self, repetition: str, component: int, sub: int = 1) -> str:
        parts = repetition.split(self.marks.component)
        told = parts[component - 1] if component <= len(parts) else ""
        subs = told.split(self.marks.sub)
        return self.text(subs[sub - 1] if sub <= len(subs) else "").strip()

    def parts(self, repetition: str) -> list[str]:
        return [self.text(part).strip() for part in repetition.split(self.marks.component)]

    def text(self, escaped: str) -> str:
        """2.7: escape sequences → what they stand for. One that is not known, or never closed, stays as it is."""
        if self.marks.escape not in escaped:
            return escaped
        return self._sequence.sub(self._meant, escaped)

    def _meant(self, found: re.Match[str]) -> str:
        name, hexadecimal, command, count, other = found.groups()
        if name:
            return self._plain[name]
        if command:
            return _formatted(command, count)
        if hexadecimal:
            try:
                return bytes.fromhex(hexadecimal).decode(self.charset)
            except (UnicodeDecodeError, LookupError):
                other = "X"
        self._problems.add(f"message {self.number}", "escape", other)
        return found[0]


def _formatted(command: str, count: str) -> str:
    """2.7.6: `.br` and `.ce` end a line, `.sp` ends it and skips more, `.sk` skips to the right; the rest is layout."""
    times = min(int(count), MOST_SKIPPED) if count.isdigit() else 1
    return {"br": "\n", "ce": "\n", "sp": "\n" * times, "sk": " " * times}.get(command, "")


def messages(data: bytes | str, problems: Problems) -> list[Message]:
    """The messages of a file, of a batch (FHS, BHS) or of a stream (MLLP: between 0B and 1C)."""
    text = _decoded(data, problems)
    found: list[Message] = []
    stray: list[str] = []
    for number, line in enumerate(_BREAK.split(text), 1):
        bare = line.strip("\x0b\x1c \t\ufeff")
        if not bare or bare[:3] in _ENVELOPE:
            continue
        if bare.startswith("MSH"):
            marks = _delimiters(bare)
            if marks is None:
                stray.append(f"line {number}")
                continue
            found.append(Message(len(found) + 1, marks, _charset(bare, marks), problems))
        if found:
            _add(found[-1], bare, number, problems)
        else:
            stray.append(f"line {number}")
    for place in stray if found else ["file"]:
        problems.add(place, "not_this_format")
    return found


def _add(message: Message, line: str, number: int, problems: Problems) -> None:
    """A segment, or the rest of the one before: some senders break a long field over lines."""
    marks = message.marks
    begins = _SEGMENT.match(line) and line[3:4] in (marks.field, "")
    if begins:
        fields = line.split(marks.field)
        if line.startswith("MSH"):
            fields.insert(1, marks.field)
        message.segments.append(Segment(line[:3], fields, number, message))
        return
    fields = message.segments[-1].fields
    if len(fields[-1]) > LONGEST_FIELD:
        problems.add(f"line {number}", "cut_off")
        return
    problems.add(f"line {number}", "continued")
    more = line.split(marks.field)
    fields[-1] += marks.escape + ".br" + marks.escape + more[0]
    fields.extend(more[1:])


def _delimiters(header: str) -> Delimiters | None:
    """2.5.4: the character after MSH parts fields; the next field names the others, in their order."""
    field = header[3:4]
    others = header[4:].partition(field)[0] if field else ""
    if not field or field.isalnum() or field.isspace() or not 0 < len(others) <= 5:
        return None
    if any(mark.isalnum() or mark.isspace() for mark in others) or len({field, *others}) <= len(others):
        return None
    return Delimiters(field, *others)


# --- encoding ---------------------------------------------------------------------------------------------


def _decoded(data: bytes | str, problems: Problems) -> str:
    if isinstance(data, str):
        return data
    bare = data.removeprefix(BOM)
    header = _BREAK.split(bare[:4000].decode("iso-8859-1"))[0].strip("\x0b ")
    marks = _delimiters(header) if header.startswith("MSH") else None
    told = _charset(header, marks) if marks else ""
    if bare.isascii() and told not in ("utf-16", "utf-32"):
        return bare.decode("ascii")
    return decoded(bare, told if told and told != "ascii" else "utf-8", "MSH-18", problems)


def _charset(header: str, marks: Delimiters) -> str:
    """The first character set of MSH-18; UTF-8 where it is none that is known."""
    fields = header.split(marks.field)
    told = fields[17].split(marks.repetition)[0].strip().upper() if len(fields) > 17 else ""
    return CHARSETS.get(told, "ascii" if not told else "utf-8")


def orders(message: Message) -> Iterator[list[Segment]]:
    """Segments in the order of the message, cut before each PID, and before each ORC or OBR that begins an order."""
    group: list[Segment] = []
    for segment in message.segments:
        begins = segment.name == "PID" or (segment.name in ("ORC", "OBR") and not _opens(group, segment))
        if begins and group:
            yield group
            group = []
        group.append(segment)
    if group:
        yield group


def _opens(group: list[Segment], segment: Segment) -> bool:
    """Whether an OBR belongs to the ORC before it."""
    names = {each.name for each in group}
    return segment.name == "OBR" and "ORC" in names and not names & {"OBR", "OBX", "PID"}
