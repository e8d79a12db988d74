"""What somebody takes, from a FHIR R4 Bundle: MedicationStatement and MedicationRequest, with Medication by reference.

Only what is told as taken now becomes an item. What was stopped, planned or entered by mistake is named and left out:
the person is told about it and decides.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from helder.medicines.importers.model import Imported, ImportedItem
from helder.medicines.importers.reading import Problems, json_of, name_of, plain
from helder.medicines.items import Recogniser
from helder.medicines.typed import UNIT_OF

TAKEN = {"MedicationStatement": ("dosage",), "MedicationRequest": ("dosageInstruction",)}
NOT_NOW = frozenset(
    ("completed", "entered-in-error", "stopped", "on-hold", "not-taken", "cancelled", "draft", "intended")
)
NOT_ORDERED = frozenset({"proposal", "plan", "option"})
_PIECE = (
    "1 {tbl} {tablet} {tablets} {cap} {capsule} {dose} {piece} {puff} tab tablet tablets cap caps capsule capsules "
    "piece pieces stuk stuks comprimé comprimés tablette tabletten kapsel kapseln dose tbl"
)
PIECES = frozenset(_PIECE.split())
"""Units that count pieces: the strength is part of the name then."""
HOURS_A_DAY, WEEK, LONGEST = 24, 7, 365
LEAST, MOST = Decimal("0.0001"), Decimal(1_000_000)
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,40}")


def parse(data: bytes, recogniser: Recogniser) -> Imported:
    """The items of a bundle. Never raises: what is of no use is named by its place; nothing of the person is."""
    del recogniser  # names stay as written: the check recognises them, and asks where it is not sure
    problems = Problems()
    bundle = json_of(data, problems)
    entries = bundle.get("entry") if isinstance(bundle, dict) and bundle.get("resourceType") == "Bundle" else None
    if not isinstance(entries, list):
        if not problems.named():
            problems.add("file", "a FHIR Bundle with a list of entries")
        return Imported(problems=problems.named())
    items = list(_items(entries, problems))
    once = dict.fromkeys(items)
    if len(once) < len(items):
        problems.add("entry", "each item once; the same was told again", len(items) - len(once))
    if not items:
        problems.add("entry", "a medicine that is taken now (MedicationStatement or MedicationRequest)")
    return Imported(items=tuple(once), problems=problems.named())


def _items(entries: Sequence[Any], problems: Problems) -> Iterator[ImportedItem]:
    medications = _medications(entries)
    for index, entry in enumerate(entries):
        place = f"entry[{index}]"
        resource = _object(_object(entry).get("resource"))
        type_ = plain(resource.get("resourceType"))
        if type_ in TAKEN:
            yield from _taken(place, type_, resource, medications, problems)
        elif type_ != "Medication":
            named = type_ if _TYPE.fullmatch(type_) else "no resource"
            problems.add(place, f"a medicine that is taken; here stands {named}, which was not read")


# --- names ------------------------------------------------------------------------------------------------


def _medications(entries: Sequence[Any]) -> dict[str, str]:
    """The names of the bundle's Medication resources, by every way to refer to them."""
    found: dict[str, str] = {}
    for entry in map(_object, entries):
        resource = _object(entry.get("resource"))
        name = _medication(resource) if resource.get("resourceType") == "Medication" else None
        if name:
            keys = (plain(entry.get("fullUrl")), f"Medication/{plain(resource.get('id'))}")
            found |= {key: name for key in keys if key and not key.endswith("/")}
    return found


def _medication(resource: Mapping[str, Any]) -> str | None:
    """The name of a Medication: its code, else what it is made of."""
    named = _concept(resource.get("code"))
    parts = [_concept(_object(part).get("itemCodeableConcept")) for part in _list(resource.get("ingredient"))]
    return named or (", ".join(part for part in parts if part)[:200] if parts and all(parts) else None) or None


def _concept(value: object) -> str | None:
    """The text of a concept, else the display of its first coding that has one."""
    concept = _object(value)
    displays = (name_of(_object(coding).get("display")) for coding in _list(concept.get("coding")))
    return name_of(concept.get("text")) or next((name for name in displays if name), None)


