"""Makes the invented reports that *My lab results* offers for trying: `python docs/sample_report.py`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import yaml
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

SAMPLES = Path(__file__).parent.parent / "src/helder/web/samples"
LEFT = (50, 210, 270, 345, 465)
LINE = 21


def made(language: str, told: dict[str, Any]) -> bytes:
    """The report of one language as a PDF: the same bytes each time."""
    words = told["languages"][language]
    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, invariant=True)
    page.setTitle(words["head"][1])
    lab, invented, patient, sex, birth, collected = words["head"]
    days = {name: told[name].strftime(words["date"]) for name in ("birth", "collected", "before")}
    _head(page, (lab, invented), (patient, sex, f"{birth} {days['birth']}", f"{collected} {days['collected']}"))
    top = 640
    page.setFont("Helvetica-Bold", 10)
    for left, name in zip(LEFT, words["columns"], strict=True):
        page.drawString(left, top, name)
    page.setFont("Helvetica", 8)
    page.drawString(LEFT[-1], top - 11, days["before"])
    page.line(50, top - 16, 545, top - 16)
    sections = iter(words["sections"])
    for row in told["rows"]:
        top -= LINE
        if row == "section":
            top -= 14
            page.setFont("Helvetica-Bold", 10)
            page.drawString(50, top, next(sections))
            continue
        name, value, unit, limits, before = row
        page.setFont("Helvetica", 10)
        cells = (words["names"][name], value, unit, limits, before)
        for place, (left, cell) in enumerate(zip(LEFT, cells, strict=True)):
            page.drawString(left, top, cell if place in (0, 2) else cell.replace(".", words["mark"]))
    page.showPage()
    page.save()
    return out.getvalue()


def _head(page: Canvas, titles: tuple[str, str], facts: tuple[str, ...]) -> None:
    page.setFont("Helvetica-Bold", 16)
    page.drawString(50, 785, titles[1])
    page.setFont("Helvetica-Oblique", 11)
    page.drawString(50, 765, titles[0])
    page.setFont("Helvetica", 10)
    for place, fact in enumerate(facts):
        page.drawString(50 + 250 * (place // 2), 728 - 16 * (place % 2), fact)


def main() -> None:
    told = yaml.safe_load((SAMPLES / "rows.yaml").read_text(encoding="utf-8"))
    for language in told["languages"]:
        (SAMPLES / f"{language}.pdf").write_bytes(made(language, told))


if __name__ == "__main__":
    main()
