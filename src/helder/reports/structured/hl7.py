"""Results out of HL7 version 2.3 to 2.9: ORU^R01 and other messages with OBX segments (chapter 7).

Sections as numbered in version 2.5: OBR 7.4.1, OBX 7.4.2, SPM 7.4.3; PID 3.4.2; NTE 2.15.10; data types chapter 2A.
A patient becomes a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from helder.quantities import Comparator
from helder.reports.structured import hl7_values as values
from helder.reports.structured.hl7_text import Message, Segment, messages, orders
from helder.reports.structured.model import Document, Flag, Parsed, Sex, Stated, Status
from helder.reports.structured.reading import (
    FLAGS,
    LONGEST_TEXT,
    MOST_ROWS,
    Problems,
    date_of,
    joined,
    lines_of,
    longer,
    plain,
    range_of,
    within,
)

RESULTS = ("ORU", "OUL", "ORF", "")
STATUS: dict[str, Status] = {"F": "final", "U": "final", "B": "final", "V": "final", "C": "corrected", "A": "corrected"}
STATUS |= {"P": "preliminary", "R": "preliminary", "S": "preliminary"}
STATUS |= {"I": "absent", "X": "absent", "N": "absent", "O": "absent", "": "unknown"}
"""Table 0085. D takes a result back; W says that it was wrong, or another patient's."""
WITHDRAWN = ("D", "W")
_ADMINISTRATIVE = (
    "MSH SFT UAC PID PD1 NK1 PV1 PV2 ARV ROL PRT EVN MRG ORC OBR TQ1 TQ2 CTD CTI FT1 SPM SAC INV DSC DSP NTE OBX MSA "
    "ERR QRD QRF QAK QPD RCP GT1 IN1 IN2 IN3 AL1 DG1 ACC IPC DEV SGH SGT"
)
_NUMERIC = re.compile(r"[\d.,\s/%:+-]+")
ADMINISTRATIVE = frozenset(_ADMINISTRATIVE.split())
"""Segments that state no result, and those that are read."""


class Draft:
    """A document in the making."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.rows: list[Stated] = []
        self.notes: list[str] = []

    def made(self) -> Document:
        return replace(self.document, rows=tuple(self.rows), notes=tuple(self.notes))


def parse(data: bytes | str) -> Parsed:
    """What the messages state. Never raises: what is of no use is named by its message and segment."""
    problems = Problems()
    found = messages(data, problems) if within(data, problems) else []
    drafts: list[Draft] = []
    count = 0
    for message in found:
        if count > MOST_ROWS:
            problems.add(f"message {message.number}", "too_large")
            break
        made = _drafts(message, len(found) > 1, problems)
        count += sum(len(draft.rows) for draft in made)
        drafts += made
    if found and not any(draft.rows for draft in drafts):
        problems.add("file", "no_results")
    return Parsed(documents=tuple(draft.made() for draft in drafts), problems=problems.told())


def _drafts(message: Message, several: bool, problems: Problems) -> list[Draft]:
    """One document a PID; what stands before any PID belongs to nobody yet."""
    prefix = f"message {message.number}, " if several else ""
    header = message.segments[0]
    kind = header.part(9)
    if kind not in RESULTS:
        problems.add(f"{prefix}MSH", "not_read", kind)
    language = header.part(19).lower()
    empty = Document(lab=header.part(4), language=language if language.isalpha() else None, place=prefix + "MSH")
    made = [Draft(empty)]
    count = 0
    numbers = iter(range(1, len(message.segments) + 1))
    for group in orders(message):
        if group[0].name == "PID":
            made.append(Draft(_patient(group[0], empty, f"{prefix}PID {len(made)}", problems)))
        if count >= MOST_ROWS:
            problems.add(f"{prefix}line {group[0].line}", "too_large")
            break
        count -= len(made[-1].rows)
        _order(group, made[-1], prefix, numbers, problems)
        count += len(made[-1].rows)
    return [draft for draft in made if draft.rows or draft.document.person]


def _patient(segment: Segment, document: Document, place: str, problems: Problems) -> Document:
    """PID-5 (XPN, 2A.88): family name with its parts, given, further, suffix, prefix; PID-7 birth; PID-8 table 0001."""
    name = (segment.repeats(5) or [""])[0]
    family = [segment.message.part(name, 1, number) for number in (1, 2, 3)]
    pieces = [segment.part(5, number) for number in (5, 2, 3)]
    pieces += [family[0] or joined(family, " "), segment.part(5, 4)]
    sexes: dict[str, Sex] = {"F": "F", "M": "M"}
    sex = segment.part(8).upper()
    if sex not in ("F", "M", ""):
        problems.add(place, "sex")
    return replace(
        document,
        person=plain(joined(pieces, " ")),
        birth_date=_day(segment, 7, place, problems),
        sex=sexes.get(sex),
        place=place,
    )


def _day(segment: Segment, number: int, place: str, problems: Problems, component: int = 1) -> str | None:
    """TS, DTM, DT (2A.21, 2A.22): YYYY[MM[DD[HH…]]]; the day by the sender's own clock."""
    told = segment.part(number, component)
    found = date_of(told) if told else None
    if told and found is None:
        problems.add(f"{place}-{number}", "date")
    return found


