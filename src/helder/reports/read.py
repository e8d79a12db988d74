"""Pages of words → a report. Pure: the same words give the same readings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from helder.knowledge.model import Knowledge
from helder.reports.cells import Grammar, numbers_in
from helder.reports.dates import DAY_FIRST, MONTH_FIRST_COUNTRIES, Dates, orders_shown
from helder.reports.head import kind_of, read_head
from helder.reports.layout import Cell, Line, lines_of, mirrored
from helder.reports.model import Report
from helder.reports.naming import Naming, clean
from helder.reports.numbers import decided, evidence
from helder.reports.page import Page
from helder.reports.readings import Reader
from helder.reports.rows import RowReader
from helder.reports.vocabulary import Languages, Vocabulary

RIGHT_TO_LEFT = ("\u0590", "\u08ff")
COMMA_LANGUAGES = frozenset({"nl", "de", "fr", "es", "it", "pt", "pl", "tr", "uk"})
LETTER = (612.0, 792.0)
"""The paper of the United States in points: a page of this size writes the month first."""


class ReportReader:
    """Reads reports against one knowledge base. Made once; keeps nothing of what it reads."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        specimens = (form for words in knowledge.printed.values() for all_ in words.specimens.values() for form in all_)
        fillers = (*specimens, *knowledge.printed_methods.words)
        self.naming = Naming(knowledge, fillers)
        self.languages = Languages(knowledge)
        self._vocabularies: dict[tuple[str, ...], Vocabulary] = {}

    def vocabulary(self, languages: tuple[str, ...]) -> Vocabulary:
        if languages not in self._vocabularies:
            self._vocabularies[languages] = Vocabulary(self.knowledge, languages)
        return self._vocabularies[languages]

    def read(self, pages: Sequence[Page], country: str | None = None) -> Report:
        """The report on these pages of one document. `country` helps only where no date proves its own order."""
        laid = [lines_of(page) for page in pages]
        texts = [cell.text for lines in laid for line in lines for cell in line.cells]
        words = self.vocabulary(self.languages.of(texts))
        laid = [self._turned(lines) for lines in laid]
        dates = self._dates(texts, pages, words.languages[0], country)
        grammar = self._grammar(texts, words, dates)
        rows = RowReader(grammar, self.naming).read(laid)
        kind = kind_of((line for lines in laid for line in lines), words, len(rows))
        head = read_head(laid, words, dates, kind)
        readings = Reader(grammar, self.naming, head).readings(rows if kind == "lab" else ())
        return Report(head=head, readings=readings)

    def grammar(self, texts: Sequence[str], told: tuple[str, ...] = ()) -> Grammar:
        """The grammar for loose texts, in the languages that they are in and those that were told."""
        return self._grammar(texts, self.vocabulary((*told, *self.languages.of(texts))))

    def _grammar(self, texts: Iterable[str], words: Vocabulary, dates: Dates = DAY_FIRST) -> Grammar:
        numbers = [number for text in texts for number in numbers_in(text)]
        usual = "," if words.languages[0] in COMMA_LANGUAGES else "."
        mark, proven = decided(evidence(numbers), "," if usual == "," else ".")
        return Grammar(words, mark, proven, dates)

    def _dates(self, texts: Sequence[str], pages: Sequence[Page], language: str, country: str | None) -> Dates:
        """The order of day and month by the dates themselves, else by paper and country, then not proven."""
        shown = orders_shown(texts)
        letter = bool(pages) and {round(pages[0].width), round(pages[0].height)} == {int(side) for side in LETTER}
        american = letter and language == "en"
        if not shown.proven and (american or country in MONTH_FIRST_COUNTRIES):
            return Dates("mdy", False)
        return shown

    def _turned(self, lines: list[Line]) -> list[Line]:
        """Lines of a page that is read from right to left, mirrored: known names stand right of their values."""
        votes = 0
        for line in lines:
            names = [place for place, cell in enumerate(line.cells) if self.naming.known(clean(cell.text))]
            values = [place for place, cell in enumerate(line.cells) if _is_measured(cell)]
            votes += sum(1 if value > name else -1 for name in names for value in values if value != name)
        arabic = sum(any(RIGHT_TO_LEFT[0] <= c <= RIGHT_TO_LEFT[1] for c in line.text) for line in lines)
        if arabic and (votes < 0 or (votes == 0 and arabic * 2 > len(lines))):
            return [mirrored(line) for line in lines]
        return lines


def _is_measured(cell: Cell) -> bool:
    """A value or a range, not the number of a row or a test: it has a point, a dash or a sign."""
    return bool(numbers_in(cell.text)) and not cell.text.strip(" .)(").isdigit()