def _name(resource: Mapping[str, Any], medications: Mapping[str, str]) -> str | None:
    reference = _object(resource.get("medicationReference"))
    to = plain(reference.get("reference"))
    contained = {
        f"#{plain(_object(thing).get('id'))}": _medication(_object(thing)) for thing in _list(resource.get("contained"))
    }
    last = "/".join(to.split("/")[-2:])
    return (
        _concept(resource.get("medicationCodeableConcept"))
        or contained.get(to)
        or medications.get(to)
        or medications.get(last)
        or name_of(reference.get("display"))
    )


# --- one resource -----------------------------------------------------------------------------------------


def _taken(
    place: str, type_: str, resource: Mapping[str, Any], medications: Mapping[str, str], problems: Problems
) -> Iterator[ImportedItem]:
    """One item a dosage; one where there is none. Nothing for what is not taken now."""
    status, intent = plain(resource.get("status")), plain(resource.get("intent"))
    if status in NOT_NOW or intent in NOT_ORDERED or resource.get("doNotPerform") is True:
        why = status if status in NOT_NOW else intent if intent in NOT_ORDERED else "doNotPerform"
        problems.add(place, f"something taken now; it is told as {why} and was left out")
        return
    name = _name(resource, medications)
    if name is None:
        problems.add(place, "a name: medicationCodeableConcept, or a Medication that is in the file")
        return
    item = ImportedItem(name=name, prescribed=True if type_ == "MedicationRequest" else None)
    item = _period(f"{place}.effectivePeriod", resource.get("effectivePeriod"), item, problems)
    if "effectiveDateTime" in resource:
        problems.add(f"{place}.effectiveDateTime", "effectivePeriod; a single moment says no beginning")
    dosages = [(field, dosage) for field in TAKEN[type_] for dosage in _list(resource.get(field))]
    for number, (field, dosage) in enumerate(dosages):
        yield _dosed(f"{place}.{field}[{number}]", dosage, item, problems)
    if not dosages:
        yield item


def _dosed(place: str, value: object, item: ImportedItem, problems: Problems) -> ImportedItem:
    """The item with what one dosage tells; what it tells in words only is named."""
    dosage = _object(value)
    repeat = _object(_object(dosage.get("timing")).get("repeat"))
    needed = dosage.get("asNeededBoolean") is True or "asNeededCodeableConcept" in dosage
    item = replace(item, as_needed=needed)
    item = _quantity(place, dosage.get("doseAndRate"), item, problems)
    item = _schedule(f"{place}.timing.repeat", repeat, item, problems)
    if not repeat and not needed:
        problems.add(f"{place}.timing", "timing.repeat; how often is told in words only, or not at all")
    return _period(f"{place}.timing.repeat.boundsPeriod", repeat.get("boundsPeriod"), item, problems)


def _quantity(place: str, value: object, item: ImportedItem, problems: Problems) -> ImportedItem:
    """One dose as amount and unit, or as a count of pieces."""
    told = _list(value)
    if not told:
        return item
    quantity = _object(_object(told[0]).get("doseQuantity"))
    number = _number(quantity.get("value"))
    code, unit = plain(quantity.get("code")), plain(quantity.get("unit"))
    if len(told) > 1 or number is None or quantity.get("comparator"):
        problems.add(f"{place}.doseAndRate", "one doseQuantity with a plain number; a range or rate was not read")
        return item
    known = next((UNIT_OF[text] for text in (_unit(code), _unit(unit)) if text in UNIT_OF), None)
    if known:
        return replace(item, dose=_decimal(number), unit=known.strip("[]"))
    if code.casefold() in PIECES or unit.casefold() in PIECES:
        return replace(item, count=_decimal(number))
    problems.add(f"{place}.doseAndRate", "a unit such as mg, mL, [IU] or {tbl}; the dose was not read")
    return item


