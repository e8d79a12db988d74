"""Dates in the words of a language."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

_REGION = {"en": "en_GB"}  # British spelling, British dates


@lru_cache(maxsize=2_000)
def long_date(date: dt.date, language: str) -> str:
    """22 November 2026, 22 november 2026, 22. November 2026."""
    return format_date(date, format="long", locale=Locale.parse(_REGION.get(language, language)))


@lru_cache(maxsize=500)
def country_name(country: str, language: str) -> str:
    """The name of a country (ISO 3166) from CLDR; the code itself where CLDR has none."""
    return str(Locale.parse(language).territories.get(country, country))


@lru_cache(maxsize=500)
def language_name(code: str, language: str) -> str:
    """The name of a language (BCP 47) in another, from CLDR."""
    return str(Locale.parse(language).languages.get(code, code))
