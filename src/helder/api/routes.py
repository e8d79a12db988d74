"""The routes under `/api/`. Each asks the application and sends what it says, in the asked language."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema

from helder.api import schemas
from helder.app import NotFound
from helder.web import refuse, store, uploads
from helder.web.frame import the_app
from helder.web.negotiate import Reader

LONGEST_SEARCH = 200
_JSON = "application/json; charset=utf-8"

Language = Annotated[str, Query("", description="Language of the texts (BCP 47): `nl`.")]
Country = Annotated[str, Query("", description="Whose limits and numbers to call (ISO 3166): `NL`.")]
Words = Annotated[str, Query(description="What a person types.", max_length=LONGEST_SEARCH)]


class Api(NinjaAPI):
    """Ninja's routes, with the contract's own schemas in its document."""

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        made = super().get_openapi_schema(**where)
        made["components"]["schemas"].update(schemas.components())
        return made


api = Api(
    title="Helder",
    version=the_app().version,
    description=(
        "A health library: every sentence with its source. "
        "Errors are problem documents (RFC 9457) in the asked language."
    ),
    docs_url=None,
    openapi_extra={
        "info": {
            "license": {
                "name": "CC BY 4.0 (texts), Apache-2.0 (program)",
                "url": "https://creativecommons.org/licenses/by/4.0/",
            }
        }
    },
)


def _reader(request: HttpRequest, language: str, country: str) -> Reader:
    """The asked settings; what is not asked for is chosen as for a page. Raises NotFound for what is not offered."""
    fallback = refuse.reader_of(request)
    wanted = Reader(language or fallback.language, country or fallback.country)
    the_app().known(*wanted)
    return wanted


@lru_cache(maxsize=500)
def _kept(kind: str, *names: str) -> store.Stored:
    """What changes only with the knowledge, made once."""
    return store.Stored(json.dumps(_MAKERS[kind](*names), ensure_ascii=False), _JSON)


def _topic(topic: str, language: str, country: str) -> dict[str, Any]:
    return the_app().topic_json(topic, language, country)


def _section(topic: str, slot: str, language: str, country: str) -> dict[str, Any]:
    for section in _topic(topic, language, country)["sections"]:
        if section["slot"] == slot:
            found: dict[str, Any] = section
            return found
    raise NotFound("page", slot)


def _topics(language: str) -> dict[str, Any]:
    entries = the_app().entries(language)
    return {"topics": [{"id": entry.id, "title": entry.title, "summary": entry.summary} for entry in entries]}


def _languages() -> dict[str, Any]:
    return {"languages": msgspec.to_builtins(the_app().language_states())}


def _countries(language: str) -> dict[str, Any]:
    app = the_app()
    return {"countries": [{"code": code, "name": app.country_name(code, language)} for code in app.countries]}


def _schema(name: str) -> dict[str, Any]:
    return the_app().schema(name)


_MAKERS: dict[str, Callable[..., dict[str, Any]]] = {
    "topic": _topic,
    "section": _section,
    "topics": _topics,
    "languages": _languages,
    "countries": _countries,
    "schema": _schema,
}


@api.get("/topics", openapi_extra=schemas.answers("topics"), summary="All topics, A to Z")
def topics(request: HttpRequest, language: Language, country: Country) -> HttpResponse:
    return store.respond(request, _kept("topics", _reader(request, language, country).language))


@api.get("/topics/{topic}", openapi_extra=schemas.answers("topic", may_miss=True), summary="A whole topic")
def topic(request: HttpRequest, topic: str, language: Language, country: Country) -> HttpResponse:
    return store.respond(request, _kept("topic", topic, *_reader(request, language, country)))


@api.get("/topics/{topic}/{slot}", openapi_extra=schemas.answers("section", may_miss=True), summary="One section")
def section(request: HttpRequest, topic: str, slot: str, language: Language, country: Country) -> HttpResponse:
    return store.respond(request, _kept("section", topic, slot, *_reader(request, language, country)))


@api.get("/find", openapi_extra=schemas.answers("found"), summary="Search; words of an emergency bring the danger card")
def find(request: HttpRequest, q: Words, language: Language, country: Country) -> HttpResponse:
    wanted = _reader(request, language, country)
    return _unkept(request, the_app().find_json(" ".join(q.split()), *wanted))


@api.get("/suggest", openapi_extra=schemas.answers("suggested"), summary="Names that begin or sound like this")
def suggest(request: HttpRequest, q: Words, language: Language, country: Country) -> HttpResponse:
    wanted = _reader(request, language, country)
    hits = the_app().suggest(" ".join(q.split()), wanted.language)
    return _unkept(request, {"hits": msgspec.to_builtins(hits)})


def _posted(request: HttpRequest, answer: Callable[..., dict[str, Any]], language: str, country: str) -> HttpResponse:
    """An answer about a person: the body is read, answered and forgotten."""
    wanted = _reader(request, language, country)
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError):
        return refuse.refuse(request, refuse.UNREADABLE)
    return _unkept(request, answer(asked, *wanted))


@api.post(
    "/check",
    openapi_extra={**schemas.answers("check"), **schemas.asks_person()},
    summary="What to know about things taken together by one person",
)
def check(request: HttpRequest, language: Language, country: Country) -> HttpResponse:
    return _posted(request, the_app().check_json, language, country)


@api.post(
    "/plan",
    openapi_extra={**schemas.answers("plan"), **schemas.asks_person()},
    summary="When to take what in a day, in as few moments as can be",
)
def plan(request: HttpRequest, language: Language, country: Country) -> HttpResponse:
    return _posted(request, the_app().plan_json, language, country)


@api.post(
    "/missed",
    openapi_extra={**schemas.answers("advice"), **schemas.asks_person()},
    summary="What to do about a missed dose",
)
def missed(request: HttpRequest, language: Language, country: Country) -> HttpResponse:
    return _posted(request, the_app().missed_json, language, country)


@api.post(
    "/overdose",
    openapi_extra={**schemas.answers("advice"), **schemas.asks_person()},
    summary="Whom to call after too much, and what the amount means",
)
def overdose(request: HttpRequest, language: Language, country: Country) -> HttpResponse:
    return _posted(request, the_app().overdose_json, language, country)


@api.post(
    "/scan",
    openapi_extra={**schemas.answers("scan"), **schemas.asks_files()},
    summary="Lab reports read: files in, results with their place, certainty and meaning out",
)
def scan(request: HttpRequest, language: Language, country: Country) -> HttpResponse:
    wanted = _reader(request, language, country)
    files = uploads.files_of(request)
    if isinstance(files, refuse.Problem):
        return refuse.refuse(request, files)
    return _unkept(request, the_app().scan_json(files, uploads.person_of(request), *wanted))


@api.post("/lab", openapi_extra={**schemas.answers("lab"), **schemas.asks_lab()}, summary="One lab result as told")
def lab(request: HttpRequest, language: Language, country: Country) -> HttpResponse:
    return _posted(request, the_app().lab_json, language, country)


@api.get("/items", openapi_extra=schemas.answers("suggested"), summary="Names of things that are taken, while typing")
def items(request: HttpRequest, q: Words, language: Language, country: Country) -> HttpResponse:
    wanted = _reader(request, language, country)
    return _unkept(request, {"hits": the_app().items_json(" ".join(q.split()), wanted.language)})


@api.get("/languages", openapi_extra=schemas.answers("languages"), summary="Languages, and how complete each is")
def languages(request: HttpRequest) -> HttpResponse:
    return store.respond(request, _kept("languages"))


@api.get("/countries", openapi_extra=schemas.answers("countries"), summary="Countries")
def countries(request: HttpRequest, language: Language, country: Country) -> HttpResponse:
    return store.respond(request, _kept("countries", _reader(request, language, country).language))


@api.get("/schemas/{name}", openapi_extra=schemas.answers("anything", may_miss=True), summary="A JSON schema")
def schema(request: HttpRequest, name: str) -> HttpResponse:
    return store.respond(request, _kept("schema", name))


@api.get("/problems/{key}", openapi_extra=schemas.answers("problem", may_miss=True), summary="What a `type` means")
def problem(request: HttpRequest, key: str, language: Language, country: Country) -> HttpResponse:
    if key not in refuse.KNOWN:
        raise NotFound("page", key)
    return _unkept(request, refuse.described(refuse.KNOWN[key], _reader(request, language, country).language))


def _unkept(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    """An answer about what somebody typed: in no cache."""
    return store.respond(request, store.Stored(json.dumps(data, ensure_ascii=False), _JSON), cache="no-store")


@api.exception_handler(NotFound)
def _missing(request: HttpRequest, missing: NotFound) -> HttpResponse:
    return refuse.refuse(request, refuse.missing(missing.kind, missing.nearest))


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    too_long = any(found.get("type") == "string_too_long" for found in error.errors)
    return refuse.refuse(request, refuse.TOO_LONG if too_long else refuse.UNREADABLE)
