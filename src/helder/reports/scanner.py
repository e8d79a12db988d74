"""Files → documents: which reader takes which file, which pages belong together, what could not be read.

The readers come from outside (`app.py` chooses them): pictures and PDFs are read in a child process behind gates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from msgspec import structs

from helder.reports.contract import NotReadObject, ScanObject, SheetObject
from helder.reports.page import Page
from helder.reports.readers.files import Unreadable, read_file
from helder.reports.readers.kind import PICTURES, TEXTS, Kind, kind_of
from helder.reports.service import For, Reports
from helder.reports.structured import fhir, hl7, ldt, table
from helder.reports.structured.model import Parsed
from helder.reports.words import ReportWords

File = tuple[str, bytes]
LONGEST_HEAD = 20_000
PARSERS: dict[Kind, Callable[[bytes], Parsed]] = {
    "json": fhir.parse,
    "xml": fhir.parse,
    "hl7": hl7.parse,
    "ldt": ldt.parse,
}


class FoundPage(Protocol):
    """What a reader gives: a page, or why there is none, of which file of the call."""

    @property
    def file(self) -> int: ...

    @property
    def what(self) -> Page | Unreadable: ...


Read = Callable[[Iterable[File]], Iterator[FoundPage]]
Told = Callable[[int, int], None]
"""Called after each page with the number of the file (from 0) and of the page (from 1)."""


class _Document(NamedTuple):
    """Files that are one document: several photos are its pages, any other file stands for itself."""

    files: tuple[File, ...]
    kind: Kind
    first: int = 0
    """The number of its first file in the call."""


class Scanner:
    """Reads files for somebody. Keeps nothing."""

    def __init__(self, reports: Reports, read: Read) -> None:
        self.reports, self._read = reports, read

    def scan(self, files: Sequence[File], whose: For, told: Told | None = None) -> ScanObject:
        """All files as one answer: the first document, with the others in it. A file that breaks loses itself only."""
        words = ReportWords(self.reports.speech, whose.language, whose.country)
        made = [found for document in _documents(files) for found in self._document(document, whose, words, told)]
        if not made:
            made = [self.reports.scan((), whose, (_unread(words, Unreadable("empty"), None),))]
        return structs.replace(made[0], others=tuple(made[1:]))

    def _document(self, document: _Document, whose: For, words: ReportWords, told: Told | None) -> Iterator[ScanObject]:
        names = tuple(name for name, _ in document.files)
        if document.kind in PARSERS or document.kind == "csv":
            parsed = self._parsed(document)
            if document.kind != "csv" or parsed.rows:
                yield from self._stated(parsed, names, whose, words)
                return
        pages: list[Page] = []
        sheets: list[SheetObject] = []
        unread: list[NotReadObject] = []
        for file, found in self._pages(document):
            if isinstance(found, Unreadable):
                unread.append(_unread(words, found, names[file]))
                continue
            pages.append(structs.replace(found, number=len(pages) + 1))
            if found.source != "text":
                sheets.append(SheetObject(document.first + file, found.number, found.width, found.height))
            if told:
                told(document.first + file, found.number)
        made = self.reports.scan(pages, whose, unread)
        yield structs.replace(made, document=structs.replace(made.document, files=names, sheets=tuple(sheets)))

    def _parsed(self, document: _Document) -> Parsed:
        """What a file states itself. A table's headings are read in the languages that it is in."""
        content = document.files[0][1]
        if document.kind == "csv":
            texts = content[:LONGEST_HEAD].decode("utf-8", "replace").splitlines()
            return table.parse(content, self.reports.reader.grammar(texts).words)
        return PARSERS[document.kind](content)

    def _pages(self, document: _Document) -> Iterator[tuple[int, Page | Unreadable]]:
        if document.kind in TEXTS:
            yield from ((0, found) for found in read_file(document.files[0][1]))
        else:
            yield from ((found.file, found.what) for found in self._read(document.files))

    def _stated(self, parsed: Parsed, names: tuple[str, ...], whose: For, words: ReportWords) -> Iterator[ScanObject]:
        """The documents of a file that states its results itself; one that holds none says why."""
        made = self.reports.stated(parsed, whose)
        if not made:
            whys = dict.fromkeys(problem.what for problem in parsed.problems) or {"no_results": None}
            unread = tuple(_unread(words, Unreadable(why), names[0]) for why in whys)
            made = (self.reports.scan((), whose, unread),)
        for document in made:
            yield structs.replace(document, document=structs.replace(document.document, files=names))


def _documents(files: Iterable[File]) -> list[_Document]:
    """Photos beside each other are the pages of one document."""
    found: list[_Document] = []
    for number, file in enumerate(files):
        kind = kind_of(file[1])
        if found and kind in PICTURES and found[-1].kind in PICTURES:
            found[-1] = found[-1]._replace(files=(*found[-1].files, file))
        else:
            found.append(_Document((file,), kind, number))
    return found


def _unread(words: ReportWords, why: Unreadable, file: str | None) -> NotReadObject:
    return NotReadObject("", why.page, None, why.key, words.say(f"unread.{why.key}"), file)
