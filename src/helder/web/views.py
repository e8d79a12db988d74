"""The routes of the site. Each hands over to a page; none holds health logic."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from helder.app import NotFound
from helder.web import pages, refuse, store
from helder.web.frame import TAILS, frame_for, offer, the_app
from helder.web.negotiate import COOKIE, Reader, named, reader

LONGEST_SEARCH = 200  # characters
_A_YEAR = 365 * 24 * 3600
_BY_CHOICE = "Accept-Language, Cookie"


def front(request: HttpRequest) -> HttpResponse:
    """`/`: to the library in the reader's language and country."""
    chosen = reader(request.COOKIES.get(COOKIE, ""), request.headers.get("Accept-Language", ""), offer())
    return _to(f"/{chosen.language}/{chosen.country}/")


def switch(request: HttpRequest) -> HttpResponse:
    """The form in the head of a page: the same page in another language or for another country, and remember it."""
    asked = request.GET.get("language", ""), request.GET.get("country", "")
    chosen = named(*asked, request.COOKIES.get(COOKIE, ""), request.headers.get("Accept-Language", ""), offer())
    target = f"/{chosen.language}/{chosen.country}/{request.GET.get('to', '')}"
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return refuse.refuse(request, refuse.UNREADABLE)
    response = _to(target)
    kept = f"{chosen.language}.{chosen.country}"
    secure = request.is_secure()
    response.set_cookie(COOKIE, kept, max_age=_A_YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


def _to(target: str) -> HttpResponse:
    response = HttpResponseRedirect(target)
    response["Vary"] = _BY_CHOICE
    response["Cache-Control"] = "no-store"
    return response


def page(request: HttpRequest, name: str, language: str, country: str, **names: str) -> HttpResponse:
    """Any page of the library."""
    wrong = elsewhere(request, language, country)
    if wrong:
        return wrong
    try:
        stored = store.page(name, language, country, *names.values())
    except NotFound as missing:
        return refuse.refuse(request, refuse.missing(missing.kind, missing.nearest))
    return store.respond(request, stored)


def elsewhere(request: HttpRequest, language: str, country: str) -> HttpResponse | None:
    """The answer where the address names no language or country of the library, or spells one oddly."""
    held = offer()
    if language in held.languages and country in held.countries:
        return None
    proper = Reader(language.lower(), country.upper())
    if proper.language in held.languages and proper.country in held.countries:
        rest = request.get_full_path().split("/", 3)[3]
        return HttpResponseRedirect(f"/{proper.language}/{proper.country}/{rest}", status=301)
    return refuse.refuse(request, refuse.NO_COUNTRY if proper.language in held.languages else refuse.NO_LANGUAGE)


def search(request: HttpRequest, language: str, country: str) -> HttpResponse:
    """What was searched is not kept anywhere: not in a cache, not in a log."""
    wrong = elsewhere(request, language, country)
    if wrong:
        return wrong
    words = " ".join(request.GET.get("q", "").split())
    if len(words) > LONGEST_SEARCH:
        return refuse.refuse(request, refuse.TOO_LONG)
    frame = frame_for(Reader(language, country), "search", origin=settings.HELDER_ORIGIN)
    return store.respond(request, store.Stored(pages.search(frame, words)), cache="no-store")


def pair(request: HttpRequest, language: str, country: str) -> HttpResponse:
    """The form that chooses two topics leads to the address of their comparison."""
    left, right = request.GET.get("left"), request.GET.get("right")
    if not (left and right):
        return page(request, "choose_pair", language, country)
    known = {entry.id for entry in the_app().entries(offer().languages[0])}
    if left not in known or right not in known:
        return refuse.refuse(request, refuse.NO_TOPIC)
    return HttpResponseRedirect(f"/{language}/{country}/{TAILS['compare'].format(left, right)}")


def robots(request: HttpRequest) -> HttpResponse:
    lines = ("User-agent: *", "Disallow: /switch/", f"Sitemap: {_origin(request)}/sitemap.xml", "")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def sitemap(request: HttpRequest) -> HttpResponse:
    """Every topic and list in each language, for the country that is usual for it."""
    app, origin = the_app(), _origin(request)
    found: list[str] = []
    for language in app.languages:
        start = f"{origin}/{language}/{app.usual_country(language)}/"
        found += (start + TAILS[name] for name in ("home", "az", "needs", "choose_pair", "sources", "changes", "about"))
        found += (start + TAILS["topic"].format(entry.id) for entry in app.entries(language))
        found += (start + TAILS["need"].format(need.id) for need in app.needs(language))
    urls = "".join(f"<url><loc>{url}</loc></url>" for url in found)
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return store.respond(request, store.Stored(body, "application/xml; charset=utf-8"))


def _origin(request: HttpRequest) -> str:
    return settings.HELDER_ORIGIN or f"{request.scheme}://{request.get_host()}"


def health(request: HttpRequest) -> HttpResponse:
    """For whoever watches the process: it answers when the library is open."""
    the_app()
    response = HttpResponse(b"ok\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def unknown(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    first = request.path.strip("/").split("/", 1)[0]
    looks_like_language = first and first not in offer().languages and len(first) in (2, 3)
    return refuse.refuse(request, refuse.NO_LANGUAGE if looks_like_language else refuse.NO_PAGE)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refuse.refuse(request, refuse.UNREADABLE)


def ours(request: HttpRequest) -> HttpResponse:
    return refuse.refuse(request, refuse.OURS)
