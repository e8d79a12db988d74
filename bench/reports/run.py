"""`measure(read)`: a reader on many pages; a table of what it got right, and every failure by name.

The reader is handed in: `read(data, name)` takes a file's bytes and its name and gives the answer of `helder scan
--json`. Held-out pages are counted apart: look at their numbers, not at their failures.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bench.reports import catalogue, degrade, generate, layers, odd
from bench.reports.score import FIELDS, Failure, Score, score, wilson

Read = Callable[[bytes, str], dict[str, Any]]
Made = tuple[bytes, str, dict[str, Any]]


@dataclass(frozen=True)
class Page:
    """A file to read, made when it is needed."""

    name: str
    group: str  # open, held-out, odd
    medium: str  # digital, clean_scan, scan, photo, turned, rotated, hidden_text, text
    language: str
    make: Callable[[], Made]


@dataclass
class Summary:
    """Scores by what a page was; failures with the page's name; pages on which the reader broke."""

    scores: dict[tuple[str, ...], Score] = field(default_factory=dict)
    failures: list[tuple[str, Failure]] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    seconds: Counter[str] = field(default_factory=Counter)

    def add(self, page: Page, found: Score, seconds: float, truth_rows: int) -> None:
        """Count a page's score under its group and medium, its language and its layout."""
        keys = [("group", page.group, page.medium), ("language", page.language, page.medium)]
        if page.group != "odd":
            keys.append(("layout", page.name.split()[0], page.group))
        if not truth_rows:
            keys.append(("empty", "no results", page.medium))
        for key in keys:
            self.scores[key] = self.scores.get(key, Score()) + found
        self.seconds[page.medium] += seconds
        self.failures += [(page.name, failure) for failure in found.failures]

    def total(self, *start: str) -> Score:
        """The sum of all scores whose key begins so."""
        found = Score()
        for key, each in self.scores.items():
            if key[: len(start)] == start:
                found = found + each
        return found

    @property
    def sure_wrong(self) -> list[Failure]:
        """Every wrong or invented value that the reader was sure of."""
        return self.total("group").sure_wrong


def _one_page(truth: dict[str, Any], page: int) -> dict[str, Any]:
    rows = [row | {"page": 1} for row in truth["rows"] if row["page"] == page]
    return truth | {"rows": rows, "document": truth["document"] | {"pages": 1}}


def _digital(seed: int, layout: str, language: str) -> Made:
    pdf, truth = generate.make(seed, layout, language)
    return pdf, f"{layout}-{language}-{seed}.pdf", truth


def _scanned(seed: int, layout: str, language: str, kind: str) -> Made:
    pdf, truth = generate.make(seed, layout, language)
    return degrade.scanned_pdf(pdf, kind, seed), f"{layout}-{language}-{seed}.pdf", truth


def _photographed(seed: int, layout: str, language: str, turned: int) -> Made:
    pdf, truth = generate.make(seed, layout, language)
    kind = "clean_scan" if turned else "photo"
    seen = degrade.picture(pdf, kind, seed, turned=turned)
    return seen, f"{layout}-{language}-{seed}.jpg", _one_page(truth, 1)


def _rotated(seed: int, layout: str, language: str, degrees: int) -> Made:
    pdf, truth = generate.make(seed, layout, language)
    return layers.rotated(pdf, degrees), f"{layout}-{language}-{seed}.pdf", truth


def _hidden(seed: int, layout: str, language: str) -> Made:
    pdf, truth = generate.make(seed, layout, language)
    sheets = generate.lay_out(seed, layout, language).sheets
    return layers.scan_with_text(sheets, pdf, seed), f"{layout}-{language}-{seed}.pdf", truth


def _odd_page(name: str) -> Made:
    return odd.pdf(name), f"{name}.pdf", odd.truth(name)


def _odd_text(name: str) -> Made:
    return (odd.text(name) or "").encode(), f"{name}.txt", odd.truth(name)


def digital(rounds: int = 2, seed: int = 7000, languages: Iterable[str] | None = None) -> Iterator[Page]:
    """Every layout in every language, so many times: 34 layouts and 12 languages are 408 reports a round."""
    for turn in range(rounds):
        for held_out in (False, True):
            for layout in generate.layouts(held_out):
                for language in languages or catalogue.languages():
                    number = seed + turn
                    group = "held-out" if held_out else "open"
                    name = f"{layout.id} {language} seed {number}"
                    yield Page(name, group, "digital", language, partial(_digital, number, layout.id, language))


