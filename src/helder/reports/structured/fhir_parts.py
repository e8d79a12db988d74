"""The data types of FHIR that a result is made of → what they state. https://hl7.org/fhir/R4/datatypes.html"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from helder.quantities import Comparator
from helder.reports.structured.fhir_load import Written
from helder.reports.structured.model import Flag
from helder.reports.structured.reading import (
    FLAGS,
    UCUM,
    Problems,
    date_of,
    joined,
    lines_of,
    number_of,
    plain,
    split_comparator,
)

COMPARATORS = {sign.value: sign for sign in (Comparator.LT, Comparator.LE, Comparator.GE, Comparator.GT)}
"""https://hl7.org/fhir/R4/valueset-quantity-comparator.html; R5 adds `ad`, which is none of a measurement."""
INTERPRETATIONS = (
    "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
    "http://terminology.hl7.org/CodeSystem/v2-0078",
    "http://hl7.org/fhir/v2/0078",
)
_KIND = re.compile(r"[A-Za-z]{1,40}")
Codes = tuple[tuple[str, str], ...]


class Measured(NamedTuple):
    """What a value[x] states."""

    value: str = ""
    number: Decimal | None = None
    comparator: Comparator = Comparator.EQ
    unit: str = ""
    unit_code: str = ""
    codes: Codes = ()


class Bounds(NamedTuple):
    """What referenceRange states."""

    text: str = ""
    low: Decimal | None = None
    high: Decimal | None = None


# --- access -----------------------------------------------------------------------------------------------


def one(value: object) -> Mapping[str, Any]:
    """An object; the only one of a list; else an empty one."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else {}


def many(value: object) -> list[Any]:
    """A list; what stands alone as a list of one (XML does not tell the two apart)."""
    return value if isinstance(value, list) else [] if value is None else [value]


def kind_of(data: Mapping[str, Any]) -> str:
    """The type of a resource; empty for what is no name of one."""
    found = plain(data.get("resourceType"))
    return found if _KIND.fullmatch(found) else ""


def checked(value: object, place: str, problems: Problems) -> Mapping[str, Any]:
    """As `one`; another kind of thing is named."""
    if not one(value) and value not in (None, {}, [], [{}]):
        problems.add(place, "wrong_type")
    return one(value)


def concept(value: object) -> str:
    """The text of a CodeableConcept, else the display of its first coding that has one, else a code."""
    codings = [one(coding) for coding in many(one(value).get("coding"))]
    said = (plain(coding.get(field)) for field in ("display", "code") for coding in codings)
    return plain(one(value).get("text")) or next(filter(None, said), "")


def codes(value: object) -> Codes:
    codings = (one(coding) for coding in many(one(value).get("coding")))
    found = ((plain(coding.get("system")), plain(coding.get("code"))) for coding in codings)
    return tuple(dict.fromkeys(pair for pair in found if pair[1]))


def moment(value: object, place: str, problems: Problems) -> str | None:
    """The day of a dateTime or instant, as the laboratory's own clock has it."""
    if value is None:
        return None
    found = date_of(plain(value))
    if found is None:
        problems.add(place, "date")
    return found


# --- value[x] ---------------------------------------------------------------------------------------------


def quantity(value: object, place: str, problems: Problems) -> Measured:
    """Quantity (datatypes.html#Quantity): number as written, comparator, unit; UCUM where `system` says so."""
    told = checked(value, place, problems)
    text, number = _number(told.get("value"), f"{place}.value", problems)
    comparator, text, number = _signed(told.get("comparator"), text, number, place, problems)
    unit, code = plain(told.get("unit")), plain(told.get("code"))
    return Measured(text, number, comparator, unit or code, code if plain(told.get("system")) == UCUM else "")


def _number(value: object, place: str, problems: Problems) -> tuple[str, Decimal | None]:
    if value is None:
        return "", None
    if not isinstance(value, Written):
        problems.add(place, "wrong_type")
        return plain(value), None
    number = number_of(value)
    if number is None:
        problems.add(place, "number")
    return plain(value)[:80], number


