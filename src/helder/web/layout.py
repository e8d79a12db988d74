"""How a section's claims are grouped, and which number its danger card dials: layout only, no health logic."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from helder.library.views import ClaimView, Page, Phone, Question, Reference, Section, Table, Text

SURE_DOTS = {"high": "●●●●", "moderate": "●●●○", "low": "●●○○", "very_low": "●○○○", "not_graded": "○○○○"}
_WIDE = 3  # columns from which a table may scroll inside its own frame


class Group(NamedTuple):
    """Claims that stand together under a small heading; `key` is the heading's message, if it has one."""

    key: str | None
    claims: tuple[ClaimView, ...]


def _by_harm(claim: ClaimView) -> str:
    return f"harm.{'serious' if claim.serious else claim.frequency or 'unknown'}"


def _by_warning(claim: ClaimView) -> str:
    return "kind.contraindication" if claim.kind == "contraindication" else "kind.caution"


def _by_clash(claim: ClaimView) -> str:
    return f"interaction.severity.{claim.severity}" if claim.severity else "kind.food_drink"


def _by_level(claim: ClaimView) -> str:
    return "level.emergency" if claim.level == "emergency" else "level.urgent"


_GROUPED: dict[str, Callable[[ClaimView], str]] = {
    "danger": _by_level,
    "who_should_not": _by_warning,
    "with_other_medicines": _by_clash,
    "side_effects": _by_harm,
}


def groups(section: Section) -> tuple[Group, ...]:
    """A section's claims under small headings, in the order in which each group first appears."""
    if section.slot not in _GROUPED:
        return (Group(None, section.claims),) if section.claims else ()
    group_of = _GROUPED[section.slot]
    found: dict[str, list[ClaimView]] = {}
    for claim in section.claims:
        found.setdefault(group_of(claim), []).append(claim)
    return tuple(Group(key, tuple(claims)) for key, claims in found.items())


def anchor(claim: str) -> str:
    """Where a claim stands on its topic's page: the last part of its id."""
    return claim.rpartition("/")[2]


def first_phone(claims: tuple[ClaimView, ...]) -> Phone | None:
    """The first number to call in these claims: what the danger card's button dials."""
    parts = (part for claim in claims for part in claim.text.parts)
    return next((part for part in parts if isinstance(part, Phone)), None)


def by_id(page: Page) -> dict[str, ClaimView]:
    return {claim.id: claim for section in page.sections for claim in section.claims}


def said_by(held: dict[str, ClaimView], question: Question) -> tuple[ClaimView, ...]:
    """The claims that answer a question, in its own order; one that this reader's page lacks is left out."""
    return tuple(held[claim] for claim in question.claims if claim in held)


def phone_link(phone: Phone, kind: str = "tel") -> Markup:
    """A number that a phone dials when touched. Digits run left to right in every language."""
    return Markup('<a class="{}" dir="ltr" href="tel:{}">{}</a>').format(kind, phone.dial, phone.shown)


def spoken(text: Text) -> Markup:
    """A sentence as markup: its words, and links for the numbers to call."""
    parts = (phone_link(part) if isinstance(part, Phone) else escape(part.text) for part in text.parts)
    return Markup("").join(parts)


class Cites:
    """Writes where a page's claims come from. Made once per page: it is asked for every claim."""

    def __init__(self, page: Page, sources_at: str) -> None:
        self._who = {
            source.number: f'<a href="{escape(sources_at)}#s{source.number}">{escape(source.publisher)}</a>'
            for source in page.sources
        }
        self._foreign = {
            source.number: f' lang="{escape(source.language)}"' if source.language != page.language else ""
            for source in page.sources
        }

    def __call__(self, references: tuple[Reference, ...]) -> Markup:
        """A line each: who says it (a link to the source in full) and where in it."""
        return Markup("".join(map(self._line, references)))  # noqa: S704  (every part is escaped)

    def _line(self, reference: Reference) -> str:
        who = self._who[reference.number]
        return f"{who} <span{self._foreign[reference.number]}>{escape(reference.at)}</span>" if reference.at else who


def is_wide(table: Table) -> bool:
    return len(table.head) >= _WIDE


def structured(page: Page, address: str) -> Markup:
    """The page for machines (schema.org), as a data block that cannot end early."""
    data = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": page.title,
        "description": page.summary,
        "url": address,
        "inLanguage": page.language,
        "lastReviewed": page.checked.isoformat(),
        "audience": {"@type": "Patient"},
        "isAccessibleForFree": True,
        "about": {"@type": "Drug" if page.kind == "medicine" else "DietarySupplement", "name": page.title},
    }
    return data_block(data)


def data_block(data: object) -> Markup:
    """JSON that may stand inside a script element: nothing in it can close the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


SHOWN_UNITS = {"ug": "µg", "[IU]": "IU", "ug/d": "µg", "mg/d": "mg", "g/d": "g", "[IU]/d": "IU"}
DAY_MINUTES = 24 * 60


def shown_unit(unit: str) -> str:
    """A unit as a label has it; "per day" stands in the heading."""
    return SHOWN_UNITS.get(unit, unit)


def strip(plan: Mapping[str, Any]) -> Markup:
    """The day as a strip: a tick each three hours, a dot each moment. The list below says the same in words."""
    ticks = "".join(f'<line class="tick" x1="{h * 40}" x2="{h * 40}" y1="30" y2="38"/>' for h in range(0, 25, 3))
    dots = "".join(
        f'<circle class="at" cx="{_across(moment["time"]):.0f}" cy="20" r="{5 + 2 * len(moment["take"])}"/>'
        for moment in plan["moments"]
    )
    body = f'<rect class="awake" y="16" width="960" height="8" rx="4"/>{ticks}{dots}'
    return Markup('<svg class="strip" viewBox="-20 0 1000 42" aria-hidden="true">{}</svg>').format(Markup(body))  # noqa: S704


def _across(time: str) -> float:
    """Where a time stands on a strip that is 960 wide."""
    hours, _, minutes = time.partition(":")
    return (int(hours) * 60 + int(minutes)) * 960 / DAY_MINUTES