def pictures(medium: str, count: int, seed: int = 8000, languages: Iterable[str] | None = None) -> Iterator[Page]:
    """So many files of a kind that is not plainly digital, layouts and languages taking turns."""
    both = [(layout, held_out) for held_out in (False, True) for layout in generate.layouts(held_out)]
    spoken = tuple(languages or catalogue.languages())
    for n in range(count):
        # 13 has no divisor in common with the number of layouts: all are met before one comes back
        layout, held_out = both[n * 13 % len(both)]
        language, number = spoken[n % len(spoken)], seed + n
        sides = (90, 180, 270)[n % 3]
        make = {
            "clean_scan": partial(_scanned, number, layout.id, language, "clean_scan"),
            "scan": partial(_scanned, number, layout.id, language, "scan"),
            "photo": partial(_photographed, number, layout.id, language, 0),
            "turned": partial(_photographed, number, layout.id, language, sides),
            "rotated": partial(_rotated, number, layout.id, language, sides),
            "hidden_text": partial(_hidden, number, layout.id, language),
        }[medium]
        name = f"{layout.id} {language} seed {number} {medium}"
        yield Page(name, "held-out" if held_out else "open", medium, language, make)


def odd_pages(text: bool = False) -> Iterator[Page]:
    """The pages made by hand, as PDFs or, those that are typed, as pasted text."""
    for name in odd.names():
        language = odd.truth(name)["document"]["language"]
        if not text:
            yield Page(f"odd-{name} {language}", "odd", "digital", language, partial(_odd_page, name))
        elif odd.text(name) is not None:
            yield Page(f"odd-{name} {language} text", "odd", "text", language, partial(_odd_text, name))


USUAL = {"clean_scan": 24, "scan": 24, "photo": 24, "turned": 6, "rotated": 12, "hidden_text": 8}


def usual(rounds: int = 2, counts: Mapping[str, int] = USUAL) -> Iterator[Page]:
    """What a full measurement reads: over 800 digital reports, the odd pages, and so many files of each other kind."""
    yield from digital(rounds)
    yield from odd_pages()
    yield from odd_pages(text=True)
    for medium, count in counts.items():
        yield from pictures(medium, count)


def measure(read: Read, pages: Iterable[Page] | None = None, told: Callable[[str], None] | None = None) -> Summary:
    """Read every page and score it. A page on which the reader raises counts all its rows as missed."""
    summary = Summary()
    for n, page in enumerate(usual() if pages is None else pages):
        data, name, truth = page.make()
        start = time.perf_counter()
        try:
            answer = read(data, name)
        except Exception as problem:  # noqa: BLE001  any failure of the reader is a finding, not the end of the run
            summary.broken.append((page.name, f"{type(problem).__name__}: {problem}"))
            answer = {}
        seconds = time.perf_counter() - start
        summary.add(page, score(truth, answer, catalogue.same_tests()), seconds, len(truth["rows"]))
        if told and n % 25 == 24:
            told(f"{n + 1} pages")
    return summary


COUNTS = ("wrong", "sure wr", "sure %", "invent", "missed", "test ok", "test wr", "no test")


def _line(name: str, found: Score) -> str:
    low, high = wilson(found.fully_right, found.rows)
    rows = max(1, found.rows)
    shares = [
        100 * found.fully_right / rows,
        100 * low,
        100 * high,
        *(100 * found.right[each] / rows for each in FIELDS),
    ]
    counts = [found.wrong_values, len(found.sure_wrong), round(100 * found.sure / rows), found.invented, found.missed]
    counts += [found.tests[each] for each in ("right", "wrong", "refused")]
    return f"{name:<26}{found.rows:>7}" + "".join(f"{x:>8.1f}" for x in shares) + "".join(f"{x:>8}" for x in counts)


def table(summary: Summary) -> str:
    """The counts by group and medium, by language, by layout, and for pages that hold no results."""
    titles = ("rows", "right %", "from", "to", *(f"{each[:6]} %" for each in FIELDS), *COUNTS)
    lines = [f"{'':<26}{titles[0]:>7}" + "".join(f"{title:>8}" for title in titles[1:])]
    for kind in ("group", "language", "layout", "empty"):
        lines.append("")
        lines += [_line(" ".join(key[1:]), each) for key, each in sorted(summary.scores.items()) if key[0] == kind]
    whole = summary.total("group")
    lines += ["", _line("all", whole), ""]
    spent = ", ".join(f"{medium} {seconds:.0f} s" for medium, seconds in sorted(summary.seconds.items()))
    lines.append(f"{whole.pages} pages; reading took {spent}; the reader broke on {len(summary.broken)} files")
    for title, counts in (("document", whole.document), ("earlier results", whole.previous)):
        lines.append(f"{title}: " + ", ".join(f"{what} {count}" for what, count in sorted(counts.items())))
    return "\n".join(lines)


def failures(summary: Summary, groups: tuple[str, ...] = ("open", "odd")) -> str:
    """Every failure by the page's name; without the held-out ones unless asked."""
    held = {layout.id for layout in generate.layouts(True)}

    def group(name: str) -> str:
        layout = name.split(maxsplit=1)[0]
        return "odd" if layout.startswith("odd-") else "held-out" if layout in held else "open"

    lines = [f"{name}: BROKE {problem}" for name, problem in summary.broken if group(name) in groups]
    for name, each in summary.failures:
        if group(name) in groups:
            mark = " SURE" if each.sure else ""
            lines.append(f"{name}, page {each.page}, {each.kind}{mark} [{each.row}]")
            lines += [f"    printed {each.expected}", f"    read    {each.found}"]
    return "\n".join(lines)
