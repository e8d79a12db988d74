"""A line of the scoreboard, and how lines are printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Line(NamedTuple):
    """One figure. `peer` names what stood beside it and its figure; `misses` lists the failures by name."""

    what: str
    figure: str
    target: str
    held: bool
    peer: str = ""
    misses: tuple[str, ...] = ()


def table(lines: Iterable[Line]) -> str:
    """The scoreboard as Markdown."""
    rows = ["| what | figure | target | held | peer, same input, same run |", "|---|---|---|---|---|"]
    rows += [f"| {x.what} | {x.figure} | {x.target} | {'yes' if x.held else '**no**'} | {x.peer} |" for x in lines]
    return "\n".join(rows)


def milliseconds(call: Callable[[], object], times: int) -> float:
    """The median time of a call, in milliseconds, after one warm call."""
    call()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)