def _signed(
    sign: object, text: str, number: Decimal | None, place: str, problems: Problems
) -> tuple[Comparator, str, Decimal | None]:
    if sign is None:
        comparator, rest = split_comparator(text)
        return comparator, rest, number
    if isinstance(sign, str) and sign in COMPARATORS:
        return COMPARATORS[sign], text, number
    problems.add(f"{place}.comparator", "comparator")
    return Comparator.EQ, joined([plain(sign), text], " "), None


def _text(value: object, place: str, problems: Problems) -> Measured:
    if not isinstance(value, str):
        problems.add(place, "wrong_type")
        return Measured()
    comparator, text = split_comparator(lines_of(value))
    return Measured(text, comparator=comparator)


def _coded(value: object, place: str, problems: Problems) -> Measured:
    comparator, text = split_comparator(concept(checked(value, place, problems)))
    return Measured(text, comparator=comparator, codes=codes(value))


def _range(value: object, place: str, problems: Problems) -> Measured:
    """Range (datatypes.html#Range), both ends included. Where one end is not told, the value lies beyond the other."""
    told = checked(value, place, problems)
    low = quantity(told.get("low"), f"{place}.low", problems)
    high = quantity(told.get("high"), f"{place}.high", problems)
    if low.value and high.value:
        same = low.unit == high.unit or not low.unit or not high.unit
        text = f"{_printed(low, not same)}-{_printed(high, not same)}"
        return Measured(text, unit=(low.unit or high.unit) * same, unit_code=(low.unit_code or high.unit_code) * same)
    if low.value:
        return low._replace(comparator=Comparator.GE)
    return high._replace(comparator=Comparator.LE) if high.value else Measured()


def _ratio(value: object, place: str, problems: Problems) -> Measured:
    """Ratio (datatypes.html#Ratio): a titre `1:160`; its comparator is the numerator's (v2-to-FHIR, SN → Ratio)."""
    told = checked(value, place, problems)
    top = quantity(told.get("numerator"), f"{place}.numerator", problems)
    bottom = quantity(told.get("denominator"), f"{place}.denominator", problems)
    if not top.value or not bottom.value:
        problems.add(place, "cut_off")
        return Measured(_printed(top, True) or _printed(bottom, True))
    units = bool(top.unit or bottom.unit)
    return Measured(f"{_printed(top, units)}:{_sign(bottom)}{_printed(bottom, units)}", comparator=top.comparator)


def _sign(part: Measured) -> str:
    return "" if part.comparator is Comparator.EQ else part.comparator.value


def _printed(part: Measured, with_unit: bool) -> str:
    return joined([part.value, part.unit if with_unit else ""], " ")


def _truth(value: object, place: str, problems: Problems) -> Measured:
    if not isinstance(value, bool):
        problems.add(place, "wrong_type")
        return Measured(plain(value))
    return Measured("true" if value else "false")


def _whole(value: object, place: str, problems: Problems) -> Measured:
    text, number = _number(value, place, problems)
    return Measured(text, number)


def _period(value: object, place: str, problems: Problems) -> Measured:
    told = checked(value, place, problems)
    return Measured(joined([plain(told.get("start")), plain(told.get("end"))], "/"))


READ: dict[str, Callable[[object, str, Problems], Measured]] = {
    "valueQuantity": quantity,
    "valueString": _text,
    "valueCodeableConcept": _coded,
    "valueRange": _range,
    "valueRatio": _ratio,
    "valueBoolean": _truth,
    "valueInteger": _whole,
    "valueDateTime": _text,
    "valueTime": _text,
    "valuePeriod": _period,
}
"""Observation.value[x] of R4; R5 adds Attachment and Reference, which are named and left out, as SampledData is."""


