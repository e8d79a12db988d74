"""Results out of LDT: of generation 2 here (records of plain fields), of generation 3 by `ldt3` (objects).

LDT 2: KBV, Datensatzbeschreibung LDT 5.12 (LDT1014.01): reports 8201 to 8204, 3.8; field table, chapter 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec.structs import replace

from helder.reports.structured import ldt3
from helder.reports.structured.ldt_lines import STATUS, Field, day, exact, fields, flag, sex
from helder.reports.structured.model import Document, Parsed, Stated, Status
from helder.reports.structured.reading import MOST_ROWS, Problems, joined, plain, split_comparator, within

REPORTS = ("8201", "8202", "8203", "8204")
HEADERS = ("8220", "8221", "8230", "8231", "0020", "0021")
KINDS: dict[str, Status] = {"E": "final", "V": "preliminary"}
"""8401: final report, provisional report. What a part, an archive or a later order says of a value is not told."""
LINES = {"8480": "text", "8470": "note", "8460": "range"}
"""Fields that may come several times: result text, notes on the test, normal range in words."""
SINGLE = {"8411": "name", "8420": "value", "8421": "unit", "8430": "specimen", "8431": "detail", "8428": "material"}
SILENT = frozenset(
    f"{number:04}" for number in (5001, 5002, 5005, 5009, 8406, 8614, 8429, 8433, 9901, 8100, 8403, 8609, 8615)
)
"""Billing, sizes and the sender's own: they state nothing about a result."""
_ABOUT_ORDER = (
    "8000 8100 8310 8311 8301 8303 3105 3107 3108 3112 3113 3114 3116 3119 4207 4111 8312 8616 8617 8618 "
    "8619 8620 8622 8623 8625 8626 8627 0101 0201 0203 0211 0212 9212 9106"
)
_READ = "3100 3101 3102 3103 3104 3110 3120 8300 8302 8320 8401 8405 8490"
ABOUT_ORDER = frozenset(f"{_ABOUT_ORDER} {_READ}".split()) | SILENT


def parse(data: bytes | str) -> Parsed:
    """What the file states. Never raises: what is of no use is named by its line."""
    problems = Problems()
    told = fields(data, problems) if within(data, problems) else []
    records = list(_records(told))
    documents: list[Document] = []
    lab = ""
    for record in records:
        kind = record[0].content.strip()
        if kind in ("8220", ldt3.REPORT):
            lab = ldt3.lab(record) or _lab(record) or lab
        if kind in REPORTS:
            documents.append(_document(record, lab, problems))
        elif kind == ldt3.REPORT:
            documents.append(ldt3.document(record, lab, problems))
        elif kind not in HEADERS:
            problems.add(record[0].place, "not_read", kind if kind.isdigit() else "")
    if told and not any(document.rows for document in documents):
        problems.add("file", "no_results")
    return Parsed(documents=tuple(documents), problems=problems.told())


def _records(told: Sequence[Field]) -> Iterator[list[Field]]:
    """Records, each from its 8000 on."""
    record: list[Field] = []
    for field in told:
        if field.id == "8000" and record:
            yield record
            record = []
        if field.id == "8000" or record:
            record.append(field)
    if record:
        yield record


def _lab(record: Sequence[Field]) -> str:
    """8320, the laboratory's name; else that of its practice (0203), else its short name (8300)."""
    told = {field.id: plain(field.content) for field in reversed(record)}
    return told.get("8320") or told.get("0203") or told.get("8300") or ""


# --- a record of generation 2 -----------------------------------------------------------------------------


def _document(record: Sequence[Field], lab: str, problems: Problems) -> Document:
    """A report: what is said of the person and the order, then one test after the other."""
    starts = [number for number, field in enumerate(record) if field.id in ("8410", "8434")]
    head = record[: starts[0]] if starts else record
    document = _head(head, lab, problems)
    kinds = [KINDS[field.content.strip()] for field in head if field.id == "8401" and field.content.strip() in KINDS]
    kind: Status = kinds[0] if kinds else "unknown"
    rows: list[Stated] = []
    notes: list[str] = []
    for start, end in pairwise([*starts, len(record)]):
        test = [field for field in record[start:end] if field.id != "8490"]
        notes += [plain(field.content) for field in record[start:end] if field.id == "8490"]
        if len(rows) >= MOST_ROWS:
            problems.add(record[start].place, "too_large")
            break
        rows += _test(test, kind, problems)
    days = {row.collected for row in rows if row.collected}
    return replace(
        document,
        rows=tuple(rows),
        notes=(*document.notes, *notes),
        collected=days.pop() if len(days) == 1 else None,
    )


