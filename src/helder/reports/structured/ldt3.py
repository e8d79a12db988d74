"""Results out of LDT 3: records of nested objects.

KBV, LDT 3 Gesamtdokument 3.2 (sections 6.3 records and objects, 8 record table, 11 objects) and LDT 3 Use Cases 3.2.19;
Obj_0060 results of clinical chemistry, Obj_0042 normal range, Obj_0037 material, Obj_0045 patient, Obj_0054 time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from helder.reports.structured.ldt_lines import CANCELLED, STATUS, Field, day, exact, flag, sex
from helder.reports.structured.model import Document, Stated, Status
from helder.reports.structured.reading import (
    MOST_PARTS,
    MOST_ROWS,
    Problems,
    joined,
    number_of,
    plain,
    split_comparator,
)

REPORT = "8205"
DEEPEST = 32
CHEMISTRY = "Obj_0060"
OTHERS = ("Obj_0055", "Obj_0056", "Obj_0061", "Obj_0062", "Obj_0063", "Obj_0073")
"""Blood group, tumour, microbiology, cervix, cytology, others: only their text is read."""
NUMERIC = ("01", "02", "03")
"""7306, rule E058: numbers, numbers below or above what can be measured (`<100`)."""
_READ = "8002 8003 8410 8411 8418 7302 7364 7306 8420 8419 8421 8142 8236 8237 8167 8126 8110 7366"
_SILENT = "7304 7260 7352 7251 7365 7263 7264 8220 8222 8223 8224 8225 8141 8158 7368 3473 7429"
KNOWN = frozenset(f"{_READ} {_SILENT}".split())


class Item:
    """A field, with the object that it leads into."""

    def __init__(self, field: Field) -> None:
        self.id, self.text, self.field = field.id, plain(field.content), field
        self.object: Object | None = None


class Object:
    """An object or a record: its items in order, of which some lead into others."""

    def __init__(self, name: str, place: str) -> None:
        self.name, self.place, self.items = name, place, list[Item]()

    def first(self, id_: str) -> str:
        return next((item.text for item in self.items if item.id == id_), "")

    def all(self, id_: str) -> list[Item]:
        return [item for item in self.items if item.id == id_]

    def within(self, *names: str) -> Iterator[Object]:
        """All objects of these names below, in order."""
        stack = [item.object for item in reversed(self.items) if item.object]
        while stack:
            made = stack.pop()
            if made.name in names:
                yield made
            stack += [item.object for item in reversed(made.items) if item.object]


def tree(record: Sequence[Field], problems: Problems) -> Object:
    """6.3: an object stands between 8002 and 8003, behind the attribute (8100 to 8299) that leads to it."""
    root = Object("", record[0].place)
    open_ = [root]
    for field in record[1:]:
        if field.id == "8002":
            _opened(open_, field, problems)
        elif field.id == "8003":
            _closed(open_, field, problems)
        elif field.id == "8001":
            break
        else:
            open_[-1].items.append(Item(field))
    if len(open_) > 1:
        problems.add(record[-1].place, "cut_off", open_[-1].name)
    return root


def _opened(open_: list[Object], field: Field, problems: Problems) -> None:
    made = Object(plain(field.content), field.place)
    if len(open_) > DEEPEST:
        problems.add(field.place, "too_deep")
        return
    above = open_[-1].items
    if not above or above[-1].object or not "8100" <= above[-1].id <= "8299":
        above.append(Item(field))
    above[-1].object = made
    open_.append(made)


def _closed(open_: list[Object], field: Field, problems: Problems) -> None:
    """Close the object that is named; one that was never closed goes with it."""
    name = plain(field.content)
    names = [each.name for each in open_]
    if name not in names[1:]:
        problems.add(field.place, "cut_off", name)
        return
    if names[-1] != name:
        problems.add(field.place, "cut_off", names[-1])
    while open_.pop().name != name:
        pass


# --- the report -------------------------------------------------------------------------------------------


def lab(record: Sequence[Field]) -> str:
    """Obj_0036 of the header: the laboratory, by its organization's name."""
    for found in tree(record, Problems()).within("Obj_0036"):
        names = [organization.first("1250") for organization in found.within("Obj_0043")]
        if name := next(filter(None, names), "") or found.first("8320"):
            return name
    return ""


