"""Pages and answers as plain text, for a terminal or a pipe."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helder.app import App
from helder.library.views import ClaimView, Page, Section, Table

WIDTH = 88


def page_as_text(app: App, page: Page) -> str:
    """The whole page: sections with claims and tables, numbered sources at the end."""
    return "\n".join(_lines(app, page))


def _lines(app: App, page: Page) -> Iterator[str]:
    yield from (page.title, "=" * len(page.title))
    yield app.message("page.checked", page.language, date=app.date(page.checked, page.language))
    for section in page.sections:
        yield from ("", section.heading, "-" * len(section.heading))
        yield from _section(section, app.message("claim.unverified", page.language))
    yield from ("", app.message("page.sources", page.language))
    for source in page.sources:
        yield from wrapped(f"[{source.number}] {source.title}. {source.publisher}, {source.published}. {source.url}")


def _section(section: Section, unconfirmed: str) -> Iterator[str]:
    for claim in section.claims:
        yield from wrapped(_claim(claim, unconfirmed))
    for table in section.tables:
        yield from _table(table, unconfirmed)
    for question in section.questions:
        yield from wrapped(f"{question.text.plain} → {', '.join(question.claims)}")


def _claim(claim: ClaimView, unconfirmed: str) -> str:
    label = f"{claim.label}: " if claim.label else ""
    mark = "" if claim.verified else f"({unconfirmed}) "
    return f"• {label}{claim.text.plain} {mark}{_marks(claim.references)}"


def _marks(references: tuple[object, ...]) -> str:
    return "".join(f"[{getattr(reference, 'number', '')}]" for reference in references)


def _table(table: Table, unconfirmed: str) -> Iterator[str]:
    mark = "" if table.verified else f"({unconfirmed}) "
    yield ""
    yield from wrapped(f"{table.caption} {mark}{_marks(table.references)}", indent="")
    widths = [max((len(row[i]) for row in table.rows), default=0) for i in range(len(table.head))]
    for row in table.rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def wrapped(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


# --- medicines ------------------------------------------------------------------------------------------------

SHOWN_QUESTIONS = 6


def check_as_text(app: App, made: Mapping[str, Any], language: str) -> str:
    """Notices by danger, what may hold too, questions, totals, and what is not in our data."""
    return "\n".join(_check(app, made, language))


def _check(app: App, made: Mapping[str, Any], language: str) -> Iterator[str]:
    yield from _not_known(app, made, language)
    sure = [notice for notice in made["notices"] if notice["certain"]]
    yield from ("", app.message("med.notices", language))
    if not sure:
        yield app.message("med.none", language)
    for notice in sure:
        severity = app.message(f"med.severity.{notice['severity']}", language)
        yield from wrapped(f"• [{severity}] {notice['label']}: {notice['text']} ({_publishers(notice['sources'])})")
    if made["asks"]:
        yield from ("", app.message("med.asks", language))
        for ask in made["asks"][:SHOWN_QUESTIONS]:
            yield from wrapped(f"? {ask['question']}")
        if len(made["asks"]) > SHOWN_QUESTIONS:
            yield app.message("med.more", language, count=len(made["asks"]) - SHOWN_QUESTIONS)
    if made["totals"]:
        yield from ("", app.message("med.totals", language))
    for total in made["totals"]:
        amount = total["amount"] if total["amount"] == total["most"] else f"{total['amount']}–{total['most']}"
        limit = f"  ≤ {total['limit']['amount']} {total['limit']['unit']}" if total["limit"] else ""
        yield f"  {total['name']}: {amount} {total['unit']}{limit}"
    if made["imported"]:
        yield from ("", app.message("med.imported", language))
    for said in made["imported"]:
        yield from wrapped(f"• {' + '.join(said['about'])}: {said['level']} {said['text']} ({said['source']})")
    yield from ("", *wrapped(made["unlisted"]))


def _publishers(sources: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(dict.fromkeys(source["publisher"] for source in sources))


def _not_known(app: App, made: Mapping[str, Any], language: str) -> Iterator[str]:
    for item in made.get("items", ()):
        if item.get("understood"):
            yield f"! {item['name']}: {app.message('med.corrected', language, name=item['understood'])}"
    for unknown in made["unknown"]:
        nearest = ", ".join(guess["name"] for guess in unknown["nearest"])
        hint = f" ({nearest}?)" if nearest else ""
        yield from wrapped(f"! {app.message('med.unknown', language)}: {unknown['name']}{hint}")
    for problem in made["problems"]:
        yield from wrapped(f"! {problem['field']}: {problem['expected']}")


def plan_as_text(app: App, made: Mapping[str, Any], language: str) -> str:
    """The day, moment by moment; or the rules that cannot all be kept and what would help."""
    return "\n".join(_plan(app, made, language))


def _plan(app: App, made: Mapping[str, Any], language: str) -> Iterator[str]:
    yield from _not_known(app, made, language)
    for moment in made["moments"]:
        yield f"{moment['time']}  {moment['anchor']}".rstrip()
        for take in moment["take"]:
            yield f"       {take['name']}" + (f" ({take['how']})" if take["how"] else "")
    if made["as_needed"]:
        yield app.message("plan.as_needed", language)
        yield from (f"       {take['name']}" for take in made["as_needed"])
    if made["conflict"]:
        yield app.message("plan.conflict", language)
        for reason in made["conflict"]:
            yield from wrapped(f"• {reason['text']}")
        yield app.message("plan.repairs", language)
        for repair in made["repairs"]:
            yield from wrapped(f"• {repair['text']}")
    for reason in made["reasons"]:
        yield from wrapped(f"• {reason['text']}")
    yield from made["notes"]


def advice_as_text(app: App, made: Mapping[str, Any], language: str) -> str:
    """What to do about a missed dose or too much, item by item."""
    return "\n".join(_advice(app, made, language))


def _advice(app: App, made: Mapping[str, Any], language: str) -> Iterator[str]:
    yield from _not_known(app, made, language)
    for sentence in made["general"]:
        yield from wrapped(f"! {sentence['text']}")
    yield from (f"? {ask['question']}" for ask in made["asks"])
    for item in made["items"]:
        yield from ("", item["name"])
        for sentence in item["sentences"]:
            publishers = f" ({_publishers(sentence['sources'])})" if sentence["sources"] else ""
            yield from wrapped(f"• {sentence['text']}{publishers}")
