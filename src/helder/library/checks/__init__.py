"""All checks of the knowledge base that need no browser: `helder validate` runs them, CI refuses what they find."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from helder.knowledge.load import Loaded
from helder.knowledge.problems import Problem
from helder.library.checks import (
    cautions,
    countries,
    interactions,
    lab_tests,
    limits,
    messages,
    names,
    purity,
    rendered,
    seals,
    sources,
    structure,
    texts,
)
from helder.library.checks.base import Base, Check

MODULES = (
    structure,
    sources,
    limits,
    lab_tests,
    interactions,
    cautions,
    countries,
    texts,
    names,
    messages,
    rendered,
    purity,
    seals,
)
CHECKS: tuple[Check, ...] = tuple(check for module in MODULES for check in module.CHECKS)


def not_run() -> tuple[str, ...]:
    """Checks that this installation cannot run, by name: silence must not look like a pass."""
    return () if purity.available() else ("foreign-word (needs the package wordfreq)",)


def problems_of(loaded: Loaded, today: dt.date, checks: tuple[Check, ...] = CHECKS) -> tuple[Problem, ...]:
    """Every problem of the base, by file and line. `today` decides which reviews are overdue."""
    return tuple(sorted({*loaded.problems, *_found(Base(loaded, today), checks)}))


def _found(base: Base, checks: tuple[Check, ...]) -> Iterator[Problem]:
    """A check that stumbles over what another check names says so, and the others go on."""
    for check in checks:
        try:
            yield from check(base)
        except (KeyError, ValueError) as error:
            yield Problem("", 0, "stopped", f"the check {check.__name__} could not go on: {error}")
