"""The base: how long it takes to check, how easy it reads. Peer: the article to beat, where it lies nearby."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from pathlib import Path

from bench.board import Line, milliseconds
from helder.app import App, validate
from helder.knowledge.compiled import default_root, open_knowledge
from helder.library.checks.rendered import shorten
from helder.library.reading import level

ARTICLE = Path(__file__).resolve().parent.parent.parent / "shared" / "article-to-beat.nl.txt"


def lix(app: App, topic: str, language: str) -> float:
    """The LIX of all texts of a topic, its own long name counted as a short word."""
    words = app.knowledge.texts[language][f"substances/{topic}"]
    return level([shorten(text, (words.name, *words.names)) for text in words.claims.values()], language).lix


def lines(app: App) -> list[Line]:
    start = time.perf_counter()
    problems, not_run = validate(None, dt.datetime.now(dt.UTC).date())
    took = time.perf_counter() - start
    found = [
        Line(
            f"validation of the whole base ({len(app.knowledge.texts['en'])} things)",
            f"{took:.1f} s, {len(problems)} problems",
            "≤ 60 s, 0",
            took <= 60 and not problems,
            f"opening its compiled form {milliseconds(lambda: open_knowledge(default_root()), 5):.0f} ms",
            (*map(str, problems), *(f"not run: {name}" for name in not_run)),
        )
    ]
    for language in ("en", "nl"):
        levels = {topic: lix(app, topic, language) for topic in app.knowledge.topics}
        hard = tuple(f"{topic} {value:.1f}" for topic, value in levels.items() if value > 30)
        peer = f"the article to beat {level([ARTICLE.read_text()], 'nl').lix:.1f}" if ARTICLE.exists() else ""
        hardest = max(levels.values())
        middle = statistics.median(levels.values())
        what = f"hardest topic in {language}, LIX (median {middle:.1f})"
        found.append(Line(what, f"{hardest:.1f}", "≤ 30", hardest <= 30, peer if language == "nl" else "", hard))
    return found
