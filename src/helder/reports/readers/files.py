"""A file's bytes → its pages, one at a time. Runs in the child process (`child.py`); in tests also without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from helder.reports.page import Page, Refused
from helder.reports.readers.kind import PICTURES, STRUCTURED, Kind, kind_of

if TYPE_CHECKING:
    from helder.reports.readers.engine import Picture


class Limits(Struct, frozen=True):
    """What a file may cost. A file over `bytes` or `pages` is refused whole, by name, never read in part."""

    bytes: int = 50 << 20
    pages: int = 500
    pixels: int = 100_000_000
    seconds_a_page: float = 20.0
    """Of processor time; three times that by the clock, so that a busy machine loses no page."""
    memory: int = 900 << 20
    pages_a_child: int = 200
    threads: int = 2


class Unreadable(Struct, frozen=True):
    """A file or a page of it that could not be read: why, by key, and which page (None: the whole file)."""

    key: str
    page: int | None = None
    values: dict[str, str] = {}


class Look(NamedTuple):
    """A page as a picture (BGR) and its size in points, in which `Word.place` counts."""

    picture: Picture
    size: tuple[float, float]


class Opened(Struct, frozen=True):
    """A file that can be read: its kind, how many pages, each of them (numbered from 1) and what it looks like.

    Both functions raise Refused.
    """

    kind: Kind
    count: int
    read: Callable[[int], Page]
    look: Callable[[int], Look]


def open_file(content: bytes, limits: Limits) -> Opened:
    """A file ready to be read. Raises Refused with a key for what cannot be."""
    if len(content) > limits.bytes:
        raise Refused("too_large", size=str(len(content)), limit=str(limits.bytes))
    kind = kind_of(content)
    if kind == "empty":
        raise Refused("empty")
    if kind == "pdf":
        opened = _open_pdf(content, limits)
    elif kind in PICTURES:
        opened = _open_pictures(content, kind, limits)
    elif kind in ("text", "csv"):
        opened = _open_text(content, kind)
    elif kind in STRUCTURED:
        raise Refused("structured", kind=kind)
    else:
        raise Refused("unknown_kind", kind=kind)
    if opened.count > limits.pages:
        raise Refused("too_many_pages", pages=str(opened.count), limit=str(limits.pages))
    return opened


def read_file(content: bytes, limits: Limits | None = None) -> Iterator[Page | Unreadable]:
    """The pages of a file in this very process: for trusted files (tests, measuring) only."""
    try:
        opened = open_file(content, limits or Limits())
    except Refused as refused:
        yield Unreadable(refused.key, None, refused.values)
        return
    for number in range(1, opened.count + 1):
        try:
            yield opened.read(number)
        except Refused as refused:
            yield Unreadable(refused.key, number, refused.values)


def _open_pdf(content: bytes, limits: Limits) -> Opened:
    from helder.reports.readers.pdf import open_pdf, read_layer, render, size_of

    document = open_pdf(content)

    def read(number: int) -> Page:
        layer = read_layer(document, number)
        if layer.blank:
            raise Refused("blank")
        if layer.real:
            return layer.page
        return _read_picture(render(document, number), number, limits.threads, size_of(document, number))

    def look(number: int) -> Look:
        return Look(render(document, number), size_of(document, number))

    return Opened("pdf", len(document), read, look)


def _open_pictures(content: bytes, kind: Kind, limits: Limits) -> Opened:
    from helder.reports.readers.decode import count_frames, frame, open_picture

    image = open_picture(content, kind, limits.pixels)

    def read(number: int) -> Page:
        found = frame(image, number, limits.pixels)
        return _read_picture(found.picture, number, limits.threads, found.size)

    def look(number: int) -> Look:
        found = frame(image, number, limits.pixels)
        return Look(found.picture, found.size)

    return Opened(kind, count_frames(image), read, look)


def _open_text(content: bytes, kind: Kind) -> Opened:
    from helder.reports.readers.text import MOST_LETTERS, decode, read_table, read_text

    text = decode(content) or ""
    if len(text) > MOST_LETTERS:
        raise Refused("too_large", size=str(len(text)), limit=str(MOST_LETTERS))
    pages = list(read_table(text) if kind == "csv" else read_text(text))

    def look(number: int) -> Look:
        raise Refused("no_picture", page=str(number))

    return Opened(kind, len(pages), lambda number: pages[number - 1], look)


def _read_picture(picture: Picture, number: int, threads: int, size: tuple[float, float]) -> Page:
    from helder.reports.readers.engine import engine
    from helder.reports.readers.picture import has_ink, read_picture

    if not has_ink(picture):
        raise Refused("blank")
    page = read_picture(picture, number, engine(threads), size)
    if not page.words:
        raise Refused("blank")
    return page
