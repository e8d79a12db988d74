"""For one item: what to do after a missed dose or too much, and what hours and amounts decide where a source does.

The sentences are the claims of the medicine's own page. A missed dose is decided only by two typed times of a claim:
`take_within` (take it if you are not later) and `skip_within` (skip it if the next dose is due that soon).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct, structs

from helder.knowledge.model import Claim
from helder.knowledge.pairs import holds_in
from helder.medicines.asked import Taker
from helder.medicines.doses import Dosed, Share
from helder.medicines.model import Item, Notice
from helder.medicines.notices import least_minutes
from helder.quantities import Quantity
from helder.rules import evaluate

Decision = Literal["take", "skip"]
DAY = 24 * 60


class Advice(Struct, frozen=True, kw_only=True):
    """Which claims speak of a substance of an item; `decision` where the hours decide."""

    substance: str
    claims: tuple[str, ...]
    decision: Decision | None = None
    decided_by: str | None = None


def missed(taker: Taker, item: Item, late: int | None) -> tuple[Advice, ...]:
    """What to do about a missed dose, `late` minutes after its time (None: not told), per substance."""
    return tuple(_missed(taker, item, substance, late) for substance in item.substances)


def _missed(taker: Taker, item: Item, substance: str, late: int | None) -> Advice:
    claims = speaking(taker, substance, "missed_dose")
    decided = [(_decide(claim, item, late), id_) for id_, claim in claims.items() if late is not None]
    decision, by = next(((said, id_) for said, id_ in decided if said), (None, None))
    return Advice(substance=substance, claims=tuple(claims), decision=decision, decided_by=by)


def _decide(claim: Claim, item: Item, late: int) -> Decision | None:
    """Take or skip, where the claim's hours say; None where they leave it open."""
    take, skip = claim.values.get("take_within"), claim.values.get("skip_within")
    if take:
        return "take" if late <= least_minutes(take) else "skip"
    if skip and item.times_a_day:
        until_next = int(DAY * item.every_days / item.times_a_day) - late
        return "skip" if until_next <= least_minutes(skip) else "take"
    return None


def speaking(taker: Taker, substance: str, kind: str) -> dict[str, Claim]:
    """The claims of a kind that may hold for the person, in the author's order."""
    return {
        id_: claim
        for id_, claim in taker.reach.knowledge.substances[substance].claims.items()
        if claim.kind == kind
        and holds_in(claim.countries, taker.country)
        and (claim.when is None or evaluate(claim.when, taker.person).truth is not False)
    }


class Poison(Struct, frozen=True):
    """An amount that is poison; `sure` also for a heavy adult, or for the person as told."""

    notice: Notice
    sure: bool


HEAVY = Quantity(Decimal(100), "kg")
ADULT = Quantity(Decimal(40), "a")


def poisoned(taker: Taker, item: Item) -> tuple[Poison, ...]:
    """The amounts of one item, taken at once, against what is poison for this person; empty where none is known.

    What nobody told about age and weight is tried both ways: what may be poison for a child is said, and it is sure
    where it is poison for a heavy adult too.
    """
    heavy = structs.replace(taker.person, age=taker.person.age or ADULT, weight=taker.person.weight or HEAVY)
    sure = {notice.rule for notice in _toxic(taker._replace(person=heavy), item) if notice.certain}
    return tuple(Poison(notice, notice.certain or notice.rule in sure) for notice in _toxic(taker, item))


def _toxic(taker: Taker, item: Item) -> list[Notice]:
    once = structs.replace(item, times_a_day=Decimal(1), every_days=1)
    found: list[Notice] = []
    for part in item.parts:
        facts = taker.reach.knowledge.substances[part.substance]
        dosed = Dosed(part.substance, facts, taker.country, taker.person, (Share(once, part),))
        found += dosed.toxic(suspected=True)
    return found
