"""Saying no in words: one page or one problem document (RFC 9457) in the reader's language, never a trace.

What a person typed is not repeated, neither in the answer nor in a log.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from helder.library.views import Link
from helder.web import pages
from helder.web.frame import Frame, offer, the_app
from helder.web.negotiate import COOKIE, Reader, named
from helder.web.store import Stored, respond

API = "/api/"


class Problem(NamedTuple):
    """What went wrong: `key` names the messages `error.<key>.title` and `error.<key>.text`."""

    status: int
    key: str
    nearest: tuple[Link, ...] = ()


UNREADABLE = Problem(400, "unreadable")
NO_PAGE = Problem(404, "page")
NO_TOPIC = Problem(404, "topic")
NO_NEED = Problem(404, "need")
NO_LANGUAGE = Problem(404, "language")
NO_COUNTRY = Problem(404, "country")
METHOD = Problem(405, "method")
TOO_MUCH = Problem(413, "too_much")
FILES = Problem(413, "files")
TOO_LONG = Problem(414, "too_long")
OURS = Problem(500, "ours")
KNOWN = {
    problem.key: problem
    for problem in (
        UNREADABLE, NO_PAGE, NO_TOPIC, NO_NEED, NO_LANGUAGE, NO_COUNTRY, METHOD, TOO_MUCH, FILES, TOO_LONG, OURS
    )
}  # fmt: skip


def missing(kind: str, nearest: tuple[Link, ...] = ()) -> Problem:
    """The problem for something that the library does not have; a kind without words of its own is a page."""
    return KNOWN.get(kind, NO_PAGE)._replace(nearest=nearest)


def reader_of(request: HttpRequest) -> Reader:
    """The reader's settings as far as an address that may be wrong still tells them."""
    if request.path.startswith(API):
        language, country = request.GET.get("language", ""), request.GET.get("country", "")
    else:
        language, country, *_ = [*request.path.strip("/").split("/", 2), "", ""]
    return named(
        language, country, request.COOKIES.get(COOKIE, ""), request.headers.get("Accept-Language", ""), offer()
    )


def refuse(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer to a request that can't be served."""
    reader = reader_of(request)
    make = _document if request.path.startswith(API) else _page
    response = respond(request, make(reader, problem), cache="no-store", status=problem.status)
    response["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    if problem.status == METHOD.status:
        response["Allow"] = "GET, HEAD"
    return response


def _page(reader: Reader, problem: Problem) -> Stored:
    frame = Frame(the_app(), reader, "", offer(), settings.HELDER_ORIGIN)
    return Stored(pages.error(frame, problem.key, problem.nearest))


def described(problem: Problem, language: str) -> dict[str, object]:
    """A problem as RFC 9457 has it."""
    say = the_app().message
    return {
        "type": f"/api/problems/{problem.key}",
        "title": say(f"error.{problem.key}.title", language),
        "status": problem.status,
        "detail": say(f"error.{problem.key}.text", language),
    }


def _document(reader: Reader, problem: Problem) -> Stored:
    said = described(problem, reader.language)
    if problem.nearest:
        said["nearest"] = [{"id": link.id, "title": link.title} for link in problem.nearest]
    return Stored(json.dumps(said, ensure_ascii=False), "application/problem+json; charset=utf-8")
