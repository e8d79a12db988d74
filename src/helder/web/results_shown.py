"""What the page of results shows: rows with a bar, pages with boxes, numbered sources. Layout only, no health logic."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec
from markupsafe import Markup, escape

from helder.languages.sourced import SourceObject
from helder.reports import confirmed
from helder.reports.confirmed import number_of, shown
from helder.reports.contract import (
    AskObject,
    BeforeObject,
    DangerObject,
    DocumentObject,
    PatternObject,
    ReadingObject,
    ScanObject,
    SentenceObject,
)
from helder.web import results_drawn as drawn
from helder.web.frame import Frame

MOST_PAGES = 10
Pictures = Mapping[tuple[int, int], bytes]
"""(file of the call, page of it) → its picture."""
ASKED = ("age", "sex", "pregnant", "pregnancy", "breastfeeding", "weight", "takes", "has")
"""What the form has a field for, in its order."""
_SIDES = {"low": "low", "critical_low": "low", "normal": "normal", "high": "high", "critical_high": "high"}


class Earlier(NamedTuple):
    value: str
    date: str
    change: str


class Row(NamedTuple):
    """One reading as a row: `key` ends its ids, `start` begins the names of its fields."""

    reading: ReadingObject
    key: str
    start: str
    title: str
    value: str
    unit: str
    limits: str
    side: str
    word: str
    bar: Markup
    earlier: tuple[Earlier, ...]
    made_from: str
    home: str
    kept: str
    choices: tuple[tuple[str, str], ...]
    crop: drawn.Part | None
    topics: tuple[tuple[str, str], ...]

    @property
    def doubted(self) -> bool:
        return not self.reading.sure and not self.reading.computed_from


class Sheet(NamedTuple):
    """A page with its picture and the boxes of what was read there."""

    number: int
    id: str
    width: float
    height: float
    address: str
    places: tuple[tuple[Row, drawn.Place], ...]


class GroupShown(NamedTuple):
    title: str
    summary: str
    outside: int
    rows: tuple[Row, ...]


class Danger(NamedTuple):
    danger: DangerObject
    row: Row


class NotRead(NamedTuple):
    said: str
    places: tuple[str, ...]


class Document(NamedTuple):
    number: int
    head: DocumentObject
    about: str
    facts: tuple[str, ...]
    rows: tuple[Row, ...]
    groups: tuple[GroupShown, ...]
    outside: int
    patterns: tuple[PatternObject, ...]
    not_read: tuple[NotRead, ...]
    items: tuple[str, ...]
    sheets: tuple[Sheet, ...]

    @property
    def cut(self) -> bool:
        """Whether there are results on pages that are not shown."""
        return bool(self.sheets) and any(row.reading.box and not row.crop for row in self.rows)


class Answer(NamedTuple):
    """All documents, with what stands above them: what cannot wait, what to check, what to ask.

    `failed` are the files of which not one page could be read.
    """

    documents: tuple[Document, ...]
    failed: tuple[NotRead, ...]
    dangers: tuple[Danger, ...]
    doubted: tuple[Row, ...]
    asks: tuple[AskObject, ...]
    asked: tuple[str, ...]
    questions: tuple[SentenceObject, ...]


class Cited:
    """Numbers the sources of a page in the order in which they are named. Made once per page."""

    def __init__(self) -> None:
        self._sources: dict[str, tuple[SourceObject, list[str]]] = {}

    def __call__(self, sentence: SentenceObject) -> Markup:
        """The numbers of a sentence's sources, each a link to the list below."""
        return Markup(" ").join(Markup('<a href="#s{0}">{0}</a>').format(self._number(s)) for s in sentence.sources)

    def _number(self, source: SourceObject) -> int:
        found = self._sources.setdefault(source.id, (source, []))
        if source.at and source.at not in found[1]:
            found[1].append(source.at)
        return list(self._sources).index(source.id) + 1

    @property
    def sources(self) -> Sequence[tuple[SourceObject, str]]:
        """Each source once, with the places in it that were named."""
        return [(source, "; ".join(places)) for source, places in self._sources.values()]


