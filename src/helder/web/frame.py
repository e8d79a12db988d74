"""What every page knows: its reader, its own place, the words of the frame, and how to point at other pages.

The same templates make the served site (absolute paths) and the exported one (relative paths to files).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from babel import Locale

from helder.app import App, open_app
from helder.web.negotiate import Offer, Reader

TAILS = {
    "home": "",
    "topic": "topics/{}/",
    "topic_sources": "topics/{}/sources/",
    "az": "az/",
    "needs": "needs/",
    "need": "needs/{}/",
    "choose_pair": "compare/",
    "compare": "compare/{}/{}/",
    "search": "search/",
    "sources": "sources/",
    "changes": "changes/",
    "about": "about/",
    "medicines": "medicines/",
    "results": "results/",
}


@cache
def the_app() -> App:
    """The library, opened once per process."""
    return open_app()


@cache
def offer() -> Offer:
    app = the_app()
    return Offer(app.languages, app.countries, app.usual_country)


class Choice(NamedTuple):
    """A language or country in the switch: its code, its name, the same page under it."""

    code: str
    name: str
    address: str


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


@dataclass(frozen=True, slots=True)
class Frame:
    """The surroundings of one page. `files` is set where pages are files that link to each other."""

    app: App
    reader: Reader
    tail: str
    offer: Offer
    origin: str = ""
    files: bool = False

    @property
    def language(self) -> str:
        return self.reader.language

    @property
    def country(self) -> str:
        return self.reader.country

    @property
    def direction(self) -> str:
        return self.direction_of(self.language)

    def direction_of(self, language: str) -> str:
        """Which way a language is written (CLDR)."""
        return str(Locale.parse(language).text_direction)

    def say(self, key: str, **values: Any) -> str:
        return self.app.message(key, self.language, **values)

    def date(self, date: dt.date) -> str:
        return self.app.date(date, self.language)

    def link(self, page: str, *names: str) -> str:
        """The address of another page for this reader."""
        return self.address(self.reader, TAILS[page].format(*names))

    def address(self, reader: Reader, tail: str) -> str:
        if not self.files:
            return f"/{reader.language}/{reader.country}/{tail}"
        depth = self.tail.count("/")
        if reader == self.reader:
            return f"{'../' * depth}{tail}index.html"
        return f"{'../' * (depth + 2)}{reader.language}/{reader.country}/{tail}index.html"

    def beside(self, folder: str) -> str:
        """The address of a page one folder below this one, as short as it can be."""
        return f"{folder}/index.html" if self.files else f"{folder}/"

    @property
    def scripts(self) -> str:
        """Where the scripts lie that are fetched when a reader asks for them."""
        return "../" * (self.tail.count("/") + 2) + "static/" if self.files else "/static/"

    def language_name(self, code: str) -> str:
        """The name of a language in the reader's own, as a word in a sentence."""
        return self.app.language_name(code, self.language)

    def name_of(self, code: str) -> str:
        """A language under its own name, as a heading."""
        return _capital(self.app.language_name(code, code))

    @property
    def own_language(self) -> str:
        return self.name_of(self.language)

    @property
    def own_country(self) -> str:
        return self.app.country_name(self.country, self.language)

    @property
    def languages(self) -> tuple[Choice, ...]:
        """Each language under its own name, with this page in it."""
        return tuple(
            Choice(code, self.name_of(code), self.address(Reader(code, self.country), self.tail))
            for code in self.offer.languages
        )

    @property
    def countries(self) -> tuple[Choice, ...]:
        """Each country in the reader's language, with this page for it."""
        named = sorted((self.app.country_name(code, self.language), code) for code in self.offer.countries)
        return tuple(Choice(code, name, self.address(Reader(self.language, code), self.tail)) for name, code in named)


def frame_for(reader: Reader, page: str, *names: str, origin: str = "") -> Frame:
    """The frame of a served page."""
    return Frame(the_app(), reader, TAILS[page].format(*names), offer(), origin)
