"""Results → a FHIR R4 Bundle of type collection: a DiagnosticReport of category LAB, its Observations, the Patient.

https://hl7.org/fhir/R4/diagnosticreport.html, https://hl7.org/fhir/R4/observation.html, https://hl7.org/fhir/R4/bundle.html.
Only what was read is told. What nobody has confirmed is `preliminary`, and then the report is `partial` ("may be
incomplete or unverified"). The notice that LOINC's licence asks for stands in the report's narrative; a Bundle has
none.
Addresses of entries are made from the content, so that one report always gives one file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Any, Literal
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from helder.quantities import Comparator
from helder.reports.structured.model import Document
from helder.reports.structured.reading import LOINC, UCUM, date_of, joined, lines_of, plain

TESTS = "urn:uuid:6f1d9c1e-5c0b-4b6e-9a55-2f3c7f0e8d41"
"""The code system of Helder's own tests."""
REPORT = {"system": LOINC, "code": "11502-2", "display": "Laboratory report"}
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
ABSENT = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknown"}]}
REPORT_CATEGORY = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB"}]}
CATEGORY = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}
GENDERS = {"F": "female", "M": "male"}
_NUMBER = r"\d{1,15}(?:\.\d{1,15})?"
_TITRE = re.compile(rf"({_NUMBER}):({_NUMBER})", re.ASCII)
_RANGE = re.compile(rf"({_NUMBER})-({_NUMBER})", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)
_ENCODER = msgspec.json.Encoder(decimal_format="number")

Interpretation = Literal["L", "H", "LL", "HH", "N", "A"]