def document(record: Sequence[Field], laboratory: str, problems: Problems) -> Document:
    """A record 8205: patient, order, materials and results."""
    root = tree(record, problems)
    materials = {made.first("7364"): made for made in root.within("Obj_0037")}
    rows: list[Stated] = []
    for found in root.within(CHEMISTRY, *OTHERS):
        if len(rows) >= MOST_ROWS:
            problems.add(record[0].place, "too_large")
            break
        rows += _chemistry(found, materials, problems) if found.name == CHEMISTRY else _text_only(found, problems)
    for attached in root.within("Obj_0010"):
        problems.add(attached.place, "attachment", attached.first("6303"))
    days = {row.collected for row in rows if row.collected}
    information = next(root.within("Obj_0017"), Object("", ""))
    made = Document(
        rows=tuple(rows),
        language="de",
        lab=laboratory,
        collected=days.pop() if len(days) == 1 else None,
        reported=_time(information, "8216", problems),
        notes=tuple(filter(None, [_texts(information, "8167")])),
        place=record[0].place,
    )
    return _with_person(made, root, problems)


def _with_person(made: Document, root: Object, problems: Problems) -> Document:
    """Obj_0045, the patient, whose Obj_0047 is a person; other persons of the record are doctors."""
    person = next((person for patient in root.within("Obj_0045") for person in patient.within("Obj_0047")), None)
    if person is None:
        return made
    births, sexes = person.all("3103"), person.all("3110")
    return replace(
        made,
        person=joined([person.first(id_) for id_ in ("3104", "3102", "3100", "3120", "3101")], " "),
        birth_date=day(births[0].field, problems) if births else None,
        sex=sex(sexes[0].field, problems) if sexes else None,
    )


def _time(made: Object, id_: str, problems: Problems) -> str | None:
    """The day of a time stamp (Obj_0054, 7278) that an attribute leads to."""
    for item in made.all(id_):
        for told in item.object.all("7278") if item.object else []:
            return day(told.field, problems)
    return None


def _texts(made: Object, *ids: str) -> str:
    """The running text (Obj_0068, 3564) that attributes lead to."""
    objects = [item.object for item in made.items if item.id in ids and item.object]
    return joined([text.text for each in objects for text in each.all("3564")])


# --- Obj_0060 ---------------------------------------------------------------------------------------------


def _chemistry(found: Object, materials: dict[str, Object], problems: Problems) -> list[Stated]:
    """The rows of a result: one a value (8420), each with its own unit and normal range."""
    base = _base(found, materials, problems)
    values = _values(found)
    general = values.pop(0)
    for item in found.items:
        if item.id not in KNOWN:
            problems.add(item.field.place, "not_read", item.id)
    if found.first("8418") in CANCELLED and values:
        problems.add(base.place, "withdrawn")
        return []
    if not base.name:
        problems.add(base.place, "no_name")
        return []
    base = replace(base, comment=joined([base.comment, _texts(general, "8236", "8167"), _warnings(general)]))
    if len(values) > MOST_PARTS:
        problems.add(values[MOST_PARTS].place, "too_large")
        values = values[:MOST_PARTS]
    if values:
        return [_valued(base, value, found.first("7306"), problems) for value in values]
    text = _texts(general, "8237")
    if not text and base.status != "absent":
        problems.add(base.place, "no_value")
    comparator, bare = split_comparator(text)
    status: Status = base.status if text else "absent"
    return [replace(base, value=bare, comparator=comparator, status=status)]


def _values(found: Object) -> list[Object]:
    """The items before the first 8420, then those of each 8420."""
    parts = [Object("", found.place)]
    for item in found.items:
        if item.id == "8420":
            parts.append(Object("8420", item.field.place))
        parts[-1].items.append(item)
    return parts


