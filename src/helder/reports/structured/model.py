"""What a structured report states: documents with rows, as told, and every place that was not understood.

Nothing here is judged or recognised yet: names, units and flags stand as the sender wrote them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from helder.quantities import Comparator

Flag = Literal["low", "high", "critical_low", "critical_high", "abnormal"]
Sex = Literal["F", "M"]

Status = Literal["final", "preliminary", "corrected", "absent", "unknown"]
"""`absent`: the test was asked for and there is no value; `comment` says why, where the sender does."""

What = Literal[
    "too_large",  # more than MOST bytes; not opened
    "empty",  # nothing in it
    "not_this_format",  # no FHIR, no HL7, no LDT, no table
    "cut_off",  # not whole: the file ends early, or a part of it does
    "unsafe",  # XML with a document type or entities
    "too_deep",  # nested deeper than a report ever is
    "encoding",  # bytes that do not fit the encoding that was told, or none was told; read as `found`
    "escape",  # an escape sequence that was kept as written
    "wrong_type",  # another kind of thing than the format demands
    "continued",  # a line that begins no segment; taken as the rest of the one before
    "length",  # a line whose length is another than it says
    "not_read",  # a part that is not understood and was left out
    "attachment",  # an embedded file, not opened
    "not_lab",  # a measurement of another kind, left out
    "reference",  # a reference that leads to nothing in the file
    "withdrawn",  # a result that the laboratory took back, left out
    "no_results",  # understood, but without a single result
    "no_name",  # a result without a name, left out
    "no_value",  # a result without a value, though none is said to be missing
    "several",  # more than one where one is expected; `found` says of what
    "number",  # no number where the format promises one; kept as text
    "comparator",  # a sign that is no comparator; it stays in the value
    "unit",  # a unit that was cut by a separator, or a power of ten read two ways; put together as printed
    "date",  # no date
    "two_dates",  # collected on two days; the nearer one was taken
    "sex",  # neither F nor M
    "flag",  # a mark that is not in the table; kept in `flag_text`
    "off_scale",  # beyond what the instrument measures: the true value lies beyond the printed one
    "status",  # a status that is not in the table
    "range",  # bounds that contradict each other or come in another unit; kept as text only
    "decimal_mark",  # a number that may mean two things; kept as text only
    "date_order",  # a date that may mean two days; left open
    "heading",  # no heading, or none that is known
    "columns",  # a row with another number of cells than the heading
]


class Problem(Struct, frozen=True, omit_defaults=True):
    """A place that was not understood: where, what, the format's own word for it, and how many more there are.

    The words for `what` are the languages' affair. `found` never is what was measured or who the person is.
    """

    place: str
    what: What
    found: str = ""
    count: int = 1


class Stated(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One result as a sender states it."""

    name: str
    value: str = ""
    """As printed, without the comparator: `6.30`, `1:160`, `negative`. Several lines of text stay several lines."""
    number: Decimal | None = None
    """The value as a number, only where the format itself says that it is one and which mark is the decimal one."""
    comparator: Comparator = Comparator.EQ
    unit: str = ""
    unit_code: str = ""
    """The UCUM code, where the sender says that it is one."""
    range_text: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    """Bounds in the unit of the value. Whether they are included stands in `range_text`."""
    flag: Flag | None = None
    flag_text: str = ""
    specimen: str = ""
    method: str = ""
    collected: str | None = None
    """`2024-01-15`, or `2024-01` and `2024` where no more is told."""
    comment: str = ""
    status: Status = "unknown"
    panel: str = ""
    """The order or group that it stands under."""
    codes: tuple[tuple[str, str], ...] = ()
    """(system, code) of the test: `("http://loinc.org", "718-7")`; a system that has no address stays as written."""
    value_codes: tuple[tuple[str, str], ...] = ()
    place: str = ""


class Document(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One report of one person."""

    rows: tuple[Stated, ...] = ()
    language: str | None = None
    lab: str = ""
    person: str = ""
    birth_date: str | None = None
    sex: Sex | None = None
    collected: str | None = None
    reported: str | None = None
    notes: tuple[str, ...] = ()
    place: str = ""


class Parsed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that a file states, and everything in it that was not understood."""

    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def rows(self) -> tuple[Stated, ...]:
        return tuple(row for document in self.documents for row in document.rows)
