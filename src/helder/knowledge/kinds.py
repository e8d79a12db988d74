"""The kinds of claim: where each stands on a page, what it must hold, how dangerous an error in it is."""

from __future__ import annotations

from typing import NamedTuple

from helder.knowledge.model import Claim, Risk


class Kind(NamedTuple):
    """`templated` claims get their sentence from the kind; the others have words of their own."""

    slot: str
    risk: Risk = "low"
    needs: tuple[str, ...] = ()
    templated: bool = False
    two_sources: bool = False
    in_every_topic: bool = True


SLOTS = (
    "danger",
    "in_short",
    "facts",
    "who_should_not",
    "how_to_take",
    "with_other_medicines",
    "side_effects",
    "does_it_work",
    "how_long",
    "missed_dose",
    "too_much",
    "shortage",
    "from_food",
    "brands_and_forms",
    "alternatives",
    "compared_with",
    "open_questions",
    "questions",
)

LAB_SLOTS = ("measures", "result", "moved_by", "worry", "next")
"""The places in what is said about a laboratory test or a pattern of results."""

_TYPED = ("authority", "year", "rows", "from_", "basis")

KINDS: dict[str, Kind] = {
    "identity": Kind("in_short"),
    "use": Kind("in_short", in_every_topic=False),
    "mechanism": Kind("in_short", in_every_topic=False),
    "reference_intake": Kind("facts", "medium", (*_TYPED, "type"), templated=True),
    "upper_limit": Kind("facts", "high", _TYPED, templated=True, two_sources=True),
    "contraindication": Kind("who_should_not", "high"),
    "caution": Kind("who_should_not", "medium"),
    "how_to_take": Kind("how_to_take"),
    "dose": Kind("how_to_take", "medium", ("values",), in_every_topic=False),
    "food_drink": Kind("with_other_medicines", in_every_topic=False),
    "side_effect": Kind("side_effects", needs=("frequency",)),
    "effect": Kind("does_it_work", needs=("goal", "effect")),
    "duration": Kind("how_long"),
    "max_dose": Kind("facts", "high", ("rows", "care"), templated=True, two_sources=True, in_every_topic=False),
    "toxic_dose": Kind("too_much", "high", ("rows", "level"), templated=True, two_sources=True, in_every_topic=False),
    "stopping": Kind("how_long", "high", in_every_topic=False),
    "monitoring": Kind("how_long"),
    "missed_dose": Kind("missed_dose", "medium"),
    "overdose": Kind("too_much", "high"),
    "deficiency": Kind("shortage"),
    "brand": Kind("brands_and_forms", needs=("names", "countries"), templated=True, in_every_topic=False),
    "alternative": Kind("alternatives"),
    "comparison": Kind("compared_with", needs=("with_",)),
    "unknown": Kind("open_questions"),
    "red_flag": Kind("danger", "high", ("level",)),
    "measures": Kind("measures", in_every_topic=False),
    "high": Kind("result", "medium", in_every_topic=False),
    "low": Kind("result", "medium", in_every_topic=False),
    "abnormal": Kind("result", "medium", in_every_topic=False),
    "moved_by": Kind("moved_by", in_every_topic=False),
    "worry": Kind("worry", "medium", in_every_topic=False),
    "ask": Kind("next", in_every_topic=False),
    "repeat": Kind("next", in_every_topic=False),
    "pattern": Kind("result", "medium", in_every_topic=False),
}

OF_LAB = frozenset({"measures", "high", "low", "abnormal", "moved_by", "worry", "ask", "repeat", "pattern", "red_flag"})
"""The kinds that stand at a laboratory test or a pattern; `red_flag` stands in topics too."""


def slot_of(claim: Claim) -> str:
    """The place of a claim on the page: its own if it names one, else its kind's."""
    return claim.slot or KINDS[claim.kind].slot


def risk_of(claim: Claim) -> Risk:
    """How much harm an error in this claim could do."""
    return claim.risk or KINDS[claim.kind].risk
