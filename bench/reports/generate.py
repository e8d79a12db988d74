"""`make(seed)`: a lab report as a PDF and exactly what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from bench.reports import canvas, catalogue, compose, content, flow, heads, pages, printing
from bench.reports.canvas import Rule, Sheet, Text
from bench.reports.layouts import OPEN, Layout

SHAPED = ("ar", "hi")


def layouts(held_out: bool = False) -> tuple[Layout, ...]:
    """The open layouts, or those kept for measuring only."""
    if held_out:
        from bench.reports.held_out import HELD_OUT

        return HELD_OUT
    return OPEN


def make(
    seed: int,
    layout: str | Layout | None = None,
    language: str | None = None,
    held_out: bool = False,
    country: str | None = None,
) -> tuple[bytes, dict[str, Any]]:
    """A PDF and its truth; the same arguments give the same bytes. What is not told is drawn from the seed."""
    laid = lay_out(seed, layout, language, held_out, country)
    if laid.language in SHAPED or laid.layout.engine == "chromium":
        return canvas.BROWSER.pdf(canvas.to_html(laid.sheets)), laid.truth
    return canvas.to_pdf(laid.sheets, laid.layout.runs, laid.title), laid.truth


@dataclass(frozen=True)
class Laid:
    """A report before it is drawn."""

    sheets: list[Sheet]
    truth: dict[str, Any]
    layout: Layout
    language: str
    title: str


def lay_out(
    seed: int,
    layout: str | Layout | None = None,
    language: str | None = None,
    held_out: bool = False,
    country: str | None = None,
) -> Laid:
    """The pages of a report as texts and lines, and its truth."""
    rng = Random(f"{seed}-{layout.id if isinstance(layout, Layout) else layout}-{language}-{held_out}-{country}")
    chosen = _layout(rng, layout, held_out)
    if language is None:
        fit = [each for each in catalogue.languages() if country in (None, *catalogue.countries_of(each))]
        language = rng.choice(fit)
    country = country or rng.choice(catalogue.countries_of(language))
    report = content.report(rng, language, country, rng.randint(*chosen.rows), chosen.previous)
    hand, words = printing.hand(rng, report, chosen.decimal), catalogue.words(language)
    desk = compose.Desk(chosen, report, hand, rng, words, rng.randrange(60), chosen.size)
    blocks = compose.blocks_of(desk)
    sheets, pairs = _laid_out(desk, blocks)
    if chosen.mono and language not in SHAPED:
        sheets = [_as_lines(sheet, desk) for sheet in sheets]
    if language == "ar" and rng.random() < 0.75:
        sheets = [canvas.mirrored(sheet) for sheet in sheets]
    return Laid(sheets, _truth(desk, blocks, pairs, seed, len(sheets)), chosen, language, report.title)


def _layout(rng: Random, layout: str | Layout | None, held_out: bool) -> Layout:
    if isinstance(layout, Layout):
        return layout
    if layout is None:
        return rng.choice(layouts(held_out))
    return next(each for each in (*layouts(False), *layouts(True)) if each.id == layout)


def _laid_out(desk: compose.Desk, blocks: list[compose.Block]) -> tuple[list[Sheet], list[heads.Pair]]:
    layout, margin = desk.layout, heads.MARGIN
    size = pages.PAPERS[layout.paper or catalogue.countries()[desk.report.country].paper]
    wide, high = size[::-1] if layout.landscape else size
    sheets, pairs = [Sheet(wide, high)], pages.fields(desk)
    top = heads.head(desk, sheets[0], pairs)
    gutter = 18.0
    step = (wide - 2 * margin + gutter) / layout.tables
    edges = [(margin + step * n, margin + step * (n + 1) - gutter) for n in range(layout.tables)]
    desk, first = pages.fit(desk, blocks, *edges[0])
    slots = [[slot.moved(left - margin) for slot in first] for left, _ in edges]
    later = heads.short_head(desk, Sheet(wide, high), pairs)
    frames = [
        flow.Frame(page, left, right, top if page == 0 else later, high - margin - 12)
        for page in range(12)
        for left, right in edges
    ]
    if layout.tables > 1:
        frames = _balanced(flow.Flow(desk, slots, frames), blocks, frames, layout.tables)
    stream = flow.Flow(desk, slots, frames)
    stream.add(blocks)
    for line in _tail(desk):
        if stream.y + stream.line() > stream.frame.bottom:
            stream.next_frame()
        stream.y += 3
        stream.text(stream.frame.left, line, size=desk.size * 0.85)
        stream.y += stream.line()
        stream.count += 1
    count = stream.frame.page + 1
    for page in range(count):
        if page:
            sheets.append(Sheet(wide, high))
            heads.short_head(desk, sheets[page], pairs)
        sheets[page].items += _ordered(desk, stream.drawn.get(page, []))
        heads.foot(desk, sheets[page], page + 1, count)
    return sheets, pairs


def _balanced(probe: flow.Flow, blocks: list[compose.Block], frames: list[flow.Frame], tables: int) -> list[flow.Frame]:
    """Frames cut short so that the tables of a page end at about the same height."""
    share = sum(map(probe.height, blocks)) / tables + (probe.y - frames[0].top) + 2.5 * probe.line()
    return [replace(frame, bottom=min(frame.bottom, frame.top + share)) for frame in frames[:tables]] + frames[tables:]


def _tail(desk: compose.Desk) -> list[str]:
    found = heads.tail(desk)
    stray = desk.words.get("stray", [])
    if stray and desk.rng.random() < desk.layout.stray:
        found += desk.rng.sample(stray, min(2, len(stray)))
        desk.traps += found[-2:]
    return found


def _ordered(desk: compose.Desk, drawn: list[tuple[int, int, Text | Rule]]) -> list[Text | Rule]:
    """Boxes first, then texts in the order in which this lab's program writes them."""
    boxes = [item for _, _, item in drawn if isinstance(item, Rule)]
    texts = [each for each in drawn if isinstance(each[2], Text)]
    if desk.layout.draw == "columns":
        texts.sort(key=lambda each: (each[1], each[0]))
    elif desk.layout.draw == "shuffled":
        desk.rng.shuffle(texts)
    return boxes + [item for _, _, item in texts]