def measured(resource: Mapping[str, Any], place: str, problems: Problems) -> Measured:
    """The value of an Observation or of a component."""
    told = [key for key in resource if key.startswith("value") and resource[key] is not None]
    for key in told:
        if key not in READ:
            problems.add(f"{place}.{key}", "attachment" if key == "valueAttachment" else "not_read", key)
    readable = [key for key in told if key in READ]
    if len(readable) > 1:
        problems.add(place, "several", "value[x]")
    return READ[readable[0]](resource[readable[0]], f"{place}.{readable[0]}", problems) if readable else Measured()


# --- referenceRange and interpretation --------------------------------------------------------------------


def bounds(resource: Mapping[str, Any], value: Measured, place: str, problems: Problems) -> Bounds:
    """Observation.referenceRange (observation-definitions.html#Observation.referenceRange), both ends included.

    One range gives its bounds. Of several (for men and women, for ages, therapeutic and normal) nobody chooses here:
    they all stand in the text. So does what a range holds for: its type unless normal, appliesTo, age.
    """
    ranges = enumerate(map(one, many(resource.get("referenceRange"))))
    told = [(f"{place}.referenceRange[{number}]", range_) for number, range_ in ranges if range_]
    made = [_bounds(range_, value, at, problems) for at, range_ in told]
    if len(told) > 1:
        problems.add(f"{place}.referenceRange", "several", "referenceRange")
        return Bounds(joined([each.text or _ends(range_) for each, (_, range_) in zip(made, told, strict=True)], "; "))
    return made[0] if made else Bounds()


def _bounds(range_: Mapping[str, Any], value: Measured, place: str, problems: Problems) -> Bounds:
    low = quantity(range_.get("low"), f"{place}.low", problems)
    high = quantity(range_.get("high"), f"{place}.high", problems)
    text = lines_of(range_["text"]) if isinstance(range_.get("text"), str) else ""
    conditions = _conditions(range_)
    full = joined([text or _spelled(low, high), conditions], " ")
    exact = low.comparator is high.comparator is Comparator.EQ
    ordered = low.number is None or high.number is None or low.number <= high.number
    if exact and ordered and _fits(low, value) and _fits(high, value):
        return Bounds(full if conditions else text, low.number, high.number)
    if not (exact and ordered) or value.number is not None or value.unit:
        problems.add(place, "range")
    return Bounds(full)


def _fits(bound: Measured, value: Measured) -> bool:
    """Whether a bound is in the unit of the value; a bound without unit is. Beside words there is no unit to fit."""
    ours, theirs = {value.unit, value.unit_code} - {""}, {bound.unit, bound.unit_code} - {""}
    return not theirs or bool(ours & theirs)


def _ends(range_: Mapping[str, Any]) -> str:
    return _spelled(*(quantity(range_.get(end), "", Problems()) for end in ("low", "high")))


def _spelled(low: Measured, high: Measured) -> str:
    unit = high.unit or low.unit
    if low.value and high.value:
        return joined([f"{_sign(low)}{low.value} - {_sign(high)}{high.value}", unit], " ")
    end = f">= {low.value}" if low.value else f"<= {high.value}" if high.value else ""
    return joined([end, unit * bool(end)], " ")


def _conditions(range_: Mapping[str, Any]) -> str:
    """What and who a range holds for."""
    kind = "" if any(code == "normal" for _, code in codes(range_.get("type"))) else concept(range_.get("type"))
    who = [concept(value) for value in many(range_.get("appliesTo"))]
    age = one(range_.get("age"))
    said = joined([kind, *who, _ends(age)], ", ")
    return f"({said})" if said else ""


def flag(resource: Mapping[str, Any], place: str, problems: Problems) -> tuple[Flag | None, str]:
    """Observation.interpretation: the first code that is a flag of ours, and all of it as told."""
    found: Flag | None = None
    said: list[str] = []
    for number, value in enumerate(many(resource.get("interpretation"))):
        ours = [code for system, code in codes(value) if system in INTERPRETATIONS]
        if not any(code in FLAGS for code in ours):
            problems.add(f"{place}.interpretation[{number}]", "flag")
        found = found or next((FLAGS[code] for code in ours if FLAGS.get(code)), None)
        said.append(ours[0] if ours else concept(value))
    return found, joined(said, " ")