def _head(head: Sequence[Field], lab: str, problems: Problems) -> Document:
    told = {field.id: field for field in reversed(head)}
    names = [plain(told[id_].content) for id_ in ("3104", "3102", "3100", "3120", "3101") if id_ in told]
    for field in head:
        if field.id not in ABOUT_ORDER:
            problems.add(field.place, "not_read", field.id)
    return Document(
        language="de",
        lab=lab,
        person=joined(names, " "),
        birth_date=day(told["3103"], problems) if "3103" in told else None,
        sex=sex(told["3110"], problems) if "3110" in told else None,
        reported=day(told["8302"], problems) if "8302" in told else None,
        notes=tuple(plain(field.content) for field in head if field.id in ("8405", "8490")),
        place=head[0].place,
    )


def _test(test: Sequence[Field], kind: Status, problems: Problems) -> list[Stated]:
    """One test: 8410 (or 8434, an order in words) and the fields behind it."""
    said: dict[str, str] = {}
    lines: dict[str, list[str]] = {"text": [], "note": [], "range": []}
    row = Stated(name="", status=kind, place=test[0].place)
    low: Decimal | None = None
    high: Decimal | None = None
    for field in test:
        text = plain(field.content)
        if field.id in LINES:
            lines[LINES[field.id]].append(text)
        elif field.id in SINGLE:
            if SINGLE[field.id] in said:
                problems.add(field.place, "several", field.id)
            said.setdefault(SINGLE[field.id], text)
        elif field.id in ("8461", "8462"):
            number = _bound(field, problems)
            low, high = (number, high) if field.id == "8461" else (low, number)
        elif field.id not in ("8410", "8434"):
            row = _told(row, field, problems)
    if low is not None and high is not None and low > high:
        problems.add(row.place, "range")
        lines["range"].append(f"{low} - {high}")
        low = high = None
    row = replace(row, low=low, high=high, range_text=joined(lines["range"]))
    return _row(row, test[0], said, lines, problems)


def _bound(field: Field, problems: Problems) -> Decimal | None:
    number = exact(field.content)
    if number is None:
        problems.add(field.place, "number", field.id)
    return number


def _told(row: Stated, field: Field, problems: Problems) -> Stated:
    """The row with what one field of status, flag or date tells."""
    text = field.content.strip()
    if field.id == "8418":
        if text not in STATUS:
            problems.add(field.place, "status")
        return row if text == "B" else replace(row, status=STATUS.get(text, "unknown"))
    if field.id == "8422":
        found, told = flag(field, problems)
        return replace(row, flag=found, flag_text=told)
    if field.id == "8432":
        return replace(row, collected=day(field, problems))
    if field.id not in SILENT:
        problems.add(field.place, "not_read", field.id)
    return row


def _row(
    row: Stated, first: Field, said: dict[str, str], lines: dict[str, list[str]], problems: Problems
) -> list[Stated]:
    """The row with its name and value: 8420, else the result in words (8480)."""
    ident = plain(first.content)
    name = said.get("name") or ident
    value = said.get("value") or joined(lines["text"])
    if not name or not (value or lines["note"] or row.status == "absent" or first.id == "8410"):
        problems.add(first.place, "no_name" if not name else "no_value")
        return []
    if first.id == "8434" and not value:
        problems.add(first.place, "not_read", "8434")
    if bool(value) == (row.status == "absent"):
        problems.add(row.place, "status" if value else "no_value")
    comparator, text = split_comparator(value)
    spare = lines["text"] if said.get("value") else []
    status: Status = "absent" if not value else "unknown" if row.status == "absent" else row.status
    made = replace(
        row,
        name=name,
        codes=(("", ident),) if first.id == "8410" and ident else (),
        value=text,
        number=exact(text) if said.get("value") else None,
        comparator=comparator,
        unit=said.get("unit", ""),
        specimen=joined([said.get("specimen") or said.get("material", ""), said.get("detail", "")], ", "),
        comment=joined([*spare, *lines["note"]]),
        status=status,
    )
    return [made]