def _as_lines(sheet: Sheet, desk: compose.Desk) -> Sheet:
    """The sheet as a line printer makes it: each line one string, columns held by blanks."""
    letter = desk.wide("0")
    lines: dict[int, list[Text]] = {}
    for item in sheet.items:
        if isinstance(item, Text):
            lines.setdefault(round(item.y), []).append(item)
    found: list[Text | Rule] = []
    for y, items in _joined(lines):
        text = ""
        for item in sorted(items, key=lambda each: _start(each, letter)):
            column = max(_start(item, letter), len(text) + 1 if text else 0)
            text = text.ljust(column) + item.text
        found.append(Text(0, y, text, desk.size, desk.layout.font))
    return Sheet(sheet.width, sheet.height, found)


def _start(item: Text, letter: float) -> int:
    return round(item.x / letter) - {"l": 0, "r": len(item.text), "c": len(item.text) // 2}[item.align]


def _joined(lines: dict[int, list[Text]]) -> Iterator[tuple[int, list[Text]]]:
    """Lines that stand less than four points apart are one."""
    held: list[Text] = []
    at = 0
    for y in sorted(lines):
        if held and y - at >= 4:
            yield at, held
            held = []
        if not held:
            at = y
        held = held + lines[y]
    if held:
        yield at, held


def _truth(
    desk: compose.Desk, blocks: list[compose.Block], pairs: list[heads.Pair], seed: int, count: int
) -> dict[str, Any]:
    report, shown = desk.report, {what for what, _, _ in pairs}
    if desk.layout.header == "none":
        shown = set()
    if desk.layout.dated:
        shown.add("collected")
    rows = [block.truth for block in blocks if block.truth is not None]
    if "sex" not in shown and desk.layout.ranges.sexes != "mine":
        for row in rows:
            if row["range"]["kind"] == "sex":
                # the page does not say the sex: reading neither end is as right as reading this person's
                row.setdefault("range_also", []).append([None, None])
    return {
        "seed": seed,
        "layout": desk.layout.id,
        "kind": "lab",
        "document": {
            "language": report.language,
            "country": report.country,
            "pages": count,
            "lab": report.lab if desk.layout.header not in ("none", "minimal") else None,
            "patient": report.patient if "patient" in shown else None,
            "birth_date": report.born.isoformat() if "born" in shown else None,
            "sex": report.sex if "sex" in shown else None,
            "collected": report.collected.date().isoformat() if "collected" in shown else None,
            "reported": report.reported.date().isoformat() if "reported" in shown else None,
        },
        "rows": rows,
        "traps": sorted(set(desk.traps)),
    }
