"""Reading many made reports: digital ones in this very process, several at a time; pictures as everybody reads them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NamedTuple

import msgspec

from bench.reports import generate, run
from helder.app import App, open_app
from helder.person import Person
from helder.reports.page import Page
from helder.reports.readers.child import Reading
from helder.reports.readers.files import Unreadable, read_file
from helder.reports.scanner import File, Scanner
from helder.reports.service import For

WHOSE = For(Person(), "en", "GB")
VALUES = ("value", "comparator", "invented")


class Found(NamedTuple):
    """What the scanner wants of a page."""

    file: int
    what: Page | Unreadable


def here(app: App) -> run.Read:
    """A reader without a child process: for trusted files only, and quicker for many small ones."""

    def pages(files: Iterable[File]) -> Iterator[Found]:
        for number, (_, content) in enumerate(files):
            for found in read_file(content):
                yield Found(number, found)

    return _reader(Scanner(app.reports, pages))


def kept(app: App, reading: Reading) -> run.Read:
    """A reader whose child is started once for all files."""

    def pages(files: Iterable[File]) -> Iterator[Any]:
        for number, (_, content) in enumerate(files):
            yield from reading.pages(number, content)

    return _reader(Scanner(app.reports, pages))


def real(app: App) -> run.Read:
    """The reader of `helder scan`."""
    return _reader(app.scanner)


def _reader(scanner: Scanner) -> run.Read:
    def read(data: bytes, name: str) -> dict[str, Any]:
        made: dict[str, Any] = msgspec.to_builtins(scanner.scan([(name, data)], WHOSE))
        return made

    return read


def measured(pages: Sequence[run.Page], workers: int | None = None) -> run.Summary:
    """Digital pages read in this process and its likes, one for each processor."""
    workers = workers or os.cpu_count() or 1
    shares = [list(pages[n::workers]) for n in range(workers)]
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        return joined(pool.map(_share, shares))


def _share(pages: list[run.Page]) -> run.Summary:
    return run.measure(here(open_app()), pages)


def joined(summaries: Iterable[run.Summary]) -> run.Summary:
    """All counts in one; failures by the page's name."""
    whole = run.Summary()
    for each in summaries:
        for key, found in each.scores.items():
            whole.scores[key] = whole.scores[key] + found if key in whole.scores else found
        whole.failures += each.failures
        whole.broken += each.broken
        whole.seconds += each.seconds
    whole.failures.sort(key=lambda one: one[0])
    return whole


def held_out(name: str) -> bool:
    """Whether a page, by its name, is of a layout that is looked at in numbers only."""
    return name.split(maxsplit=1)[0] in {layout.id for layout in generate.layouts(True)}


def named(summary: run.Summary, kinds: Iterable[str]) -> tuple[str, ...]:
    """Failures of some kinds in a line each, without those of held-out layouts."""
    wanted = frozenset(kinds)
    return tuple(
        f"{page}: {each.kind}{' sure' if each.sure else ''}: printed {each.expected}; read {each.found}"
        for page, each in summary.failures
        if not held_out(page) and each.kind in wanted
    ) + tuple(f"{page}: broke: {problem}" for page, problem in summary.broken if not held_out(page))


def sure_and_wrong(summary: run.Summary, held: bool) -> tuple[str, ...]:
    """Wrong values and invented rows that the reader was sure of, each once: `page | row as printed | as read`."""
    return tuple(
        dict.fromkeys(
            f"{page} | {each.row} | {each.found}"
            for page, each in summary.failures
            if each.sure and each.kind in VALUES and held_out(page) == held
        )
    )
