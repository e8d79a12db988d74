"""Can a reader in every supported country be told whom to call?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from helder.knowledge.model import Route
from helder.knowledge.problems import Problem
from helder.library.checks.base import Base

SUPPORTED = ("AT", "AU", "BE", "CA", "CH", "DE", "ES", "FR", "GB", "IE", "IN", "MA", "NL", "US")
NUMBER = re.compile(r"\+?[0-9][0-9 /.-]*[0-9]")
MUST_CALL = ("emergency", "crisis")


def supported(base: Base) -> Iterator[Problem]:
    """Every country that Helder speaks for has its routes: a red flag must end in a number."""
    for code in SUPPORTED:
        if code not in base.knowledge.countries:
            yield base.problem("care-route", base.facts("countries", code), (), f"no routes for {code}")


def routes(base: Base) -> Iterator[Problem]:
    """Numbers are numbers, each route has a source, and an emergency always has one."""
    for code, country in base.knowledge.countries.items():
        file = base.facts("countries", code)
        if not country.emergency.numbers:
            yield base.problem("care-route", file, ("emergency",), "an emergency needs a number")
        for name in ("emergency", "out_of_hours", "poison", "crisis"):
            route: Route = getattr(country, name)
            yield from _route(base, file, name, route)
        if not country.limits or not country.intakes:
            yield base.problem("care-route", file, (), "needs `limits` and `intakes`: whose numbers hold here")


def _route(base: Base, file: str, name: str, route: Route) -> Iterator[Problem]:
    if not route.sources:
        yield base.problem("no-source", file, (name,), f"{name}: no source; a number to call needs one")
    if route.via == "phone" and not route.numbers:
        yield base.problem("care-route", file, (name,), f"{name}: via phone needs a number")
    for number in route.numbers:
        if not NUMBER.fullmatch(number):
            yield base.problem("care-route", file, (name, "numbers"), f"{name}: `{number}` is no telephone number")


CHECKS = (supported, routes)