# --- a scan as it is shown ----------------------------------------------------------------------------------------


def answer(frame: Frame, made: ScanObject, names: Sequence[str] = (), pictures: Pictures | None = None) -> Answer:
    """What the page shows of a scan. `names` are those of the files, which were read under their numbers."""
    maker = _Maker(frame, names, pictures or {})
    documents = tuple(maker.document(number, part) for number, part in enumerate((made, *made.others)))
    parts = list(zip((made, *made.others), documents, strict=True))
    silent = tuple(document for document in documents if not document.head.pages and not document.rows)
    asks = {ask.about.partition("(")[0]: ask for part, _ in parts for ask in part.asks}
    return Answer(
        documents=tuple(document for document in documents if document not in silent),
        failed=tuple(part for document in silent for part in document.not_read),
        dangers=tuple(Danger(danger, shown.rows[danger.reading]) for part, shown in parts for danger in part.danger),
        doubted=tuple(row for document in documents for row in document.rows if row.doubted),
        asks=tuple(asks[name] for name in ASKED if name in asks),
        asked=tuple(name for name in ASKED if name in asks),
        questions=tuple(_questions(part for part, _ in parts)),
    )


def _questions(parts: Iterable[ScanObject]) -> Iterator[SentenceObject]:
    """What to ask a doctor, each once."""
    seen: set[str] = set()
    for part in parts:
        said = [*(result.says for result in part.results), *(pattern.says for pattern in part.patterns)]
        for sentence in (sentence for says in said for sentence in says):
            if sentence.kind == "ask" and sentence.text not in seen:
                seen.add(sentence.text)
                yield sentence


