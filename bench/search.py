"""Search: time over 20,000 names, and how often a name with one or two typing errors is among the first three.

Peer: the same misspelt names given to difflib, Python's own close-match search.
"""

from __future__ import annotations

import difflib
import random
import statistics
import string
import time

from bench.board import Line
from helder.app import App
from helder.library.search import Name, Search

SEED = 20261122
NAMES = 20_000
ASKED = 1_000
SHORTEST = 5


def misspelt(word: str, errors: int, chance: random.Random) -> str:
    """A word with letters inserted, left out, changed or swapped."""
    for _ in range(errors):
        at, letter = chance.randrange(len(word)), chance.choice(string.ascii_lowercase)
        how = chance.randrange(4)
        if how == 0:
            word = word[:at] + letter + word[at:]
        elif how == 1:
            word = word[:at] + word[at + 1 :]
        elif how == 2:
            word = word[:at] + letter + word[at + 1 :]
        elif at + 1 < len(word):
            word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word


def padded(search: Search, chance: random.Random) -> Search:
    """The index filled up to 20,000 names with made-up ones of the same letters: the size of a later base."""
    known = list(search.index.names)
    while len(known) < NAMES:
        pattern = chance.choice(search.index.names)
        letters = list(pattern.folded)
        chance.shuffle(letters)
        known.append(Name("".join(letters).strip() or "x", pattern.target, pattern.written, pattern.language))
    return Search(search.speech, tuple(known))


def lines(app: App) -> list[Line]:
    """Recall and time of the search."""
    chance = random.Random(SEED)
    names = [
        name
        for name in app.search.index.names
        if name.target.partition("/")[2] in app.knowledge.topics
        and len(name.folded) >= SHORTEST
        and name.folded.isascii()
    ]
    asked = chance.sample(names, min(ASKED, len(names)))
    queries = [
        (misspelt(name.folded, 1 if len(name.folded) < 7 else chance.choice((1, 2)), chance), name) for name in asked
    ]
    misses, peer_hits = [], 0
    by_name = {name.folded: name.target for name in app.search.index.names}
    peer_time = 0.0
    for query, name in queries:
        found = app.search.find(query, name.language, app.countries[0]).hits[:3]
        if name.target.partition("/")[2] not in {hit.topic for hit in found}:
            misses.append(f"{query} (meant {name.folded})")
        start = time.perf_counter()
        close = difflib.get_close_matches(query, by_name, n=3, cutoff=0.6)
        peer_time += time.perf_counter() - start
        peer_hits += name.target in {by_name[one] for one in close}
    large = padded(app.search, chance)
    taken = []
    for query, name in queries[:300]:
        start = time.perf_counter()
        large.find(query, name.language, app.countries[0])
        taken.append(1000 * (time.perf_counter() - start))
    recall = 1 - len(misses) / len(queries)
    median, p95 = statistics.median(taken), sorted(taken)[int(0.95 * len(taken))]
    peer = 1000 * peer_time / len(queries)
    return [
        Line(
            f"search: a name with 1–2 typing errors in the first three ({len(queries)} names)",
            f"{recall:.1%}",
            "≥ 98 %",
            recall >= 0.98,
            f"difflib {peer_hits / len(queries):.1%}",
            tuple(misses),
        ),
        Line(
            f"search: one query over {len(large.index.names):,} names, median (p95 {p95:.1f} ms)",
            f"{median:.1f} ms",
            "≤ 20 ms",
            median <= 20,
            f"difflib over {len(by_name):,} names: {peer:.1f} ms, {peer / median:.0f}× ours",
        ),
    ]
