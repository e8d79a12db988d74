"""What `helder scan` and `helder lab` promise: the objects of contracts.md, with a published schema."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from helder.languages.sourced import SourceObject
from helder.quantities import Comparator


class SentenceObject(msgspec.Struct, frozen=True):
    """A sentence and the claims and sources it stands on."""

    text: str
    claims: tuple[str, ...]
    sources: tuple[SourceObject, ...]
    language: str
    kind: str = ""


class RangeObject(msgspec.Struct, frozen=True):
    """A reference range; `text` as printed."""

    low: str | None
    high: str | None
    text: str


class BeforeObject(msgspec.Struct, frozen=True):
    """An earlier result that the report prints; `change` in percent, `real` if larger than chance (None: not known)."""

    date: str | None
    value: str
    comparator: str | None
    change: str | None = None
    by_chance: str | None = None
    real: bool | None = None


class ReadingObject(msgspec.Struct, frozen=True, kw_only=True):
    """One result as read. `value` is the exact decimal, or the words of a text result."""

    name: str
    test: str | None
    title: str | None
    """The name of the test in the asked language."""
    loinc: str | None
    value: str
    comparator: str | None
    unit: str | None
    ucum: str | None
    range: RangeObject | None
    flag: str | None
    judgement: str
    judged_by: str | None
    specimen: str | None
    collected: str | None
    page: int
    box: tuple[float, float, float, float] | None
    value_box: tuple[float, float, float, float] | None
    sure: bool
    doubts: tuple[str, ...]
    doubts_said: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    home: str | None = None
    """The value in the home unit of its test, `4.1 mmol/L`."""
    previous: tuple[BeforeObject, ...] = ()
    computed_from: tuple[str, ...] = ()
    says: tuple[SentenceObject, ...] = ()
    topics: tuple[str, ...] = ()


class CallObject(msgspec.Struct, frozen=True):
    number: str
    label: str


class DangerObject(msgspec.Struct, frozen=True):
    """A result that cannot wait: shown first. `certain` is false where the value itself is in doubt."""

    reading: int
    level: str
    certain: bool
    sentence: SentenceObject
    call: tuple[CallObject, ...]


class GroupObject(msgspec.Struct, frozen=True):
    group: str
    title: str
    readings: tuple[int, ...]
    outside: int
    summary: str


class PatternObject(msgspec.Struct, frozen=True):
    id: str
    title: str
    says: tuple[SentenceObject, ...]


class SheetObject(msgspec.Struct, frozen=True):
    """A page that was read: its file in the call (from 0), its number in it (from 1), its size in points."""

    file: int
    page: int
    width: float
    height: float


class DocumentObject(msgspec.Struct, frozen=True, kw_only=True):
    """Who and when. `kind` says what it is where it is no lab report."""

    kind: str
    language: str | None
    pages: int
    lab: str | None
    collected: str | None
    reported: str | None
    person: dict[str, str | int | None]
    files: tuple[str, ...] = ()
    sheets: tuple[SheetObject, ...] = ()
    """The pages that were read; `page` of a reading counts them from 1. None where there is nothing to look at."""


class NotReadObject(msgspec.Struct, frozen=True):
    """What was seen and not understood, or a page or file that could not be read, and why."""

    text: str
    page: int | None
    box: tuple[float, float, float, float] | None
    why: str
    said: str
    file: str | None = None


class AskObject(msgspec.Struct, frozen=True):
    about: str
    question: str


class ScanObject(msgspec.Struct, frozen=True, kw_only=True):
    """`helder scan`: one document, its readings, what was not read, what cannot wait, and what belongs together."""

    document: DocumentObject
    readings: tuple[ReadingObject, ...]
    not_read: tuple[NotReadObject, ...]
    danger: tuple[DangerObject, ...] = ()
    groups: tuple[GroupObject, ...] = ()
    patterns: tuple[PatternObject, ...] = ()
    asks: tuple[AskObject, ...] = ()
    items: tuple[str, ...] = ()
    """Lines of a prescription or a list of medicines, to be confirmed as items."""
    computed: tuple[ReadingObject, ...] = ()
    """Values that follow from the readings and are not printed; numbered on after them."""
    others: tuple[ScanObject, ...] = ()
    """Further documents, where several files were given."""

    @property
    def results(self) -> tuple[ReadingObject, ...]:
        """What was read, then what was computed: the numbers in groups and dangers count through both."""
        return (*self.readings, *self.computed)


class LabObject(msgspec.Struct, frozen=True, kw_only=True):
    """`helder lab`: one result as told. `why` says what is missing where no test was chosen."""

    test: str | None
    title: str | None = None
    loinc: str | None = None
    value: str | None = None
    comparator: str | None = None
    ucum: str | None = None
    home: str | None = None
    range: RangeObject | None = None
    judgement: str = "unknown"
    judged_by: str | None = None
    doubts: tuple[str, ...] = ()
    says: tuple[SentenceObject, ...] = ()
    danger: tuple[DangerObject, ...] = ()
    asks: tuple[AskObject, ...] = ()
    unknown: str | None = None
    why: str | None = None
    candidates: tuple[str, ...] = ()


def sign(comparator: Comparator) -> str | None:
    """`<`, `>=` …; None for a plain number."""
    return None if comparator is Comparator.EQ else str(comparator)


def plain(number: Decimal | None) -> str | None:
    """An exact decimal as text, as it was printed: 5.30 keeps its zero."""
    return None if number is None else f"{number:f}"


SCHEMAS: dict[str, type[msgspec.Struct]] = {"scan": ScanObject, "reading": ReadingObject, "lab": LabObject}
