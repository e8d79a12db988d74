"""The most of a medicine: one dose, a day, by weight; the same ingredient in two products; an amount that is poison.

The amounts stand in the claims `max_dose` and `toxic_dose` of a topic. The unit of a row says what it limits: `1 g` one
dose, `4 g/d` a day, `15 mg/kg` a dose by weight, `75 mg/kg/d` a day by weight, `20 mg/wk` a week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import reduce
from typing import Literal, NamedTuple

from helder.knowledge.model import Claim, Knowledge, Row, Substance, ends
from helder.knowledge.pairs import holds_in
from helder.medicines.model import Item, Notice, Part, Severity, Span
from helder.medicines.totals import a_day, in_unit
from helder.person import Fact, Person
from helder.quantities import Quantity, convert, same_dimension
from helder.rules import evaluate

Per = Literal["dose", "day"]
PERS: tuple[Per, ...] = ("dose", "day")
PERIODS = {"d": 1, "wk": 7}
WEIGHT = Fact("weight")


class Share(NamedTuple):
    """One item's part of a substance."""

    item: Item
    part: Part


class Most(NamedTuple):
    """The most that a row allows, `limit` as written; `number` in the unit asked for (None: needs the weight)."""

    claim: str
    limit: Quantity
    per: Per
    number: Decimal | None
    depends_on: tuple[Fact, ...]


def dose_notices(knowledge: Knowledge, country: str, person: Person, items: Sequence[Item]) -> Iterator[Notice]:
    """Too much of a medicine at once or in a day, an amount that is poison, a medicine that stands in two items."""
    for substance, shares in by_substance(items).items():
        dosed = Dosed(substance, knowledge.substances[substance], country, person, shares)
        yield from dosed.twice()
        yield from dosed.too_often(knowledge)
        most = list(dosed.most())
        yield from most
        yield from dosed.toxic(suspected=bool(most) or not dosed.claims("max_dose"))


def by_substance(items: Sequence[Item]) -> dict[str, list[Share]]:
    """Substance → the items that bring it."""
    found: dict[str, list[Share]] = defaultdict(list)
    for item in items:
        for part in item.parts:
            found[part.substance].append(Share(item, part))
    return found


