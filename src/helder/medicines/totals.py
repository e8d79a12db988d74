"""Every nutrient over all items, per day, against what this person needs and may have; food counted apart.

A limit belongs to an authority, an age, sometimes one chemical form. What nobody told (the age, the salt, how often)
leaves several limits or a wide amount: `over` is then unknown, and the facts that would decide it are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from helder.knowledge.model import Claim, Knowledge, Row, Substance, Value, ends
from helder.knowledge.pairs import holds_in
from helder.medicines.model import Item, Limit, Part, Span, Total
from helder.person import Fact, Person
from helder.quantities import Quantity, QuantityError, convert
from helder.rules import evaluate

MOST_TIMES = Decimal(4)
"""An item of which nobody told how often counts from once to this many times a day."""


class Asker(NamedTuple):
    """For whom a number is looked up: country, person, and the chemical forms that are taken (None: not told)."""

    country: str
    person: Person
    forms: tuple[str | None, ...] = ()


class Candidate(Struct, frozen=True):
    """A number that holds for the person (`certain`), or would if `depends_on` were so."""

    limit: Limit
    certain: bool
    depends_on: tuple[Fact, ...] = ()


def a_day(item: Item, amount: Span) -> Span:
    """What an item brings per day, on average; an as-needed one at its most."""
    times = item.times_a_day
    least, most = (Decimal(1), MOST_TIMES) if times is None else (times, times)
    return Span(amount.low * least / item.every_days, amount.high * most / item.every_days, amount.unit)


def in_unit(span: Span, unit: str, facts: Substance) -> Span | None:
    """The span in another unit, by molar mass or what an international unit weighs; None where there is no way."""
    try:
        low, high = (
            convert(
                Quantity(value, span.unit), unit, molar_mass=facts.molar_mass, one_iu=facts.international_unit
            ).value
            for value in (span.low, span.high)
        )
    except QuantityError:
        return None
    return Span(low, high, unit)


def totals(knowledge: Knowledge, country: str, person: Person, items: Sequence[Item]) -> tuple[Total, ...]:
    """One total a substance with a daily unit, in the order in which the substances were told."""
    shares: dict[str, list[tuple[Item, Part]]] = defaultdict(list)
    for item in items:
        for part in item.parts:
            if knowledge.substances[part.substance].unit:
                shares[part.substance].append((item, part))
    found = (_total(knowledge, country, person, id_, parts) for id_, parts in shares.items())
    return tuple(total for total in found if total is not None)


def _total(
    knowledge: Knowledge, country: str, person: Person, substance: str, shares: Sequence[tuple[Item, Part]]
) -> Total | None:
    facts = knowledge.substances[substance]
    assert facts.unit, "a nutrient has its daily unit"
    spans: list[tuple[Item, Part, Span]] = []
    for item, part in shares:
        span = in_unit(a_day(item, part.amount), facts.unit, facts) if part.amount else None
        if span is not None:
            spans.append((item, part, span))
    if not spans:
        return None
    whole = Span(Decimal(0), Decimal(0), facts.unit)
    for _, _, span in spans:
        whole = whole.plus(span)
    place = knowledge.countries[country]
    asker = Asker(country, person, tuple(part.form for _, part, _ in spans))
    needs = candidates(facts, "reference_intake", place.intakes, asker._replace(forms=()))
    limits = candidates(facts, "upper_limit", place.limits, asker)
    over, limit, asks = judge(whole, limits, facts)
    asks = (*asks, *_of_items(spans, facts, limits)) if over is None else ()
    need = next((candidate.limit for candidate in needs if candidate.certain), None)
    return Total(
        substance=substance,
        amount=whole,
        items=tuple(dict.fromkeys(item.index for item, _, _ in spans)),
        limit=limit,
        over=over,
        need=need,
        others=_others(facts, asker, limit),
        asks=tuple(sorted(set(asks))),
    )


def candidates(facts: Substance, kind: str, order: Sequence[str], asker: Asker) -> tuple[Candidate, ...]:
    """The numbers of the first authority that speaks of such a person; several where a fact is not known."""
    claims = {
        id_: claim for id_, claim in facts.claims.items() if claim.kind == kind and _applies(claim, asker.country)
    }
    others = sorted({claim.authority or "" for claim in claims.values()} - set(order))
    for authority in (*order, *others):
        own = {id_: claim for id_, claim in claims.items() if claim.authority == authority and claim.from_ != "food"}
        found = tuple(_rows(own, asker))
        if found:
            return found
    return ()


def _applies(claim: Claim, country: str) -> bool:
    return holds_in(claim.countries, country)


def _rows(claims: dict[str, Claim], asker: Asker) -> Iterator[Candidate]:
    for id_, claim in claims.items():
        of_form = claim.form is None or not asker.forms or claim.form in asker.forms
        unsure = claim.form is not None and None in asker.forms
        if not of_form and not unsure:
            continue
        for row in claim.rows:
            verdict = evaluate(row.when, asker.person)
            if verdict.truth is not False:
                certain = verdict.truth is True and of_form
                yield Candidate(_limit(id_, claim, row), certain, verdict.depends_on)


def _limit(id_: str, claim: Claim, row: Row) -> Limit:
    return Limit(
        claim=id_,
        amount=_end(row.amount),
        authority=claim.authority,
        year=claim.year,
        from_=claim.from_,
        verified=claim.verified,
    )


def _end(value: Value) -> Quantity:
    """The number of a row; of a range its lower end, which warns sooner."""
    return ends(value)[0]


def judge(
    amount: Span, limits: Sequence[Candidate], facts: Substance
) -> tuple[bool | None, Limit | None, tuple[Fact, ...]]:
    """Whether an amount per day is over the limit that holds, that limit, and what would decide."""
    numbers = [(candidate, _per_day(candidate.limit.amount, amount.unit, facts)) for candidate in limits]
    known = [(candidate, number) for candidate, number in numbers if number is not None]
    if not known:
        return False, None, ()
    sure = [(candidate, number) for candidate, number in known if candidate.certain]
    strictest = min(sure or known, key=lambda pair: pair[1])
    if sure:
        decided = _compare(amount, strictest[1], strictest[1])
        if decided is not None and all(candidate.certain for candidate, _ in known):
            return decided, strictest[0].limit, ()
        if decided is True:
            return True, strictest[0].limit, ()
    low, high = min(number for _, number in known), max(number for _, number in known)
    decided = _compare(amount, low, high)
    if decided is True and not sure and not _everybody(known):
        decided = None
    asks = tuple(fact for candidate, _ in known for fact in candidate.depends_on)
    return decided, strictest[0].limit, asks if decided is None else ()


def _everybody(known: Sequence[tuple[Candidate, Decimal]]) -> bool:
    """Whether the rows leave nobody out: with only some ages named, a person may have no limit at all."""
    return not any(candidate.depends_on for candidate, _ in known)


def _compare(amount: Span, low: Decimal, high: Decimal) -> bool | None:
    return True if amount.low > high else False if amount.high <= low else None


def _per_day(limit: Quantity, unit: str, facts: Substance) -> Decimal | None:
    bare = limit.unit.removesuffix("/d")
    try:
        return convert(
            Quantity(limit.value, bare), unit, molar_mass=facts.molar_mass, one_iu=facts.international_unit
        ).value
    except QuantityError:
        return None


def _of_items(
    spans: Sequence[tuple[Item, Part, Span]], facts: Substance, limits: Sequence[Candidate]
) -> Iterator[Fact]:
    """What about the items would narrow the amount: which salt, how often."""
    for item, part, _ in spans:
        if not part.basis_known or (part.form is None and facts.forms and any(not c.certain for c in limits)):
            yield Fact("salt", str(item.index))
        if item.times_a_day is None:
            yield Fact("times", str(item.index))


def _others(facts: Substance, asker: Asker, mine: Limit | None) -> tuple[Limit, ...]:
    """What other authorities say about the same person, where it is another number."""
    found: dict[str, Limit] = {}
    for id_, claim in facts.claims.items():
        if claim.kind == "upper_limit" and mine and claim.authority != mine.authority and claim.from_ != "food":
            for candidate in _rows({id_: claim}, asker):
                if candidate.certain and candidate.limit.amount != mine.amount:
                    found.setdefault(candidate.limit.authority or "", candidate.limit)
    return tuple(found.values())
