"""Need, limit and usual dose on one scale: the reader's own authority, for a woman and a man of 30."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from helder.knowledge.model import Claim, Substance, ends
from helder.languages.speech import Speech
from helder.library.views import Bar, Drawing
from helder.person import Person
from helder.quantities import Quantity, QuantityError, convert
from helder.rules import evaluate

_ADULTS = {
    "female": Person(age=Quantity(value=Decimal(30), unit="a"), sex="F", pregnant=False, breastfeeding=False),
    "male": Person(age=Quantity(value=Decimal(30), unit="a"), sex="M"),
}
Drawn = tuple[str, str, Quantity]


def draw(speech: Speech, topic: str, language: str, country: str) -> Drawing | None:
    """A drawing with at least a need and a limit, or None. Amounts that cannot be compared are left out."""
    facts = speech.knowledge.substances[topic]
    if not facts.unit:
        return None
    amounts = [(key, role, _in_unit(amount, facts.unit)) for key, role, amount in _amounts(speech, facts, country)]
    known = [(key, role, amount) for key, role, amount in amounts if amount is not None]
    if len({role for _, role, _ in known}) < 2:
        return None
    largest = max(amount.value for _, _, amount in known)
    bars = tuple(
        Bar(
            label=speech.messages.say(f"drawing.{key}", language),
            amount=speech.amounts.value(amount, language),
            share=float(amount.value / largest),
            role=role,
        )
        for key, role, amount in known
    )
    return Drawing(speech.messages.say("drawing.title", language, name=speech.name(topic, language)), bars)


def _amounts(speech: Speech, facts: Substance, country: str) -> Iterator[tuple[str, str, Quantity]]:
    place = speech.knowledge.countries[country]
    needs = _own(facts, "reference_intake", place.intakes)
    for key, person in _ADULTS.items():
        if amount := _amount(needs, person):
            yield f"need_{key}", "need", amount
    for claim in facts.claims.values():
        dose = claim.values.get("dose") if claim.kind == "dose" else None
        if isinstance(dose, Quantity):
            yield "dose", "dose", dose
            break
    for limit in _own(facts, "upper_limit", place.limits):
        if amount := amount_for(limit, _ADULTS["female"]):
            yield f"limit_{limit.from_}", "limit", amount


def _own(facts: Substance, kind: str, order: tuple[str, ...]) -> list[Claim]:
    """What the authority that comes first for this country says; it may say it in several claims."""
    claims = [claim for claim in facts.claims.values() if claim.kind == kind and claim.authority in order]
    first = min((order.index(claim.authority or "") for claim in claims), default=-1)
    return [claim for claim in claims if claim.authority == order[first] and not claim.goal]


def _amount(claims: list[Claim], person: Person) -> Quantity | None:
    return next((amount for claim in claims if (amount := amount_for(claim, person))), None)


def amount_for(claim: Claim, person: Person) -> Quantity | None:
    """The one amount of an intake or limit that holds for a person; None if none surely does."""
    for row in claim.rows:
        if evaluate(row.when, person).truth is True:
            return ends(row.amount)[-1]
    return None


def _in_unit(amount: Quantity, unit: str) -> Quantity | None:
    try:
        return convert(Quantity(value=amount.value, unit=amount.unit), f"{unit}/d")
    except QuantityError:
        return None
