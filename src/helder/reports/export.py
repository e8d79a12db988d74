"""A read report → FHIR R4, as other programs keep it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from helder.knowledge.model import LabTest
from helder.languages.speech import Speech
from helder.quantities import Comparator
from helder.reports.contract import ReadingObject, ScanObject
from helder.reports.structured import fhir_out
from helder.reports.structured.fhir_out import Interpretation, Result
from helder.reports.structured.model import Document

_INTERPRETATIONS: dict[str, Interpretation] = {
    "low": "L",
    "high": "H",
    "critical_low": "LL",
    "critical_high": "HH",
    "normal": "N",
}


def as_fhir(made: ScanObject, speech: Speech) -> bytes:
    """One document as a FHIR R4 bundle in JSON. Computed values are left out: whoever reads it computes its own."""
    head = made.document
    document = Document(
        language=head.language,
        lab=head.lab or "",
        person=str(head.person.get("name") or ""),
        birth_date=_text(head.person.get("birth_date")),
        sex="F" if head.person.get("sex") == "F" else "M" if head.person.get("sex") == "M" else None,
        collected=head.collected,
        reported=head.reported,
    )
    results = [_result(reading, speech) for reading in made.readings]
    notice = speech.messages.say("lab.loinc_notice", "en")
    return fhir_out.encode(fhir_out.bundle(document, results, notice=notice))


def _text(value: object) -> str | None:
    return str(value) if value else None


def _result(reading: ReadingObject, speech: Speech) -> Result:
    limits = reading.range
    test = speech.knowledge.lab_tests.get(reading.test or "")
    return Result(
        name=reading.name,
        value=_value(reading),
        comparator=Comparator(reading.comparator or "="),
        unit=reading.unit or "",
        ucum=reading.ucum or "",
        low=_number(limits.low) if limits else None,
        high=_number(limits.high) if limits else None,
        range_text=limits.text if limits else "",
        interpretation=_INTERPRETATIONS.get(reading.judgement),
        test=reading.test,
        loinc=next(_codes(reading, test), None) if test else None,
        collected=reading.collected,
        specimen=reading.specimen or "",
        doubts=reading.doubts_said,
        sure=reading.sure,
    )


def _codes(reading: ReadingObject, test: LabTest) -> Iterator[tuple[str, str]]:
    return ((code.loinc, code.display) for code in test.codes if code.loinc == reading.loinc)


def _value(reading: ReadingObject) -> Decimal | str:
    number = _number(reading.value)
    return reading.value if number is None else number


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
