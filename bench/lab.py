"""Lab reports: rows read right, wrong values called sure, names, time, memory, and what leaves the machine.

Usual: all digital reports and the pages made by hand, eight files of each kind of picture. `./run bench --full` reads
as many pictures as a full measurement does (`bench.reports.run.USUAL`) and fifty scans for the memory.
"""

from __future__ import annotations

from itertools import islice

from bench import lab_names, lab_reader, lab_times
from bench.board import Line
from bench.reports import run
from bench.reports.score import FIELDS, Score, wilson
from helder.app import App

REPORTS = 540  # digital ones: a whole round of layouts and languages and a third of the next; over 600 pages
PICTURES = {"clean_scan": 8, "scan": 8, "photo": 8}
TARGETS = {"digital": 99.5, "clean_scan": 98.0, "scan": 98.0, "photo": 95.0, "turned": 95.0}
TITLES = {
    "digital": "digital reports",
    "clean_scan": "clean scans",
    "scan": "bad scans",
    "photo": "photos",
    "turned": "pictures turned by a quarter or half",
    "rotated": "digital pages with a rotation of their own",
    "hidden_text": "scans over a hidden layer of text",
}
MOST_NAMED = 60
INNER = ("name", "value", "comparator", "unit", "range", "flag", "missed", "invented")


def lines(app: App, full: bool = False) -> list[Line]:
    """All lines of the board; `full` with as many pictures as a full measurement takes."""
    digital = lab_reader.measured(list(islice(run.digital(2), REPORTS)))
    odd = run.measure(lab_reader.here(app), [*run.odd_pages(), *run.odd_pages(text=True)])
    counts = run.USUAL if full else PICTURES
    seen = {medium: run.measure(lab_reader.real(app), run.pictures(medium, n)) for medium, n in counts.items()}
    return [
        *_rows("digital", digital),
        *_by_hand(odd),
        *(line for medium, summary in seen.items() for line in _rows(medium, summary)),
        *_certain(lab_reader.joined([digital, odd]), "digital"),
        *_certain(lab_reader.joined(seen.values()), "pictures"),
        _tests(digital),
        *lab_names.lines(app),
        *lab_times.lines(app, full),
    ]


def _some(misses: tuple[str, ...]) -> tuple[str, ...]:
    more = len(misses) - MOST_NAMED
    return misses if more <= 0 else (*misses[:MOST_NAMED], f"and {more} more")


def _share(found: Score) -> float:
    return 100 * found.fully_right / max(1, found.rows)


def _rows(medium: str, summary: run.Summary) -> list[Line]:
    """Rows of which name, value, comparator, unit, range and flag are as printed: open layouts, then held-out ones."""
    target = TARGETS.get(medium, 98.0)
    made = []
    for group, title in (("open", ""), ("held-out", ", layouts kept for measuring only")):
        found = summary.scores.get(("group", group, medium))
        if found is None:
            continue
        low, high = wilson(found.fully_right, found.rows)
        made.append(
            Line(
                f"{TITLES[medium]}{title}: rows fully right (of {found.rows:,} on {found.pages} pages)",
                f"{_share(found):.2f}% ({100 * low:.1f} to {100 * high:.1f})",
                f"≥ {target:g} %",
                _share(found) >= target,
                _inside(found),
                _some(lab_reader.named(summary, INNER)) if group == "open" else (),
            )
        )
    return made


def _inside(found: Score) -> str:
    shares = ", ".join(f"{name} {100 * found.right[name] / max(1, found.rows):.1f}%" for name in FIELDS)
    return f"{shares}; {found.missed} missed, {found.invented} invented, {found.wrong_values} wrong values"


def _by_hand(summary: run.Summary) -> list[Line]:
    found = summary.total("group", "odd")
    misses = _some(lab_reader.named(summary, INNER))
    title = f"pages made by hand, as PDF and as pasted text: rows fully right (of {found.rows})"
    return [Line(title, f"{_share(found):.1f}%", "≥ 98 %", _share(found) >= 98, _inside(found), misses)]


def _certain(summary: run.Summary, what: str) -> list[Line]:
    """What must not happen, over everything of a kind: a wrong value called sure, a row that nobody printed."""
    whole = summary.total("group")
    known, kept = (lab_reader.sure_and_wrong(summary, held) for held in (False, True))
    sure = round(100 * whole.sure / max(1, whole.rows))
    beside = f"{whole.wrong_values} wrong values with a doubt or sure; sure of {sure}% of rows"
    title = f"{what}: wrong values and invented rows marked sure (of {whole.rows:,} rows)"
    invented = lab_reader.named(summary, ["invented"])
    split = f", {len(kept)} of them in held-out layouts" if kept else ""
    return [
        Line(title, f"{len(known) + len(kept)}{split}", "0", not known and not kept, beside, _some(known)),
        Line(f"{what}: invented rows", str(whole.invented), "0", not whole.invented, "", _some(invented)),
    ]


def _tests(summary: run.Summary) -> Line:
    """Which test a row is: chosen right, left open, chosen wrong."""
    tests = summary.total("group").tests
    whole = max(1, sum(tests.values()))
    share = 100 * tests["right"] / whole
    figure = f"{share:.1f}% right, {tests['refused']} left open, {tests['wrong']} wrong"
    title = f"tests told by the rows of digital reports (of {whole:,})"
    misses = _some(lab_reader.named(summary, ["test"]))
    return Line(title, figure, "≥ 98 % right, 0 wrong", share >= 98 and not tests["wrong"], "", misses)
