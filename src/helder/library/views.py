"""What a page is, before any door shows it: keys, sentences and tables, no markup.

A `Page` is a pure function of knowledge, topic, language and country. The doors (browser, command line, JSON)
only lay it out.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from helder.languages.text import Phone, Text, Words

__all__ = ["Phone", "Text", "Words"]


class Reference(msgspec.Struct, frozen=True):
    """A claim's pointer to a numbered source: where in it, which values it bears, what was seen of it."""

    number: int
    at: str
    supports: tuple[str, ...]
    saw: str


class SourceView(msgspec.Struct, frozen=True):
    number: int
    id: str
    title: str
    publisher: str
    url: str
    published: str
    read: dt.date
    saw: str
    language: str


class ClaimView(msgspec.Struct, frozen=True):
    """One claim as a reader sees it. `certainty` is the key; the page shows the word for it."""

    id: str
    kind: str
    text: Text
    certainty: str
    references: tuple[Reference, ...]
    reviewed: dt.date
    verified: bool = True
    level: str | None = None
    effect: str | None = None
    label: str | None = None  # the row's heading where claims stand in rows: the goal, the other medicine
    severity: str | None = None
    serious: bool = False
    frequency: str | None = None
    disagrees_with: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True):
    """Typed values as rows: the caption names the authority and year, the first column is the row's heading."""

    id: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    references: tuple[Reference, ...] = ()
    note: str = ""
    verified: bool = True
    own: bool = True  # False: another authority than the one whose numbers hold for this reader


class Bar(msgspec.Struct, frozen=True):
    """One amount on a shared scale from 0 to 1, with its words."""

    label: str
    amount: str
    share: float
    role: str  # need | limit | dose


class Drawing(msgspec.Struct, frozen=True):
    """Amounts drawn against each other; `title` and the bars' words say the same to a screen reader."""

    title: str
    bars: tuple[Bar, ...]


class Question(msgspec.Struct, frozen=True):
    id: str
    text: Text
    claims: tuple[str, ...]


class Section(msgspec.Struct, frozen=True):
    """A place of the fixed anatomy. `claims` are full views; `questions` only in the section of that name."""

    slot: str
    heading: str
    claims: tuple[ClaimView, ...] = ()
    tables: tuple[Table, ...] = ()
    drawing: Drawing | None = None
    questions: tuple[Question, ...] = ()


class Link(msgspec.Struct, frozen=True):
    id: str
    title: str


class Page(msgspec.Struct, frozen=True):
    """A topic page in one language for one country; `missing` counts texts shown in another language."""

    id: str
    title: str
    language: str
    direction: str  # ltr | rtl
    country: str
    summary: str
    sections: tuple[Section, ...]
    sources: tuple[SourceView, ...]
    checked: dt.date
    next_check: dt.date
    clinician: bool
    missing: int
    kind: str = "supplement"
    needs: tuple[Link, ...] = ()
    compare: tuple[Link, ...] = ()


class Hit(msgspec.Struct, frozen=True):
    """A topic that a search found, and by which name."""

    topic: str
    title: str
    why: str


class Danger(msgspec.Struct, frozen=True):
    """The card that comes before everything else: what it is about, what to do, whom to call."""

    reason: str
    text: Text
    call: Phone


class Found(msgspec.Struct, frozen=True):
    """`corrected` is what was understood when it differs from what was typed."""

    query: str
    corrected: str | None
    hits: tuple[Hit, ...]
    danger: Danger | None


class Entry(msgspec.Struct, frozen=True):
    """A topic in a list (A to Z, by need)."""

    id: str
    title: str
    summary: str
    language: str  # of the summary; another than the list's where the best other one had to serve
    names: tuple[str, ...] = ()


class Need(msgspec.Struct, frozen=True):
    id: str
    title: str
    topics: tuple[Entry, ...]


class ComparedRow(msgspec.Struct, frozen=True):
    slot: str
    heading: str
    left: Section | None
    right: Section | None


class Comparison(msgspec.Struct, frozen=True):
    """Two topics side by side, place by place; `said` are claims that speak of both."""

    left: Page
    right: Page
    said: tuple[ClaimView, ...]
    rows: tuple[ComparedRow, ...]


class LanguageState(msgspec.Struct, frozen=True):
    """How much of the base a language holds: `complete` only when nothing is missing."""

    language: str
    name: str
    state: str  # complete | partial
    texts: int
    of: int


class Change(msgspec.Struct, frozen=True):
    date: dt.date
    topic: str
    title: str
    what: str
