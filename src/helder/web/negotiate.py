"""Which language and which country: what the reader chose, else what the browser says, else what is usual.

Language and country are two settings; nothing here knows a language or a country by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation.trans_real import parse_accept_lang_header

COOKIE = "helder"
_LONGEST_HEADER = 500


class Reader(NamedTuple):
    """The two settings under which everything is read."""

    language: str
    country: str


class Offer(NamedTuple):
    """What the library holds, and the country that is usual for a language; the first language is the last resort."""

    languages: tuple[str, ...]
    countries: tuple[str, ...]
    usual: Callable[[str], str]


def remembered(cookie: str, offer: Offer) -> Reader | None:
    """The reader's own choice from the cookie (`nl.BE`); None when it names nothing that is offered."""
    language, _, country = cookie.partition(".")
    if language in offer.languages and country in offer.countries:
        return Reader(language, country)
    return None


def accepted(header: str, offer: Offer) -> Reader:
    """The best match for an Accept-Language header. A region in it (`nl-BE`) chooses the country."""
    for tag, _ in parse_accept_lang_header(header[:_LONGEST_HEADER].lower()):
        language, *subtags = tag.split("-")
        if language in offer.languages:
            regions = (subtag.upper() for subtag in subtags if subtag.upper() in offer.countries)
            return Reader(language, next(regions, offer.usual(language)))
    first = offer.languages[0]
    return Reader(first, offer.usual(first))


def reader(cookie: str, header: str, offer: Offer) -> Reader:
    """The two settings for a request that does not name them."""
    return remembered(cookie, offer) or accepted(header, offer)


def named(language: str, country: str, cookie: str, header: str, offer: Offer) -> Reader:
    """As `reader`, but what is named and offered wins: an error page keeps what the address still says."""
    fallback = reader(cookie, header, offer)
    known = language if language in offer.languages else fallback.language
    if country in offer.countries:
        return Reader(known, country)
    return Reader(known, fallback.country if known == fallback.language else offer.usual(known))
