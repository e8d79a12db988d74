"""Writes the whole library as files: a site for a memory stick, a shelf in a clinic, or any host.

The same templates as the served site; links are relative, so it also opens straight from a folder.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from helder.app import App
from helder.library.views import Link
from helder.web import assets, pages
from helder.web.frame import TAILS, Frame, the_app
from helder.web.negotiate import Offer, Reader

_LISTS = ("home", "az", "needs", "choose_pair", "search", "sources", "changes", "about")
_TOPIC = ("topic", "topic_sources")


def export(directory: Path, languages: tuple[str, ...] = (), countries: tuple[str, ...] = ()) -> int:
    """Write the library below `directory` in these languages and countries (default: all). Gives the number of files.

    Raises NotFound for a language or country that Helder does not have, OSError where it cannot write.
    """
    app = the_app()
    offer = Offer(languages or app.languages, countries or app.countries, app.usual_country)
    readers = [Reader(*pair) for pair in product(offer.languages, offer.countries)]
    for reader in readers:
        app.known(*reader)
    written = sum(_write(directory, reader, app, offer) for reader in readers)
    _put(directory / "index.html", _front(app, offer))
    shutil.copytree(assets.STATIC, directory / "static", dirs_exist_ok=True)
    return written + 1 + sum(1 for file in assets.STATIC.rglob("*") if file.is_file())


def _write(directory: Path, reader: Reader, app: App, offer: Offer) -> int:
    """All pages of one reader, and each topic as data beside its page."""
    root, count = directory / reader.language / reader.country, 0
    for name, names in _all_pages(app, reader):
        frame = Frame(app, reader, TAILS[name].format(*names), offer, files=True)
        make = pages.search_file if name == "search" else pages.PAGES[name]
        _put(root / frame.tail / "index.html", make(frame, *names))
        count += 1
    for entry in app.entries(reader.language):
        data = app.topic_json(entry.id, *reader)
        _put(root / TAILS["topic"].format(entry.id) / "topic.json", json.dumps(data, ensure_ascii=False))
        count += 1
    return count


def _all_pages(app: App, reader: Reader) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from ((name, ()) for name in _LISTS)
    topics = [entry.id for entry in app.entries(reader.language)]
    yield from ((name, (topic,)) for topic in topics for name in _TOPIC)
    yield from (("need", (need.id,)) for need in app.needs(reader.language))
    yield from (("compare", pair) for pair in _pairs(app, reader, topics))


def _pairs(app: App, reader: Reader, topics: list[str]) -> Iterator[tuple[str, str]]:
    """Every comparison that a page links to, in the direction in which it does."""
    for topic in topics:
        others: tuple[Link, ...] = app.page(topic, *reader).compare
        yield from ((topic, other.id) for other in others)


def _front(app: App, offer: Offer) -> str:
    """The first page: every language, and the country that is usual for it, else the first that was asked for."""
    frame = Frame(app, Reader(offer.languages[0], offer.countries[0]), "", offer, files=True)
    readers = []
    for language in offer.languages:
        usual = app.usual_country(language)
        reader = Reader(language, usual if usual in offer.countries else offer.countries[0])
        readers.append((reader, f"{reader.language}/{reader.country}/index.html"))
    return pages.choose(frame, tuple(readers))


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
