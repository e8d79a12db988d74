"""Pages as lists of texts, lines and boxes; drawn as a PDF by reportlab, or by Chromium where letters join."""

from __future__ import annotations

import atexit
import html
import re
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path("/usr/share/fonts/truetype")
FILES = {
    "helvetica": ("liberation/LiberationSans-Regular.ttf", "liberation/LiberationSans-Bold.ttf"),
    "times": ("liberation/LiberationSerif-Regular.ttf", "liberation/LiberationSerif-Bold.ttf"),
    "courier": ("liberation/LiberationMono-Regular.ttf", "liberation/LiberationMono-Bold.ttf"),
    "narrow": ("liberation/LiberationSansNarrow-Regular.ttf", "liberation/LiberationSansNarrow-Bold.ttf"),
    "noto": ("noto/NotoSans-Regular.ttf", "noto/NotoSans-Bold.ttf"),
    "dejavu": ("dejavu/DejaVuSans.ttf", "dejavu/DejaVuSans-Bold.ttf"),
    "condensed": ("dejavu/DejaVuSansCondensed.ttf", "dejavu/DejaVuSansCondensed-Bold.ttf"),
    "dejavu-serif": ("dejavu/DejaVuSerif.ttf", "dejavu/DejaVuSerif-Bold.ttf"),
    "dejavu-mono": ("dejavu/DejaVuSansMono.ttf", "dejavu/DejaVuSansMono-Bold.ttf"),
    "arabic": ("noto/NotoSansArabic-Regular.ttf", "noto/NotoSansArabic-Bold.ttf"),
    "devanagari": ("noto/NotoSansDevanagari-Regular.ttf", "noto/NotoSansDevanagari-Bold.ttf"),
}
BUILT_IN = {
    "helvetica": ("Helvetica", "Helvetica-Bold"),
    "times": ("Times-Roman", "Times-Bold"),
    "courier": ("Courier", "Courier-Bold"),
}
CSS = {
    "helvetica": "Liberation Sans",
    "times": "Liberation Serif",
    "courier": "Liberation Mono",
    "narrow": "Liberation Sans Narrow",
    "noto": "Noto Sans",
    "dejavu": "DejaVu Sans",
    "condensed": "DejaVu Sans Condensed",
    "dejavu-serif": "DejaVu Serif",
    "dejavu-mono": "DejaVu Sans Mono",
}
COLOURS = {
    "black": "#000000",
    "red": "#c00000",
    "grey": "#666666",
    "blue": "#1f4e8c",
    "pale": "#e9eef4",
    "rule": "#999999",
}


@dataclass(frozen=True)
class Text:
    """A run of text: `x` is its left end, right end or middle by `align`; `y` its baseline from the top, in points."""

    x: float
    y: float
    text: str
    size: float = 9
    font: str = "helvetica"
    bold: bool = False
    colour: str = "black"
    align: str = "l"


@dataclass(frozen=True)
class Rule:
    """A line or, with `fill`, a box."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.5
    colour: str = "rule"
    fill: bool = False
    dashed: bool = False


@dataclass
class Sheet:
    """One page being laid out."""

    width: float
    height: float
    items: list[Text | Rule] = field(default_factory=list)


@cache
def _face(family: str, bold: bool) -> str | None:
    path = FONTS / FILES[family][bold]
    if not path.exists():
        return None
    name = f"{family}-{'b' if bold else 'r'}"
    pdfmetrics.registerFont(TTFont(name, str(path)))
    return name


@cache
def _has(name: str, text: str) -> bool:
    glyphs = pdfmetrics.getFont(name).face.charToGlyph
    return all(ord(c) in glyphs for c in text)


@cache
def font_for(family: str, bold: bool, text: str) -> str:
    """The registered font that has every letter: the built-in one, the family's file, then wide ones."""
    if family in BUILT_IN:
        try:
            text.encode("cp1252")
        except UnicodeEncodeError:
            pass
        else:
            return BUILT_IN[family][bold]
    for each in (family, "noto", "dejavu", "arabic", "devanagari"):
        name = _face(each, bold)
        if name and _has(name, text):
            return name
    return _face("dejavu", bold) or BUILT_IN["helvetica"][bold]


def width(text: str, family: str, size: float, bold: bool = False) -> float:
    """How wide a text will be; words of scripts that join are a little narrower than this."""
    if all(ord(c) < 0x590 or ord(c) > 0x2000 for c in text):
        return pdfmetrics.stringWidth(text, font_for(family, bold, text), size)
    parts = re.findall(r"[֐-῿]+|[^֐-῿]+", text)
    return sum(pdfmetrics.stringWidth(part, font_for(family, bold, part), size) for part in parts)


def _pieces(item: Text, runs: str) -> list[tuple[float, str]]:
    wide = width(item.text, item.font, item.size, item.bold)
    left = item.x - {"l": 0, "r": wide, "c": wide / 2}[item.align]
    if runs == "cell":
        return [(left, item.text)]
    parts = list(item.text) if runs == "glyph" else re.findall(r"\S+", item.text)
    found, at = [], 0
    for part in parts:
        at = item.text.index(part, at)
        found.append((left + width(item.text[:at], item.font, item.size, item.bold), part))
        at += len(part)
    return [(x, part) for x, part in found if part.strip()]


