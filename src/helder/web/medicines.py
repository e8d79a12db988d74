"""*My medicines*: a form that is posted, answered and forgotten. Works without JavaScript; keeps nothing.

The form's fields become the person of the contracts; the answer page carries the form again, with what was typed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from helder.app import SEVERITIES
from helder.medicines.plan.calendar import Edition
from helder.web import pages, refuse, store, views
from helder.web.frame import Frame, frame_for, the_app
from helder.web.negotiate import Reader

ANSWERS = {"yes": True, "no": False}
STANDING = ("food", "stopping", "monitoring")
EGFR_UNIT = "mL/min/{1.73_m2}"
USUAL_ZONE = "Europe/Amsterdam"
ZONES = (USUAL_ZONE, "Europe/London", "America/New_York", "America/Los_Angeles", "Africa/Casablanca", "Asia/Kolkata")
LONGEST = 20_000
ASKED_FIRST = 6


class Answer(NamedTuple):
    """What the page shows: the check and the plan of the contracts, and what each item's own page says."""

    check: Mapping[str, Any]
    plan: Mapping[str, Any]
    missed: Mapping[str, Any]


def page(request: HttpRequest, language: str, country: str) -> HttpResponse:
    """The empty form, or the answer to a posted one."""
    wrong = views.elsewhere(request, language, country)
    if wrong:
        return wrong
    frame = frame_for(Reader(language, country), "medicines", origin=settings.HELDER_ORIGIN)
    form = {key: str(value)[:LONGEST] for key, value in request.POST.items()}
    answer = answer_to(form, language, country) if form.get("items", "").strip() else None
    return store.respond(request, store.Stored(rendered(frame, form, answer)), cache="no-store")


def calendar(request: HttpRequest, language: str, country: str) -> HttpResponse:
    """The plan of a posted form as a calendar file."""
    wrong = views.elsewhere(request, language, country)
    if wrong:
        return wrong
    form = {key: str(value)[:LONGEST] for key, value in request.POST.items()}
    app = the_app()
    planned = app.planned(person_of(form), language, country)
    zone = form.get("zone", "")
    edition = Edition(dt.datetime.now(dt.UTC).date(), ZoneInfo(zone if zone in available_timezones() else USUAL_ZONE))
    content = app.medicines.calendar(planned, language, edition)
    if content is None:
        return refuse.refuse(request, refuse.UNREADABLE)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="helder.ics"'
    response["Cache-Control"] = "no-store"
    return response


def answer_to(form: Mapping[str, str], language: str, country: str) -> Answer:
    app, person = the_app(), person_of(form)
    return Answer(
        app.check_json(person, language, country),
        app.plan_json(person, language, country),
        app.missed_json({"items": person["items"]}, language, country),
    )


def rendered(frame: Frame, form: Mapping[str, str], answer: Answer | None) -> str:
    notices = answer.check["notices"] if answer else ()
    asks = [ask for ask in answer.check["asks"] if _has_field(ask["about"])] if answer else []
    return pages.medicines(
        frame,
        form=form,
        answer=answer,
        grouped=_grouped(notices),
        beside=_beside(notices),
        possible=[notice for notice in notices if not notice["certain"]],
        asks=asks[:ASKED_FIRST],
        more=asks[ASKED_FIRST:],
        answered={key: value for key, value in form.items() if key.startswith("q:") and value},
        now=form.get("now", ""),
        linked={entry.id: entry.title for entry in frame.app.entries(frame.language)},
        zones=ZONES,
    )


def _has_field(about: str) -> bool:
    """Whether the form has a field for a question: one that cannot be answered here is not asked here."""
    return about.partition("(")[0] in ("has", "allergic", "pregnant", "breastfeeding", "age", "sex", "weight") or (
        about == "result(egfr)"
    )


def _grouped(notices: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """What is certain and asks for a look now, by danger."""
    main = [notice for notice in notices if notice["certain"] and not _calm(notice)]
    return [(severity, [n for n in main if n["severity"] == severity]) for severity in SEVERITIES]


def _beside(notices: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Standing advice: food and drink, not stopping at once, what to have checked."""
    calm = [notice for notice in notices if notice["certain"] and _calm(notice)]
    return [(kind, [n for n in calm if n["kind"] == kind]) for kind in STANDING]


def _calm(notice: Mapping[str, Any]) -> bool:
    return notice["kind"] in STANDING and notice["severity"] not in ("contraindicated", "avoid")


# --- form → person --------------------------------------------------------------------------------------------


def person_of(form: Mapping[str, str]) -> dict[str, Any]:
    """The person of the contracts. Fields that were left empty are not told; answers to questions are."""
    person: dict[str, Any] = {"items": _lines(form.get("items", ""))}
    for field in ("conditions", "allergies"):
        if _lines(form.get(field, "")):
            person[field] = _lines(form[field])
    if form.get("age", "").strip():
        person["age"] = int(form["age"]) if form["age"].strip().isdecimal() else form["age"]
    if form.get("sex") in ("F", "M"):
        person["sex"] = form["sex"]
    for field in ("pregnant", "breastfeeding"):
        if form.get(field) in ANSWERS:
            person[field] = ANSWERS[form[field]]
    if form.get("weight", "").strip():
        person["weight"] = {"value": form["weight"].strip().replace(",", "."), "unit": "kg"}
    if form.get("egfr", "").strip():
        person["results"] = {"egfr": {"value": form["egfr"].strip().replace(",", "."), "unit": EGFR_UNIT}}
    _day(form, person)
    _answers(form, person)
    return person


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _day(form: Mapping[str, str], person: dict[str, Any]) -> None:
    """The hours of the day, what was taken already, and what time it is."""
    day: dict[str, Any] = {field: form[field].strip() for field in ("wake", "bed") if form.get(field, "").strip()}
    for field in ("meals", "visits"):
        times = re.split(r"[\s,;]+", form.get(field, "").strip())
        if any(times):
            day[field] = [time for time in times if time]
    if day:
        person["day"] = day
    taken = [
        {"item": int(key.removeprefix("taken-")), "at": value.strip()}
        for key, value in form.items()
        if re.fullmatch(r"taken-\d{1,3}", key) and value.strip()
    ]
    if taken:
        person["taken"] = taken
    if form.get("now", "").strip():
        person["now"] = form["now"].strip()


def _answers(form: Mapping[str, str], person: dict[str, Any]) -> None:
    """`q:has(gout)=yes` and the like, as the questions of a check name their facts."""
    for key, value in form.items():
        found = re.fullmatch(r"q:(\w+)(?:\(([a-z0-9-]+)\))?", key)
        if not found or not value.strip():
            continue
        fact, argument = found.groups()
        match fact:
            case "has" if value in ANSWERS:
                person.setdefault("conditions" if ANSWERS[value] else "without", []).append(argument)
            case "allergic" if value in ANSWERS:
                person.setdefault("allergies" if ANSWERS[value] else "tolerates", []).append(argument)
            case "pregnant" | "breastfeeding" if value in ANSWERS:
                person[fact] = ANSWERS[value]
            case "age" if value.strip().isdecimal():
                person["age"] = int(value)
            case "sex" if value in ("F", "M"):
                person["sex"] = value
            case "weight":
                person["weight"] = {"value": value.strip().replace(",", "."), "unit": "kg"}
            case "result" if argument == "egfr":
                person["results"] = {"egfr": {"value": value.strip().replace(",", "."), "unit": EGFR_UNIT}}


__all__ = ["calendar", "page", "person_of"]
