"""Items and their plan as FHIR R4: a Bundle of MedicationStatements with Timing, for a doctor's or another program."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from helder.medicines.model import Item, Part
from helder.medicines.plan.day import clock
from helder.medicines.plan.make import Plan

WHEN = {"wake": "WAKE", "breakfast": "CM", "lunch": "CD", "dinner": "CV", "meal": "C", "bed": "HS"}
"""What happens in the day → code of http://hl7.org/fhir/event-timing; with a meal, not before or after it."""


def bundle(items: Sequence[Item], plan: Plan | None) -> dict[str, Any]:
    """One statement an item. Nobody is named: the patient is a reference without a value but a display."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": _statement(item, plan)} for item in items],
    }


def _statement(item: Item, plan: Plan | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": {"text": item.name},
        "subject": {"display": "patient"},
        "dosage": [_dosage(item, plan)],
    }
    period = {key: date.isoformat() for key, date in (("start", item.since), ("end", item.until)) if date is not None}
    return made | ({"effectivePeriod": period} if period else {})


def _dosage(item: Item, plan: Plan | None) -> dict[str, Any]:
    dosage: dict[str, Any] = {"text": item.name, "timing": {"repeat": _repeat(item, plan)}}
    if item.as_needed:
        dosage["asNeededBoolean"] = True
    amounts = [_amount(part) for part in item.parts if part.amount and part.amount.exact and part.basis_known]
    if len(item.parts) == 1 and amounts:
        dosage["doseAndRate"] = [{"doseQuantity": amounts[0]}]
    return dosage


def _amount(part: Part) -> dict[str, Any]:
    assert part.amount, "an amount that is known"
    return {"value": _plain(part.amount.low), "code": part.amount.unit, "unit": part.amount.unit} | {
        "system": "http://unitsofmeasure.org"
    }


def _repeat(item: Item, plan: Plan | None) -> dict[str, Any]:
    """Times where the plan gives them, else how often; an anchor of the day where every dose has one."""
    often = int(item.times_a_day or 1)
    period: dict[str, Any] = (
        {"period": 1, "periodUnit": "wk"} if item.every_days == 7 else {"period": item.every_days, "periodUnit": "d"}
    )
    repeat: dict[str, Any] = {"frequency": often, **period}
    if plan is None or item.as_needed:
        return repeat
    minutes = [m.minute for m in plan.moments for dose in m.doses if dose.item == item.index]
    anchors = [plan.day.anchor(minute) for minute in minutes]
    codes = [WHEN[anchor] for anchor in anchors if anchor]
    if codes and len(codes) == len(minutes) and len(set(codes)) == len(codes):
        return repeat | {"when": codes}
    return repeat | {"timeOfDay": [f"{clock(minute)}:00" for minute in minutes]}


def _plain(value: Decimal) -> int | float:
    """JSON numbers, as FHIR wants decimals; exact for what a label can say."""
    return int(value) if value == int(value) else float(value)
