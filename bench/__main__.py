"""`./run bench`: all figures on one board, printed and written to docs/scoreboard.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from pathlib import Path

from bench import knowledge, medicines, pages, search, startup
from bench.board import Line, table
from helder.app import open_app

BOARD = Path(__file__).resolve().parent.parent / "docs" / "scoreboard.md"


def main() -> int:
    app = open_app()
    lines: list[Line] = [
        *startup.lines(),
        *pages.lines(app),
        *search.lines(app),
        *knowledge.lines(app),
        *medicines.lines(app),
    ]
    misses = [f"- {line.what}: {miss}" for line in lines for miss in line.misses]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    text = "\n".join(
        [
            "# Scoreboard",
            "",
            f"{dt.datetime.now(dt.UTC).date()}; {machine}; Helder {app.version}, knowledge {app.knowledge_version}: "
            f"{app.counts.topics} topics, {app.counts.claims} claims, {app.counts.interactions} interactions, "
            f"{app.counts.sources} sources, {app.counts.unverified} not confirmed. Made by `./run bench`.",
            "",
            table(lines),
            "",
            "## Misses, by name",
            "",
            *(misses or ["None."]),
            "",
        ]
    )
    print(text)
    BOARD.write_text(text, encoding="utf-8")
    return 0 if all(line.held for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
