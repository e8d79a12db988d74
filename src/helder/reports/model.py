"""What was read from a report. A `Reading` is what the page seems to say; only a person turns it into a result."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec import Struct

from helder.quantities import Comparator
from helder.reports.page import Box

Judgement = Literal["low", "normal", "high", "critical_low", "critical_high", "unknown"]
Flag = Literal["low", "high", "critical_low", "critical_high", "abnormal", "normal"]
Kind = Literal["lab", "prescription", "medicine_list", "imaging", "letter", "invoice", "pathology", "other"]
Doubt = Literal[
    "second_reader",
    "faint",
    "letters_in_number",
    "decimal_mark",
    "name_unknown",
    "name_loose",
    "test_ambiguous",
    "unit_repaired",
    "unit_unknown",
    "unit_missing",
    "unit_unfit",
    "implausible",
    "flag_disagrees",
    "range_disagrees",
    "range_unread",
    "several_values",
    "sum_disagrees",
    "indices_disagree",
    "date_order",
    "name_wrapped",
]


class Range(NamedTuple):
    """The reference range that a report prints; `text` always as printed."""

    text: str
    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    """The low bound itself is outside: `> 60`."""
    high_open: bool = False
    word: str | None = None


class Before(NamedTuple):
    """An earlier result that the report prints: its date, and the value as the newer one has it."""

    date: str | None
    text: str
    value: Decimal | None
    comparator: Comparator


class Reading(Struct, frozen=True, kw_only=True):
    """One row as read. `value` is exact as printed, in the printed unit; `text` is the value as printed."""

    name: str
    test: str | None = None
    text: str = ""
    value: Decimal | None = None
    word: str | None = None
    comparator: Comparator = Comparator.EQ
    titre: bool = False
    unit: str | None = None
    """The unit as printed."""
    ucum: str | None = None
    range: Range | None = None
    flag: Flag | None = None
    specimen: str | None = None
    section: str | None = None
    collected: str | None = None
    page: int = 1
    box: Box | None = None
    value_box: Box | None = None
    doubts: tuple[Doubt, ...] = ()
    earlier: tuple[Before, ...] = ()
    notes: tuple[str, ...] = ()
    judgement: Judgement = "unknown"
    judged_by: Literal["report", "helder"] | None = None
    candidates: tuple[str, ...] = ()
    """Tests that the name could mean, where none was chosen."""
    computed_from: tuple[str, ...] = ()
    """Tests that a computed value rests on; empty where it was printed."""
    unconfirmed: bool = False
    """The formula behind a computed value rests on one source."""

    @property
    def sure(self) -> bool:
        """Nothing about it is in doubt."""
        return not self.doubts


class Unread(NamedTuple):
    """A piece of the page, or a whole page, that was not understood, and why: a key with words in every language."""

    text: str
    page: int | None
    box: Box | None
    why: str


class Head(Struct, frozen=True, kw_only=True):
    """Who and when a report is about. Dates are ISO 8601; None where nothing was found or believed."""

    kind: Kind = "lab"
    languages: tuple[str, ...] = ()
    pages: int = 0
    lab: str | None = None
    patient: str | None = None
    birth_date: str | None = None
    sex: Literal["F", "M"] | None = None
    age: int | None = None
    collected: str | None = None
    reported: str | None = None
    date_order_proven: bool = True


class Report(Struct, frozen=True, kw_only=True):
    """One document, read: its head, its readings in the order of the page, and what was not read."""

    head: Head
    readings: tuple[Reading, ...]
    not_read: tuple[Unread, ...] = ()
