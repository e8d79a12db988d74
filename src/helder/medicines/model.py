"""What a person takes, and what a check says about it: ids, amounts and rules, no sentences.

    Typed, in any language  →  Item (parts with active amounts)  →  Total, Notice, Ask

An amount that is not known exactly is a `Span`: from its least to its most. So a salt that nobody named, or how
often that nobody told, widens the span, and only what the width can change is asked.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from helder.person import Fact
from helder.quantities import Quantity

NoticeKind = Literal[
    "interaction",
    "separation",
    "food",
    "contraindication",
    "caution",
    "limit",
    "dose",
    "overdose",
    "duplicate",
    "stopping",
    "monitoring",
]
Severity = Literal["contraindicated", "avoid", "separate", "monitor", "info"]
SEVERITIES: tuple[Severity, ...] = ("contraindicated", "avoid", "separate", "monitor", "info")


class Span(Struct, frozen=True):
    """An amount between two ends, both included, of one unit."""

    low: Decimal
    high: Decimal
    unit: str

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def times(self, factor: Decimal) -> Span:
        return Span(self.low * factor, self.high * factor, self.unit)

    def plus(self, other: Span) -> Span:
        """The sum; both have one unit."""
        assert self.unit == other.unit, "spans of one unit"
        return Span(self.low + other.low, self.high + other.high, self.unit)


class Part(Struct, frozen=True, kw_only=True):
    """One active substance of an item, and how much of it one intake brings (None: not told)."""

    substance: str
    form: str | None = None
    amount: Span | None = None
    basis_known: bool = True
    """False: nobody said whether the element or the whole salt was weighed; `amount` spans both."""


class Item(Struct, frozen=True, kw_only=True):
    """Something a person takes, recognised. `index` is its place in what was told."""

    index: int
    name: str
    parts: tuple[Part, ...]
    product: str | None = None
    understood: str | None = None
    """The known name that a misspelt one was taken for: to be confirmed."""
    times_a_day: Decimal | None = None
    every_days: int = 1
    """2: every other day, 7: once a week."""
    at: tuple[int, ...] = ()
    """Minutes after midnight."""
    parts_of_day: tuple[str, ...] = ()
    """As told: `at night`. A habit, where no hours are told."""
    as_needed: bool = False
    prescribed: bool | None = None
    dosage_form: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def substances(self) -> tuple[str, ...]:
        return tuple(part.substance for part in self.parts)


class Guess(Struct, frozen=True):
    """A name that may have been meant."""

    id: str
    name: str


class Unknown(Struct, frozen=True, kw_only=True):
    """Something told that is not in our data; `nearest` are names to choose from."""

    index: int
    name: str
    nearest: tuple[Guess, ...] = ()


class Limit(Struct, frozen=True, kw_only=True):
    """The number that holds for a person: from which claim, of which authority, for which sources of a nutrient."""

    claim: str
    amount: Quantity
    authority: str | None = None
    year: int | None = None
    from_: str | None = field(name="from", default=None)
    verified: bool = True


class Total(Struct, frozen=True, kw_only=True):
    """A substance over all items, per day. `over` is None where what is not known would decide."""

    substance: str
    amount: Span
    items: tuple[int, ...]
    limit: Limit | None = None
    over: bool | None = False
    need: Limit | None = None
    others: tuple[Limit, ...] = ()
    """Limits of other authorities, which differ."""
    asks: tuple[Fact, ...] = ()


class Notice(Struct, frozen=True, kw_only=True):
    """Something to know about what is taken. `rule` names where it stands in the base.

    `action`: something should be done about it. `certain` is False where `depends_on` would decide.
    """

    kind: NoticeKind
    severity: Severity
    rule: str
    about: tuple[str, ...]
    items: tuple[int, ...]
    certain: bool = True
    depends_on: tuple[Fact, ...] = ()
    separation: dict[str, str] = {}
    kept: bool | None = None
    """Whether the told times keep the hours; None: no times, or no hours."""
    values: dict[str, str] = {}

    @property
    def action(self) -> bool:
        return self.severity != "info"


class Ask(Struct, frozen=True, kw_only=True):
    """A fact that would change something: which notices hang on it."""

    about: Fact
    notices: tuple[int, ...] = ()
    totals: tuple[str, ...] = ()


class Check(Struct, frozen=True, kw_only=True):
    """All that a check says. Notices stand in order of danger."""

    items: tuple[Item, ...]
    notices: tuple[Notice, ...]
    totals: tuple[Total, ...]
    unknown: tuple[Unknown, ...]
    asks: tuple[Ask, ...]
