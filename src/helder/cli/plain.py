"""A page as plain text, for a terminal or a pipe."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

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
        yield from _wrapped(f"[{source.number}] {source.title}. {source.publisher}, {source.published}. {source.url}")


def _section(section: Section, unconfirmed: str) -> Iterator[str]:
    for claim in section.claims:
        yield from _wrapped(_claim(claim, unconfirmed))
    for table in section.tables:
        yield from _table(table, unconfirmed)
    for question in section.questions:
        yield from _wrapped(f"{question.text.plain} → {', '.join(question.claims)}")


def _claim(claim: ClaimView, unconfirmed: str) -> str:
    label = f"{claim.label}: " if claim.label else ""
    mark = "" if claim.verified else f"({unconfirmed}) "
    return f"• {label}{claim.text.plain} {mark}{_marks(claim.references)}"


def _marks(references: tuple[object, ...]) -> str:
    return "".join(f"[{getattr(reference, 'number', '')}]" for reference in references)


def _table(table: Table, unconfirmed: str) -> Iterator[str]:
    mark = "" if table.verified else f"({unconfirmed}) "
    yield ""
    yield from _wrapped(f"{table.caption} {mark}{_marks(table.references)}", indent="")
    widths = [max((len(row[i]) for row in table.rows), default=0) for i in range(len(table.head))]
    for row in table.rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _wrapped(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
