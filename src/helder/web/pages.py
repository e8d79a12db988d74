"""Each page as a function: a frame and what was asked for in, HTML out. Same input, same bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from helder.library.views import Entry, Link, SourceView
from helder.web import assets, layout, results_shown
from helder.web.frame import Frame
from helder.web.negotiate import Reader

_TEMPLATES = Path(__file__).parent / "templates"
_NEAREST = 5


class Flush(Extension):
    """Takes the indentation out of templates, so that pages carry words and not white space."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return "\n".join(line.strip() for line in source.splitlines())


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[Flush],
        bytecode_cache=FileSystemBytecodeCache(),
    )
    made.globals.update(
        groups=layout.groups,
        first_phone=layout.first_phone,
        is_wide=layout.is_wide,
        anchor=layout.anchor,
        cites=layout.Cites,
        by_id=layout.by_id,
        said_by=layout.said_by,
        spoken=layout.spoken,
        phone_link=layout.phone_link,
        sure_dots=layout.SURE_DOTS,
        structured=layout.structured,
        shown_unit=layout.shown_unit,
        strip=layout.strip,
        **{name: Markup(text) for name, text in assets.INLINED.items()},  # noqa: S704  (our own files)
        file_policy=assets.policy_line(without=("frame-ancestors",)),
    )
    return made


ENVIRONMENT = _environment()


def _render(template: str, frame: Frame, **values: Any) -> str:
    made = ENVIRONMENT.get_template(f"{template}.jinja").render(f=frame, t=frame.say, language=frame.language, **values)
    return made.replace("\n\n", "\n").replace("\n\n", "\n")


def home(frame: Frame) -> str:
    app = frame.app
    return _render(
        "home",
        frame,
        needs=app.needs(frame.language),
        entries=app.entries(frame.language),
        care=app.care(frame.country, frame.language),
        counts=app.counts,
    )


def topic(frame: Frame, topic: str) -> str:
    page = frame.app.page(topic, frame.language, frame.country)
    return _render("topic", frame, page=page)


def topic_sources(frame: Frame, topic: str) -> str:
    """The sources of a topic in full: too heavy for the topic's own page, one step away from each claim."""
    return _render("topic_sources", frame, page=frame.app.page(topic, frame.language, frame.country))


def az(frame: Frame) -> str:
    return _render("az", frame, letters=_letters(frame.app.entries(frame.language)))


def _letters(entries: tuple[Entry, ...]) -> dict[str, list[Entry]]:
    """Entries under their first letter, in the order in which they come."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.title[:1].upper(), []).append(entry)
    return found


def needs(frame: Frame) -> str:
    return _render("needs", frame, needs=frame.app.needs(frame.language))


def need(frame: Frame, need: str) -> str:
    return _render("need", frame, need=frame.app.need(need, frame.language))


def choose_pair(frame: Frame) -> str:
    entries = frame.app.entries(frame.language)
    return _render("choose_pair", frame, entries=entries, pairs=pairs(frame))


def pairs(frame: Frame) -> tuple[tuple[Link, Link], ...]:
    """The comparisons that topics themselves propose, each once."""
    found: dict[frozenset[str], tuple[Link, Link]] = {}
    for entry in frame.app.entries(frame.language):
        page = frame.app.page(entry.id, frame.language, frame.country)
        for other in page.compare:
            found.setdefault(frozenset((entry.id, other.id)), (Link(entry.id, entry.title), other))
    return tuple(found.values())


def compare(frame: Frame, left: str, right: str) -> str:
    return _render("compare", frame, pair=frame.app.compare(left, right, frame.language, frame.country))


def search(frame: Frame, words: str) -> str:
    """What a search found. Without words, the form and the numbers to call."""
    found = frame.app.find(words, frame.language, frame.country) if words else None
    summaries = {entry.id: entry.summary for entry in frame.app.entries(frame.language)}
    return _render("search", frame, found=found, words=words, summaries=summaries)


def search_file(frame: Frame) -> str:
    """The search page of an exported library: the names stand in it, a script looks through them."""
    index = [
        {
            "title": entry.title,
            "summary": entry.summary,
            "href": frame.link("topic", entry.id),
            "names": [entry.title, *entry.names],
        }
        for entry in frame.app.entries(frame.language)
    ]
    care = frame.app.care(frame.country, frame.language)
    return _render("search_file", frame, index=layout.data_block(index), care=care)


def medicines(frame: Frame, **values: Any) -> str:
    """The form of what is taken, and the answer to it."""
    return _render("medicines", frame, **values)


def results(frame: Frame, **values: Any) -> str:
    """The form for lab reports, and the answer to what was sent."""
    return _render("results", frame, said_plain=partial(results_shown.spoken, frame), **values)


def results_main(frame: Frame, **values: Any) -> str:
    """The main part of the same page alone, for a page that stands open already."""
    return _render("results_main", frame, said_plain=partial(results_shown.spoken, frame), **values)


def sources(frame: Frame) -> str:
    by_publisher: dict[str, list[SourceView]] = {}
    for source in frame.app.sources():
        by_publisher.setdefault(source.publisher, []).append(source)
    return _render("sources", frame, publishers=sorted(by_publisher.items(), key=lambda item: item[0].lower()))


def changes(frame: Frame) -> str:
    return _render("changes", frame, changes=frame.app.changes(frame.language))


def about(frame: Frame) -> str:
    app = frame.app
    return _render("about", frame, counts=app.counts, states=app.language_states())


def error(frame: Frame, key: str, nearest: tuple[Link, ...]) -> str:
    """A page that says what was found, what was expected and what to do; it repeats nothing that was typed."""
    return _render("error", frame, key=key, nearest=nearest[:_NEAREST])


def choose(frame: Frame, readers: tuple[tuple[Reader, str], ...]) -> str:
    """The front page of an exported library: every language, and the country that is usual for it."""
    return _render("choose", frame, readers=readers)


PAGES: dict[str, Callable[..., str]] = {
    "home": home,
    "topic": topic,
    "topic_sources": topic_sources,
    "az": az,
    "needs": needs,
    "need": need,
    "choose_pair": choose_pair,
    "compare": compare,
    "sources": sources,
    "changes": changes,
    "about": about,
}
