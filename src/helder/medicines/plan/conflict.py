"""Of rules that cannot all hold, a smallest set that already cannot (QuickXplain, Junker 2004)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

R = TypeVar("R")


def minimal_conflict(rules: Sequence[R], possible: Callable[[Sequence[R]], bool]) -> tuple[R, ...]:
    """A conflict from which no rule can be left out; empty where all rules can hold together.

    `possible` says whether some rules can hold together; what is possible stays so with fewer rules.
    """
    if possible(rules):
        return ()
    return tuple(_explain((), (), tuple(rules), possible))


def _explain(
    kept: tuple[R, ...], added: tuple[R, ...], rest: tuple[R, ...], possible: Callable[[Sequence[R]], bool]
) -> tuple[R, ...]:
    if added and not possible(kept):
        return ()
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    of_second = _explain((*kept, *first), first, second, possible)
    of_first = _explain((*kept, *of_second), of_second, first, possible)
    return (*of_first, *of_second)
