"""Two results of one test: is the change larger than what varies by itself?

The reference change value (Fraser, Harris): 1.96 × √2 × √(CVa² + CVi²) percent, at 95 %. Smaller changes occur in a
healthy person from one day to another.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from helder.knowledge.model import LabTest, Variation
from helder.quantities import Comparator, Quantity

Direction = Literal["up", "down", "same"]
Z = Decimal("1.96")


class Change(NamedTuple):
    """How a result moved: in percent of the earlier one, and the change that would still be by chance."""

    direction: Direction
    percent: Decimal
    by_chance: Decimal | None
    """The reference change value in percent; None where the variation of the test is not in the base."""

    @property
    def real(self) -> bool | None:
        """Whether the change is larger than chance; None where that is not known."""
        return None if self.by_chance is None else abs(self.percent) > self.by_chance


def reference_change(variation: Variation) -> Decimal:
    """The reference change value in percent, to one decimal."""
    spread = (variation.analytical**2 + variation.within**2) * 2
    return (Z * spread.sqrt()).quantize(Decimal("0.1"))


def change(earlier: Quantity, later: Quantity, test: LabTest) -> Change | None:
    """The change between two values in the home unit of a test. None where one is `< x` or the earlier is zero."""
    if earlier.comparator is not Comparator.EQ or later.comparator is not Comparator.EQ or not earlier.value:
        return None
    percent = ((later.value - earlier.value) / earlier.value * 100).quantize(Decimal("0.1"))
    direction: Direction = "up" if percent > 0 else "down" if percent < 0 else "same"
    known = test.variation if test.variation and test.variation.verified else None
    return Change(direction, percent, reference_change(known) if known else None)