def to_pdf(sheets: list[Sheet], runs: str = "cell", title: str = "") -> bytes:
    """The sheets as a PDF by reportlab; `runs` says how text is cut: cell, word or glyph."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    for sheet in sheets:
        canvas.setPageSize((sheet.width, sheet.height))
        for item in sheet.items:
            (_rule if isinstance(item, Rule) else _text)(canvas, sheet, item, runs)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _rule(canvas: Canvas, sheet: Sheet, item: Rule, runs: str) -> None:
    if item.fill:
        canvas.setFillColor(COLOURS[item.colour])
        canvas.rect(item.x0, sheet.height - item.y1, item.x1 - item.x0, item.y1 - item.y0, stroke=0, fill=1)
        return
    canvas.setStrokeColor(COLOURS[item.colour])
    canvas.setLineWidth(item.width)
    canvas.setDash(*([1, 2] if item.dashed else []))
    canvas.line(item.x0, sheet.height - item.y0, item.x1, sheet.height - item.y1)


def _text(canvas: Canvas, sheet: Sheet, item: Text, runs: str) -> None:
    canvas.setFillColor(COLOURS[item.colour])
    for x, part in _pieces(item, runs):
        canvas.setFont(font_for(item.font, item.bold, part), item.size)
        canvas.drawString(x, sheet.height - item.y, part)


def _span(sheet: Sheet, item: Text) -> str:
    place = {
        "l": f"left:{item.x:.2f}pt",
        "r": f"right:{sheet.width - item.x:.2f}pt",
        "c": f"left:{item.x:.2f}pt;transform:translateX(-50%)",
    }[item.align]
    style = f"{place};top:{item.y - item.size:.2f}pt;font-size:{item.size:.2f}pt;color:{COLOURS[item.colour]}"
    family = f"'{CSS.get(item.font, 'Noto Sans')}','Noto Sans','Noto Sans Arabic','Noto Sans Devanagari','DejaVu Sans'"
    weight = ";font-weight:bold" if item.bold else ""
    return f'<span dir="auto" style="{style};font-family:{family}{weight}">{html.escape(item.text)}</span>'


def _div(item: Rule) -> str:
    colour = COLOURS[item.colour]
    if item.fill:
        box = f"height:{item.y1 - item.y0:.2f}pt;background:{colour}"
    elif item.y0 == item.y1:
        box = f"border-top:{item.width}pt {'dotted' if item.dashed else 'solid'} {colour}"
    else:
        box = f"height:{item.y1 - item.y0:.2f}pt;border-left:{item.width}pt solid {colour}"
    return f'<div style="left:{item.x0:.2f}pt;top:{item.y0:.2f}pt;width:{max(item.x1 - item.x0, 0):.2f}pt;{box}"></div>'


def to_html(sheets: list[Sheet]) -> str:
    """The sheets as a page of a browser, every text at its place."""
    size = f"{sheets[0].width:.2f}pt {sheets[0].height:.2f}pt"
    pages = []
    for sheet in sheets:
        inner = "".join(_div(item) if isinstance(item, Rule) else _span(sheet, item) for item in sheet.items)
        pages.append(f'<section style="width:{sheet.width:.2f}pt;height:{sheet.height - 0.5:.2f}pt">{inner}</section>')
    return (
        f"<!doctype html><meta charset=utf-8><style>@page{{size:{size};margin:0}}"
        "body{margin:0;print-color-adjust:exact}"
        "section{position:relative;overflow:hidden;break-after:page}section:last-child{break-after:auto}"
        "span,div{position:absolute;white-space:pre;line-height:1.25}div{line-height:0}</style>" + "".join(pages)
    )


class Chromium:
    """One browser, started at the first page and kept until the process ends, in a thread of its own.

    Of its own because a test that drives a browser itself may run in the same process: two in one thread clash.
    """

    def __init__(self) -> None:
        self.asked: SimpleQueue[tuple[str, SimpleQueue[Any]] | None] = SimpleQueue()
        self.thread: Thread | None = None

    def pdf(self, source: str) -> bytes:
        """A page of a browser as a PDF, with dates taken out so that the same source gives the same bytes."""
        if self.thread is None:
            self.thread = Thread(target=self._work, daemon=True)
            self.thread.start()
            atexit.register(self._stop)
        answer: SimpleQueue[Any] = SimpleQueue()
        self.asked.put((source, answer))
        found = answer.get()
        if isinstance(found, Exception):
            raise found
        return re.sub(rb"/(CreationDate|ModDate) \(D:[^)]*\)", lambda date: b" " * len(date.group()), found)

    def _work(self) -> None:
        page: Any = None
        with ExitStack() as stack:
            while (task := self.asked.get()) is not None:
                source, answer = task
                try:
                    page = page or _browser_page(stack)
                    page.set_content(source)
                    answer.put(page.pdf(prefer_css_page_size=True, print_background=True, tagged=False))
                except Exception as problem:  # noqa: BLE001  handed to the thread that asked
                    answer.put(problem)

    def _stop(self) -> None:
        self.asked.put(None)
        if self.thread is not None:
            self.thread.join(10)


def _browser_page(stack: ExitStack) -> Any:
    from playwright.sync_api import sync_playwright

    driver = stack.enter_context(sync_playwright())
    browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    stack.callback(browser.close)
    return browser.new_page()


BROWSER = Chromium()


def mirrored(sheet: Sheet) -> Sheet:
    """The sheet read from right to left: every place flipped, every text kept."""
    swap = {"l": "r", "r": "l", "c": "c"}

    def flip(item: Text | Rule) -> Text | Rule:
        if isinstance(item, Text):
            return replace(item, x=sheet.width - item.x, align=swap[item.align])
        return replace(item, x0=sheet.width - item.x1, x1=sheet.width - item.x0)

    return Sheet(sheet.width, sheet.height, [flip(item) for item in sheet.items])