class _Maker:
    """Makes documents in a reader's language."""

    def __init__(self, frame: Frame, names: Sequence[str], pictures: Pictures) -> None:
        self.frame, self.say, self.language = frame, frame.say, frame.language
        self.names, self.pictures = names, pictures
        self.linked = {entry.id: entry.title for entry in frame.app.entries(frame.language)}

    def document(self, number: int, made: ScanObject) -> Document:
        titles = {reading.test: reading.title or reading.name for reading in made.results if reading.test}
        widths = {page: sheet.width for page, sheet in enumerate(made.document.sheets, 1) if self._pictured(made, page)}
        rows = tuple(self._row(number, i, reading, titles, widths) for i, reading in enumerate(made.results))
        groups = tuple(
            GroupShown(group.title, group.summary, group.outside, tuple(rows[i] for i in group.readings))
            for group in made.groups
        )
        return Document(
            number=number,
            head=made.document,
            about=_json(confirmed.about(made.document)),
            facts=tuple(self._facts(made.document)),
            rows=rows,
            groups=groups,
            outside=sum(group.outside for group in groups),
            patterns=made.patterns,
            not_read=tuple(self._not_read(made)),
            items=made.items,
            sheets=tuple(self._sheet(number, page, made, rows) for page in widths),
        )

    def _pictured(self, made: ScanObject, page: int) -> bool:
        sheet = made.document.sheets[page - 1]
        return (sheet.file, sheet.page) in self.pictures

    def _facts(self, head: DocumentObject) -> Iterator[str]:
        """Who, where and when, as far as it was read."""
        files = [name for number in head.files if (name := self._file(number))]
        if files:
            yield ", ".join(files)
        if head.lab:
            yield head.lab
        if head.person.get("name"):
            yield self.say("res.for", name=str(head.person["name"]))
        if head.collected:
            yield self.say("res.taken", date=self.date(head.collected))
        elif head.reported:
            yield self.say("res.reported", date=self.date(head.reported))

    def _file(self, number: str | None) -> str:
        """The name under which a person sent a file."""
        known = number is not None and number.isdigit() and int(number) < len(self.names)
        return self.names[int(number or 0)] if known else ""

    def _not_read(self, made: ScanObject) -> Iterator[NotRead]:
        """What was not read, under its reason."""
        found: dict[str, list[str]] = {}
        for part in made.not_read:
            page = self.say("res.page", number=part.page) if part.page and not part.text else ""
            place = " · ".join(text for text in (self._file(part.file), page, part.text) if text)
            found.setdefault(part.said, []).append(place)
        for said, places in found.items():
            yield NotRead(said, tuple(dict.fromkeys(place for place in places if place)))

    def date(self, text: str) -> str:
        try:
            return self.frame.date(dt.date.fromisoformat(text[:10]))
        except ValueError:
            return text

    # --- rows -------------------------------------------------------------------------------------------

    def _row(
        self, number: int, place: int, reading: ReadingObject, titles: Mapping[str, str], widths: Mapping[int, float]
    ) -> Row:
        start = f"d{number}-{place}-"
        key = f"{number}-{place}" if number else str(place)
        unit = drawn.unit_shown(reading.unit, reading.ucum)
        side = _SIDES.get(reading.judgement, "")
        return Row(
            reading=reading,
            key=key,
            start=start,
            title=reading.title or reading.name,
            value=shown(reading.value, reading.comparator, self.language),
            unit=unit,
            limits=drawn.limits(reading.range),
            side=side,
            word=self._word(reading, side),
            bar=drawn.bar(reading, side, self.say(f"res.bar.{side}") if side else ""),
            earlier=tuple(map(self._earlier, reading.previous)),
            made_from=", ".join(titles.get(test, test) for test in reading.computed_from),
            home=self._home(reading),
            kept=_json(confirmed.kept(reading)),
            choices=tuple((test, self.frame.app.test_title(test, self.language)) for test in reading.candidates),
            crop=drawn.crop(reading, number, widths[reading.page]) if reading.page in widths else None,
            topics=tuple((topic, self.linked[topic]) for topic in reading.topics if topic in self.linked),
        )

    def _word(self, reading: ReadingObject, side: str) -> str:
        if number_of(reading.value) is None and side:
            return self.say("res.as_expected" if side == "normal" else "res.not_as_expected")
        return self.say(f"res.{reading.judgement}")

    def _home(self, reading: ReadingObject) -> str:
        """The value in the unit that is usual, where the report has another."""
        if not reading.home or reading.computed_from or number_of(reading.value) is None:
            return ""
        value, _, unit = reading.home.rpartition(" ")
        if unit == reading.ucum or not value:
            return ""
        return f"{shown(value, None, self.language)} {drawn.ucum_shown(unit)}"

    def _earlier(self, before: BeforeObject) -> Earlier:
        date = self.date(before.date) if before.date else ""
        return Earlier(shown(before.value, before.comparator, self.language), date, self._change(before))

    def _change(self, before: BeforeObject) -> str:
        percent = number_of(before.change or "")
        if percent is None:
            return ""
        rounded = abs(percent).quantize(Decimal(1) if abs(percent) >= 1 else Decimal("0.1"))
        if not rounded:
            return self.say("res.change.same")
        direction = "up" if percent > 0 else "down"
        said = self.say(f"res.change.{direction}", percent=shown(f"{rounded:f}", None, self.language))
        if before.real is None:
            return said
        return f"{said} ({self.say('res.change.real' if before.real else 'res.change.chance')})"

    # --- pages ------------------------------------------------------------------------------------------

    def _sheet(self, number: int, page: int, made: ScanObject, rows: Sequence[Row]) -> Sheet:
        sheet = made.document.sheets[page - 1]
        picture = self.pictures[sheet.file, sheet.page]
        return Sheet(
            number=page,
            id=f"i{number}-{page}",
            width=round(sheet.width, 1),
            height=round(sheet.height, 1),
            address=f"data:image/webp;base64,{base64.b64encode(picture).decode()}",
            places=tuple((row, place) for row in rows if (place := drawn.place(row.reading, page))),
        )


def spoken(frame: Frame, sentence: SentenceObject) -> Markup:
    """A sentence, marked where it is in another language than the page."""
    if sentence.language == frame.language:
        return escape(sentence.text)
    direction = frame.direction_of(sentence.language)
    return Markup('<span lang="{}" dir="{}">{}</span>').format(sentence.language, direction, sentence.text)


def _json(thing: msgspec.Struct) -> str:
    return msgspec.json.encode(thing).decode()
