"""The habits of labs: how pages are arranged. These layouts are open: look at them while developing a reader.

A layout is a set of habits, not a lab: the language, the country's marks and the words come from elsewhere, so every
layout can be printed in every language. `home` is a country where such pages are common.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.reports.printing import RangeHand

PLAIN = RangeHand()


@dataclass(frozen=True)
class Layout:
    """One way of arranging a report; see the words beside each field."""

    id: str
    home: str
    columns: tuple[str, ...] = ("name", "result", "unit", "range")
    """of name, result, unit, range, flag, low, high, previous, method, second, no, code, status, bar"""
    kind: str = "table"  # table, cards
    font: str = "helvetica"
    size: float = 9
    leading: float = 1.35
    paper: str = ""  # the country's own, or A4, letter, A5
    landscape: bool = False
    mono: bool = False  # every line is one string with blanks
    header: str = "boxed"  # boxed, lines, sides, grid, minimal, centred, none
    headings: str = "bold"  # bold, caps, filled, ruled, none
    repeat: bool = True  # headings on every page
    sections: str = "bold"  # bold, box, caps, underline, dashes, none
    specimen: str = "none"  # section, line, none
    rules: str = "none"  # none, lines, grid, zebra, dotted
    leaders: str = ""
    spread: str = "wide"  # wide: space between columns shared; tight: left
    align: str = "r"  # of results
    unit_at: str = "column"  # column, value, glued, name, range
    range_at: str = "column"  # column, below, name, value, none
    ranges: RangeHand = PLAIN
    spaced: bool = False  # a blank after a comparator
    flag: str = "HL"  # keys of printing.SIGNS, word, bold, red, none
    flag_at: str = "column"  # column, value, glued, before
    marked: str = ""  # bold or red: abnormal results also look so
    previous: int = 0
    newest: str = "left"
    dated: bool = False  # the newest results stand under their date, too
    tables: int = 1
    method: float = 0
    method_at: str = "below"
    comments: float = 0
    notes: float = 0
    legend: bool = False
    decimal: str = ""
    power: str = "as"  # raised: the exponent is small and high; its digit is a run of its own
    draw: str = "rows"  # rows, columns, shuffled: the order of text in the file
    runs: str = "cell"  # cell, word, glyph
    engine: str = "reportlab"
    name_cap: float = 0.42  # shares of the table's width that names and ranges may take before they are wrapped
    range_cap: float = 0.34
    rows: tuple[int, int] = (8, 32)
    upper: bool = False  # names in capitals
    indent: bool = False
    stray: float = 0.3  # share of reports with lines that are no results


_TIGHT = RangeHand(between="{a}-{b}")
_DASH = RangeHand(between="{a}–{b}")
_DASHES = RangeHand(between="{a} – {b}", one_sided="spaced")

OPEN = (
    Layout("plain-four", "NL", columns=("name", "flag", "result", "unit", "range"), flag="plus"),
    Layout(
        "us-flagged",
        "US",
        font="times",
        size=9,
        columns=("name", "result", "flag", "unit", "range"),
        flag="HHLL",
        align="l",
        ranges=_TIGHT,
        header="grid",
        notes=0.2,
        legend=True,
        headings="ruled",
        sections="caps",
    ),
    Layout(
        "german-range-first",
        "DE",
        columns=("name", "range", "result", "flag", "unit"),
        flag="pluses",
        ranges=RangeHand(between="{a} - {b}", one_sided="upto", sexes="mine"),
        header="sides",
        sections="underline",
        specimen="section",
        size=9.5,
    ),
    Layout(
        "french-bracketed",
        "FR",
        columns=("name", "result", "unit", "range"),
        ranges=RangeHand("word", "word", "()"),
        flag="star",
        flag_at="before",
        leaders=".",
        sections="box",
        specimen="section",
        method=0.35,
        font="times",
        size=10,
        header="sides",
    ),
    Layout(
        "spanish-columns",
        "ES",
        columns=("name", "flag", "result", "unit", "range"),
        flag="star",
        rules="lines",
        ranges=RangeHand("[{a} - {b}]"),
        sections="caps",
        header="boxed",
        font="noto",
        size=8.5,
        method=0.15,
    ),
    Layout(
        "line-printer",
        "NL",
        mono=True,
        font="courier",
        size=9,
        columns=("name", "result", "flag", "unit", "range"),
        flag="star",
        ranges=PLAIN,
        header="lines",
        sections="dashes",
        headings="caps",
    ),
    Layout(
        "indian-zebra",
        "IN",
        columns=("name", "result", "unit", "range"),
        flag="bold",
        rules="zebra",
        method=0.6,
        ranges=RangeHand("{a} - {b}", "spaced", sexes="lines"),
        header="boxed",
        headings="filled",
        align="l",
        comments=0.1,
        marked="bold",
        sections="bold",
        specimen="line",
        size=9,
    ),
    Layout(
        "cumulative",
        "BE",
        columns=("name", "unit", "range", "result", "previous"),
        previous=2,
        dated=True,
        flag="arrow",
        flag_at="value",
        ranges=_DASH,
        rules="grid",
        font="condensed",
        size=8,
        header="lines",
    ),
    Layout(
        "portal-cards",
        "US",
        kind="cards",
        columns=("name", "result", "range", "flag"),
        unit_at="value",
        flag="word",
        ranges=_DASHES,
        header="minimal",
        headings="none",
        sections="underline",
        font="noto",
        size=10,
        rows=(5, 16),
    ),
    Layout(
        "range-under-name",
        "IT",
        columns=("name", "flag", "result", "unit"),
        range_at="below",
        flag="star",
        align="r",
        ranges=RangeHand("{a} - {b}", "spaced"),
        font="times",
        size=10,
        header="centred",
        sections="caps",
    ),
    Layout(
        "unit-with-value",
        "GB",
        columns=("name", "result", "range"),
        unit_at="value",
        flag="HL",
        flag_at="value",
        align="l",
        ranges=RangeHand("{a}-{b}", brackets="[]"),
        header="boxed",
        font="noto",
        size=9,
        sections="bold",
        leaders=":",
        decimal=".",
    ),
    Layout(
        "unit-with-range",
        "TR",
        columns=("name", "result", "flag", "range"),
        unit_at="range",
        flag="arrows",
        ranges=PLAIN,
        header="grid",
        font="dejavu",
        size=8,
        rules="lines",
        headings="filled",
        method=0.1,
    ),
    Layout(
        "no-headings",
        "PT",
        columns=("name", "result", "unit", "range"),
        headings="none",
        ranges=RangeHand("word", "word"),
        flag="red",
        sections="caps",
        header="sides",
        size=10,
        spread="tight",
        runs="word",
        specimen="line",
    ),
    Layout(
        "two-tables",
        "AT",
        columns=("name", "result", "flag", "unit", "range"),
        tables=2,
        size=7.5,
        flag="plus",
        ranges=_TIGHT,
        header="boxed",
        headings="none",
        sections="bold",
        rows=(16, 48),
    ),
    Layout(
        "long-names",
        "US",
        columns=("name", "result", "flag", "range", "unit"),
        flag="word",
        name_cap=0.2,
        range_cap=0.13,
        indent=True,
        ranges=RangeHand("{a}-{b}", sexes="slash"),
        notes=0.25,
        comments=0.12,
        header="grid",
        upper=True,
        font="narrow",
        size=9.5,
        align="l",
        draw="columns",
        legend=True,
        rows=(10, 45),
    ),
    Layout(
        "dual-units",
        "FR",
        columns=("name", "result", "unit", "range", "second"),
        leaders=".",
        flag="star",
        flag_at="before",
        ranges=RangeHand("{a}-{b}", "sign", "()"),
        header="sides",
        sections="box",
        size=8.5,
        specimen="section",
    ),
    Layout(
        "raised-powers",
        "UA",
        columns=("name", "result", "flag", "unit", "range"),
        flag="arrow",
        power="raised",
        ranges=_DASH,
        header="centred",
        rules="grid",
        font="dejavu",
        size=8.5,
        headings="filled",
    ),
    Layout(
        "earlier-right",
        "PL",
        columns=("flag", "name", "previous", "result", "unit", "range"),
        previous=1,
        dated=True,
        newest="right",
        flag="triangle",
        ranges=PLAIN,
        header="boxed",
        font="noto",
        size=8,
        rules="dotted",
    ),
    Layout(
        "numbered",
        "IN",
        columns=("no", "name", "result", "unit", "range", "method"),
        flag="bold",
        marked="bold",
        ranges=RangeHand("{a}-{b}", "upto"),
        header="boxed",
        rules="lines",
        align="l",
        font="times",
        size=10,
        headings="ruled",
        comments=0.1,
        legend=False,
    ),
    Layout(
        "sexes-in-lines",
        "ES",
        columns=("name", "result", "flag", "unit", "range"),
        flag="HL",
        size=9,
        ranges=RangeHand("{a} - {b}", "sign", sexes="lines"),
        header="lines",
        rules="zebra",
        method=0.3,
        indent=True,
    ),
    Layout(
        "value-inline",
        "BR",
        columns=("name", "result"),
        unit_at="value",
        range_at="below",
        leaders=".",
        flag="none",
        ranges=RangeHand("word", "upto", sexes="lines"),
        method=0.7,
        header="centred",
        sections="box",
        size=10,
        specimen="line",
        spread="tight",
        align="l",
        engine="chromium",
    ),
    Layout(
        "many-pages",
        "DE",
        columns=("name", "result", "flag", "unit", "range", "previous"),
        previous=1,
        flag="pluses",
        ranges=PLAIN,
        rows=(48, 80),
        header="sides",
        specimen="section",
        sections="underline",
        font="times",
        size=9,
    ),
)