class Dosed(NamedTuple):
    """One substance over the items of one person."""

    substance: str
    facts: Substance
    country: str
    person: Person
    shares: Sequence[Share]

    @property
    def items(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(share.item.index for share in self.shares))

    def claims(self, kind: str) -> dict[str, Claim]:
        """The claims of a kind that hold in this country."""
        return {
            id_: claim
            for id_, claim in self.facts.claims.items()
            if claim.kind == kind and holds_in(claim.countries, self.country)
        }

    def twice(self) -> Iterator[Notice]:
        """A medicine in two items. Nutrients are summed instead."""
        if self.facts.kind == "medicine" and len(self.items) > 1:
            yield Notice(
                kind="duplicate",
                severity="monitor",
                rule=f"substances/{self.substance}",
                about=(self.substance,),
                items=self.items,
            )

    def too_often(self, knowledge: Knowledge) -> Iterator[Notice]:
        """A weekly medicine taken daily: the mistake that kills. Where nobody told how often, it is asked."""
        for id_, timing in knowledge.timings.items():
            if timing.of != self.substance or not timing.days_apart:
                continue
            days = convert(timing.days_apart, "d").value
            for item, _ in self.shares:
                often = item.times_a_day is not None and item.times_a_day / item.every_days * days > 1
                if often or item.times_a_day is None:
                    yield Notice(
                        kind="dose",
                        severity="contraindicated",
                        rule=f"timings/{id_}",
                        about=(self.substance,),
                        items=(item.index,),
                        certain=often,
                        depends_on=() if often else (Fact("times", str(item.index)),),
                        values={"days": f"{days:f}"},
                    )

    def most(self) -> Iterator[Notice]:
        """Above the most: a doctor's maximum for what is prescribed, else the one for taking it on one's own."""
        claims = self.claims("max_dose")
        prescribed = all(share.item.prescribed for share in self.shares)
        cares = {claim.care for claim in claims.values()}
        care = "prescribed" if "prescribed" in cares and (prescribed or "self" not in cares) else "self"
        own = {id_: claim for id_, claim in claims.items() if claim.care == care}
        for per in PERS:
            amount = self.amount(per)
            if own and amount:
                yield from self._over(amount, [row for row in self.rows(own, amount.unit) if row.per == per], "dose")

    def toxic(self, suspected: bool) -> Iterator[Notice]:
        """An amount from which on one must act. The weight is asked only where the amount is above the most anyway."""
        for id_, claim in self.claims("toxic_dose").items():
            severity: Severity = "contraindicated" if claim.level == "emergency" else "avoid"
            for per in PERS:
                amount = self.amount(per)
                rows = [row for row in self.rows({id_: claim}, amount.unit) if row.per == per] if amount else []
                known = [row for row in rows if suspected or row.number is not None]
                if amount and known:
                    yield from self._over(amount, known, "overdose", severity)

    def amount(self, per: Per) -> Span | None:
        """The largest single dose, or what a day brings over all items, in the unit of the first that tells one."""
        told = [share for share in self.shares if share.part.amount]
        spans = [a_day(s.item, s.part.amount) if per == "day" else s.part.amount for s in told if s.part.amount]
        same = [span for span in (in_unit(span, spans[0].unit, self.facts) for span in spans) if span]
        if not same:
            return None
        return max(same, key=lambda span: span.high) if per == "dose" else reduce(Span.plus, same)

    def rows(self, claims: dict[str, Claim], unit: str) -> list[Most]:
        """The rows that hold for the person, or would if something were known, as plain numbers of one unit."""
        judged = [(id_, row, evaluate(row.when, self.person)) for id_, claim in claims.items() for row in claim.rows]
        found = (self._most(id_, row, unit, v.depends_on) for id_, row, v in judged if v.truth is not False)
        return [most for most in found if most is not None]

    def _most(self, claim: str, row: Row, unit: str, depends_on: tuple[Fact, ...]) -> Most | None:
        limit = ends(row.amount)[0]
        head, _, period = limit.unit.rpartition("/")
        days = PERIODS.get(period, 0)
        bare = head if days else limit.unit
        per: Per = "day" if days else "dose"
        number = limit.value / (days or 1)
        if bare.endswith("/kg"):
            bare = bare.removesuffix("/kg")
            if self.person.weight is None:
                return Most(claim, limit, per, None, depends_on or (WEIGHT,))
            number *= convert(self.person.weight, "kg").value
        if not same_dimension(bare, unit):
            return None
        return Most(claim, limit, per, convert(Quantity(number, bare), unit).value, depends_on)

    def _over(
        self, amount: Span, most: Sequence[Most], kind: Literal["dose", "overdose"], severity: Severity = "avoid"
    ) -> Iterator[Notice]:
        """One notice: certain where a row that holds is passed, or every row that can hold, whatever is unknown.

        Above every fixed maximum, the rows by weight need not be asked: they are those of lighter people.
        """
        reached = kind == "overdose"
        passed = [row for row in most if _passes(amount.low, row, reached)]
        open_ = [
            row for row in most if row not in passed and (row.number is None or _passes(amount.high, row, reached))
        ]
        if not passed and not open_:
            return
        all_told = kind == "dose" and passed and all(row in passed or row.number is None for row in most)
        sure = len(passed) == len(most) or bool(all_told) or any(not row.depends_on for row in passed)
        row = next((row for row in passed if not row.depends_on), (passed or open_)[0])
        facts = {fact for other in (*passed, *open_) for fact in self._deciding(other, amount)}
        yield Notice(
            kind=kind,
            severity=severity,
            rule=f"{self.substance}/{row.claim}",
            about=(self.substance,),
            items=self.items,
            certain=sure,
            depends_on=() if sure else tuple(sorted(facts)),
            values={"amount": f"{amount.low:f} {amount.unit}", "per": row.per, "most": str(row.limit)},
        )

    def _deciding(self, row: Most, amount: Span) -> tuple[Fact, ...]:
        """What would tell whether an amount passes a row: who the person is, the weight, how often it is taken."""
        often = () if amount.exact or row.number is None else tuple(Fact("times", str(index)) for index in self.items)
        return (*row.depends_on, *often)


def _passes(number: Decimal, row: Most, reached: bool) -> bool:
    """Above a maximum; for poison, reaching it is enough."""
    return row.number is not None and (number >= row.number if reached else number > row.number)
