"""`./run bench`: all figures on one board, printed and written to docs/scoreboard.md.

`--full` reads as many pictures of reports as a full measurement does (some 20 minutes more); `--only lab` measures lab
reports alone and writes nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import sys
from pathlib import Path

from bench import knowledge, lab, medicines, pages, search, startup
from bench.board import Line, table
from helder.app import open_app

BOARD = Path(__file__).resolve().parent.parent / "docs" / "scoreboard.md"


def main() -> int:
    told = argparse.ArgumentParser(prog="./run bench")
    told.add_argument("--full", action="store_true", help="all pictures of reports")
    told.add_argument("--only", choices=["lab"], help="one part, without writing the board")
    asked = told.parse_args()
    app = open_app()
    lines: list[Line] = []
    if not asked.only:
        lines += [
            *startup.lines(),
            *pages.lines(app),
            *search.lines(app),
            *knowledge.lines(app),
            *medicines.lines(app),
        ]
    lines += lab.lines(app, asked.full)
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
    if not asked.only:
        BOARD.write_text(text, encoding="utf-8")
    return 0 if all(line.held for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