def _base(found: Object, materials: dict[str, Object], problems: Problems) -> Stated:
    """Name, status, method and material. 8418 by rule E007; the material by the number of its tube (7364)."""
    told = found.first("8418")
    if told and told not in STATUS:
        problems.add(found.all("8418")[0].field.place, "status")
    tubes = [item.text for item in found.all("7364")]
    used = [materials[tube] for tube in tubes if tube in materials]
    names = [joined([each.first("8430") or each.first("8428"), each.first("8431")], ", ") for each in used]
    days = {_time(each, "8219", problems) for each in used}
    ident = found.first("8410")
    return Stated(
        name=found.first("8411") or ident or found.first("7366"),
        codes=(("", ident),) if ident else (),
        status=STATUS.get(told, "unknown"),
        method=joined([item.text for item in found.all("7302")], ", "),
        specimen=joined(list(dict.fromkeys(names)), "; "),
        collected=days.pop() if len(days) == 1 else None,
        place=found.place,
    )


def _valued(base: Stated, value: Object, shown: str, problems: Problems) -> Stated:
    """One value: 8420 as written; a number where 7306 says that it is one."""
    comparator, text = split_comparator(value.first("8420"))
    unit = value.first("8421")
    ranges = [item.object for item in value.all("8142") if item.object]
    status: Status = "absent" if not text else "unknown" if base.status == "absent" else base.status
    if not text and base.status != "absent":
        problems.add(value.place, "no_value")
    row = replace(
        base,
        value=text,
        number=number_of(text) if shown in NUMERIC else None,
        comparator=comparator,
        unit=unit,
        comment=joined([base.comment, _texts(value, "8237", "8236", "8167"), _warnings(value)]),
        status=status,
        place=value.place,
    )
    return _ranged(row, ranges, problems)


def _warnings(value: Object) -> str:
    """Obj_0026: what the laboratory draws attention to."""
    return joined([_texts(each, "8167") for each in value.within("Obj_0026")])


def _ranged(row: Stated, ranges: list[Object], problems: Problems) -> Stated:
    """Obj_0042: text (8460), bounds (8461, 8462) with their own units, flag (8422). Several are kept as text."""
    marks = [flag(item.field, problems) for each in ranges for item in each.all("8422")]
    found = next((made for made, _ in marks if made), None)
    row = replace(row, flag=found, flag_text=joined(list(dict.fromkeys(told for _, told in marks)), " "))
    bounds = [_bounds(each, row.unit, problems) for each in ranges]
    if len(bounds) == 1:
        text, low, high, _ = bounds[0]
        return replace(row, range_text=text, low=low, high=high)
    if bounds:
        problems.add(row.place, "several", "Obj_0042")
    return replace(row, range_text=joined([text or spelled for text, _, _, spelled in bounds], "; "))


def _bounds(made: Object, unit: str, problems: Problems) -> tuple[str, Decimal | None, Decimal | None, str]:
    """Text, bounds in the unit of the value, and the bounds spelled with their unit."""
    low, high = (_bound(made, id_, problems) for id_ in ("8461", "8462"))
    units = {item.text for item in made.all("8421")}
    spelled = _spelled(low, high, joined(sorted(units), ", "))
    text = joined([item.text for item in made.all("8460")])
    upside_down = low is not None and high is not None and low > high
    if spelled and (upside_down or (units and units != {unit})):
        problems.add(made.place, "range")
        return joined([text, spelled], " "), None, None, spelled
    return text, low, high, spelled


def _spelled(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    if low is not None and high is not None:
        return joined([f"{low} - {high}", unit], " ")
    end = f">= {low}" if low is not None else f"<= {high}" if high is not None else ""
    return joined([end, unit * bool(end)], " ")


def _bound(made: Object, id_: str, problems: Problems) -> Decimal | None:
    found = made.all(id_)
    if not found:
        return None
    number = exact(found[0].text)
    if number is None:
        problems.add(found[0].field.place, "number", id_)
    return number


def _text_only(found: Object, problems: Problems) -> list[Stated]:
    """A result of another kind: its text under its name; that there is more is named."""
    problems.add(found.place, "not_read", found.name)
    name = found.first("8411") or found.first("8410") or found.first("7366") or found.first("8434")
    text = _texts(found, "8237")
    if not name or not text:
        return []
    ident = found.first("8410")
    status = STATUS.get(found.first("8418"), "unknown")
    comparator, bare = split_comparator(text)
    return [
        Stated(
            name=name,
            codes=(("", ident),) if ident else (),
            value=bare,
            comparator=comparator,
            status="unknown" if status == "absent" else status,
            place=found.place,
        )
    ]