# --- one order --------------------------------------------------------------------------------------------


def _order(group: list[Segment], draft: Draft, prefix: str, numbers: Iterator[int], problems: Problems) -> None:
    """Add what one order states: its OBR, SPM, OBX and NTE."""
    obr = next((segment for segment in group if segment.name == "OBR"), None)
    specimen, taken = _specimen(group, obr, prefix, problems)
    collected = taken or (_day(obr, 7, f"{prefix}OBR", problems) if obr else None)
    panel = values.coded(obr.raw(4), obr.message).text if obr else ""
    shared = Stated(name="", panel=panel, specimen=specimen, collected=collected)
    above: Segment | None = None
    fresh: list[Stated] = []
    for segment in group:
        if segment.name == "OBX" and len(draft.rows) >= MOST_ROWS:
            problems.add(f"{prefix}OBX {next(numbers)}", "too_large")
        elif segment.name == "OBX":
            fresh = _observed(segment, f"{prefix}OBX {next(numbers)}", shared, problems)
            _append(draft.rows, fresh, above, segment)
            above = segment
        elif segment.name == "NTE" and fresh:
            last = draft.rows[-1]
            draft.rows[-1] = replace(last, comment=longer(last.comment, _note(segment), last.place, problems))
        elif segment.name == "NTE" and above is None:
            draft.notes += filter(None, [_note(segment)])
        elif segment.name == "NTE" or segment.name not in ADMINISTRATIVE:
            problems.add(f"{prefix}{segment.name}, line {segment.line}", "not_read", segment.name)
    told = draft.document
    draft.document = replace(
        told,
        collected=told.collected or collected,
        reported=told.reported or (_day(obr, 22, f"{prefix}OBR", problems) if obr else None),
        lab=_performer(group) or told.lab,
    )


def _note(segment: Segment) -> str:
    """NTE-3, all of its repetitions."""
    texts = (" ".join(filter(None, segment.message.parts(told))) for told in segment.repeats(3))
    return joined([lines_of(text) for text in texts])


def _specimen(group: list[Segment], obr: Segment | None, prefix: str, problems: Problems) -> tuple[str, str | None]:
    """SPM-4 and SPM-17 of the order's only specimen; before version 2.5 OBR-15, whose first part is the material."""
    found = [segment for segment in group if segment.name == "SPM"]
    if len(found) > 1:
        problems.add(f"{prefix}SPM", "several", "SPM")
    names = dict.fromkeys(values.coded(segment.raw(4), segment.message).text for segment in found)
    days = [_day(segment, 17, f"{prefix}SPM", problems) for segment in found]
    if found:
        return joined(list(names), ", "), days[0] if len(set(days)) == 1 else None
    if obr is None:
        return "", None
    source = obr.raw(15).split(obr.message.marks.component)[0]
    return plain(obr.message.part(source, 1, 2) or obr.message.part(source, 1, 1)), None


def _performer(group: list[Segment]) -> str:
    """OBX-23 (since 2.5), else OBX-15: who made the observation."""
    for segment in group:
        if segment.name == "OBX" and (told := segment.part(23) or segment.part(15, 2) or segment.part(15)):
            return plain(told)
    return ""


