"""Pages made by hand, of which no template makes the like: `tests/data/reports/odd/`.

`NAME.txt` is printed in letters of one width (a form feed begins a page); `NAME.yaml` places texts: `[x, y, text, size,
bold]` in points from the top left corner, the last two as wanted. `NAME.truth.json` says what a reader should find:
rows as `generate` makes them, with `optional` where leaving a row out is as right as reading it, and other fair
readings in `value_also`, `unit_also`, `range_also`, `also_names`. Nobody in them is real.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from bench.reports import canvas
from bench.reports.canvas import Sheet, Text

HERE = Path(__file__).parents[2] / "tests/data/reports/odd"
PAPERS = {"A4": (595.28, 841.89), "A4-landscape": (841.89, 595.28), "A5": (419.53, 595.28)}
SHAPED = ("ar", "hi")


def names() -> list[str]:
    """All odd pages, by name."""
    return sorted(path.name.removesuffix(".truth.json") for path in HERE.glob("*.truth.json"))


def truth(name: str) -> dict[str, Any]:
    """What a reader should find on a page."""
    return json.loads((HERE / f"{name}.truth.json").read_text(encoding="utf-8"))


def text(name: str) -> str | None:
    """The page as pasted text; None for one that is placed."""
    path = HERE / f"{name}.txt"
    return path.read_text(encoding="utf-8") if path.exists() else None


def pdf(name: str) -> bytes:
    """The page as a PDF."""
    pasted = text(name)
    sheets = _placed(name) if pasted is None else [_typed(part) for part in pasted.split("\f")]
    if truth(name)["document"]["language"] in SHAPED:
        return canvas.BROWSER.pdf(canvas.to_html(sheets))
    return canvas.to_pdf(sheets, title=name)


def _typed(part: str) -> Sheet:
    lines = [line.expandtabs(24) for line in part.strip("\n").split("\n")]
    size = min(10.0, 515 / max(1, 0.6 * max(map(len, lines))))
    items: list[Any] = [
        Text(40, 50 + n * size * 1.3, line, size, "courier") for n, line in enumerate(lines) if line.strip()
    ]
    return Sheet(*PAPERS["A4"], items)


def _placed(name: str) -> list[Sheet]:
    page = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    items: list[Any] = []
    for x, y, written, *look in page["texts"]:
        size, bold = (look[0] if look else page["default"]), "bold" in look
        items.append(Text(x, y, str(written), size, page["font"], bold))
    return [Sheet(*PAPERS[page["size"]], items)]