def _schedule(place: str, repeat: Mapping[str, Any], item: ImportedItem, problems: Problems) -> ImportedItem:
    """How often, and at which times; what can be read in two ways is named and left open."""
    at = tuple(time[:5] for time in _list(repeat.get("timeOfDay")) if isinstance(time, str) and _is_time(time))
    if len(at) < len(_list(repeat.get("timeOfDay"))):
        problems.add(f"{place}.timeOfDay", "times such as 08:00:00")
    when = tuple(
        code for code in map(plain, _list(repeat.get("when"))) if re.fullmatch(r"[A-Z]{1,6}(\.\w{1,6})?", code)
    )
    if when:
        problems.add(f"{place}.when", "times of the clock; a part of the day was kept as told and counts as one dose")
    if any(field in repeat for field in ("frequencyMax", "periodMax", "offset")):
        problems.add(place, "one number for how often; a range was not read")
        return replace(item, at=at, when=when)
    if any(field in repeat for field in ("boundsDuration", "boundsRange", "count", "countMax")):
        problems.add(place, "boundsPeriod; how long it is taken was told in another way and not read")
    often = _often(repeat, len(at) or len(when))
    if often is None:
        if repeat.keys() & {"frequency", "period", "periodUnit", "dayOfWeek"}:
            problems.add(place, "so many times a day, or once in so many days; how often was not read")
        return replace(item, at=at, when=when)
    times, days = often
    if (at or when) and days == 1 and times != len(at or when):
        problems.add(place, "as many moments as times a day; they differ, so how often was not read")
        return replace(item, at=at, when=when)
    return replace(item, at=at, when=when, times_per_day=_decimal(times), every_days=days)


def _often(repeat: Mapping[str, Any], moments: int) -> tuple[Decimal, int] | None:
    """Times a day and every how many days; None where it is not told, or not as both of these."""
    days = {day for day in map(plain, _list(repeat.get("dayOfWeek"))) if day}
    if days and len(days) not in (1, WEEK):
        return None
    if "frequency" not in repeat and "period" not in repeat:
        every = WEEK if len(days) == 1 else 1
        return (Decimal(moments), every) if moments else (Decimal(1), every) if days else None
    frequency, period = _number(repeat.get("frequency", moments or 1)), _number(repeat.get("period", 1))
    if not frequency or not period:
        return None
    return _in_days(frequency, period, plain(repeat.get("periodUnit")), len(days) == 1)


def _in_days(frequency: Decimal, period: Decimal, unit: str, one_day: bool) -> tuple[Decimal, int] | None:
    days = {"h": Fraction(1, HOURS_A_DAY), "d": Fraction(1), "wk": Fraction(WEEK)}.get(unit)
    if days is None:
        return None
    days *= Fraction(period)
    if one_day:
        return (frequency, WEEK) if days in (1, WEEK) else None
    a_day = Fraction(frequency) / days
    if a_day.denominator == 1:
        return (Decimal(a_day.numerator), 1) if a_day <= HOURS_A_DAY else None
    return (Decimal(1), a_day.denominator) if a_day.numerator == 1 and a_day.denominator <= LONGEST else None


def _period(place: str, value: object, item: ImportedItem, problems: Problems) -> ImportedItem:
    """Beginning and end as whole dates; a month or a year alone is named."""
    period = _object(value)
    dates = {"since": period.get("start"), "until": period.get("end")}
    for field, told in dates.items():
        if told is None:
            continue
        date = _date(told)
        if date is None:
            problems.add(place, "whole dates such as 2026-11-22")
        else:
            item = replace(item, since=date) if field == "since" else replace(item, until=date)
    return item


# --- values -----------------------------------------------------------------------------------------------


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: object) -> Decimal | None:
    """A plain JSON number above zero, of at most twelve digits that a dose or a period can have."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    number = Decimal(str(value)) if len(str(value)) <= 12 else Decimal("NaN")
    return number if number.is_finite() and LEAST <= number <= MOST else None


def _unit(text: str) -> str:
    """A unit as people spell it: UCUM's `[iU]` is `iu`."""
    return text.strip("[]").casefold()


def _decimal(number: Decimal) -> str:
    """`2.50` → `2.5`, without an exponent."""
    text = f"{number.normalize():f}"
    return text if len(text) <= 12 else f"{number:.4f}"


def _is_time(text: str) -> bool:
    return bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?", text))


def _date(value: object) -> str | None:
    """The day of a date or a moment; None for a part of a date."""
    text = plain(value)[:10]
    try:
        return dt.date.fromisoformat(text).isoformat() if len(text) == 10 else None
    except ValueError:
        return None