def _append(rows: list[Stated], fresh: list[Stated], above: Segment | None, segment: Segment) -> None:
    """Lines of one text that come in several OBX of one test and sub-id (7.4.2.4) become one row; numbers never do."""
    if len(fresh) == 1 and rows and above is not None and _goes_on(rows[-1], fresh[0], above, segment):
        place = f"{rows[-1].place.partition(' – ')[0]} – {fresh[0].place}"
        rows[-1] = replace(rows[-1], value=f"{rows[-1].value}\n{fresh[0].value}", place=place)
    else:
        rows += fresh


def _goes_on(last: Stated, next_: Stated, above: Segment, segment: Segment) -> bool:
    texts = above.part(2) in values.TEXTS and segment.part(2) in values.TEXTS and above.raw(4) == segment.raw(4)
    same = (last.name, last.codes, last.status) == (next_.name, next_.codes, next_.status)
    return texts and same and len(last.value) < LONGEST_TEXT and _is_text(last) and _is_text(next_)


def _is_text(row: Stated) -> bool:
    """Whether a row is running text: nothing that looks like a number, no unit, no range, no flag."""
    told = row.unit or row.range_text or row.flag_text or row.comparator is not Comparator.EQ
    return bool(row.value) and not told and not _NUMERIC.fullmatch(row.value)


# --- one OBX ----------------------------------------------------------------------------------------------


def _observed(segment: Segment, place: str, shared: Stated, problems: Problems) -> list[Stated]:
    """The rows of one OBX: one a value; none where it was taken back or holds a file."""
    message = segment.message
    test = values.coded(segment.raw(3), message)
    code = segment.part(11).upper()
    if code in WITHDRAWN or not test.text:
        problems.add(place, "withdrawn" if code in WITHDRAWN else "no_name", code)
        return []
    if code not in STATUS:
        problems.add(place, "status", code)
    stated = values.values(segment, place, problems)
    if stated is None:
        return []
    row = replace(
        _measured(segment, shared, place, problems),
        name=test.text,
        codes=test.codes,
        status=STATUS.get(code, "unknown"),
        collected=_collected(segment, place, shared.collected, problems),
        method=joined([values.coded(told, message).text for told in segment.repeats(17)], ", "),
        place=place,
    )
    if stated:
        return [_with(row, value) for value in stated]
    if row.status != "absent":
        problems.add(place, "no_value")
    return [replace(row, status="absent")]


def _with(row: Stated, value: values.Value) -> Stated:
    status: Status = "unknown" if row.status == "absent" else row.status
    return replace(
        row,
        value=value.text,
        number=value.number,
        comparator=value.comparator,
        value_codes=value.codes,
        status=status,
    )


def _collected(segment: Segment, place: str, ordered: str | None, problems: Problems) -> str | None:
    """OBX-14 (7.4.2.14): for a specimen when it was collected; else what the order says. Two days are named."""
    told = _day(segment, 14, place, problems)
    if told and ordered and told != ordered and not told.startswith(ordered) and not ordered.startswith(told):
        problems.add(place, "two_dates")
    return told or ordered


def _measured(segment: Segment, shared: Stated, place: str, problems: Problems) -> Stated:
    """Unit (OBX-6), range (OBX-7, 7.4.2.7) and flags (OBX-8, table 0078)."""
    unit, code = values.unit(segment, place, problems)
    range_text = plain(" ".join(filter(None, segment.message.parts(segment.raw(7)))))
    low, high = range_of(range_text, f"{place}-7", problems)
    flag, flag_text = _flags(segment, place, problems)
    return replace(
        shared,
        unit=unit,
        unit_code=code,
        range_text=range_text,
        low=low,
        high=high,
        flag=flag,
        flag_text=flag_text,
    )


def _flags(segment: Segment, place: str, problems: Problems) -> tuple[Flag | None, str]:
    told = [segment.message.part(each, 1) or segment.message.part(each, 2) for each in segment.repeats(8)]
    told = [plain(flag) for flag in told if flag]
    for flag in told:
        if flag not in FLAGS:
            problems.add(place, "flag")
        if flag in ("<", ">"):
            problems.add(place, "off_scale", flag)
    return next((found for flag in told if (found := FLAGS.get(flag))), None), " ".join(told)