class Result(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One result to tell: as printed, and what it was recognised as.

    `value` is a number, a text (`1:160`, `negative`) or None where it was not read. `unit` as printed, `ucum` its code.
    `loinc` is code and display, the display unchanged, as its licence asks. `doubts` are sentences for the reader.
    """

    name: str
    value: Decimal | str | None = None
    comparator: Comparator = Comparator.EQ
    unit: str = ""
    ucum: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    range_text: str = ""
    interpretation: Interpretation | None = None
    test: str | None = None
    loinc: tuple[str, str] | None = None
    collected: str | None = None
    specimen: str = ""
    method: str = ""
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    sure: bool = True


def bundle(document: Document, results: Sequence[Result], *, notice: str) -> dict[str, Any]:
    """The Bundle as plain dicts, numbers as Decimals: `encode` writes them with all their digits.

    `notice` is LOINC's. The rows of the document are not looked at; the results are what is told.
    """
    seed = uuid5(UUID(TESTS.removeprefix("urn:uuid:")), ascii((document, list(results))))
    patient = _patient(document)
    subject = {"reference": _address(seed, "patient")} if patient else None
    observations = [_observation(result, subject) for result in results]
    addresses = [_address(seed, f"observation {number}") for number in range(len(results))]
    report = _report(document, results, addresses, subject, notice)
    entries = [(_address(seed, "report"), report), *zip(addresses, observations, strict=True)]
    entries += [(_address(seed, "patient"), patient)] if patient else []
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": address, "resource": resource} for address, resource in entries],
    }


def encode(made: dict[str, Any]) -> bytes:
    """The Bundle as JSON. A value of 6.30 keeps its nought (json.html, 2.6.2.3)."""
    return _ENCODER.encode(made)


def _address(seed: UUID, part: str) -> str:
    return f"urn:uuid:{uuid5(seed, part)}"


# --- report and patient -----------------------------------------------------------------------------------


def _report(
    document: Document,
    results: Sequence[Result],
    addresses: Sequence[str],
    subject: dict[str, str] | None,
    notice: str,
) -> dict[str, Any]:
    whole = all(result.sure and _told(result) for result in results)
    told = {
        "language": document.language if document.language and _LANGUAGE.fullmatch(document.language) else None,
        "text": {"status": "additional", "div": _narrative(results, notice)},
        "status": "final" if whole else "partial",
        "category": [REPORT_CATEGORY],
        "code": {"coding": [REPORT]},
        "subject": subject,
        "effectiveDateTime": _date(document.collected),
        "performer": [{"display": plain(document.lab)}] if plain(document.lab) else None,
        "result": [{"reference": address} for address in addresses] or None,
        "conclusion": joined([lines_of(note) for note in document.notes]) or None,
    }
    return {"resourceType": "DiagnosticReport"} | _present(told)


def _patient(document: Document) -> dict[str, Any] | None:
    told = {
        "name": [{"text": plain(document.person)}] if plain(document.person) else None,
        "gender": GENDERS.get(document.sex or ""),
        "birthDate": _date(document.birth_date),
    }
    return {"resourceType": "Patient"} | _present(told) if any(told.values()) else None


def _narrative(results: Sequence[Result], notice: str) -> str:
    """A table of the results and LOINC's notice (narrative.html: plain XHTML)."""
    cells = [(result.name, _printed(result), _unit(result), _range_printed(result)) for result in results]
    rows = ("".join(f"<td>{escape(lines_of(cell))}</td>" for cell in row) for row in cells)
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    notes = f"<p>{escape(lines_of(notice))}</p>"
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{f"<table>{table}</table>" if table else ""}{notes}</div>'


def _printed(result: Result) -> str:
    value = f"{result.value:f}" if isinstance(result.value, Decimal) else result.value or "–"
    return f"{_sign(result)}{value}"


def _sign(result: Result) -> str:
    return "" if result.comparator is Comparator.EQ else result.comparator.value


def _unit(result: Result) -> str:
    return plain(result.unit) or plain(result.ucum)


def _range_printed(result: Result) -> str:
    ends = [f"{end:f}" for end in (result.low, result.high) if end is not None]
    if result.range_text or len(ends) == 2:
        return result.range_text or " - ".join(ends)
    return (">= " if result.low is not None else "<= ") + ends[0] if ends else ""


# --- Observation ------------------------------------------------------------------------------------------


def _observation(result: Result, subject: dict[str, str] | None) -> dict[str, Any]:
    codings = []
    if result.loinc:
        codings.append({"system": LOINC, "code": result.loinc[0], "display": result.loinc[1]})
    if result.test and plain(result.test):
        codings.append({"system": TESTS, "code": plain(result.test)})
    notes = [{"text": lines_of(note)} for note in (*result.notes, *result.doubts) if lines_of(note)]
    told = {
        "status": "final" if result.sure and _told(result) else "preliminary",
        "category": [CATEGORY],
        "code": _present({"coding": codings or None, "text": plain(result.name) or None}),
        "subject": subject,
        "effectiveDateTime": _date(result.collected),
        **(_value(result) if _told(result) else {"dataAbsentReason": ABSENT}),
        "interpretation": _interpretation(result),
        "note": notes or None,
        "method": {"text": plain(result.method)} if plain(result.method) else None,
        "specimen": {"display": plain(result.specimen)} if plain(result.specimen) else None,
        "referenceRange": _range(result),
    }
    return {"resourceType": "Observation"} | _present(told)


def _told(result: Result) -> bool:
    """Whether there is a value: a number that is one, or a text that says something."""
    return result.value.is_finite() if isinstance(result.value, Decimal) else bool(lines_of(result.value or ""))


def _value(result: Result) -> dict[str, Any]:
    """value[x]. A sign that FHIR's comparators lack (`~`) stands in the text with its number: it is never lost."""
    sign = {} if result.comparator is Comparator.EQ else {"comparator": result.comparator.value}
    if isinstance(result.value, Decimal) and result.comparator is not Comparator.ABOUT:
        return {"valueQuantity": {"value": _exact(result.value)} | sign | _in_unit(result)}
    text = f"{result.value:f}" if isinstance(result.value, Decimal) else lines_of(result.value or "")
    if (titre := _TITRE.fullmatch(text)) and result.comparator is not Comparator.ABOUT and not _unit(result):
        parts = {"numerator": {"value": Decimal(titre[1])} | sign, "denominator": {"value": Decimal(titre[2])}}
        return {"valueRatio": parts}
    if (between := _RANGE.fullmatch(text)) and not sign and _unit(result):
        low, high = Decimal(between[1]), Decimal(between[2])
        if low <= high:
            ends = {"low": low, "high": high}
            return {"valueRange": {end: {"value": number} | _in_unit(result) for end, number in ends.items()}}
    return {"valueString": joined([f"{_sign(result)}{text}", _unit(result)], " ")}


def _in_unit(result: Result) -> dict[str, str]:
    code = plain(result.ucum)
    coded = {"system": UCUM, "code": code} if code and " " not in code else {}
    return ({"unit": _unit(result)} if _unit(result) else {}) | coded


def _range(result: Result) -> list[dict[str, Any]] | None:
    """referenceRange, which must have a low, a high or a text (obs-3)."""
    ends = {"low": result.low, "high": result.high}
    told: dict[str, Any] = {
        end: {"value": _exact(number)} | _in_unit(result)
        for end, number in ends.items()
        if number is not None and number.is_finite()
    }
    text = lines_of(result.range_text)
    made = told | ({"text": text} if text else {})
    return [made] if made else None


def _interpretation(result: Result) -> list[dict[str, Any]] | None:
    return [{"coding": [{"system": INTERPRETATION, "code": result.interpretation}]}] if result.interpretation else None


def _exact(value: Decimal) -> Decimal:
    """The number without a positive exponent: 1E+2 is written 100."""
    exponent = value.as_tuple().exponent
    return Decimal(f"{value:f}") if isinstance(exponent, int) and 0 < exponent < 100 else value


def _date(text: str | None) -> str | None:
    return text if text and date_of(text) == text else None


def _present(told: dict[str, Any]) -> dict[str, Any]:
    """FHIR has no empty elements (json.html): what is None is left out."""
    return {key: value for key, value in told.items() if value is not None}
