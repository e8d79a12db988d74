"""What every door promises: the objects of contracts.md, made from views, with a published schema for each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from helder.languages.sourced import SourceObject
from helder.library.views import ClaimView, Danger, Found, Page, Reference, Section, Table


class ClaimObject(msgspec.Struct, frozen=True):
    """One sentence or two with its claim, how sure it is, and its sources. `language` is that of the text."""

    id: str
    kind: str
    text: str
    language: str
    certainty: str
    sources: tuple[SourceObject, ...]
    verified: bool = True
    label: str | None = None
    severity: str | None = None
    effect: str | None = None
    level: str | None = None
    frequency: str | None = None
    disagrees_with: tuple[str, ...] = ()


class TableObject(msgspec.Struct, frozen=True):
    id: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[SourceObject, ...]
    note: str = ""
    verified: bool = True
    own: bool = True


class QuestionObject(msgspec.Struct, frozen=True):
    id: str
    text: str
    claims: tuple[str, ...]


class SectionObject(msgspec.Struct, frozen=True):
    slot: str
    heading: str
    claims: tuple[ClaimObject, ...]
    tables: tuple[TableObject, ...] = ()
    questions: tuple[QuestionObject, ...] = ()


class TopicObject(msgspec.Struct, frozen=True):
    """`helder read TOPIC`: a whole topic in one language for one country."""

    id: str
    title: str
    language: str
    country: str
    sections: tuple[SectionObject, ...]
    checked: dt.date
    next_check: dt.date
    clinician: bool
    missing: int


class HitObject(msgspec.Struct, frozen=True):
    topic: str
    title: str
    why: str


class DangerObject(msgspec.Struct, frozen=True):
    """The card to show first: what it is about, what to do, whom to call."""

    reason: str
    text: str
    call: dict[str, str]


class FoundObject(msgspec.Struct, frozen=True):
    """`helder find WORDS`."""

    corrected: str | None
    hits: tuple[HitObject, ...]
    danger: DangerObject | None


class ProblemObject(msgspec.Struct, frozen=True):
    """An error over HTTP (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""


SCHEMAS: dict[str, type[msgspec.Struct]] = {
    "topic": TopicObject,
    "section": SectionObject,
    "claim": ClaimObject,
    "found": FoundObject,
    "danger": DangerObject,
    "source": SourceObject,
    "problem": ProblemObject,
}


def topic(page: Page) -> dict[str, Any]:
    """A page as the contract's topic object, in plain JSON types."""
    sources = {
        view.number: SourceObject(view.id, view.title, view.publisher, view.url, view.read) for view in page.sources
    }
    made = TopicObject(
        id=page.id,
        title=page.title,
        language=page.language,
        country=page.country,
        sections=tuple(_section(section, sources) for section in page.sections),
        checked=page.checked,
        next_check=page.next_check,
        clinician=page.clinician,
        missing=page.missing,
    )
    return _plain(made)


def _section(section: Section, sources: dict[int, SourceObject]) -> SectionObject:
    return SectionObject(
        slot=section.slot,
        heading=section.heading,
        claims=tuple(_claim(claim, sources) for claim in section.claims),
        tables=tuple(_table(table, sources) for table in section.tables),
        questions=tuple(QuestionObject(q.id, q.text.plain, q.claims) for q in section.questions),
    )


def _claim(claim: ClaimView, sources: dict[int, SourceObject]) -> ClaimObject:
    return ClaimObject(
        id=claim.id,
        kind=claim.kind,
        text=claim.text.plain,
        language=claim.text.language,
        certainty=claim.certainty,
        sources=_cited(claim.references, sources),
        verified=claim.verified,
        label=claim.label,
        severity=claim.severity,
        effect=claim.effect,
        level=claim.level,
        frequency=claim.frequency,
        disagrees_with=claim.disagrees_with,
    )


def _table(table: Table, sources: dict[int, SourceObject]) -> TableObject:
    cited = _cited(table.references, sources)
    return TableObject(table.id, table.caption, table.head, table.rows, cited, table.note, table.verified, table.own)


def _cited(references: tuple[Reference, ...], sources: dict[int, SourceObject]) -> tuple[SourceObject, ...]:
    return tuple(
        msgspec.structs.replace(sources[ref.number], at=ref.at, supports=ref.supports, saw=ref.saw)
        for ref in references
    )


def found(result: Found) -> dict[str, Any]:
    """A search result as the contract's object, in plain JSON types."""
    hits = tuple(HitObject(hit.topic, hit.title, hit.why) for hit in result.hits)
    return _plain(FoundObject(result.corrected, hits, _danger(result.danger)))


def _danger(danger: Danger | None) -> DangerObject | None:
    if danger is None:
        return None
    call = {"number": danger.call.dial, "label": danger.call.shown}
    return DangerObject(danger.reason, danger.text.plain, call)


def _plain(made: msgspec.Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(made)
    return plain
