"""Misread units, put right from the closed list of units that the test can have. Digits are never repaired."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

from helder.knowledge.lab import own_unit
from helder.knowledge.model import LabTest
from helder.reports.vocabulary import Units, fold_unit

LEAST_LIKE = 0.6

_LOOK_ALIKES = str.maketrans({"I": "L", "l": "L", "|": "L", "1": "L", "i": "L", "µ": "u", "p": "u", "H": "u", "O": "0"})


def repaired(seen: str, tests: Iterable[LabTest], units: Units) -> tuple[str, str] | None:
    """The printed form that was probably meant, and its UCUM code; None where two units are as near.

    Only units that one of the tests can have are looked among.
    """
    form = fold_unit(seen)
    possible = {
        printed: code
        for printed, code in units.exact.items()
        if any(test.scale == "quantity" and own_unit(code, test) for test in tests)
    }
    best: list[tuple[float, str, str]] = []
    for printed, code in possible.items():
        like = max(_like(form, printed), _like(form.translate(_LOOK_ALIKES), printed.translate(_LOOK_ALIKES)))
        if like >= LEAST_LIKE:
            best.append((like, code, printed))
    best.sort(reverse=True)
    if not best:
        return None
    nearest = {code for like, code, _ in best if like == best[0][0]}
    return (best[0][2], best[0][1]) if len(nearest) == 1 else None


def _like(one: str, other: str) -> float:
    return float(OSA.normalized_similarity(one.casefold(), other.casefold()))
