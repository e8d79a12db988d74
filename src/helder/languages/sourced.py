"""Sources as they travel beside a sentence, for every door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec

from helder.knowledge.model import Citation, Knowledge


class SourceObject(msgspec.Struct, frozen=True):
    """A source as it travels: enough to find the text again, and what of it was seen."""

    id: str
    title: str
    publisher: str
    url: str
    read_on: dt.date
    at: str = ""
    supports: tuple[str, ...] = ()
    saw: str = ""


def sources_of(knowledge: Knowledge, citations: Iterable[Citation]) -> tuple[SourceObject, ...]:
    """The sources that some citations point to, in their order."""
    return tuple(_source(knowledge, citation) for citation in citations)


def _source(knowledge: Knowledge, citation: Citation) -> SourceObject:
    source = knowledge.sources[citation.id]
    publisher = knowledge.publishers.get(source.publisher)
    return SourceObject(
        id=citation.id,
        title=source.title,
        publisher=publisher.name if publisher else source.publisher,
        url=source.url,
        read_on=source.read,
        at=citation.at,
        supports=citation.supports,
        saw=citation.saw or source.saw,
    )
